// Tags in a file beside the one that is read: for `churn.json`, the file `churn.tags.json`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "source/api/tags.h"

namespace sagewarden::api {

// The path of the tag file beside a file of this name ("-" and other names have none).
std::optional<std::string> tag_file_of(std::string_view name);
// The other way round: the files that the tag file of this name can belong to. Empty when it is
// not named like a tag file.
std::vector<std::string> owners_of_tag_file(std::string_view name);

class TagsBeside {
 public:
  // Nothing when there is no such file. `text` is the content of the file that is read: output of
  // list-tags does not say whose tags it holds, so it can only be that of a lone resource. Errors
  // name what is wrong with the tag file.
  static Result<TagsBeside> read(std::string_view name, std::string_view text);

  // JSON of an object; `is_alone` when nothing but this resource stands in the file.
  std::optional<std::string> find(std::string_view arn, bool is_alone) const;

 private:
  Result<void> take(std::string_view tags, std::string_view text);

  TagIndex by_arn_;
  std::optional<std::string> of_the_only_one_;
};

}  // namespace sagewarden::api
