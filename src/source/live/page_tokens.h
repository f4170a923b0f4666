// The tokens of one list's pages. AWS never gives one twice; what does would go on for ever.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "base/json.h"

namespace sagewarden::live {

class PageTokens {
 public:
  enum class Next { Last, More, Repeated, Malformed };
  // `token` is the answer's NextToken; an empty one is none.
  Next take(json::Value token);
  // The same, with the list that the page holds: one that came before, or nothing for a thousand
  // pages, counts as repeated too, whatever the tokens are.
  Next take(json::Value token, json::Value page);
  const std::string& next() const { return next_; }

 private:
  std::string next_;
  std::set<std::string, std::less<>> seen_;
  std::set<size_t> pages_;  // hashes
  size_t empty_pages_ = 0;  // one after the other
};

}  // namespace sagewarden::live
