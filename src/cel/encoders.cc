// The encoders extension: base64.
#include <array>
#include <string>

#include "cel/function.h"

namespace sagewarden::cel {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

Value encode(Context& context, std::span<const Value> args) {
  if (!args[0].is(Kind::Bytes)) return no_such_overload(context, "base64.encode", args);
  const std::string_view octets = args[0].text();
  if (!context.charge_if_large(octets.size())) return context.exhausted();
  std::string encoded;
  for (size_t at = 0; at < octets.size(); at += 3) {
    const size_t size = std::min<size_t>(octets.size() - at, 3);
    uint32_t group = 0;
    for (size_t i = 0; i < 3; ++i)
      group = group << 8U | (i < size ? static_cast<unsigned char>(octets[at + i]) : 0U);
    for (size_t i = 0; i < 4; ++i)
      encoded += i <= size ? kDigits[group >> (18U - 6U * i) & 0x3FU] : '=';
  }
  return context.string(encoded);
}

// Padding may be left out.
Value decode(Context& context, std::span<const Value> args) {
  if (!args[0].is(Kind::String)) return no_such_overload(context, "base64.decode", args);
  std::string_view text = args[0].text();
  if (!context.charge_if_large(text.size())) return context.exhausted();
  const size_t whole = text.size();
  while (text.ends_with('=') && whole - text.size() < 2) text.remove_suffix(1);
  std::string octets;
  uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return Value::error("base64.decode: not base64");
    group = group << 6U | static_cast<uint32_t>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    octets += static_cast<char>(group >> bits & 0xFFU);
  }
  const bool padded = whole != text.size();
  if (bits == 6 || (padded && whole % 4 != 0)) return Value::error("base64.decode: not base64");
  return context.bytes(octets);
}

constexpr Function kEncoderFunctions[] = {
    {"base64.decode", Style::Global, 1, decode},
    {"base64.encode", Style::Global, 1, encode},
};

}  // namespace

std::span<const Function> encoder_functions() {
  return kEncoderFunctions;
}

}  // namespace sagewarden::cel
