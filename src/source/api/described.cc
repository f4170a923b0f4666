#include "source/api/described.h"

#include "source/api/translate.h"

namespace sagewarden::api {

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
