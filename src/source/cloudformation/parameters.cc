#include "source/cloudformation/parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "source/cloudformation/pattern.h"

namespace sagewarden::cloudformation {
namespace {

constexpr size_t kMaxNamed = 10;  // parameters in one notice

// ---- the values given in files ----

tl::unexpected<Error> malformed(Mark mark, std::string_view why) {
  return fail(Error::Code::Invalid,
              fmt::format("line {}, column {}: {}", mark.line, mark.column, why));
}

// A parameter's value as CloudFormation takes it: always a text; a list is joined by commas.
Result<std::string> given_text(const Node& node) {
  if (node.is_scalar() && node.kind != Node::Kind::Null && node.tag.empty())
    return scalar_of(node).text;
  if (!node.is_sequence()) return malformed(node.mark, "a parameter's value must be a text");
  std::string joined;
  for (const Node& item : node.items) {
    if (!item.is_scalar() || item.kind == Node::Kind::Null)
      return malformed(item.mark, "a parameter's value must be a text");
    if (&item != &node.items.front()) joined += ',';
    joined += scalar_of(item).text;
  }
  return joined;
}

bool is_true(const Node* node) {
  return node != nullptr && node->is_scalar() && lower(scalar_of(*node).text) == "true";
}

// {ParameterKey: K, ParameterValue: V}, {ParameterKey: K, UsePreviousValue: true} or "K=V"
Result<void> read_entry(const Node& entry, GivenParameters& given) {
  if (entry.is_string()) {
    const size_t equals = entry.text.find('=');
    if (equals == std::string::npos || equals == 0)
      return malformed(entry.mark, "a parameter is written KEY=VALUE");
    given[entry.text.substr(0, equals)] = entry.text.substr(equals + 1);
    return {};
  }
  const Node* key = entry.find("ParameterKey");
  if (key == nullptr || !key->is_scalar())
    return malformed(entry.mark, "an entry needs a ParameterKey");
  if (is_true(entry.find("UsePreviousValue"))) {
    given[key->text] = std::nullopt;
    return {};
  }
  const Node* value = entry.find("ParameterValue");
  if (value == nullptr)
    return malformed(entry.mark, "an entry needs a ParameterValue or UsePreviousValue: true");
  TRY_LET(given[key->text], given_text(*value));
  return {};
}

// ---- the declarations ----

constexpr std::string_view kSsmValue = "AWS::SSM::Parameter::Value<";

// One declaration while it is read.
struct Declaration {
  const std::string& name;
  const Node& node;
  std::optional<Handed> given;  // nothing: it has its Default
  Problems& problems;

