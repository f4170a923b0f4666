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
  const std::string& next() const { return next_; }

 private:
  std::string next_;
  std::set<std::string, std::less<>> seen_;
};

}  // namespace sagewarden::live
