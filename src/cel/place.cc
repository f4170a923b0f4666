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

std::optional<Place> Tracer::place_of(const Node& node) {
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

Value Tracer::value_at(const Node& node) {
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

std::vector<Item> Tracer::items_of(const Node& range) {
  switch (range.op) {
    case Op::Filter:
      return filtered(range);
    case Op::MapList:
      return mapped(range);
    case Op::List:
      return listed(range);
    case Op::Add: {
      std::vector<Item> items = items_of(*range.args[0]);
      std::vector<Item> more = items_of(*range.args[1]);
      std::move(more.begin(), more.end(), std::back_inserter(items));
      return items;
    }
    default:
      return walked(range);
  }
}

std::vector<Item> Tracer::filtered(const Node& node) {
  const Value inner = machine_.evaluate(*node.args[0]);
  std::vector<Item> kept;
  for (Item& item : items_of(*node.args[0])) {
    bind(node, item, inner.is(Kind::Map));
    if (!machine_.evaluate(*node.args[1]).is_true()) continue;
    if (inner.is(Kind::Map)) item.value = item.key;
    kept.push_back(std::move(item));
  }
  return kept;
}

std::vector<Item> Tracer::mapped(const Node& node) {
  const Value inner = machine_.evaluate(*node.args[0]);
  std::vector<Item> made;
  for (const Item& item : items_of(*node.args[0])) {
    bind(node, item, inner.is(Kind::Map));
    if (node.args.size() == 3 && !machine_.evaluate(*node.args[1]).is_true()) continue;
    const Node& body = *node.args.back();
    made.push_back({item.key, machine_.evaluate(body), place_of(body)});
  }
  return made;
}

std::vector<Item> Tracer::listed(const Node& node) {
  std::vector<Item> items;
  for (const Node* arg : node.args) {
    const auto position = static_cast<int64_t>(items.size());
    items.push_back({Value::integer(position), machine_.evaluate(*arg), place_of(*arg)});
  }
  return items;
}

std::vector<Item> Tracer::walked(const Node& node) {
  std::vector<Item> items;
  const Value range = machine_.evaluate(node);
  if (!range.is(Kind::List) && !range.is(Kind::Map)) return items;
  const std::optional<Place> base = place_of(node);
  for (Walk walk(range); walk.next() && machine_.context().step();) {
    std::optional<Place> place = base;
    if (place && range.is(Kind::List)) place->path += "[" + std::to_string(items.size()) + "]";
    if (place && range.is(Kind::Map) && walk.key().is(Kind::String))
      append_member(place->path, walk.key().text());
    items.push_back({walk.key(), walk.value(), std::move(place)});
  }
  return items;
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
