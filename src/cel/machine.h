// The evaluator: walks the compiled tree. One object for each evaluation.
#pragma once

#include <span>

#include "cel/collection.h"
#include "cel/context.h"
#include "cel/program.h"
#include "cel/value.h"

namespace sagewarden::cel {

class Machine {
 public:
  // `locals` has room for the program's; what the evaluation makes goes to the arena.
  Machine(const Limits& limits, std::span<const Value> variables, std::span<Value> locals,
          Arena& arena)
      : variables_(variables.data()),
        locals_(locals.data()),
        context_(arena, limits.iterations, limits.work) {}

  Value evaluate(const Node& node);
  Context& context() { return context_; }

  // For explain(), which walks comprehensions itself.
  void bind(uint32_t slot, const Value& value) { locals_[slot] = value; }
  const Value& root_of(const Node& path) const {
    return path.local ? locals_[path.slot] : variables_[path.slot];
  }
  // Sets the slots of a comprehension to where the walk is.
  void bind_step(const Node& node, const Walk& walk);

 private:
  Value dispatch(const Node& node);
  Value path(const Node& node);
  Value has_path(const Node& node);
  Value follow(const Node& node, size_t steps);
  bool charge_members(const Value& map);
  Value logic(const Node& node, bool decisive);
  Value conditional(const Node& node);
  Value unary(const Node& node);
  Value binary(const Node& node);
  bool is_set_place(const Node& operand);
  Value compared_with_nothing(const Node& node, const Value& left, const Value& right);
  Value relation(const Node& node, const Value& left, const Value& right);
  Value list(const Node& node);
  Value map(const Node& node);
  Value map_entry(const Node& node, size_t entry, MapBuilder& builder);
  Value call(const Node& node);
  template <size_t kCount>
  Value call_with(const Node& node);
  Value call_with_many(const Node& node);
  Value matches(const Node& node);
  Value quantifier(const Node& node, bool decisive);
  Value exists_one(const Node& node);
  Value map_list(const Node& node);
  Value filter(const Node& node);
  Value transform_map(const Node& node);
  Value add_transformed(const Node& node, const Value& key, MapBuilder& builder);
  Value bind_body(const Node& node);
  Value optional_map(const Node& node);
  Value optional_or(const Node& node);
  // Binds the variables of the next step; false when there may be none.
  bool begin_step(const Node& node, const Walk& walk);
  // The range of a comprehension when it is a list or map, else the error or unknown that it is.
  Value range_of(const Node& node);

  const Value* variables_;
  Value* locals_;
  Context context_;
  uint32_t loops_ = 0;  // how many comprehensions are under way
};

}  // namespace sagewarden::cel
