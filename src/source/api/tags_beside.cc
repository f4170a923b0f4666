#include "source/api/tags_beside.h"

#include <filesystem>
#include <vector>

#include "base/file.h"
#include "source/api/pieces.h"
#include "source/api/recognise.h"

namespace sagewarden::api {
namespace {

constexpr std::string_view kEnd = ".json";
constexpr std::string_view kTagsEnd = ".tags.json";
constexpr std::string_view kGzip = ".gz";

// Output of list-tags, whole or with `--query Tags`.
bool is_list_tags(json::Value root) {
  if (root.is_array()) return root.size() == 0 || root.at(0)["Key"].is_string();
  return recognise(root).kind == Recognised::Kind::Tags;
}

}  // namespace

std::optional<std::string> tag_file_of(std::string_view name) {
  if (name.ends_with(kGzip)) name.remove_suffix(kGzip.size());
  if (!name.ends_with(kEnd) || name.ends_with(kTagsEnd)) return std::nullopt;
  name.remove_suffix(kEnd.size());
  return std::string(name) + std::string(kTagsEnd);
}

std::vector<std::string> owners_of_tag_file(std::string_view name) {
  if (!name.ends_with(kTagsEnd)) return {};
  name.remove_suffix(kTagsEnd.size());
  const std::string owner = std::string(name) + std::string(kEnd);
  return {owner, owner + std::string(kGzip)};
}

Result<TagsBeside> TagsBeside::read(std::string_view name, std::string_view text) {
  TagsBeside beside;
  const std::optional<std::string> path = tag_file_of(name);
  std::error_code error;
  if (!path || !std::filesystem::exists(*path, error)) return beside;
  TRY_LET(const std::string tags, read_file(*path, kMaxTagFileBytes));
  TRY_DO(beside.take(tags, text));
  return beside;
}

Result<void> TagsBeside::take(std::string_view tags, std::string_view text) {
  const Result<json::Document> document = json::parse_document(tags);
  if (!document || !is_list_tags(document->root)) return by_arn_.add(tags);
  Pieces pieces(text);
  pieces.next();
  if (pieces.next())
    return fail(Error::Code::Invalid,
                "output of list-tags does not say whose tags it holds, and several resources stand "
                "in the file that it is named like");
  if (goes_on(document->root))
    return fail(
        Error::Code::Invalid,
        "the list goes on on further pages (NextToken): run list-tags without --no-paginate "
        "and --max-items");
  of_the_only_one_ = tags_object(document->root);
  if (!of_the_only_one_)
    return fail(Error::Code::Invalid, "\"Tags\" is no list of Key and Value with each key once");
  return {};
}

std::optional<std::string> TagsBeside::find(std::string_view arn, bool is_alone) const {
  if (is_alone && of_the_only_one_) return of_the_only_one_;
  if (const auto found = by_arn_.find(arn)) return std::string(*found);
  return std::nullopt;
}

}  // namespace sagewarden::api
