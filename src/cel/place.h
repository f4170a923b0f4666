// Which place of the variables a part of an expression is about: needed to explain a verdict, not
// to reach it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cel/machine.h"
#include "cel/program.h"
#include "cel/value.h"

namespace sagewarden::cel {

// Whether the first argument is gone over, and the others are reached once for each element.
bool is_comprehension(Op op);

struct Place {
  std::string path;   // "resource.Containers[1].Image"
  uint32_t root = 0;  // which of the program's variables it begins with
};

// An element that a comprehension goes over.
struct Item {
  Value key;
  Value value;
  std::optional<Place> place;
};

// Follows an evaluation with the places of the macros' variables.
class Tracer {
 public:
  Tracer(const Program::Impl& program, Machine& machine)
      : program_(program), machine_(machine), locals_(program.locals) {}

  // The place that the value comes from; nothing for what is computed from several or from none.
  std::optional<Place> place_of(const Node& whole);
  // What stands at that place; an error where nothing does.
  Value value_at(const Node& whole);
  // Goes over what a comprehension over that range goes over, with the places in the documents that
  // the elements come from, also through filter() and map(), until the visitor has seen enough and
  // returns false; then this does too.
  using Visitor = std::function<bool(Item item)>;
  bool items_of(const Node& whole, const Visitor& visit);
  // Sets the variables of a comprehension to the element.
  void bind(const Node& comprehension, const Item& item, bool map);
  void bind(uint32_t slot, const Value& value, std::optional<Place> place);

 private:
  // Of `condition ? a : b` the one that it is; the node itself where that is not known, or not
  // asked.
  const Node& chosen(const Node& node);
  // The argument that the node passes on or asks about; null when it is about several or none.
  static const Node* subject_of(const Node& node);
  std::optional<Place> path(const Node& node);
  std::optional<Place> element(const Node& node);
  bool filtered(const Node& node, const Visitor& visit);
  bool mapped(const Node& node, const Visitor& visit);
  bool listed(const Node& node, const Visitor& visit);
  bool walked(const Node& node, const Visitor& visit);

  const Program::Impl& program_;
  Machine& machine_;
  std::vector<std::optional<Place>> locals_;  // by slot
};

}  // namespace sagewarden::cel
