#include "source/cloudformation/intrinsics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/json_writer.h"
#include "base/text.h"
#include "source/cloudformation/render.h"

namespace sagewarden::cloudformation {
namespace {

using Kind = Value::Kind;

// ---- what the functions have in common ----

Value wrong(Resolver& resolver, const Call& call, std::string_view why) {
  const std::string_view prefix = call.tagged ? "!" : call.name == "Ref" ? "" : "Fn::";
  return resolver.malformed(call.mark, fmt::format("{}{} {}", prefix, call.name, why));
}

// The argument's own value. Of the short form the tag is the call, and not the argument's.
Value argument_value(Resolver& resolver, const Call& call) {
  return call.tagged ? resolver.resolve_plain(call.argument, call.scope)
                     : resolver.resolve(call.argument, call.scope);
}

// The argument as a list that is written out, with a number of elements within bounds; else null.
const std::vector<Node>* arguments(const Call& call, size_t least, size_t most) {
  const Node& node = call.argument;
  if (!node.is_sequence() || (!call.tagged && !node.tag.empty())) return nullptr;
  return node.items.size() >= least && node.items.size() <= most ? &node.items : nullptr;
}

// What the whole comes to when a part of it is not known. When the part may turn out to be
// nothing, then not even whether the whole is set.
Value not_known_by(const Value& part, Mark mark) {
  Value value = opaque(part.reason, mark);
  value.optional = part.optional;
  value.maybe_empty = may_be_empty(part);
  return value;
}

// A text put together from parts, some of which may not be known.
class Parts {
 public:
  void add(std::string_view known) {
    text_ += known;
    filled_ = filled_ || !known.empty();
  }
  void add_unknown(const Value& part) {
    if (!first_) first_ = not_known_by(part, part.mark);
    filled_ = filled_ || (part.is(Kind::Opaque) && !part.optional && !part.maybe_empty);
  }

  Value finish(Mark mark) && {
    if (!first_) return text_value(std::move(text_), mark);
    Value value = std::move(*first_);
    value.mark = mark;
    // Whatever the others come to, with one part that is not empty the whole is not empty.
    value.optional = value.optional && !filled_;
    value.maybe_empty = !filled_;
    return value;
  }

