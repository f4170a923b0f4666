#include "cel/inputs.h"

#include <algorithm>
#include <cstring>

#include "cel/collection.h"
#include "cel/program.h"

namespace sagewarden::cel {
namespace {

// A longer text will hardly come twice.
constexpr size_t kMaxText = 512;
// Larger maps count as work where they are looked into, so that their size would decide as well.
constexpr size_t kMaxMembers = 64;
constexpr size_t kMaxNesting = 16;

// A path, or a path with a constant for where it leads nowhere; null for anything else.
const Node* path_of(const Node& node) {
  if (node.op == Op::Path) return &node;
  const bool alternative = node.op == Op::OptionalOrValue && node.args[0]->op == Op::Path;
  if (!alternative) return nullptr;
  const Node& other = *node.args[1];
  const bool constant = other.op == Op::Constant || (other.op == Op::List && other.args.empty());
  return constant ? node.args[0] : nullptr;
}

bool is_null(const Node& node) {
  return node.op == Op::Constant && node.constant.is(Kind::Null);
}

// The path that is compared with null, of which only the kind is asked.
const Node* compared_with_null(const Node& node) {
  if (node.op != Op::Equal && node.op != Op::NotEqual) return nullptr;
  if (is_null(*node.args[1])) return path_of(*node.args[0]);
  return is_null(*node.args[0]) ? path_of(*node.args[1]) : nullptr;
}

bool is_size(const Node& node) {
  return node.op == Op::Call && node.name == "size" && node.args.size() == 1 &&
         node.args[0]->op == Op::Path;
}

bool is_quantifier(const Node& node) {
  return (node.op == Op::All || node.op == Op::Exists || node.op == Op::ExistsOne) &&
         !node.two_slots;
}

}  // namespace

// Goes through a program once.
struct Inputs::Collector {
  std::vector<Look>& variables;
  std::vector<bool> ignored = {};  // by slot
  // By slot, what the variable of a comprehension stands for; null where all of it is told already.
  std::vector<Look*> locals = {};

  // Null where nothing needs to be told.
  Look* look_at(const Node& path) {
    if (!path.local && ignored[path.slot]) return nullptr;
    if (!path.local) variables[path.slot].asked = true;
    Look* look = path.local ? local(path.slot) : &variables[path.slot];
    for (const Step& step : path.steps) {
      if (look == nullptr) return nullptr;
      look = &member(*look, step.name);
    }
    return look;
  }

  static Look& member(Look& look, std::string_view name) {
    for (const std::unique_ptr<Look>& below : look.below) {
      if (below->name == name) return *below;
    }
    look.below.push_back(std::make_unique<Look>());
    look.below.back()->name = name;
    return *look.below.back();
  }

