// The findings of a run, put into report order within a fixed amount of memory: what does not fit
// is sorted and written to unnamed temporary files, and merged once. Also counts, and drops what
// does not count of several states of one resource (the same ARN; without one, the same file and
// address).
//
// Of states whose capture times are known, the latest counts. Which of two came later is not known
// where a time is missing or both are the same: there the state with more failed controls counts,
// then the one with more that could not be judged; and what another of them fails, or could not be
// judged by, is taken from that one, so that nothing passes by an older state.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "evaluate/evaluator.h"
#include "model/finding.h"

namespace sagewarden {

struct SpoolCounts {
  std::map<std::string, size_t> evaluated;  // resources by type, each counted once
  size_t superseded = 0;                    // states that another one of the same resource replaced
  std::vector<size_t> passed;  // by place of the control: PASSED that were not kept as findings
};

class Spool {
 public:
  // `memory_bytes` bounds what all writers together hold. Temporary files go to the folder given
  // (unlinked at once).
  Spool(std::span<const ControlGroup> groups, size_t memory_bytes, std::string temporary_folder);
  Spool(const Evaluator& evaluator, size_t memory_bytes, std::string temporary_folder)
      : Spool(evaluator.groups(), memory_bytes, std::move(temporary_folder)) {}
  ~Spool();

  // One for each worker, made before any of them starts; the spool keeps it. Errors (disk full) are
  // kept and come out of finish().
  FindingSink& writer();
  // After the workers have ended: nothing is added any more.
  Result<void> finish();
  // After finish().
  const SpoolCounts& counts() const;
  // The findings in report order; may be called again. Stops at the first error, its own or of
  // `take`.
  Result<void> each(const std::function<Result<void>(const Finding&)>& take) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sagewarden