 private:
  std::string text_;
  std::optional<Value> first_;  // of the parts that are not known
  bool filled_ = false;         // some part is surely not empty
};

bool is_known_text(const Value& value) {
  return value.is_scalar() && !value.optional;
}
bool is_not_known(const Value& value) {
  return value.is(Kind::Opaque) || value.optional;
}

// One of these values, and what is not known decides which: as much as they have in common.
Value any_of(std::vector<Value> values, const Value& decides, Mark mark) {
  if (values.empty()) {
    Value value = not_known_by(decides, mark);
    value.maybe_empty = true;
    return value;
  }
  Value one = std::move(values.front());
  for (size_t i = 1; i < values.size(); ++i)
    one = either(std::move(one), std::move(values[i]), decides.reason);
  one.mark = mark;
  return one;
}

std::optional<size_t> number_of(std::string_view text) {
  size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// ---- references ----

Value ref(Resolver& resolver, const Call& call) {
  const Value name = argument_value(resolver, call);
  if (is_not_known(name)) return not_known_by(name, call.mark);
  if (!is_known_text(name)) return wrong(resolver, call, "takes a name");
  return resolver.reference(name.text, call.scope, call.mark);
}

Value get_att(Resolver& resolver, const Call& call) {
  std::string resource;
  std::string attribute;
  if (const std::vector<Node>* parts = arguments(call, 2, 2)) {
    const Value first = resolver.resolve((*parts)[0], call.scope);
    const Value second = resolver.resolve((*parts)[1], call.scope);
    for (const Value* part : {&first, &second}) {
      if (is_not_known(*part)) return not_known_by(*part, call.mark);
      if (!is_known_text(*part)) return wrong(resolver, call, "takes a resource and an attribute");
    }
    resource = first.text;
    attribute = second.text;
  } else if (call.argument.is_string()) {
    const std::string whole = resolver.substitute(call.argument.text, call.scope);
    const size_t dot = whole.find('.');
    if (dot == std::string::npos) return wrong(resolver, call, "takes RESOURCE.ATTRIBUTE");
    resource = whole.substr(0, dot);
    attribute = whole.substr(dot + 1);
  } else {
    return wrong(resolver, call, "takes a resource and an attribute");
  }
  return resolver.attribute(resource, attribute, call.mark);
}

Value import_value(Resolver& resolver, const Call& call) {
  const Value name = argument_value(resolver, call);
  const std::string which = is_known_text(name) ? " " + shown(name.text) : std::string();
  return opaque(fmt::format("!ImportValue{} is known only at deployment", which), call.mark);
}

Value find_in_map(Resolver& resolver, const Call& call) {
  const std::vector<Node>* parts = arguments(call, 3, 4);
  if (parts == nullptr) return wrong(resolver, call, "takes a map and two keys");
  const Node* otherwise = nullptr;
  if (parts->size() == 4) {
    otherwise = (*parts)[3].find("DefaultValue");
    if (otherwise == nullptr) return wrong(resolver, call, "takes DefaultValue as a fourth part");
  }
  MapKeys keys;
  std::string path;
  const Value* open = nullptr;  // the first of the keys that is not known
  std::vector<Value> resolved;
  resolved.reserve(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    const Value& key = resolved.emplace_back(resolver.resolve((*parts)[i], call.scope));
    if (is_not_known(key)) {
      if (open == nullptr) open = &key;
      continue;
    }
    if (!is_known_text(key)) return wrong(resolver, call, "takes texts as map and keys");
    keys.at(i) = key.text;
    path += (path.empty() ? "" : ".") + shown(key.text);
  }
  std::vector<Value> found;
  for (const Node* entry : resolver.find_in_map(keys, call.mark)) {
    assert(entry != nullptr || open != nullptr);  // null is only found under an unknown key
    found.push_back(entry == nullptr ? any_of({}, *open, call.mark)
                                     : resolver.resolve(*entry, nullptr));
    move_to(found.back(), call.mark);
  }
  if (otherwise != nullptr && (open != nullptr || found.empty()))
    found.push_back(resolver.resolve(*otherwise, call.scope));
  if (open != nullptr) return any_of(std::move(found), *open, call.mark);
  if (found.empty()) return wrong(resolver, call, "finds no " + path);
  return std::move(found.front());
}

// ---- conditions ----

Value choose(Resolver& resolver, const Call& call) {
  const std::vector<Node>* parts = arguments(call, 3, 3);
  if (parts == nullptr || !(*parts)[0].is_string())
    return wrong(resolver, call, "takes a condition's name and two values");
  const std::string name = resolver.substitute((*parts)[0].text, call.scope);
  const Judged judged = resolver.condition(name, (*parts)[0].mark);
  switch (judged.truth) {
    case Truth::True:
      return resolver.resolve((*parts)[1], call.scope);
    case Truth::False:
      return resolver.resolve((*parts)[2], call.scope);
    case Truth::Unknown:
      break;
  }
  // In each branch its own side of the condition holds, for what is decided by it further inside.
  const size_t before = resolver.assume(name, true);
  Value yes = resolver.resolve((*parts)[1], call.scope);
  resolver.drop_assumptions(before);
  resolver.assume(name, false);
  Value no = resolver.resolve((*parts)[2], call.scope);
  resolver.drop_assumptions(before);
  const std::string reason =
      fmt::format("the condition {} is not known: {}", shown(name), judged.why);
  resolver.spend(reason.size(), call.mark);
  Value both = either(std::move(yes), std::move(no), reason);
  both.mark = call.mark;
  return both;
}

// ---- texts ----

// What the variables of one Fn::Sub stand for, each worked out once. The function's own come first.
class Variables {
 public:
  Variables(Resolver& resolver, const Call& call) : resolver_(resolver), call_(call) {
    if (call.argument.is_sequence() && call.argument.items.size() == 2)
      own_ = &call.argument.items[1];
  }

  const Value& find(std::string_view name) {
    const auto [found, added] = values_.try_emplace(std::string(name));
    if (added) found->second = resolve(name);
    return found->second;
  }

 private:
  Value resolve(std::string_view name) {
    if (const Node* own = own_ == nullptr ? nullptr : resolver_.lookup(*own_, name))
      return resolver_.resolve(*own, call_.scope);
    const size_t dot = name.find('.');
    if (dot == std::string_view::npos) return resolver_.reference(name, call_.scope, call_.mark);
    return resolver_.attribute(name.substr(0, dot), name.substr(dot + 1), call_.mark);
  }

  Resolver& resolver_;
  const Call& call_;
  const Node* own_ = nullptr;
  std::unordered_map<std::string, Value> values_;
};

bool is_variable_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == ':';
  });
}

