// One worker of a scan: what a source finds goes through the evaluation into the spool, and is
// counted.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/evaluator.h"
#include "model/resource.h"
#include "report/report.h"

namespace sagewarden {

// Counts by name; few names, asked for millions of times.
class Tally {
 public:
  void add(std::string_view name);
  void add_to(std::map<std::string, size_t>& totals) const;

 private:
  struct Count {
    std::string name;
    size_t count = 0;
  };
  std::vector<Count> counts_;
};

// A file of nothing but broken items must not fill the memory: of the gaps beyond this many, only
// the number is kept, and said in a last one.
inline constexpr size_t kMaxGaps = 10'000;

// Of the files and folders that are passed over, as many as anybody reads; all are counted.
inline constexpr size_t kMaxPathsPassedOver = 1'000;

class Worker : public Sink {
 public:
  Worker(const Evaluator& evaluator, FindingSink& findings)
      : evaluator_(evaluator), findings_(findings), bench_(evaluator.make_workbench()) {}

  void resource(const Resource& seen) override;
  void deleted(const Resource& seen) override;
  void gap(Gap gap) override;
  void passed_over(std::string_view reason, std::string_view type) override;
  void passed_over_path(std::string_view path, std::string_view reason) override;
  void covered(const CoverageRow& row) override { rows_.push_back(row); }

  // Adds what this worker saw to the coverage of the run.
  void add_to(Coverage& coverage) &&;
  // Files and folders, each with the reason; at most kMaxPathsPassedOver and one more.
  const std::vector<std::string>& paths_passed_over() const { return paths_passed_over_; }
  size_t gaps_not_kept() const { return gaps_not_kept_; }

 private:
  // The resource under the name that its file has in findings; valid until the next.
  Resource named(const Resource& seen);

  const Evaluator& evaluator_;
  FindingSink& findings_;
  Workbench bench_;
  Location location_;  // of the resource at hand, where its file's name had to be changed
  Tally passed_over_;
  Tally without_control_;
  std::vector<Gap> gaps_;
  std::vector<CoverageRow> rows_;
  std::vector<std::string> paths_passed_over_;
  size_t gaps_not_kept_ = 0;
};

// Puts the gaps of all workers into a defined order (file, line, column, account, operation), of
// alike ones only the first, and at most kMaxGaps; `not_kept` more existed.
void settle_gaps(std::vector<Gap>& gaps, size_t not_kept);
// Account, Region, type.
void settle_rows(std::vector<CoverageRow>& rows);

}  // namespace sagewarden
