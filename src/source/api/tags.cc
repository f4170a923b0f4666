#include "source/api/tags.h"

#include <fmt/core.h>

#include <unordered_set>

#include "base/file.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "model/arn.h"
#include "model/lock_tag.h"
#include "source/api/pieces.h"
#include "source/api/recognise.h"

namespace sagewarden {
namespace {

tl::unexpected<Error> invalid(std::string message) {
  return fail(Error::Code::Invalid, std::move(message));
}

tl::unexpected<Error> further_pages(std::string_view arn) {
  return invalid(
      fmt::format("the tags of {} go on on further pages (NextToken): run list-tags without "
                  "--no-paginate and --max-items",
                  printable(arn)));
}

bool is_arn(std::string_view text) {
  return parse_arn(text).has_value();
}

// The ARN beside a list of tags; the two services that write one differ in its case.
std::string_view arn_of(json::Value value) {
  const std::string_view arn = value["ResourceARN"].string_or("");
  return arn.empty() ? value["ResourceArn"].string_or("") : arn;
}

std::optional<std::string> object_of_list(json::Value list) {
  std::string out;
  json::Writer writer(out);
  std::unordered_set<std::string_view> keys;
  writer.begin_object();
  for (const json::Value tag : list.elements()) {
    const json::Value key = tag["Key"];
    const json::Value value = tag["Value"];
    if (!key.is_string() || !value.is_string() || !keys.insert(key.string()).second)
      return std::nullopt;
    if (!key.string().starts_with(kLockTag)) writer.member(key.string(), value.string());
  }
  writer.end_object();
  return out;
}

std::optional<std::string> object_of_map(json::Value map) {
  for (const auto& [key, value] : map.members()) {
    if (!value.is_string()) return std::nullopt;
  }
  std::string out;
  json::Writer(out).value(map);
  return out;
}

}  // namespace

std::optional<std::string> tags_object(json::Value tags) {
  if (tags.is_object() && tags["Tags"].is_array()) {
    if (api::goes_on(tags)) return std::nullopt;
    tags = tags["Tags"];
  }
  if (tags.is_array()) return object_of_list(tags);
  if (tags.is_object()) return object_of_map(tags);
  return std::nullopt;
}

Result<void> TagIndex::add_tags(std::string_view arn, json::Value tags) {
  if (tags["Tags"].is_array() && api::goes_on(tags)) return further_pages(arn);
  const std::optional<std::string> object = tags_object(tags);
  if (!object)
    return invalid(fmt::format("the tags of {} are no list of Key and Value", printable(arn)));
  tags_[std::string(arn)].object = *object;
  return {};
}

Result<void> TagIndex::add_value(json::Value value) {
  if (const std::string twice = json::duplicate_key(value); !twice.empty())
    return invalid(fmt::format("\"{}\" is given twice", printable(twice)));
  if (value["ResourceTagMappingList"].is_array()) {
    for (const json::Value mapping : value["ResourceTagMappingList"].elements()) {
      if (!is_arn(arn_of(mapping))) return invalid("a mapping has no ResourceARN");
      TRY_DO(add_tags(arn_of(mapping), mapping["Tags"]));
    }
    return {};
  }
  if (is_arn(arn_of(value)) && api::goes_on(value)) return further_pages(arn_of(value));
  if (is_arn(arn_of(value))) return add_tags(arn_of(value), value["Tags"]);
  if (!value.is_object()) return invalid("this is no object");
  for (const auto& [arn, tags] : value.members()) {
    if (!is_arn(arn))
      return invalid(fmt::format(
          R"("{}" is no ARN: a tag file maps ARNs to tags, as in {{"arn:…": {{"Tags": […]}}}}, )"
          "or is the output of `aws resourcegroupstaggingapi get-resources`",
          printable(arn)));
    TRY_DO(add_tags(arn, tags));
  }
  return {};
}

Result<void> TagIndex::add(std::string_view text) {
  json::Parser parser;
  api::Pieces pieces(text);
  while (const std::optional<api::Piece> piece = pieces.next()) {
    const std::string where = fmt::format("line {}, column {}: ", piece->line, piece->column);
    if (piece->kind != api::Piece::Kind::Value)
      return invalid(where + (piece->kind == api::Piece::Kind::Truncated
                                  ? "the text ends here"
                                  : "this is no JSON object"));
    const Result<json::Value> value = parser.parse(piece->text);
    if (!value) return invalid(where + value.error().message);
    const Result<void> added = add_value(*value);
    if (!added) return invalid(where + added.error().message);
  }
  return {};
}

std::optional<std::string_view> TagIndex::find(std::string_view arn) const {
  const auto found = tags_.find(arn);
  if (found == tags_.end()) return std::nullopt;
  found->second.asked_for.store(true, std::memory_order_relaxed);
  return found->second.object;
}

std::string TagIndex::notice() const {
  size_t unused = 0;
  std::string_view first;
  for (const auto& [arn, tags] : tags_) {
    // A file of all of an account's tags holds those of other services too.
    if (arn.find(":sagemaker:") == std::string::npos || tags.asked_for.load()) continue;
    if (unused++ == 0) first = arn;
  }
  if (unused == 0) return {};
  return fmt::format("--tags: of {} in the tag files no API output was read{}: {}",
                     count_of(unused, "resource"), unused == 1 ? "" : "; the first",
                     printable(first));
}

Result<TagIndex> read_tag_files(std::span<const std::string> paths) {
  TagIndex index;
  for (const std::string& path : paths) {
    TRY_LET(const std::string text, read_file(path, kMaxTagFileBytes));
    const Result<void> added = index.add(text);
    if (!added) return fail(added.error().code, fmt::format("{}: {}", path, added.error().message));
  }
  return index;
}

}  // namespace sagewarden
