#include "control/node_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include "base/text.h"

namespace sagewarden {
namespace {

Result<void> write_integer(json::Writer& writer, std::string_view text) {
  const bool plus = !text.empty() && text[0] == '+';
  const std::string_view digits = plus ? text.substr(1) : text;
  const bool hexadecimal = digits.substr(0, 2) == "0x";
  const char* const first = digits.data() + (hexadecimal ? 2 : 0);
  const char* const last = digits.data() + digits.size();
  const int base = hexadecimal ? 16 : 10;
  int64_t number = 0;
  if (const auto [end, code] = std::from_chars(first, last, number, base);
      code == std::errc() && end == last) {
    writer.integer(number);
    return {};
  }
  uint64_t large = 0;
  if (const auto [end, code] = std::from_chars(first, last, large, base);
      code == std::errc() && end == last) {
    writer.unsigned_integer(large);
    return {};
  }
  return fail(Error::Code::Invalid,
              fmt::format("{} is not an integer of 64 bits", printable(text)));
}

Result<void> write_real(json::Writer& writer, std::string_view text) {
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  double number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
    return fail(Error::Code::Invalid, fmt::format("{} is not a number", printable(text)));
  writer.real(number);
  return {};
}

}  // namespace

tl::unexpected<Error> fail_at(std::string_view file, Mark mark, std::string_view message) {
  // An empty file has no place of its own.
  return fail(Error::Code::Invalid, fmt::format("{}:{}:{}: {}", file, std::max(mark.line, 1U),
                                                std::max(mark.column, 1U), message));
}

std::string_view kind_name(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::Null:
      return "nothing";
    case Node::Kind::Bool:
      return "true or false";
    case Node::Kind::Int:
      return "an integer";
    case Node::Kind::Double:
      return "a number";
    case Node::Kind::String:
      return "a text";
    case Node::Kind::Sequence:
      return "a list";
    case Node::Kind::Mapping:
      return "a mapping";
  }
  return "";
}

Result<void> write_node(json::Writer& writer, const Node& node) {  // NOLINT(misc-no-recursion)
  // Recursion is bounded by the reader's limit on nesting.
  if (!node.tag.empty())
    return fail(
        Error::Code::Invalid,
        fmt::format("the tag {} has no meaning here; write the value that it stands for, or "
                    "list the place under set_but_unknown",
                    printable(node.tag)));
  switch (node.kind) {
    case Node::Kind::Null:
      writer.null();
      return {};
    case Node::Kind::Bool:
      writer.boolean(node.boolean);
      return {};
    case Node::Kind::Int:
      return write_integer(writer, node.text);
    case Node::Kind::Double:
      return write_real(writer, node.text);
    case Node::Kind::String:
      writer.string(node.text);
      return {};
    case Node::Kind::Sequence:
      writer.begin_array();
      for (const Node& item : node.items) TRY_DO(write_node(writer, item));
      writer.end_array();
      return {};
    case Node::Kind::Mapping:
      writer.begin_object();
      for (const Node::Entry& entry : node.entries) {
        writer.key(entry.key);
        TRY_DO(write_node(writer, entry.value));
      }
      writer.end_object();
      return {};
  }
  return {};
}

Result<std::string> json_of(const Node& node) {
  std::string text;
  json::Writer writer(text);
  TRY_DO(write_node(writer, node));
  return text;
}

}  // namespace sagewarden
