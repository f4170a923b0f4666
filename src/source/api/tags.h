// Tags of resources from files of their own, as Describe output never holds them.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace sagewarden {

// A tag file that is larger is no tag file.
inline constexpr size_t kMaxTagFileBytes = 256 * size_t{1024} * 1024;

// Tags by the ARN of their resource. Built once, then read by any number of threads.
class TagIndex {
 public:
  // Reads one file and adds what it holds: a map from ARN to tags, the output of
  // `resourcegroupstaggingapi get-resources`, or any number of {"ResourceArn": …, "Tags": […]}.
  // Of an ARN that comes twice the later tags count. Errors name line and column: what is none of
  // these is never taken for "no tags".
  Result<void> add(std::string_view text);

  // JSON of an object key → value, or nothing when the ARN is not there.
  std::optional<std::string_view> find(std::string_view arn) const;
  bool empty() const { return tags_.empty(); }

 private:
  Result<void> add_value(json::Value value);
  Result<void> add_tags(std::string_view arn, json::Value tags);

  std::map<std::string, std::string, std::less<>> tags_;
};

// Errors name the file.
Result<TagIndex> read_tag_files(std::span<const std::string> paths);

// JSON of an object key → value from the API's list of {Key, Value}, from list-tags output
// ({"Tags": […]}), or from such an object; nothing when it is none of these, gives a key twice, or
// is one page of several.
std::optional<std::string> tags_object(json::Value tags);

}  // namespace sagewarden
