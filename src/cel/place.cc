#include "cel/place.h"

#include <algorithm>
#include <utility>

#include "cel/spell.h"

namespace sagewarden::cel {

bool is_comprehension(Op op) {
  return op >= Op::All && op <= Op::OptionalFlatMap;
}

const Node* Tracer::subject_of(const Node& node) {
  const bool passes_on = node.op == Op::OptionalOr || node.op == Op::OptionalOrValue ||
                         node.op == Op::Matches || node.op == Op::Negate || node.op == Op::Filter;
  if (passes_on) return node.args[0];
  if (node.op != Op::Call) return nullptr;
  // A function of one place and constants is about that place.
  const Node* only = nullptr;
  for (const Node* arg : node.args) {
    if (arg->op == Op::Constant) continue;
    if (only != nullptr) return nullptr;
    only = arg;
  }
  return only;
}

const Node& Tracer::chosen(const Node& node) {
  const Node* at = &node;
  while (at->op == Op::Conditional) {
    const Value condition = machine_.evaluate(*at->args[0]);
    if (!condition.is(Kind::Bool)) break;
    at = at->args[condition.boolean() ? 1 : 2];
  }
  return *at;
}

std::optional<Place> Tracer::place_of(const Node& whole) {
  const Node& node = chosen(whole);
  switch (node.op) {
    case Op::Path:
    case Op::HasPath:
      return path(node);
    case Op::Select:
    case Op::Has: {
      std::optional<Place> base = place_of(*node.args[0]);
      if (base) append_member(base->path, node.name);
      return base;
    }
    case Op::Index:
      return element(node);
    default:
      break;
  }
  const Node* const subject = subject_of(node);
  return subject == nullptr ? std::nullopt : place_of(*subject);
}

Value Tracer::value_at(const Node& whole) {
  const Node& node = chosen(whole);
  if (node.op == Op::HasPath || node.op == Op::Has) {
    Node member = node;
    member.op = node.op == Op::Has ? Op::Select : Op::Path;
    return machine_.evaluate(member);
  }
  const Node* const subject = subject_of(node);
  return subject == nullptr ? machine_.evaluate(node) : value_at(*subject);
}

std::optional<Place> Tracer::path(const Node& node) {
  std::optional<Place> place;
  if (node.local) {
    place = locals_[node.slot];
    if (!place) return place;
  } else {
    place = Place{program_.variables[node.slot], node.slot};
  }
  for (const Step& step : node.steps) append_member(place->path, step.name);
  return place;
}

std::optional<Place> Tracer::element(const Node& node) {
  std::optional<Place> base = place_of(*node.args[0]);
  if (!base) return base;
  const Value key = machine_.evaluate(*node.args[1]);
  if (key.is(Kind::String)) {
    append_member(base->path, key.text());
  } else if (key.is_settled()) {
    base->path += "[" + spell(key) + "]";
  } else {
    return std::nullopt;
  }
  return base;
}

bool Tracer::items_of(const Node& whole, const Visitor& visit) {
  const Node& range = chosen(whole);
  switch (range.op) {
    case Op::Filter:
      return filtered(range, visit);
    case Op::MapList:
      return mapped(range, visit);
    case Op::List:
      return listed(range, visit);
    case Op::Add:
      return items_of(*range.args[0], visit) && items_of(*range.args[1], visit);
    default:
      return walked(range, visit);
  }
}

bool Tracer::filtered(const Node& node, const Visitor& visit) {
  const bool map = machine_.evaluate(*node.args[0]).is(Kind::Map);
  return items_of(*node.args[0], [&](Item item) {
    bind(node, item, map);
    if (!machine_.evaluate(*node.args[1]).is_true()) return true;
    if (map) item.value = item.key;
    return visit(std::move(item));
  });
}

bool Tracer::mapped(const Node& node, const Visitor& visit) {
  const bool map = machine_.evaluate(*node.args[0]).is(Kind::Map);
  return items_of(*node.args[0], [&](const Item& item) {
    bind(node, item, map);
    if (node.args.size() == 3 && !machine_.evaluate(*node.args[1]).is_true()) return true;
    const Node& body = *node.args.back();
    return visit({item.key, machine_.evaluate(body), place_of(body)});
  });
}

bool Tracer::listed(const Node& node, const Visitor& visit) {
  int64_t position = 0;
  for (const Node* arg : node.args) {
    if (!visit({Value::integer(position++), machine_.evaluate(*arg), place_of(*arg)})) return false;
  }
  return true;
}

bool Tracer::walked(const Node& node, const Visitor& visit) {
  const Value range = machine_.evaluate(node);
  if (!range.is(Kind::List) && !range.is(Kind::Map)) return true;
  const std::optional<Place> base = place_of(node);
  size_t position = 0;
  for (Walk walk(range); walk.next() && machine_.context().step(); ++position) {
    std::optional<Place> place = base;
    if (place && range.is(Kind::List)) place->path += "[" + std::to_string(position) + "]";
    if (place && range.is(Kind::Map) && walk.key().is(Kind::String))
      append_member(place->path, walk.key().text());
    if (!visit({walk.key(), walk.value(), std::move(place)})) return false;
  }
  return true;
}

void Tracer::bind(uint32_t slot, const Value& value, std::optional<Place> place) {
  machine_.bind(slot, value);
  locals_[slot] = std::move(place);
}

void Tracer::bind(const Node& comprehension, const Item& item, bool map) {
  if (comprehension.two_slots) {
    bind(comprehension.slot, item.key, map ? item.place : std::nullopt);
    bind(comprehension.second_slot, item.value, item.place);
  } else {
    bind(comprehension.slot, map ? item.key : item.value, item.place);
  }
}

}  // namespace sagewarden::cel