Value sub(Resolver& resolver, const Call& call) {
  const Node* pattern = &call.argument;
  if (const std::vector<Node>* parts = arguments(call, 2, 2)) {
    pattern = parts->data();
    if (!(*parts)[1].is_mapping()) return wrong(resolver, call, "takes a mapping of variables");
  }
  const bool tag_is_mine = call.tagged && pattern == &call.argument;
  if (!pattern->is_string() || (!tag_is_mine && !pattern->tag.empty()))
    return wrong(resolver, call, "takes a text, or a text and a mapping of variables");

  // A loop puts its variable in before anything else is done with the text.
  const std::string text = resolver.substitute(pattern->text, call.scope);
  std::string_view rest = text;
  Parts out;
  Variables variables(resolver, call);
  while (true) {
    const size_t start = rest.find("${");
    if (!resolver.spend(std::min(start, rest.size()), call.mark)) return absent(call.mark);
    if (start == std::string_view::npos) break;
    const size_t end = rest.find('}', start);
    if (end == std::string_view::npos) return wrong(resolver, call, "has a ${ without its }");
    out.add(rest.substr(0, start));
    const std::string_view name = trim(rest.substr(start + 2, end - start - 2));
    rest.remove_prefix(end + 1);
    if (!name.empty() && name[0] == '!') {
      out.add(fmt::format("${{{}}}", name.substr(1)));
      continue;
    }
    if (!is_variable_name(name))
      return wrong(resolver, call, fmt::format("cannot put in ${{{}}}", shown(name)));
    const Value& value = variables.find(name);
    if (is_not_known(value)) {
      out.add_unknown(value);
      continue;
    }
    if (!value.is_scalar())
      return wrong(resolver, call, fmt::format("cannot put in ${{{}}}: no text", shown(name)));
    if (!resolver.spend(value.text.size(), call.mark)) return absent(call.mark);
    out.add(value.text);
  }
  out.add(rest);
  return std::move(out).finish(call.mark);
}

Value join(Resolver& resolver, const Call& call) {
  const std::vector<Node>* parts = arguments(call, 2, 2);
  if (parts == nullptr) return wrong(resolver, call, "takes a separator and a list");
  const Value separator = resolver.resolve((*parts)[0], call.scope);
  const Value list = resolver.resolve((*parts)[1], call.scope);
  if (is_not_known(separator)) return not_known_by(separator, call.mark);
  if (is_not_known(list)) return not_known_by(list, call.mark);
  if (!separator.is_scalar() || !list.is(Kind::List))
    return wrong(resolver, call, "takes a separator and a list");
  Parts out;
  size_t sure = 0;  // elements that are there for certain; between two stands a separator
  for (const Value& item : list.items) {
    if (!item.optional && ++sure > 1) out.add(separator.text);
    if (is_not_known(item)) {
      out.add_unknown(item);
      continue;
    }
    if (!item.is_scalar()) return wrong(resolver, call, "joins texts only");
    if (!resolver.spend(separator.text.size() + item.text.size(), call.mark))
      return absent(call.mark);
    out.add(item.text);
  }
  return std::move(out).finish(call.mark);
}

Value split_text(Resolver& resolver, const Call& call) {
  const std::vector<Node>* parts = arguments(call, 2, 2);
  if (parts == nullptr) return wrong(resolver, call, "takes a separator and a text");
  const Value separator = resolver.resolve((*parts)[0], call.scope);
  const Value text = resolver.resolve((*parts)[1], call.scope);
  if (is_not_known(separator)) return not_known_by(separator, call.mark);
  if (is_not_known(text)) return not_known_by(text, call.mark);
  if (!separator.is_scalar() || separator.text.empty() || !text.is_scalar())
    return wrong(resolver, call, "takes a separator and a text");
  Value list = absent(call.mark);
  list.kind = Kind::List;
  std::string_view rest = text.text;
  while (true) {
    const size_t end = rest.find(separator.text);
    if (!resolver.spend(sizeof(Value) + std::min(end, rest.size()), call.mark))
      return absent(call.mark);
    list.items.push_back(text_value(std::string(rest.substr(0, end)), call.mark));
    if (end == std::string_view::npos) return list;
    rest.remove_prefix(end + separator.text.size());
  }
}

