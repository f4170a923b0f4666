// Reading back what we wrote: a report in the format `json` or `ndjson`, for those who do something
// with findings later than the run that found them.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "report/report.h"

namespace sagewarden {

class SavedReport {
 public:
  // Told apart by the content. `text` must outlive the report, and kPadding bytes behind it are not
  // needed. Errors name file and line: what is no report of ours, is cut off, of a later version,
  // or holds a record that is none. A finding is never left out because it cannot be understood.
  static Result<SavedReport> read(std::string_view file, std::string_view text);

  // Counts and gaps included. Of an `ndjson` report, controls have no texts but their title.
  const ReportInput& input() const { return input_; }
  // The texts of controls, which `ndjson` does not have.
  void set_controls(std::vector<ControlInfo> controls) { input_.controls = std::move(controls); }
  // Whether the report says which run it is of: those in `ndjson` do when AWS was looked at.
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

  std::string file_;
  std::string_view text_;
  bool is_document_ = false;
  bool has_run_ = false;
  ReportInput input_;
  json::Document document_;  // of `json`
};

}  // namespace sagewarden
