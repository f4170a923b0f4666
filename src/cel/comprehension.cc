// The part of the evaluator that goes over lists and maps, and binds names.
#include "cel/machine.h"
#include "cel/operator.h"

namespace sagewarden::cel {

void Machine::bind_step(const Node& node, const Walk& walk) {
  if (node.two_slots) {
    locals_[node.slot] = walk.key();
    locals_[node.second_slot] = walk.value();
  } else {
    locals_[node.slot] = walk.collection().is(Kind::Map) ? walk.key() : walk.value();
  }
}

bool Machine::begin_step(const Node& node, const Walk& walk) {
  // Each step looks for its element among the places that are not known.
  const UnknownNode* const below = walk.collection().unknown_below();
  const size_t places = below == nullptr ? 0 : below->children().size();
  if (!context_.step() || !context_.charge_if_large(places)) return false;
  bind_step(node, walk);
  return true;
}

namespace {

// Counts the loops under way, however one is left.
class Count {
 public:
  explicit Count(uint32_t& counter) : counter_(counter) { ++counter_; }
  ~Count() { --counter_; }
  Count(const Count&) = delete;
  Count& operator=(const Count&) = delete;

 private:
  uint32_t& counter_;
};

}  // namespace

Value Machine::range_of(const Node& node) {
  const Value range = evaluate(*node.args[0]);
  if (!range.is_settled() || range.is(Kind::List) || range.is(Kind::Map)) return range;
  return context_.error("only a list or a map can be gone over, not ", type_name(range));
}

// all and exists: one element can decide, whatever the others are.
Value Machine::quantifier(const Node& node, bool decisive) {
  const Value range = range_of(node);
  if (!range.is_settled()) return range;
  const Count loop(loops_);
  Value pending = Value::boolean(!decisive);
  for (Walk walk(range); walk.next();) {
    if (!begin_step(node, walk)) return context_.exhausted();
    const Value value = evaluate(*node.args[1]);
    if (value.is(Kind::Bool)) {
      // An element of which it is not known whether it is there decides nothing.
      const bool there = !walk.is_uncertain();
      if (value.boolean() == decisive && there) return value;
      if (value.boolean() == decisive && !pending.is_unknown()) pending = walk.key();
    } else if (value.is_unknown()) {
      if (!pending.is_unknown()) pending = value;
    } else if (!pending.is_unknown() && !pending.is_error()) {
      pending = value.is_error() ? value : no_such_overload(context_, "condition", {&value, 1});
    }
  }
  return pending;
}

Value Machine::exists_one(const Node& node) {
  const Value range = range_of(node);
  if (!range.is_settled()) return range;
  const Count loop(loops_);
  size_t found = 0;
  Value unknown = Value::null();
  for (Walk walk(range); walk.next();) {
    if (!begin_step(node, walk)) return context_.exhausted();
    const Value value = evaluate(*node.args[1]);
    if (value.is_error()) return value;
    if (value.is_unknown() || (value.is_true() && walk.is_uncertain())) {
      unknown = value.is_unknown() ? value : walk.key();
    } else if (!value.is(Kind::Bool)) {
      return no_such_overload(context_, "condition", {&value, 1});
    } else if (value.boolean()) {
      ++found;
    }
  }
  if (unknown.is_unknown() && found < 2) return unknown;
  return Value::boolean(found == 1);
}

// map(v, transformation), map(v, filter, transformation), transformList(k, v, …).
Value Machine::map_list(const Node& node) {
  const Value range = range_of(node);
  if (!range.is_settled()) return range;
  const Count loop(loops_);
  auto* const items = context_.array<Value>(count_at_most(range));
  if (items == nullptr) return context_.exhausted();
  size_t size = 0;
  for (Walk walk(range); walk.next();) {
    if (!begin_step(node, walk)) return context_.exhausted();
    if (walk.is_uncertain()) return walk.key();
    const Value wanted = node.args.size() == 3 ? evaluate(*node.args[1]) : Value::boolean(true);
    if (!wanted.is_settled()) return wanted;
    if (!wanted.is(Kind::Bool)) return no_such_overload(context_, "condition", {&wanted, 1});
    if (!wanted.boolean()) continue;
    const Value value = evaluate(*node.args.back());
    if (value.is_error()) return value;
    items[size++] = value;
  }
  return Value::list(items, size);
}

Value Machine::filter(const Node& node) {
  const Value range = range_of(node);
  if (!range.is_settled()) return range;
  const Count loop(loops_);
  auto* const items = context_.array<Value>(count_at_most(range));
  if (items == nullptr) return context_.exhausted();
  size_t size = 0;
  for (Walk walk(range); walk.next();) {
    if (!begin_step(node, walk)) return context_.exhausted();
    const Value wanted = evaluate(*node.args[1]);
    if (!wanted.is_settled()) return wanted;
    if (!wanted.is(Kind::Bool)) return no_such_overload(context_, "condition", {&wanted, 1});
    if (!wanted.boolean()) continue;
    if (walk.is_uncertain()) return walk.key();
    items[size++] = range.is(Kind::Map) ? walk.key() : walk.value();
  }
  return Value::list(items, size);
}

// transformMap(k, v, …) and transformMapEntry(k, v, …).
Value Machine::transform_map(const Node& node) {
  const Value range = range_of(node);
  if (!range.is_settled()) return range;
  const Count loop(loops_);
  MapBuilder builder(context_, count_at_most(range));
  for (Walk walk(range); walk.next();) {
    if (!begin_step(node, walk)) return context_.exhausted();
    if (walk.is_uncertain()) return walk.key();
    const Value wanted = node.args.size() == 3 ? evaluate(*node.args[1]) : Value::boolean(true);
    if (!wanted.is_settled()) return wanted;
    if (!wanted.is(Kind::Bool)) return no_such_overload(context_, "condition", {&wanted, 1});
    if (!wanted.boolean()) continue;
    const Value wrong = add_transformed(node, walk.key(), builder);
    if (!wrong.is(Kind::Null)) return wrong;
  }
  return builder.finish();
}

// Null when it was added, else what the whole map becomes.
Value Machine::add_transformed(const Node& node, const Value& key, MapBuilder& builder) {
  const Value value = evaluate(*node.args.back());
  if (!value.is_settled()) return value;
  if (node.op == Op::TransformMap) {
    builder.add(key, value);
    return {};
  }
  if (!value.is(Kind::Map)) return no_such_overload(context_, "transformMapEntry", {&value, 1});
  if (count(value) != 1) return Value::error("transformMapEntry wants maps of one entry");
  Walk entry(value);
  entry.next();
  if (!entry.key().is_settled()) return entry.key();
  if (!builder.add(entry.key(), entry.value()))
    return Value::error("a map has the same key twice (repeated key)");
  return {};
}

Value Machine::bind_body(const Node& node) {
  locals_[node.slot] = evaluate(*node.args[0]);
  return evaluate(*node.args[1]);
}

Value Machine::optional_map(const Node& node) {
  const Value target = evaluate(*node.args[0]);
  if (!target.is_settled()) return target;
  if (!target.is(Kind::Optional)) return no_such_overload(context_, "optMap", {&target, 1});
  if (target.content() == nullptr) return target;
  locals_[node.slot] = *target.content();
  const Value value = evaluate(*node.args[1]);
  if (!value.is_settled()) return value;
  if (node.op == Op::OptionalMap) return context_.optional_of(value);
  return value.is(Kind::Optional) ? value : no_such_overload(context_, "optFlatMap", {&value, 1});
}

Value Machine::optional_or(const Node& node) {
  const bool unwrap = node.op == Op::OptionalOrValue;
  const Value target = evaluate(*node.args[0]);
  if (!target.is_settled()) return target;
  if (!target.is(Kind::Optional))
    return no_such_overload(context_, unwrap ? "orValue" : "or", {&target, 1});
  if (target.content() != nullptr) return unwrap ? Value(*target.content()) : target;
  const Value other = evaluate(*node.args[1]);
  if (unwrap || !other.is_settled() || other.is(Kind::Optional)) return other;
  return no_such_overload(context_, "or", {&other, 1});
}

}  // namespace sagewarden::cel