  Look* local(uint32_t slot) { return slot < locals.size() ? locals[slot] : nullptr; }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the expression, which has a limit
  void collect(const Node& node) {
    if (node.op == Op::HasPath) {
      look_at(node);
    } else if (node.op == Op::Path) {
      if (Look* const look = look_at(node)) look->whole = true;
    } else if (const Node* const path = compared_with_null(node)) {
      look_at(*path);
    } else if (is_size(node)) {
      if (Look* const look = look_at(*node.args[0])) look->counted = true;
    } else if (is_quantifier(node) && path_of(*node.args[0]) != nullptr) {
      quantifier(node);
    } else {
      for (const Node* const argument : node.args) collect(*argument);
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the expression, which has a limit
  void quantifier(const Node& node) {
    Look* const range = look_at(*path_of(*node.args[0]));
    if (range != nullptr && range->element == nullptr) range->element = std::make_unique<Look>();
    if (locals.size() <= node.slot) locals.resize(node.slot + 1);
    Look* const outer = locals[node.slot];
    locals[node.slot] = range == nullptr ? nullptr : range->element.get();
    collect(*node.args[1]);
    locals[node.slot] = outer;
  }
};

// Writes what there is, as far as it is looked at. Every function returns false when it is too
// much.
struct Inputs::Writer {
  std::string& out;
  size_t limit;

  void byte(char value) { out += value; }
  template <class Number>
  void number(Number value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out.append(bytes, sizeof bytes);
  }
  bool text(std::string_view value) {
    if (value.size() > kMaxText) return false;
    number(static_cast<uint16_t>(value.size()));
    out += value;
    return out.size() <= limit;
  }

  bool unknown(const UnknownNode* node) {
    byte(node == nullptr ? 0 : 1);
    if (node == nullptr) return true;
    byte(static_cast<char>(node->cause));
    byte(static_cast<char>(node->known));
    return text(node->reason);
  }

  // NOLINTNEXTLINE(misc-no-recursion): bounded by kMaxNesting
  bool value(const Look& look, const Value& value, size_t depth) {
    byte(static_cast<char>(value.kind()));
    switch (value.kind()) {
      case Kind::Unknown:
        return unknown(value.unknown_node());
      case Kind::Null:
        return true;
      case Kind::Bool:
        byte(value.boolean() ? 1 : 0);
        return true;
      case Kind::Int:
        number(value.integer());
        return true;
      case Kind::Uint:
        number(value.unsigned_integer());
        return true;
      case Kind::Double:
        number(value.real());
        return true;
      case Kind::String:
        return text(value.text());
      case Kind::List:
      case Kind::Map:
        return depth < kMaxNesting && value.is_json() && collection(look, value, depth + 1);
      default:
        return false;
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion): bounded by kMaxNesting
  bool collection(const Look& look, const Value& value, size_t depth) {
    const bool map = value.is(Kind::Map);
    const UnknownNode* const below = value.unknown_below();
    if (map && value.json().size() > kMaxMembers) return false;
    if (below != nullptr && below->children().size() > kMaxMembers) return false;
    const bool whole = look.whole || (map && look.element != nullptr);
    if (whole && !(below == nullptr && everything(value.json(), depth))) return false;
    if (look.counted && !size(value)) return false;
    if (look.element != nullptr && !map && !elements(look, value, depth)) return false;
    return !map || members(look, value, depth);
  }

  bool size(const Value& value) {
    const UnknownNode* why = nullptr;
    const std::optional<size_t> counted = count(value, &why);
    number(counted ? static_cast<uint64_t>(*counted) : ~uint64_t{0});
    return counted || unknown(why);
  }

  // NOLINTNEXTLINE(misc-no-recursion): bounded by kMaxNesting
  bool elements(const Look& look, const Value& list, size_t depth) {
    for (Walk walk(list); walk.next();) {
      byte(walk.is_uncertain() ? 2 : 1);
      if (walk.is_uncertain() && !unknown(walk.key().unknown_node())) return false;
      if (!value(*look.element, walk.value(), depth)) return false;
      if (out.size() > limit) return false;
    }
    byte(0);
    return true;
  }

  // NOLINTNEXTLINE(misc-no-recursion): bounded by kMaxNesting
  bool members(const Look& look, const Value& map, size_t depth) {
    for (const std::unique_ptr<Look>& member : look.below) {
      Value found;
      const bool there = find_member(map, member->name, found);
      byte(there ? 1 : 0);
      if (there && !value(*member, found, depth)) return false;
    }
    return out.size() <= limit;
  }

  // All of a value of which nothing is unknown.
  // NOLINTNEXTLINE(misc-no-recursion): bounded by kMaxNesting
  bool everything(json::Value of, size_t depth) {
    if (out.size() > limit || depth > kMaxNesting) return false;
    if (!of.is_object() && !of.is_array()) return value({}, Value::json(of), depth);
    byte(of.is_object() ? '{' : '[');
    for (const json::Value element : of.elements()) {
      byte(1);
      if (!everything(element, depth + 1)) return false;
    }
    for (const auto& [name, member] : of.members()) {
      byte(1);
      if (!text(name) || !everything(member, depth + 1)) return false;
    }
    byte(0);
    return true;
  }
};

void Inputs::add(const Program& program, std::span<const std::string_view> same) {
  const Program::Impl& compiled = program.impl();
  if (variables_.size() < compiled.variables.size()) variables_.resize(compiled.variables.size());
  Collector collector{.variables = variables_};
  for (const std::string& name : compiled.variables)
    collector.ignored.push_back(std::ranges::find(same, name) != same.end());
  collector.collect(*compiled.root);
}

bool Inputs::append(std::span<const Value> variables, std::string& out) const {
  Writer writer{.out = out, .limit = out.size() + kMaxText};
  for (size_t slot = 0; slot < variables_.size(); ++slot) {
    const Look& look = variables_[slot];
    if (look.asked && !writer.value(look, variables[slot], 0)) return false;
  }
  return true;
}

}  // namespace sagewarden::cel
