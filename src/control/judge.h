// Judging and explaining, once for all resources that look alike to a control.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cel/inputs.h"
#include "control/control.h"

namespace sagewarden {

struct Judgement {
  Verdict verdict = Verdict::NotApplicable;
  Grounds grounds;  // where there is something to explain
};

// In an export thousands of resources differ in nothing that a control asks: what it found of one
// is remembered with all that it looked at, and holds for another exactly where that is the same.
// Belongs to one worker.
class Judge {
 public:
  // The controls must outlive the judge and not change.
  explicit Judge(std::span<const Control> controls);

  // What the control at that place says of a resource of its type; good until the same control is
  // asked again.
  const Judgement& ask(size_t place, const Resource& resource);

 private:
  struct Precedent {
    bool filled = false;
    std::string inputs;  // of both expressions
    Judgement judgement;
  };
  struct Memory {
    bool prepared = false;
    cel::Inputs inputs;
    std::vector<Precedent> precedents;  // by hash
    Judgement last;                     // where none could be kept
  };

  Memory& prepared(size_t place);
  void find_out(const Control& control, const Resource& resource, Judgement& judgement);

  std::span<const Control> controls_;
  std::vector<Memory> memories_;  // as the controls
  cel::Scratch scratch_;
  std::string inputs_;  // of the resource at hand
};

}  // namespace sagewarden
