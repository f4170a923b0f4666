// Controls × resources → findings, with the exceptions applied.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "control/control.h"
#include "evaluate/exceptions.h"
#include "model/finding.h"
#include "model/resource.h"

namespace sagewarden {

// Where findings go. One per worker thread.
class FindingSink {
 public:
  virtual ~FindingSink() = default;
  // A finding that somebody will want to read in full.
  virtual void finding(Finding finding) = 0;
  // A PASSED that no report needs in full, only counted. `control` is the control's place in the
  // evaluator's list.
  virtual void passed(size_t control) = 0;
};

enum class KeepPassed : bool { No, Yes };

// Applies every control of a resource's type. Const and shared by the worker threads; each has its
// own scratch.
class Evaluator {
 public:
  Evaluator(std::span<const Control> controls, const Exceptions& exceptions,
            KeepPassed keep_passed);

  // The resource types that some control is about, sorted.
  std::span<const std::string_view> types() const;
  // False when no control is about the type (and then nothing was done).
  bool evaluate(const Resource& resource, cel::Scratch& scratch, FindingSink& sink) const;

 private:
  struct Group {
    std::string_view type;
    std::vector<size_t> controls;
  };
  std::span<const Control> controls_;
  const Exceptions& exceptions_;
  KeepPassed keep_passed_;
  std::vector<Group> groups_;  // sorted by type
  std::vector<std::string_view> types_;
};

// The stable id: "CONTROL/ARN", or "CONTROL/file#address" where there is no ARN; at most 512
// characters (ASFF).
std::string finding_id(std::string_view control, const Resource& resource);

}  // namespace sagewarden