Value base64(Resolver& resolver, const Call& call) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const Value value = argument_value(resolver, call);
  if (is_not_known(value)) return not_known_by(value, call.mark);
  if (!value.is_scalar()) return wrong(resolver, call, "takes a text");
  std::string out;
  for (size_t i = 0; i < value.text.size(); i += 3) {
    const std::string_view group = std::string_view(value.text).substr(i, 3);
    uint32_t bits = 0;
    for (size_t byte = 0; byte < 3; ++byte)
      bits = bits << 8 | (byte < group.size() ? static_cast<unsigned char>(group[byte]) : 0U);
    for (size_t digit = 0; digit < 4; ++digit)
      out += digit <= group.size() ? kDigits[bits >> (18 - 6 * digit) & 63U] : '=';
  }
  resolver.spend(out.size(), call.mark);
  return text_value(std::move(out), call.mark);
}

// ---- lists ----

Value select(Resolver& resolver, const Call& call) {
  const std::vector<Node>* parts = arguments(call, 2, 2);
  if (parts == nullptr) return wrong(resolver, call, "takes a number and a list");
  const Value number = resolver.resolve((*parts)[0], call.scope);
  Value list = resolver.resolve((*parts)[1], call.scope);
  if (is_not_known(list)) return not_known_by(list, call.mark);
  if (is_not_known(number)) return any_of(std::move(list.items), number, call.mark);
  const std::optional<size_t> index = number_of(number.text);
  if (!index || !list.is(Kind::List)) return wrong(resolver, call, "takes a number and a list");
  // An element that may be missing shifts those behind it.
  for (size_t i = 0; i < list.items.size() && i <= *index; ++i) {
    if (list.items[i].optional) return not_known_by(list.items[i], call.mark);
  }
  if (*index >= list.items.size())
    return wrong(resolver, call,
                 fmt::format("takes element {} of a list of {}", *index, list.items.size()));
  return std::move(list.items[*index]);
}

Value length(Resolver& resolver, const Call& call) {
  const Value list = argument_value(resolver, call);
  if (is_not_known(list)) return not_known_by(list, call.mark);
  if (!list.is(Kind::List)) return wrong(resolver, call, "takes a list");
  for (const Value& item : list.items) {
    if (item.optional) return not_known_by(item, call.mark);
  }
  Value count = text_value(std::to_string(list.items.size()), call.mark);
  count.kind = Kind::Int;
  return count;
}

Value to_json_string(Resolver& resolver, const Call& call) {
  Value value = argument_value(resolver, call);
  if (is_not_known(value)) return not_known_by(value, call.mark);
  if (!value.is(Kind::Object) && !value.is(Kind::List))
    return wrong(resolver, call, "takes a mapping or a list");
  settle(value);
  if (const Value* part = first_unknown(value)) return not_known_by(*part, call.mark);
  std::string out;
  json::Writer writer(out);
  write_json(value, writer);
  resolver.spend(out.size(), call.mark);
  return text_value(std::move(out), call.mark);
}

// ---- what only the deployment knows ----

Value at_deployment(Resolver&, const Call& call) {
  return opaque(fmt::format("!{} is known only at deployment", call.name), call.mark);
}

Value transform(Resolver&, const Call& call) {
  const Node* name = call.argument.find("Name");
  const bool readable = name != nullptr && name->is_string();
  return unknown(fmt::format("the transform {} is applied only at deployment",
                             readable ? shown(name->text) : "without a name"),
                 call.mark);
}

struct Entry {
  std::string_view name;
  Function function;
};

constexpr Entry kFunctions[] = {
    {"Base64", base64},
    {"Cidr", at_deployment},
    {"FindInMap", find_in_map},
    {"GetAZs", at_deployment},
    {"GetAtt", get_att},
    {"If", choose},
    {"ImportValue", import_value},
    {"Join", join},
    {"Length", length},
    {"Ref", ref},
    {"Select", select},
    {"Split", split_text},
    {"Sub", sub},
    {"ToJsonString", to_json_string},
    {"Transform", transform},
};
static_assert(std::ranges::is_sorted(kFunctions, {}, &Entry::name));

}  // namespace

Function find_function(std::string_view name) {
  const auto* found = std::ranges::lower_bound(kFunctions, name, {}, &Entry::name);
  return found != std::end(kFunctions) && found->name == name ? found->function : nullptr;
}

}  // namespace sagewarden::cloudformation
