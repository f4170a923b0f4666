#include "source/live/page_tokens.h"

#include "base/json_writer.h"

namespace sagewarden::live {
namespace {

constexpr size_t kMaxEmptyPages = 1'000;

}  // namespace

PageTokens::Next PageTokens::take(json::Value token) {
  next_.clear();
  if (!token.exists() || token.is_null()) return Next::Last;
  if (!token.is_string()) return Next::Malformed;
  if (token.string().empty()) return Next::Last;
  if (!seen_.emplace(token.string()).second) return Next::Repeated;
  next_ = token.string();
  return Next::More;
}

PageTokens::Next PageTokens::take(json::Value token, json::Value page) {
  const Next next = take(token);
  if (next != Next::More) return next;
  if (page.size() == 0) return ++empty_pages_ > kMaxEmptyPages ? Next::Repeated : next;
  empty_pages_ = 0;
  std::string text;
  json::Writer(text).value(page);
  return pages_.insert(std::hash<std::string>()(text)).second ? next : Next::Repeated;
}

}  // namespace sagewarden::live
