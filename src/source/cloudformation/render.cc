#include "source/cloudformation/render.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace sagewarden::cloudformation {
namespace {

using Kind = Value::Kind;

void make_opaque(Value& value, std::string reason) {
  const bool optional = value.optional;
  const bool maybe_empty = may_be_empty(value);
  value = opaque(std::move(reason), value.mark);
  value.optional = optional;
  value.maybe_empty = maybe_empty;
  value.incomplete = true;
}

// What YAML and JSON write as an integer; nothing when it does not fit.
std::optional<int64_t> integer_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const int base = text.starts_with("0x") ? 16 : 10;
  if (base == 16) text.remove_prefix(2);
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<double> real_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
    return std::nullopt;
  return number;
}

void write_number(const Value& value, json::Writer& writer) {
  if (value.is(Kind::Int)) {
    if (const std::optional<int64_t> number = integer_of(value.text)) {
      writer.integer(*number);
      return;
    }
  }
  // An integer beyond 64 bits is compared as well as a real number can be; what is beyond those
  // too stays the text that it is.
  if (const std::optional<double> number = real_of(value.text)) {
    writer.real(*number);
  } else {
    writer.string(value.text);
  }
}

}  // namespace

void settle(Value& value) {
  size_t unknown_parts = 0;
  const Value* some = nullptr;
  const auto look_at = [&](Value& part) {
    settle(part);
    if (part.incomplete && unknown_parts++ == 0) some = first_unknown(part);
  };
  for (Value& item : value.items) look_at(item);
  for (Value::Member& member : value.members) look_at(member.value);

  value.incomplete = unknown_parts > 0 || value.is(Kind::Opaque);
  if (value.optional) {
    make_opaque(value, std::move(value.reason));
  } else if (unknown_parts > kMaxUnknownParts) {
    make_opaque(value, fmt::format("more than {} parts of it are not known; the first: {}",
                                   kMaxUnknownParts, some->reason));
  }
}

Known known_of(const Value& value) {
  if (value.optional) return Known::Nothing;
  return value.maybe_empty ? Known::Present : Known::Set;
}

const Value* first_unknown(const Value& value) {
  if (!value.incomplete) return nullptr;
  if (value.is(Kind::Opaque)) return &value;
  for (const Value& item : value.items) {
    if (item.incomplete) return first_unknown(item);
  }
  for (const Value::Member& member : value.members) {
    if (member.value.incomplete) return first_unknown(member.value);
  }
  return nullptr;
}

void write_json(const Value& value, json::Writer& writer) {
  switch (value.kind) {
    case Kind::Absent:
    case Kind::Opaque:
      writer.null();
      break;
    case Kind::Bool:
      writer.boolean(value.boolean);
      break;
    case Kind::Int:
    case Kind::Double:
      write_number(value, writer);
      break;
    case Kind::String:
      writer.string(value.text);
      break;
    case Kind::List:
      writer.begin_array();
      for (const Value& item : value.items) write_json(item, writer);
      writer.end_array();
      break;
    case Kind::Object:
      writer.begin_object();
      for (const Value::Member& member : value.members) {
        if (member.value.is(Kind::Opaque)) continue;
        writer.key(member.key);
        write_json(member.value, writer);
      }
      writer.end_object();
      break;
  }
}

void mark_unknowns(const Value& value, UnknownNode& node) {
  if (value.is(Kind::Opaque)) {
    node.unknown = true;
    node.known = known_of(value);
    node.cause = UnknownCause::NotResolved;
    node.reason = value.reason;
    return;
  }
  for (size_t i = 0; i < value.items.size(); ++i) {
    if (value.items[i].incomplete) mark_unknowns(value.items[i], node.child(i));
  }
  for (const Value::Member& member : value.members) {
    if (member.value.incomplete) mark_unknowns(member.value, node.child(member.key));
  }
}

}  // namespace sagewarden::cloudformation
