#include "source/cloudformation/value.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/text.h"

namespace sagewarden::cloudformation {
namespace {

using Kind = Value::Kind;

constexpr std::string_view kDynamicReference = "{{resolve:";
constexpr size_t kMaxShown = 100;  // bytes of a name in a message

Value either_object(Value a, Value b, const std::string& reason) {
  std::unordered_map<std::string_view, Value*> others;
  for (Value::Member& member : b.members) others.emplace(member.key, &member.value);
  for (Value::Member& member : a.members) {
    const auto other = others.find(member.key);
    if (other == others.end()) {
      member.value = either(std::move(member.value), absent(member.key_mark), reason);
      continue;
    }
    member.value = either(std::move(member.value), std::move(*other->second), reason);
    others.erase(other);
  }
  for (Value::Member& member : b.members) {
    if (others.erase(member.key) == 0) continue;
    Value value = either(std::move(member.value), absent(member.key_mark), reason);
    a.members.push_back({std::move(member.key), member.key_mark, std::move(value)});
  }
  return a;
}

}  // namespace

Value* Value::find(std::string_view name) {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const Member& member) { return member.key == name; });
  return found == members.end() ? nullptr : &found->value;
}

const Value* Value::find(std::string_view name) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const Member& member) { return member.key == name; });
  return found == members.end() ? nullptr : &found->value;
}

Value absent(Mark mark) {
  Value value;
  value.mark = mark;
  return value;
}

Value text_value(std::string text, Mark mark) {
  const size_t reference = text.find(kDynamicReference);
  if (reference != std::string::npos && text.find("}}", reference) != std::string::npos) {
    const std::string_view service = std::string_view(text).substr(
        reference + kDynamicReference.size(),
        text.find_first_of(":}", reference + kDynamicReference.size()) - reference -
            kDynamicReference.size());
    return opaque("{{resolve:" + shown(service) + ":…}} is read only at deployment", mark);
  }
  Value value;
  value.kind = Value::Kind::String;
  value.mark = mark;
  value.text = std::move(text);
  return value;
}

Value opaque(std::string reason, Mark mark) {
  Value value;
  value.kind = Value::Kind::Opaque;
  value.mark = mark;
  value.reason = std::move(reason);
  return value;
}

Value unknown(std::string reason, Mark mark) {
  Value value = opaque(std::move(reason), mark);
  value.optional = true;
  return value;
}

Value scalar_of(const Node& node) {
  Value value = absent(node.mark);
  value.kind = Value::Kind::String;
  value.text = node.text;
  switch (node.kind) {
    case Node::Kind::Bool:
      value.kind = Value::Kind::Bool;
      value.boolean = node.boolean;
      value.text = node.boolean ? "true" : "false";
      break;
    case Node::Kind::Int:
      value.kind = Value::Kind::Int;
      break;
    case Node::Kind::Double:
      value.kind = Value::Kind::Double;
      break;
    case Node::Kind::Null:
    case Node::Kind::String:
    case Node::Kind::Sequence:
    case Node::Kind::Mapping:
      break;
  }
  return value;
}

bool may_be_empty(const Value& value) {
  switch (value.kind) {
    case Value::Kind::Absent:
    case Value::Kind::Bool:
    case Value::Kind::Int:
    case Value::Kind::Double:
      return false;
    case Value::Kind::String:
      return value.text.empty();
    case Value::Kind::List:
      return std::ranges::all_of(value.items, &Value::optional);
    case Value::Kind::Object:
      return std::ranges::all_of(value.members,
                                 [](const Value::Member& member) { return member.value.optional; });
    case Value::Kind::Opaque:
      return value.maybe_empty;
  }
  return false;
}

Value either(Value a, Value b, const std::string& reason) {
  const bool optional = a.optional || b.optional || a.is(Kind::Absent) != b.is(Kind::Absent);
  std::string why = reason;
  if (a.optional) why = a.reason;
  if (!a.optional && b.optional) why = b.reason;

  Value both;
  if (a.is(Kind::Absent) || b.is(Kind::Absent)) {
    both = a.is(Kind::Absent) ? std::move(b) : std::move(a);
  } else if (a.is(Kind::Object) && b.is(Kind::Object)) {
    both = either_object(std::move(a), std::move(b), reason);
  } else if (a.is(Kind::List) && b.is(Kind::List) && a.items.size() == b.items.size()) {
    for (size_t i = 0; i < a.items.size(); ++i)
      a.items[i] = either(std::move(a.items[i]), std::move(b.items[i]), reason);
    both = std::move(a);
  } else if (a.is_scalar() && b.is_scalar() && a.text == b.text) {
    // "true" and true are the same to CloudFormation, which gives them the property's type.
    both = std::move(a);
  } else {
    const bool same = a.is(Kind::Opaque) && b.is(Kind::Opaque) && a.reason == b.reason;
    both = opaque(same ? a.reason : reason, a.mark);
    both.maybe_empty = may_be_empty(a) || may_be_empty(b);
  }
  if (both.optional || optional) {
    both.optional = optional;
    if (optional) both.reason = std::move(why);
  }
  return both;
}

void move_to(Value& value, Mark mark) {
  value.mark = mark;
  for (Value& item : value.items) move_to(item, mark);
  for (Value::Member& member : value.members) {
    member.key_mark = mark;
    move_to(member.value, mark);
  }
}

std::string shown(std::string_view name) {
  if (name.size() <= kMaxShown) return printable(name);
  size_t end = 0;
  while (end < kMaxShown) {
    const size_t length = utf8_length(name.substr(end));
    if (length == 0) break;
    end += length;
  }
  return printable(name.substr(0, end)) + "…";
}

}  // namespace sagewarden::cloudformation
