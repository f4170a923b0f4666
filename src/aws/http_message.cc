#include "aws/http_message.h"

#include "base/text.h"

namespace sagewarden::aws {
namespace {

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '~';
}

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (lower(header.name) == lower(name)) return header.value;
  }
  return {};
}

std::string host_of(std::string_view origin) {
  const size_t scheme = origin.find("://");
  std::string_view host = scheme == std::string_view::npos ? origin : origin.substr(scheme + 3);
  host = host.substr(0, host.find('/'));
  const std::string_view own_port = origin.starts_with("https:") ? ":443" : ":80";
  if (host.ends_with(own_port)) host.remove_suffix(own_port.size());
  return std::string(host);
}

std::string percent_encode(std::string_view text, Slash slash) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c) || (c == '/' && slash == Slash::Keep)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    ((out += '%') += kDigits[byte >> 4]) += kDigits[byte & 15];
  }
  return out;
}

}  // namespace sagewarden::aws