  std::string type() const {
    const Node* type = node.find("Type");
    return type == nullptr ? std::string() : type->text;
  }
};

bool is_list(std::string_view type) {
  return type == "CommaDelimitedList" || type.starts_with("List<");
}

std::vector<std::string> choices_of(const Declaration& declaration) {
  std::vector<std::string> choices;
  const Node* allowed = declaration.node.find("AllowedValues");
  if (allowed == nullptr || !allowed->is_sequence()) return choices;
  for (const Node& item : allowed->items) {
    if (item.is_scalar()) choices.push_back(scalar_of(item).text);
  }
  return choices;
}

// The text that the parameter has, as far as it is settled: what was given, else its Default, else
// the only value that is allowed.
std::optional<std::string> settled_text(const Declaration& declaration,
                                        const std::vector<std::string>& choices) {
  if (declaration.given) return declaration.given->text;
  if (const Node* otherwise = declaration.node.find("Default"); otherwise != nullptr) {
    if (otherwise->is_scalar() && otherwise->kind != Node::Kind::Null)
      return scalar_of(*otherwise).text;
    declaration.problems.report(
        otherwise->mark, code::kMalformed,
        fmt::format("the Default of the parameter {} is not a text; its value counts as not known",
                    shown(declaration.name)));
    return std::nullopt;
  }
  // A list may have the same element several times.
  if (choices.size() == 1 && !is_list(declaration.type())) return choices.front();
  return std::nullopt;
}

bool is_number(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return !text.empty() && text.size() <= 18 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<double> number_in(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (text.empty() || end != text.c_str() + text.size()) return std::nullopt;
  return number;
}

// A bound such as MinLength; nothing where there is none, or it is no plain number.
std::optional<double> bound_of(const Declaration& declaration, std::string_view name) {
  const Node* bound = declaration.node.find(name);
  return bound != nullptr && bound->is_scalar() ? number_in(scalar_of(*bound).text) : std::nullopt;
}

bool is_among(const std::string& text, const std::vector<std::string>& choices, bool number) {
  return std::ranges::any_of(choices, [&](const std::string& choice) {
    return choice == text || (number && number_in(choice) && number_in(choice) == number_in(text));
  });
}

// Why CloudFormation would not deploy with that value, in the words of the declaration; empty when
// nothing speaks against it. Patterns are Java's, and not looked at. Characters beyond ASCII have
// more than one length.
std::string_view refusal(const Declaration& declaration, const std::vector<std::string>& choices,
                         const std::string& text) {
  const std::string type = declaration.type();
  const bool number = type == "Number";
  const Node* allowed = declaration.node.find("AllowedValues");
  // A choice that is no text, or is made by a function, is none that could be compared.
  if (allowed != nullptr && !choices.empty() && choices.size() == allowed->items.size() &&
      std::ranges::all_of(allowed->items, [](const Node& item) { return item.tag.empty(); })) {
    // Blanks count, but around a list's elements.
    std::vector<std::string_view> parts = {text};
    if (is_list(type)) {
      parts = split(text, ',');
      std::ranges::transform(parts, parts.begin(), trim);
    }
    for (const std::string_view part : parts) {
      if (!is_among(std::string(part), choices, number)) return "is none of its AllowedValues";
    }
  }
  if (number) {
    const std::optional<double> value = number_in(text);
    const auto least = bound_of(declaration, "MinValue");
    const auto most = bound_of(declaration, "MaxValue");
    if (value && least && *value < *least) return "is below its MinValue";
    if (value && most && *value > *most) return "is above its MaxValue";
  }
  const auto is_ascii = [](char byte) { return static_cast<unsigned char>(byte) < 0x80; };
  if (type == "String" && std::ranges::all_of(text, is_ascii)) {
    const auto least = bound_of(declaration, "MinLength");
    const auto most = bound_of(declaration, "MaxLength");
    const auto length = static_cast<double>(text.size());
    if (least && length < *least) return "is shorter than its MinLength";
    if (most && length > *most) return "is longer than its MaxLength";
  }
  return {};
}

bool is_free_text(std::string_view type) {
  return type == "String" || type == "CommaDelimitedList";
}

// Whether a deployment may give the parameter the empty text. CloudFormation looks a value of
// another type up (a subnet must exist), or wants a number.
bool may_be_left_empty(const Declaration& declaration, const std::vector<std::string>& choices) {
  if (declaration.given && declaration.given->filled) return false;
  if (!choices.empty()) return std::find(choices.begin(), choices.end(), "") != choices.end();
  if (const Node* otherwise = declaration.node.find("Default");
      otherwise != nullptr && otherwise->is_scalar() && scalar_of(*otherwise).text.empty())
    return true;
  const std::string type = declaration.type();
  if (!is_free_text(type)) return false;
  const Node* least = declaration.node.find("MinLength");
  const bool bounded = type == "String" && least != nullptr && is_number(least->text);
  if (bounded && least->text[0] != '-' && least->text.find_first_not_of("+0") != std::string::npos)
    return false;
  const Node* pattern = declaration.node.find("AllowedPattern");
  return pattern == nullptr || !pattern->is_string() || !pattern->tag.empty() ||
         !refuses_empty_text(pattern->text);
}

// A value that a deployment is sure to have and that is not known here.
Value missing_value(const Declaration& declaration, const std::vector<std::string>& choices) {
  const std::string name = shown(declaration.name);
  Value value = opaque(
      declaration.given
          ? fmt::format("the parameter {} {}", name, declaration.given->why)
          : fmt::format("the parameter {} has no Default, and --parameters gives no value", name),
      declaration.node.mark);
  value.maybe_empty = may_be_left_empty(declaration, choices);
  if (!choices.empty()) value.choices = &choices;
  return value;
}

// The choices are kept by the caller for as long as the value lives.
void settle(Parameter& parameter, const Declaration& declaration) {
  const Mark mark = declaration.node.mark;
  const std::string name = shown(declaration.name);
  const std::string type = declaration.type();
  const auto refuse = [&](std::string_view code, const std::string& why) {
    declaration.problems.report(mark, code, why + "; its value counts as not known");
    parameter.value = unknown(why, mark);
  };
  if (type.empty())
    return refuse(code::kMalformed, fmt::format("the parameter {} has no Type", name));

  const std::optional<std::string> text = settled_text(declaration, parameter.choices);
  if (text && text->size() > kMaxParameterBytes)
    return refuse(code::kLimit, fmt::format("the value of the parameter {} is longer than {} bytes",
                                            name, kMaxParameterBytes));
  const bool stored = std::string_view(type).substr(0, kSsmValue.size()) == kSsmValue;
  if (text && !stored) {
    // The value itself is not told: it may be a secret.
    if (const auto why = refusal(declaration, parameter.choices, *text); !why.empty())
      return refuse(code::kMalformed, fmt::format("the value of the parameter {} {}, so that "
                                                  "CloudFormation would refuse it",
                                                  name, why));
  }
  if (is_true(declaration.node.find("NoEcho"))) {
    parameter.value = opaque(
        fmt::format("the parameter {} is NoEcho, so its value is not looked at", name), mark);
    parameter.value.maybe_empty =
        text ? text->empty() : may_be_left_empty(declaration, parameter.choices);
  } else if (stored) {
    parameter.value = opaque(
        fmt::format("the parameter {} is read from Parameter Store at deployment", name), mark);
  } else if (!text) {
    parameter.value = missing_value(declaration, parameter.choices);
  } else {
    parameter.value = text_value(*text, mark);
    const bool known = !parameter.value.is(Value::Kind::Opaque);
    parameter.list = known && is_list(type);
    if (known && type == "Number" && is_number(*text)) parameter.value.kind = Value::Kind::Int;
  }
}

// What the parameter is given, in a file or by the stack that this one is nested in.
std::optional<Handed> given_value(std::string_view name, const ParameterValues& values) {
  if (values.handed) {
    const auto found = values.handed->parameters.find(name);
    if (!values.handed->unclear.empty()) {
      return Handed{std::nullopt, fmt::format("is not known: {}", values.handed->unclear), false};
    }
    if (found == values.handed->parameters.end()) return std::nullopt;
    Handed handed = found->second;
    if (!handed.text)
      handed.why = fmt::format("is given by the stack that this one is nested in: {}", handed.why);
    return handed;
  }
  if (values.files == nullptr) return std::nullopt;
  const auto found = values.files->find(name);
  if (found == values.files->end()) return std::nullopt;
  return Handed{found->second, "keeps its previous value, which only the stack knows", false};
}

}  // namespace

Result<GivenParameters> parse_parameters(std::string_view text) {
  TRY_LET(const Node root, read_yaml_or_json(text));
  GivenParameters given;
  if (root.is_sequence()) {
    for (const Node& entry : root.items) TRY_DO(read_entry(entry, given));
    return given;
  }
  const Node* nested = root.find("Parameters");
  const Node& values = nested != nullptr && nested->is_mapping() ? *nested : root;
  if (!values.is_mapping())
    return malformed(root.mark, "expected a list of parameters or a mapping of them");
  for (const Node::Entry& entry : values.entries) {
    TRY_LET(given[entry.key], given_text(entry.value));
  }
  return given;
}

Result<GivenParameters> read_parameter_files(std::span<const std::string> files) {
  GivenParameters all;
  for (const std::string& path : files) {
    TRY_LET(const std::string text, read_file(path, kMaxParameterFileBytes));
    Result<GivenParameters> given = parse_parameters(text);
    if (!given)
      return fail(given.error().code,
                  fmt::format("parameters file {}: {}", path, given.error().message));
    for (auto& [name, value] : *given) all[name] = std::move(value);
  }
  return all;
}

Result<ParameterFiles> ParameterFiles::read(std::span<const std::string> files) {
  ParameterFiles all;
  TRY_LET(all.values_, read_parameter_files(files));
  return all;
}

void ParameterFiles::met(const Node* section) const {
  if (values_.empty()) return;
  const std::scoped_lock lock(declared_->mutex);
  declared_->some_template = true;
  if (section == nullptr) return;
  for (const Node::Entry& entry : section->entries) declared_->names.insert(entry.key);
}

std::string ParameterFiles::notice() const {
  const std::scoped_lock lock(declared_->mutex);
  if (!values_.empty() && !declared_->some_template)
    return "--parameters: no template was read that takes values from a file";
  const std::vector<std::string_view> candidates(declared_->names.begin(), declared_->names.end());
  std::set<std::string_view> unused;
  for (const auto& [name, value] : values_) {
    if (!declared_->names.contains(name)) unused.insert(name);
  }
  if (unused.empty()) return {};
  std::string names;
  size_t left = kMaxNamed;
  for (const std::string_view name : unused) {
    if (left-- == 0) {
      names += fmt::format(" and {} more", unused.size() - kMaxNamed);
      break;
    }
    const std::string_view meant = nearest(name, candidates);
    names += (names.empty() ? "" : ", ") + shown(name);
    if (!meant.empty()) names += fmt::format(" (did you mean {}?)", shown(meant));
  }
  return fmt::format("--parameters: no template that was read takes {}", names);
}

Parameters declare_parameters(const Node* section, const ParameterValues& values,
                              Problems& problems) {
  Parameters parameters;
  if (section == nullptr) return parameters;
  for (const Node::Entry& entry : section->entries) {
    const Declaration declaration{entry.key, entry.value, given_value(entry.key, values), problems};
    Parameter& parameter = parameters[entry.key];
    parameter.choices = choices_of(declaration);
    settle(parameter, declaration);
  }
  return parameters;
}

Value value_at(const Parameter& parameter, Mark mark) {
  Value value = parameter.value;
  value.mark = mark;
  if (!parameter.list) return value;
  value.kind = Value::Kind::List;
  for (const std::string_view part : split(value.text, ','))
    value.items.push_back(text_value(std::string(trim(part)), mark));
  value.text.clear();
  return value;
}

}  // namespace sagewarden::cloudformation
