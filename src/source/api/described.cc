#include "source/api/described.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "source/api/translate.h"

namespace sagewarden::api {

bool is_being_deleted(json::Value describe) {
  constexpr std::array<std::string_view, 4> kStatuses = {"FeatureGroupStatus", "ImageStatus",
                                                         "NotebookInstanceStatus", "Status"};
  return std::ranges::any_of(kStatuses, [&](std::string_view member) {
    return lower(describe[member].string_or("")) == "deleting";
  });
}

Result<Resource> Described::make(json::Value describe, const TypeShape& shape, const Arn& arn,
                                 std::string_view arn_text, const ResourceTags& tags) {
  text_ = R"({"properties":)";
  append_properties(text_, describe, shape);
  text_ += R"(,"tags":)" + tags.object + "}";
  TRY_LET(const json::Value translated, parser_.parse(text_));

  Resource resource;
  resource.type = shape.cloudformation;
  resource.arn = arn_text;
  resource.name = describe[shape.name_member].string_or("");
  resource.account = arn.account_id;
  resource.region = arn.region;
  resource.partition = arn.partition;
  resource.properties = translated["properties"];
  resource.tags = translated["tags"];
  unknown_ = {};
  mark_left_out(unknown_, resource.properties, shape);
  if (!unknown_.empty()) resource.unknown_properties = &unknown_;
  if (!tags.why_unknown.empty()) {
    unknown_tags_ = {};
    mark_unknown(unknown_tags_, "", Known::Nothing, tags.cause, tags.why_unknown);
    resource.unknown_tags = &unknown_tags_;
  }
  return resource;
}

}  // namespace sagewarden::api
