// Controls × resources → findings, with the exceptions applied.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "control/control.h"
#include "evaluate/exceptions.h"
#include "model/finding.h"
#include "model/resource.h"

namespace sagewarden {

// What became of one resource, small enough to be kept for each of millions: so that of a resource
// that was seen twice (AWS Config's history) only the latest state counts.
struct ResourceVerdicts {
  std::array<uint64_t, 2> key =
      {};                   // XXH3-128 of the resource's identity (its ARN, or file and address)
  int64_t captured_at = 0;  // seconds since 1970; 0 when the source does not say
  uint32_t group = 0;       // which of Evaluator::groups()
  uint64_t passed = 0;      // bit i: the group's control i passed without being kept as a finding
};

// Where findings go. One per worker thread; never called by two threads at once.
class FindingSink {
 public:
  virtual ~FindingSink() = default;
  // Called once for each evaluated resource, before its findings.
  virtual void resource(const ResourceVerdicts& verdicts) = 0;
  virtual void finding(const ResourceVerdicts& of, Finding finding) = 0;
};

enum class KeepPassed : bool { No, Yes };

// The controls of one resource type, as places in the evaluator's list. At most 64; more make a
// second group.
struct ControlGroup {
  std::string_view type;
  std::vector<size_t> controls;
};

// Applies every control of a resource's type. Const and shared by the worker threads; each has its
// own scratch.
class Evaluator {
 public:
  Evaluator(std::span<const Control> controls, const Exceptions& exceptions,
            KeepPassed keep_passed);

  // The resource types that some control is about, sorted.
  std::span<const std::string_view> types() const;
  std::span<const ControlGroup> groups() const;
  // False when no control is about the type (and then nothing was done).
  bool evaluate(const Resource& resource, cel::Scratch& scratch, FindingSink& sink) const;

 private:
  std::span<const Control> controls_;
  const Exceptions& exceptions_;
  KeepPassed keep_passed_;
  std::vector<ControlGroup> groups_;  // sorted by type
  std::vector<std::string_view> types_;
};

// The stable id: "CONTROL/ARN", or "CONTROL/file#address" where there is no ARN; at most 512
// characters (ASFF).
std::string finding_id(std::string_view control, const Resource& resource);

}  // namespace sagewarden
