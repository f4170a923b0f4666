#include "control/parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

#include "base/json_writer.h"
#include "base/text.h"
#include "control/fields.h"
#include "control/node_text.h"

namespace sagewarden {
namespace {

constexpr size_t kMaxNameBytes = 64;
constexpr std::array<std::string_view, 4> kTypeNames = {"bool", "int", "string", "list"};

bool is_name(std::string_view text) {
  constexpr std::string_view kFirst = "abcdefghijklmnopqrstuvwxyz";
  constexpr std::string_view kOther = "abcdefghijklmnopqrstuvwxyz0123456789_";
  return !text.empty() && text.size() <= kMaxNameBytes && kFirst.find(text[0]) != kFirst.npos &&
         text.find_first_not_of(kOther) == text.npos;
}

bool is_of_type(const Node& node, Parameter::Type type) {
  switch (type) {
    case Parameter::Type::Bool:
      return node.kind == Node::Kind::Bool;
    case Parameter::Type::Int:
      return node.kind == Node::Kind::Int;
    case Parameter::Type::String:
      return node.is_string();
    case Parameter::Type::StringList:
      return node.is_sequence() && std::ranges::all_of(node.items, &Node::is_string);
  }
  return false;
}

std::string_view description_of(Parameter::Type type) {
  switch (type) {
    case Parameter::Type::Bool:
      return "true or false";
    case Parameter::Type::Int:
      return "an integer of 64 bits";
    case Parameter::Type::String:
      return "a text";
    case Parameter::Type::StringList:
      return "a list of texts";
  }
  return "";
}

tl::unexpected<Error> fail_type(const Parameter& parameter) {
  return fail(Error::Code::Invalid, fmt::format("the parameter {} takes {}", parameter.name,
                                                description_of(parameter.type)));
}

// The value, if the parameter may take it.
Result<std::string> checked(const Parameter& parameter, std::string value) {
  if (parameter.allowed.empty()) return value;
  TRY_LET(const json::Document allowed, json::parse_document(parameter.allowed));
  std::string words;
  for (const json::Value each : allowed.root.elements()) {
    std::string word;
    json::Writer(word).value(each);
    if (word == value) return value;
    words += (words.empty() ? "" : ", ") + word;
  }
  return fail(Error::Code::Invalid,
              fmt::format("the parameter {} takes one of {}", parameter.name, words));
}

Result<std::string> list_value(const Parameter& parameter, std::string_view text) {
  if (trim(text).substr(0, 1) == "[") {
    const Result<json::Document> document = json::parse_document(text);
    if (!document || !document->root.is_array()) return fail_type(parameter);
    for (const json::Value item : document->root.elements()) {
      if (!item.is_string()) return fail_type(parameter);
    }
    std::string value;
    json::Writer(value).value(document->root);
    return value;
  }
  std::string value;
  json::Writer writer(value);
  writer.begin_array();
  // "a, b" and "a,b" are the same two, and an empty text is the empty list.
  for (const std::string_view part : split(text, ',')) {
    if (const std::string_view item = trim(part); !item.empty()) writer.string(item);
  }
  writer.end_array();
  return value;
}

Result<Parameter> parse_parameter(std::string_view file, const Node::Entry& entry) {
  static constexpr std::array<FieldRule, 4> kFields = {
      {{"type", FieldRule::Need::Required, Node::Kind::String},
       {"default", FieldRule::Need::Required, Node::Kind::Null},
       {"allowed", FieldRule::Need::Optional, Node::Kind::Sequence},
       {"why", FieldRule::Need::Required, Node::Kind::String}}};
  if (!is_name(entry.key))
    return fail_at(
        file, entry.key_mark,
        fmt::format("\"{}\" is no name for a parameter: at most {} small letters, digits "
                    "and _, a letter first",
                    printable(entry.key), kMaxNameBytes));
  TRY_DO(check_fields(file, entry.value, fmt::format("the parameter {}", entry.key), kFields));
  Parameter parameter;
  parameter.name = entry.key;
  parameter.why = trim(entry.value.find("why")->text);

  const Node& type = *entry.value.find("type");
  const auto* const known = std::ranges::find(kTypeNames, std::string_view(type.text));
  if (known == kTypeNames.end())
    return fail_at(file, type.mark,
                   fmt::format("\"{}\" is no type of a parameter: bool, int, string or list",
                               printable(type.text)));
  parameter.type = static_cast<Parameter::Type>(known - kTypeNames.begin());

  if (const Node* allowed = entry.value.find("allowed"); allowed != nullptr) {
    for (const Node& item : allowed->items) {
      if (Result<std::string> value = parameter_value(parameter, item); !value)
        return fail_at(file, item.mark, value.error().message);
    }
    TRY_LET(parameter.allowed, json_of(*allowed));
  }
  const Node& otherwise = *entry.value.find("default");
  Result<std::string> value = parameter_value(parameter, otherwise);
  if (!value) return fail_at(file, otherwise.mark, value.error().message);
  parameter.default_value = *value;
  parameter.value = std::move(*value);
  return parameter;
}

// ---- which parameters an expression uses ----

bool is_word(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '_';
}

// The offset behind the literal that starts with the quote at that offset.
size_t skip_literal(std::string_view text, size_t at, bool raw) {
  const char quote = text[at];
  const std::string triple(3, quote);
  const bool long_form = text.substr(at, 3) == triple;
  const std::string_view end = long_form ? std::string_view(triple) : text.substr(at, 1);
  for (at += end.size(); at < text.size(); ++at) {
    if (text[at] == '\\' && !raw)
      ++at;
    else if (text.substr(at, end.size()) == end)
      return at + end.size();
  }
  return text.size();
}

size_t skip_blanks(std::string_view text, size_t at) {
  const size_t next = text.find_first_not_of(" \t\r\n", at);
  return next == std::string_view::npos ? text.size() : next;
}

size_t skip_word(std::string_view text, size_t at) {
  while (at < text.size() && is_word(text[at])) ++at;
  return at;
}

// What follows the word `params` at that offset: a member's name, or anything else.
void note_use(std::string_view text, size_t at, ParameterUse& use) {
  at = skip_blanks(text, at);
  if (at >= text.size() || text[at] != '.') {
    use.whole = true;
    return;
  }
  at = skip_blanks(text, at + 1);
  if (at < text.size() && text[at] == '?') at = skip_blanks(text, at + 1);
  const std::string_view name = text.substr(at, skip_word(text, at) - at);
  const size_t behind = skip_blanks(text, at + name.size());
  // `params.all(…)` is a macro over the whole map.
  if (name.empty() || (behind < text.size() && text[behind] == '(')) {
    use.whole = true;
  } else {
    use.names.emplace_back(name);
  }
}

}  // namespace

std::string_view name_of(Parameter::Type type) {
  return kTypeNames.at(static_cast<size_t>(type));
}

Result<std::vector<Parameter>> parse_parameters(std::string_view file, const Node& node) {
  std::vector<Parameter> parameters;
  for (const Node::Entry& entry : node.entries) {
    TRY_LET(Parameter parameter, parse_parameter(file, entry));
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

Result<std::string> parameter_value(const Parameter& parameter, const Node& node) {
  if (!is_of_type(node, parameter.type)) return fail_type(parameter);
  Result<std::string> value = json_of(node);
  if (!value) return fail_type(parameter);  // an integer of more than 64 bits
  return checked(parameter, std::move(*value));
}

Result<std::string> parameter_value(const Parameter& parameter, std::string_view text) {
  switch (parameter.type) {
    case Parameter::Type::Bool:
      if (text != "true" && text != "false") return fail_type(parameter);
      return checked(parameter, std::string(text));
    case Parameter::Type::Int: {
      int64_t number = 0;
      const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (code != std::errc() || end != text.data() + text.size()) return fail_type(parameter);
      return checked(parameter, std::to_string(number));
    }
    case Parameter::Type::String: {
      std::string value;
      json::append_quoted(value, text);
      return checked(parameter, std::move(value));
    }
    case Parameter::Type::StringList: {
      TRY_LET(std::string value, list_value(parameter, text));
      return checked(parameter, std::move(value));
    }
  }
  return fail_type(parameter);
}

Result<json::Document> parameters_document(std::span<const Parameter> parameters) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  for (const Parameter& parameter : parameters) writer.key(parameter.name).raw(parameter.value);
  writer.end_object();
  return json::parse_document(text);
}

void find_parameter_use(std::string_view expression, ParameterUse& use) {
  bool after_dot = false;  // the next word is a member's name and not a variable
  for (size_t at = 0; at < expression.size();) {
    const char byte = expression[at];
    if (byte == '"' || byte == '\'') {
      at = skip_literal(expression, at, false);
    } else if (expression.substr(at, 2) == "//") {
      at = std::min(expression.find('\n', at), expression.size());
    } else if (is_word(byte)) {
      const size_t end = skip_word(expression, at);
      const std::string_view word = expression.substr(at, end - at);
      const bool quoted = end < expression.size() &&
                          (expression[end] == '"' || expression[end] == '\'') && word.size() <= 2;
      if (quoted)  // r"…", b"…", rb"…"
        at = skip_literal(expression, end, word.find_first_of("rR") != word.npos);
      else
        at = end;
      if (!quoted && word == "params" && !after_dot) note_use(expression, end, use);
      after_dot = false;
    } else {
      // `.params` alone, as in `resource.params`, `resource.?params`
      if (byte == '.')
        after_dot = true;
      else if (byte != '?' && byte != ' ' && byte != '\n' && byte != '\t' && byte != '\r')
        after_dot = false;
      ++at;
    }
  }
}

}  // namespace sagewarden
