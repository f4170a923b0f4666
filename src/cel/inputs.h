// What decides the outcome of programs, as a text: two evaluations whose texts are the same have
// the same value, so that it need not be found out twice.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cel/cel.h"

namespace sagewarden::cel {

// The places that some programs may look at, and how closely. Immutable once all are added.
class Inputs {
 public:
  // All programs with the same variables. A name in `same` has one value in all evaluations that
  // will ever be compared.
  void add(const Program& program, std::span<const std::string_view> same = {});

  // Appends the text to `out`. False when it would be long, and then it is not to be used. An
  // explanation is decided by it as well, but for a list or map that it may quote.
  bool append(std::span<const Value> variables, std::string& out) const;

 private:
  // A variable or a member of it. Of a value that is no list or map everything is told.
  struct Look {
    std::string name;
    bool asked = false;                        // of a variable: whether it is looked at at all
    bool whole = false;                        // all of a list or map
    bool counted = false;                      // how many elements it has
    std::unique_ptr<Look> element = {};        // what of each element, where they are gone over
    std::vector<std::unique_ptr<Look>> below;  // members
  };
  struct Collector;
  struct Writer;

  std::vector<Look> variables_;  // by slot
};

}  // namespace sagewarden::cel
