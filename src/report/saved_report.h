// Reading back what we wrote: a report in the format `json` or `ndjson`, for those who do something
// with findings later than the run that found them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "report/finding_json.h"
#include "report/report.h"

namespace sagewarden {

class SavedReport {
 public:
  // Told apart by the content. `text` must outlive the report, and kPadding bytes behind it are not
  // needed. Errors name file and line: what is no report of ours, is cut off, of a later version,
  // or holds a record that is none. A finding is never left out because it cannot be understood.
  static Result<SavedReport> read(std::string_view file, std::string_view text);

  // Counts and gaps included. Of an `ndjson` report, controls have no texts but their title.
  // Marked as shortened where the records are not those that the report says it has, or where it
  // does not say so any more: a part of a report can be read, and is never taken for the whole.
  const ReportInput& input() const { return input_; }
  // The texts of controls, which `ndjson` does not have.
  void set_controls(std::vector<ControlInfo> controls) { input_.controls = std::move(controls); }
  // Whether the report says which run it is of: not when its end is lost.
  bool has_run() const { return has_run_; }
  // Findings that a baseline knew and that are not in the report.
  size_t left_out() const;

  // In the report's order; may be called again.
  Result<void> each(const std::function<Result<void>(const Finding&)>& take) const;

 private:
  Result<void> read_document();
  Result<void> read_lines();
  Result<void> each_line(
      const std::function<Result<void>(size_t number, json::Value record)>& take) const;
  Result<void> take_record(json::Value record);
  Result<void> read_run(json::Value run);
  void count(const Finding& finding);
  bool is_whole() const;

  std::string file_;
  std::string_view text_;
  bool is_document_ = false;
  bool has_run_ = false;
  size_t findings_ = 0;
  size_t gaps_ = 0;  // records of them
  // What the report says it has.
  std::optional<RecordCounts> claimed_;
  ReportInput input_;
  json::Document document_;  // of `json`
};

}  // namespace sagewarden
