// The strings extension. Positions count characters, not bytes.
#include <algorithm>
#include <string>
#include <vector>

#include "cel/collection.h"
#include "cel/format.h"
#include "cel/function.h"
#include "cel/text.h"

namespace sagewarden::cel {
namespace {

Value out_of_range(Context& context, int64_t position) {
  return context.error("index out of range: ", std::to_string(position));
}

// The arguments are of these kinds: s for String, i for Int.
bool are(std::span<const Value> args, std::string_view kinds) {
  for (size_t i = 0; i < args.size(); ++i) {
    if (!args[i].is(kinds[i] == 's' ? Kind::String : Kind::Int)) return false;
  }
  return true;
}

// Where the character of that number begins; nothing when the text has no such place.
std::optional<size_t> byte_at(std::string_view text, const Value& position) {
  if (position.integer() < 0) return std::nullopt;
  return byte_of_character(text, static_cast<size_t>(position.integer()));
}

Value char_at(Context& context, std::span<const Value> args) {
  if (!are(args, "si")) return no_such_overload(context, "charAt", args);
  const std::string_view text = args[0].text();
  if (!context.charge_if_large(text.size())) return context.exhausted();
  const std::optional<size_t> at = byte_at(text, args[1]);
  if (!at) return out_of_range(context, args[1].integer());
  return Value::string(*at == text.size() ? "" : text.substr(*at, character_size(text, *at)));
}

// A place in bytes as one in characters; -1 for npos.
Value position_value(std::string_view text, size_t byte) {
  if (byte == std::string_view::npos) return Value::integer(-1);
  return Value::integer(static_cast<int64_t>(character_count(text.substr(0, byte))));
}

Value index_of(Context& context, std::span<const Value> args) {
  if (!are(args, "ssi")) return no_such_overload(context, "indexOf", args);
  const std::string_view text = args[0].text();
  if (!context.charge_if_large(text.size() + args[1].text().size())) return context.exhausted();
  const std::optional<size_t> from = args.size() == 3 ? byte_at(text, args[2]) : 0;
  if (!from) return out_of_range(context, args[2].integer());
  return position_value(text, find_text(text, args[1].text(), *from));
}

Value last_index_of(Context& context, std::span<const Value> args) {
  if (!are(args, "ssi")) return no_such_overload(context, "lastIndexOf", args);
  const std::string_view text = args[0].text();
  const std::string_view part = args[1].text();
  // Looking from the end compares at every place.
  if (!context.charge_if_large(text.size()) ||
      (part.size() > 16 && !context.charge(text.size() * std::min(part.size(), text.size()))))
    return context.exhausted();
  const std::optional<size_t> from = args.size() == 3 ? byte_at(text, args[2]) : text.size();
  if (!from) return out_of_range(context, args[2].integer());
  return position_value(text, text.rfind(part, *from));
}

// The letters a to z or A to Z in the other case; all other characters stay.
Value change_case(Context& context, std::span<const Value> args, std::string_view name, char first,
                  int shift) {
  if (!are(args, "s")) return no_such_overload(context, name, args);
  const std::string_view text = args[0].text();
  if (!context.charge_if_large(text.size())) return context.exhausted();
  auto* const room = context.array<char>(std::max<size_t>(text.size(), 1));
  if (room == nullptr) return context.exhausted();
  std::transform(text.begin(), text.end(), room, [&](char c) {
    return c >= first && c <= first + 25 ? static_cast<char>(c + shift) : c;
  });
  return Value::string({room, text.size()});
}

Value lower_ascii(Context& context, std::span<const Value> args) {
  return change_case(context, args, "lowerAscii", 'A', 32);
}

Value upper_ascii(Context& context, std::span<const Value> args) {
  return change_case(context, args, "upperAscii", 'a', -32);
}

// How often something may be done: the limit of split() and replace(), below zero for any number.
size_t times(std::span<const Value> args, size_t place) {
  if (args.size() <= place || args[place].integer() < 0) return SIZE_MAX;
  return static_cast<size_t>(args[place].integer());
}

// Where the next occurrence begins, looking from that byte on. An empty text occurs before each
// character and at the end; `from` is then the place of the last one.
size_t next_occurrence(std::string_view text, std::string_view part, size_t from, bool first) {
  if (!part.empty()) return find_text(text, part, from);
  if (first) return 0;
  return from < text.size() ? from + character_size(text, from) : std::string_view::npos;
}

Value replace(Context& context, std::span<const Value> args) {
  if (!are(args, "sssi")) return no_such_overload(context, "replace", args);
  const std::string_view text = args[0].text();
  const std::string_view part = args[1].text();
  const std::string_view by = args[2].text();
  const size_t most = times(args, 3);
  std::string made;
  size_t copied = 0;
  for (size_t done = 0; done < most; ++done) {
    const size_t at = next_occurrence(text, part, copied, done == 0);
    if (at == std::string_view::npos) break;
    const size_t added = at - copied + by.size();
    if (!context.grow(made.size() + added, added)) return context.exhausted();
    made += text.substr(copied, at - copied);
    made += by;
    copied = at + part.size();
  }
  return context.string(made, text.substr(copied));
}

Value split(Context& context, std::span<const Value> args) {
  if (!are(args, "ssi")) return no_such_overload(context, "split", args);
  const std::string_view text = args[0].text();
  const std::string_view separator = args[1].text();
  const size_t most = times(args, 2);
  if (!context.charge_if_large(text.size())) return context.exhausted();
  std::vector<Value> parts;
  size_t begin = 0;
  while (parts.size() + 1 < most) {
    const size_t end = separator.empty() ? begin + (text.empty() ? 0 : character_size(text, begin))
                                         : find_text(text, separator, begin);
    if (end >= text.size()) break;
    if (!context.grow(parts.size() * sizeof(Value), 1)) return context.exhausted();
    parts.push_back(Value::string(text.substr(begin, end - begin)));
    begin = end + separator.size();
  }
  if (most > 0 && !(separator.empty() && text.empty()))
    parts.push_back(Value::string(text.substr(begin)));
  auto* const items = context.array<Value>(parts.size());
  if (items == nullptr) return context.exhausted();
  std::copy(parts.begin(), parts.end(), items);
  return Value::list(items, parts.size());
}

Value substring(Context& context, std::span<const Value> args) {
  if (!are(args, "sii")) return no_such_overload(context, "substring", args);
  const std::string_view text = args[0].text();
  if (!context.charge_if_large(text.size())) return context.exhausted();
  const std::optional<size_t> begin = byte_at(text, args[1]);
  if (!begin) return out_of_range(context, args[1].integer());
  const std::optional<size_t> end = args.size() == 3 ? byte_at(text, args[2]) : text.size();
  if (!end) return out_of_range(context, args[2].integer());
  if (*end < *begin) return Value::error("invalid substring range: it ends before it begins");
  return Value::string(text.substr(*begin, *end - *begin));
}

// Unicode's White_Space property, in UTF-8.
constexpr std::string_view kSpaces[] = {
    " ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\u0085", "\u00a0", "\u1680",
    "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
    "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000",
};

size_t space_before(std::string_view text) {
  for (const std::string_view space : kSpaces) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

size_t space_behind(std::string_view text) {
  for (const std::string_view space : kSpaces) {
    if (text.ends_with(space)) return space.size();
  }
  return 0;
}

Value trim(Context& context, std::span<const Value> args) {
  if (!are(args, "s")) return no_such_overload(context, "trim", args);
  std::string_view text = args[0].text();
  if (!context.charge_if_large(text.size())) return context.exhausted();
  while (const size_t size = space_before(text)) text.remove_prefix(size);
  while (const size_t size = space_behind(text)) text.remove_suffix(size);
  return Value::string(text);
}

Value join(Context& context, std::span<const Value> args) {
  if (!args[0].is(Kind::List) || !are(args.subspan(1), "s"))
    return no_such_overload(context, "join", args);
  const std::string_view separator = args.size() == 2 ? args[1].text() : "";
  std::string joined;
  bool first = true;
  for (Walk walk(args[0]); walk.next(); first = false) {
    const Value& item = walk.value();
    if (item.is_unknown()) return item;
    if (!item.is(Kind::String)) return no_such_overload(context, "join", {&item, 1});
    const size_t added = separator.size() + item.text().size();
    if (!context.grow(joined.size() + added, added)) return context.exhausted();
    if (!first) joined += separator;
    joined += item.text();
  }
  return context.string(joined);
}

Value reverse(Context& context, std::span<const Value> args) {
  if (!are(args, "s")) return no_such_overload(context, "reverse", args);
  const std::string_view text = args[0].text();
  if (!context.charge_if_large(text.size())) return context.exhausted();
  auto* const room = context.array<char>(std::max<size_t>(text.size(), 1));
  if (room == nullptr) return context.exhausted();
  size_t end = text.size();
  for (size_t at = 0; at < text.size();) {
    const size_t size = character_size(text, at);
    end -= size;
    std::copy_n(text.data() + at, size, room + end);
    at += size;
  }
  return Value::string({room, text.size()});
}

// As a literal of the language, in double quotes.
Value quote(Context& context, std::span<const Value> args) {
  constexpr std::string_view kEscaped = "\a\b\f\n\r\t\v\"\\";
  constexpr std::string_view kLetters = "abfnrtv\"\\";
  if (!are(args, "s")) return no_such_overload(context, "strings.quote", args);
  if (!context.charge_if_large(args[0].text().size())) return context.exhausted();
  std::string quoted = "\"";
  for (const char c : args[0].text()) {
    const size_t place = kEscaped.find(c);
    if (place != std::string_view::npos) quoted += '\\';
    quoted += place == std::string_view::npos ? c : kLetters[place];
  }
  return context.string(quoted, "\"");
}

Value format(Context& context, std::span<const Value> args) {
  if (!args[0].is(Kind::String) || !args[1].is(Kind::List))
    return no_such_overload(context, "format", args);
  return format_text(context, args[0].text(), args[1]);
}

constexpr Function kStringFunctions[] = {
    {"charAt", Style::Method, 2, char_at},
    {"format", Style::Method, 2, format},
    {"indexOf", Style::Method, 2, index_of},
    {"indexOf", Style::Method, 3, index_of},
    {"join", Style::Method, 1, join},
    {"join", Style::Method, 2, join},
    {"lastIndexOf", Style::Method, 2, last_index_of},
    {"lastIndexOf", Style::Method, 3, last_index_of},
    {"lowerAscii", Style::Method, 1, lower_ascii},
    {"replace", Style::Method, 3, replace},
    {"replace", Style::Method, 4, replace},
    {"reverse", Style::Method, 1, reverse},
    {"split", Style::Method, 2, split},
    {"split", Style::Method, 3, split},
    {"strings.quote", Style::Global, 1, quote},
    {"substring", Style::Method, 2, substring},
    {"substring", Style::Method, 3, substring},
    {"trim", Style::Method, 1, trim},
    {"upperAscii", Style::Method, 1, upper_ascii},
};

}  // namespace

std::span<const Function> string_functions() {
  return kStringFunctions;
}

}  // namespace sagewarden::cel
