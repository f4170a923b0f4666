// The exceptions file: what an organisation accepts, with a reason, an owner and an end. An entry
// suppresses findings; it never hides them. docs/formats/exceptions.md describes the file.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/node.h"
#include "base/result.h"

namespace sagewarden {

// One entry. Empty patterns match everything; all that are given must match.
struct PostureException {
  std::vector<std::string> controls = {};        // ids or globs
  std::vector<std::string> resources = {};       // globs over ARN, address, file#address or name
  std::vector<std::string> accounts = {};        // 12 digits each
  std::map<std::string, std::string> tags = {};  // key → glob over the value
  std::string reason = {};                       // required
  std::string owner = {};                        // required
  std::string expires = {};  // YYYY-MM-DD, the last day on which it holds; empty: never
  Mark mark = {};

  friend bool operator==(const PostureException&, const PostureException&) = default;
};

struct Exceptions {
  std::string file;
  std::vector<PostureException> entries;
};

// What one file may hold; beyond it is an error that names the limit.
inline constexpr size_t kMaxExceptions = 10'000;
inline constexpr size_t kMaxPatternBytes = 1024;

// Errors name file, line and column: an unknown or missing field, a date that is none, an entry
// that matches everything.
Result<Exceptions> parse_exceptions(std::string_view file, std::string_view text);

}  // namespace sagewarden
