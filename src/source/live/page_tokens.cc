#include "source/live/page_tokens.h"

namespace sagewarden::live {

PageTokens::Next PageTokens::take(json::Value token) {
  next_.clear();
  if (!token.exists() || token.is_null()) return Next::Last;
  if (!token.is_string()) return Next::Malformed;
  if (token.string().empty()) return Next::Last;
  if (!seen_.emplace(token.string()).second) return Next::Repeated;
  next_ = token.string();
  return Next::More;
}

}  // namespace sagewarden::live
