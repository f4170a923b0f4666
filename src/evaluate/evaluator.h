// Controls × resources → findings, with the exceptions applied.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "control/control.h"
#include "control/judge.h"
#include "evaluate/exception_use.h"
#include "evaluate/hash.h"
#include "model/finding.h"
#include "model/resource.h"

namespace sagewarden {

// What became of one resource, small enough to be kept for each of millions: so that of a resource
// that was seen twice (AWS Config's history) only the latest state counts.
struct ResourceVerdicts {
  Hash key = {};            // of the resource's identity; no two without one have the same
  int64_t captured_at = 0;  // milliseconds since 1970; 0 when the source does not say
  uint32_t group = 0;       // which of Evaluator::groups()
  uint64_t passed = 0;      // bit i: the group's control i passed without being kept as a finding
  uint64_t failed = 0;      // likewise: failed
  uint64_t open = 0;        // likewise: neither passed nor failed
  std::string_view file;    // where it was seen; valid during the call only
  bool deleted = false;     // the source says that it is gone: nothing passed, nothing is found
  uint32_t control = 0;     // with a finding: which of the group's it is of
};

// Where findings go. One per worker thread; never called by two threads at once.
class FindingSink {
 public:
  virtual ~FindingSink() = default;
  // Called once for each evaluated resource and group, before its findings.
  virtual void resource(const ResourceVerdicts& verdicts) = 0;
  // A finding of the resource and group that resource() was last called for.
  virtual void finding(const ResourceVerdicts& of, const FindingView& finding) = 0;
};

enum class KeepPassed : bool { No, Yes };

// The controls of one resource type, as places in the evaluator's list. At most 64; more make a
// second group.
struct ControlGroup {
  std::string_view type;
  std::vector<size_t> controls;
};
inline constexpr size_t kControlsPerGroup = 64;

// What one worker keeps from resource to resource, so that nothing is asked of the heap for each.
struct Workbench {
  explicit Workbench(std::span<const Control> controls) : judge(controls) {}

  Judge judge;
  std::string id;                                         // of the finding at hand
  std::vector<std::pair<std::string, std::string>> tags;  // of the resource at hand, and more room
};

// Applies every control of a resource's type. Shared by the worker threads; each has its own
// workbench. Keeps references: the controls and the exceptions must outlive it.
class Evaluator {
 public:
  Evaluator(std::span<const Control> controls, ExceptionUse& exceptions, KeepPassed keep_passed);

  Workbench make_workbench() const { return Workbench(controls_); }

  // The resource types that some control is about, sorted.
  std::span<const std::string_view> types() const { return types_; }
  // Sorted by type; the groups of one type stand together.
  std::span<const ControlGroup> groups() const { return groups_; }
  // False when no control is about the type (and then nothing was done).
  bool evaluate(const Resource& resource, Workbench& bench, FindingSink& sink) const;
  // Says that the resource is gone (AWS Config's history), so that its earlier states do not count.
  // Only its identity and time are read.
  bool deleted(const Resource& resource, FindingSink& sink) const;

 private:
  ResourceVerdicts verdicts_of(const Resource& resource) const;
  Hash key_of(const Resource& resource) const;
  std::span<const ControlGroup> groups_of(std::string_view type) const;
  void evaluate_group(const Resource& resource, ResourceVerdicts& verdicts, Workbench& bench,
                      FindingSink& sink) const;
  void tell(const ResourceVerdicts& verdicts, const FindingView& finding, const Resource& resource,
            FindingSink& sink) const;

  std::span<const Control> controls_;
  ExceptionUse& exceptions_;
  KeepPassed keep_passed_;
  std::vector<ControlGroup> groups_;
  std::vector<std::string_view> types_;
  mutable std::atomic<uint64_t> nameless_ = 0;  // resources without an identity so far
};

// The stable id: "CONTROL/ARN", or where there is none "CONTROL/file#address", or else
// "CONTROL/file#account/region/type/name/id"; at most 512 bytes (ASFF), a longer one is cut and
// ends in a hash of the whole.
std::string finding_id(std::string_view control, const Resource& resource);
inline constexpr size_t kMaxFindingId = 512;

}  // namespace sagewarden
