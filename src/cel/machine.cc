#include "cel/machine.h"

#include <array>

#include "cel/compare.h"
#include "cel/operator.h"
#include "cel/regex.h"

namespace sagewarden::cel {
namespace {

// Of two operands that are not both settled, the one that becomes the result: unknown before error,
// since an error may be one only because of what is not known.
const Value& unsettled(const Value& a, const Value& b) {
  if (a.is_unknown()) return a;
  if (b.is_unknown()) return b;
  return a.is_error() ? a : b;
}

const Value* unsettled(std::span<const Value> values) {
  const Value* found = nullptr;
  for (const Value& value : values) {
    if (value.is_unknown()) return &value;
    if (value.is_error() && found == nullptr) found = &value;
  }
  return found;
}

bool is_set(const Value& value) {
  return value.is_unknown() && value.unknown_node() != nullptr &&
         value.unknown_node()->known == Known::Set;
}

// Null, or an empty text, list or map.
bool is_nothing(const Value& value) {
  if (value.is(Kind::Null)) return true;
  if (value.is(Kind::String)) return value.text().empty();
  return (value.is(Kind::List) || value.is(Kind::Map)) && count(value) == size_t{0};
}

// Keeps what makes the result of a logical operation undecided: unknown before error, the first of
// each.
void keep_undecided(Value& pending, const Value& value) {
  if (pending.is_unknown()) return;
  if (value.is_unknown() || !pending.is_error()) pending = value;
}

}  // namespace

Value Machine::evaluate(const Node& node) {
  if (node.op == Op::Constant) return node.constant;
  const Value value = dispatch(node);
  return value.is_error() ? value.at_offset(node.offset) : value;
}

Value Machine::dispatch(const Node& node) {
  switch (node.op) {
    case Op::Constant:
    case Op::Fail:
      return node.constant;
    case Op::Path:
      return path(node);
    case Op::HasPath:
      return has_path(node);
    case Op::Select:
    case Op::Has:
    case Op::Not:
    case Op::Negate:
      return unary(node);
    case Op::And:
      return logic(node, false);
    case Op::Or:
      return logic(node, true);
    case Op::Conditional:
      return conditional(node);
    case Op::Index:
    case Op::Equal:
    case Op::NotEqual:
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual:
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
    case Op::Divide:
    case Op::Modulo:
    case Op::In:
      return binary(node);
    case Op::List:
      return list(node);
    case Op::Map:
      return map(node);
    case Op::Call:
      return call(node);
    case Op::Matches:
      return matches(node);
    case Op::All:
      return quantifier(node, false);
    case Op::Exists:
      return quantifier(node, true);
    case Op::ExistsOne:
      return exists_one(node);
    case Op::MapList:
      return map_list(node);
    case Op::Filter:
      return filter(node);
    case Op::TransformMap:
    case Op::TransformMapEntry:
      return transform_map(node);
    case Op::Bind:
      return bind_body(node);
    case Op::OptionalMap:
    case Op::OptionalFlatMap:
      return optional_map(node);
    case Op::OptionalOr:
    case Op::OptionalOrValue:
      return optional_or(node);
  }
  return {};
}

// ---- members ----

Value Machine::path(const Node& node) {
  if (node.steps.empty()) return root_of(node);
  return follow(node, node.steps.size());
}

Value Machine::follow(const Node& node, size_t steps) {
  Value current = root_of(node);
  bool optional = false;
  for (const Step& step : node.steps.first(steps)) {
    if (current.is(Kind::Optional)) {
      if (current.content() == nullptr) return current;
      current = Value(*current.content());
      optional = true;
    }
    if (!current.is(Kind::Map)) {
      if (!current.is_settled()) return current;
      // A member that need not be there is none of null's, and that is no error.
      if (step.optional && current.is(Kind::Null)) return Value::optional(nullptr);
      return no_member(context_, current, step.name).at_offset(step.offset);
    }
    if (!charge_members(current)) return context_.exhausted();
    Value found;
    if (!find_member(current, step.name, found)) {
      if (optional || step.optional) return Value::optional(nullptr);
      return no_member(context_, current, step.name).at_offset(step.offset);
    }
    optional = optional || step.optional;
    current = found;
  }
  return optional ? present(context_, current) : current;
}

Value Machine::has_path(const Node& node) {
  const Value base = follow(node, node.steps.size() - 1);
  if (!base.is_settled()) return base;
  if (!charge_members(base)) return context_.exhausted();
  return has(context_, base, node.steps.back().name);
}

// Outside of a loop every node is reached once, and what it looks at needs no counting.
bool Machine::charge_members(const Value& map) {
  return loops_ == 0 || !map.is_json() || context_.charge_if_large(map.json().size());
}

// ---- logic ----

Value Machine::logic(const Node& node, bool decisive) {
  Value pending = Value::boolean(!decisive);
  for (const Node* arg : node.args) {
    const Value value = evaluate(*arg);
    if (value.is(Kind::Bool)) {
      if (value.boolean() == decisive) return value;
    } else if (value.is_settled()) {
      const Value wrong[] = {value};
      keep_undecided(pending, no_such_overload(context_, decisive ? "||" : "&&", wrong));
    } else {
      keep_undecided(pending, value);
    }
  }
  return pending;
}

Value Machine::conditional(const Node& node) {
  const Value condition = evaluate(*node.args[0]);
  if (condition.is(Kind::Bool)) return evaluate(*node.args[condition.boolean() ? 1 : 2]);
  if (!condition.is_settled()) return condition;
  const Value wrong[] = {condition};
  return no_such_overload(context_, "?:", wrong);
}

// ---- operators ----

// Whether the operand, which came out unknown, names a place that is itself known to be set. The
// unknown that came out may also belong to a place above it, of which only so much is known.
bool Machine::is_set_place(const Node& operand) {
  if (operand.op == Op::OptionalOrValue && operand.args[0]->op == Op::Path) {
    const Value target = evaluate(*operand.args[0]);
    return target.is(Kind::Optional) && target.content() != nullptr && is_set(*target.content());
  }
  if (operand.op != Op::Path) return false;
  const bool below = !operand.steps.empty();
  return (!below || follow(operand, operand.steps.size() - 1).is_settled()) &&
         is_set(evaluate(operand));
}

// A place that is set, to a value that is not known, is something: neither null nor empty. What
// that says about a comparison with nothing; unknown where it says nothing.
Value Machine::compared_with_nothing(const Node& node, const Value& left, const Value& right) {
  const bool reversed = right.is_unknown();
  const Value& other = reversed ? left : right;
  const bool text = other.is(Kind::String) && other.text().empty();
  const bool greater = node.op == (reversed ? Op::Less : Op::Greater);
  const bool says = node.op == Op::Equal || node.op == Op::NotEqual || (greater && text);
  if (!says || !is_nothing(other) || !is_set_place(*node.args[reversed ? 1 : 0]))
    return unsettled(left, right);
  return Value::boolean(node.op != Op::Equal);
}

Value Machine::unary(const Node& node) {
  const Value value = evaluate(*node.args[0]);
  if (!value.is_settled()) return value;
  if (node.op == Op::Has) return has(context_, value, node.name);
  if (node.op == Op::Negate) return negate(context_, value);
  if (node.op == Op::Select) {
    return node.optional ? select_optional(context_, value, node.name)
                         : select(context_, value, node.name);
  }
  if (value.is(Kind::Bool)) return Value::boolean(!value.boolean());
  const Value wrong[] = {value};
  return no_such_overload(context_, "!", wrong);
}

Value Machine::binary(const Node& node) {
  const Value left = evaluate(*node.args[0]);
  const Value right = evaluate(*node.args[1]);
  if (!left.is_settled() || !right.is_settled()) return compared_with_nothing(node, left, right);
  switch (node.op) {
    case Op::Equal:
      return equal(context_, left, right);
    case Op::NotEqual: {
      const Value same = equal(context_, left, right);
      return same.is(Kind::Bool) ? Value::boolean(!same.boolean()) : same;
    }
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual:
      return relation(node, left, right);
    case Op::Add:
      return add(context_, left, right);
    case Op::Subtract:
      return subtract(context_, left, right);
    case Op::Multiply:
      return multiply(context_, left, right);
    case Op::Divide:
      return divide(context_, left, right);
    case Op::Modulo:
      return modulo(context_, left, right);
    case Op::Index:
      return node.optional ? index_optional(context_, left, right) : index(context_, left, right);
    default:
      break;
  }
  if (right.is(Kind::List) || right.is(Kind::Map)) return contains(context_, right, left);
  const Value wrong[] = {left, right};
  return no_such_overload(context_, "in", wrong);
}

Value Machine::relation(const Node& node, const Value& left, const Value& right) {
  const std::optional<std::partial_ordering> found = order(context_, left, right);
  if (context_.is_exhausted()) return context_.exhausted();
  if (!found) {
    const Value wrong[] = {left, right};
    return no_such_overload(context_, "comparison", wrong);
  }
  switch (node.op) {
    case Op::Less:
      return Value::boolean(*found < 0);
    case Op::LessEqual:
      return Value::boolean(*found <= 0);
    case Op::Greater:
      return Value::boolean(*found > 0);
    default:
      return Value::boolean(*found >= 0);
  }
}

// ---- lists and maps ----

// A list may hold what is not known: whether that matters is for those to say who look at it.
Value Machine::list(const Node& node) {
  auto* const items = context_.array<Value>(node.args.size());
  if (items == nullptr) return context_.exhausted();
  size_t size = 0;
  for (size_t i = 0; i < node.args.size(); ++i) {
    Value value = evaluate(*node.args[i]);
    if (value.is_error()) return value;
    if (!node.optional_items.empty() && node.optional_items[i]) {
      if (value.is_unknown()) return value;
      if (!value.is(Kind::Optional)) return no_such_overload(context_, "[?]", {&value, 1});
      if (value.content() == nullptr) continue;
      value = Value(*value.content());
    }
    items[size++] = value;
  }
  return Value::list(items, size);
}

Value Machine::map(const Node& node) {
  const size_t entries = node.args.size() / 2;
  MapBuilder builder(context_, entries);
  for (size_t i = 0; i < entries; ++i) {
    const Value wrong = map_entry(node, i, builder);
    if (!wrong.is(Kind::Null)) return wrong;
  }
  return builder.finish();
}

// Null when the entry was added (or rightly left out), else what the whole map becomes.
Value Machine::map_entry(const Node& node, size_t entry, MapBuilder& builder) {
  const Value key = evaluate(*node.args[entry * 2]);
  Value value = evaluate(*node.args[entry * 2 + 1]);
  if (!key.is_settled()) return key;
  if (value.is_error()) return value;
  if (!is_key(key)) return context_.error("unsupported key type: ", type_name(key));
  if (!node.optional_items.empty() && node.optional_items[entry]) {
    if (value.is_unknown()) return value;
    if (!value.is(Kind::Optional)) return no_such_overload(context_, "{?}", {&value, 1});
    if (value.content() == nullptr) return {};
    value = Value(*value.content());
  }
  if (!builder.add(key, value)) return Value::error("a map has the same key twice (repeated key)");
  return {};
}

// ---- functions ----

template <size_t kCount>
Value Machine::call_with(const Node& node) {
  std::array<Value, kCount> args;
  bool settled = true;
  for (size_t i = 0; i < kCount; ++i) {
    args[i] = evaluate(*node.args[i]);
    settled = settled && args[i].is_settled();
  }
  if (!settled) return *unsettled(args);
  return node.function->run(context_, args);
}

Value Machine::call_with_many(const Node& node) {
  auto* const args = context_.array<Value>(node.args.size());
  if (args == nullptr) return context_.exhausted();
  for (size_t i = 0; i < node.args.size(); ++i) args[i] = evaluate(*node.args[i]);
  const std::span<const Value> all(args, node.args.size());
  if (const Value* const found = unsettled(all)) return *found;
  return node.function->run(context_, all);
}

Value Machine::call(const Node& node) {
  switch (node.args.size()) {
    case 1:
      return call_with<1>(node);
    case 2:
      return call_with<2>(node);
    case 3:
      return call_with<3>(node);
    default:
      return call_with_many(node);
  }
}

Value Machine::matches(const Node& node) {
  const Value text = evaluate(*node.args[0]);
  if (!text.is_settled()) return text;
  if (!text.is(Kind::String)) return no_such_overload(context_, "matches", {&text, 1});
  return search(context_, text.text(), *node.regex);
}

}  // namespace sagewarden::cel
