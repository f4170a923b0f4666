// The whole of a scan: inputs in, reports out.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/aws_session.h"
#include "app/controls.h"
#include "base/log.h"
#include "base/output.h"
#include "base/result.h"
#include "model/finding.h"
#include "publish/hub.h"
#include "report/report.h"
#include "source/source.h"

namespace sagewarden {

struct ReportTarget {
  const Format* format = nullptr;
  std::string file;  // empty: standard output
};

struct ScanOptions {
  std::vector<std::string> inputs;
  std::optional<AwsOptions> aws;  // read from AWS too
  ControlSelection controls;
  std::string exceptions_file;        // empty: none
  std::string baseline_file;          // empty: none
  std::vector<ReportTarget> reports;  // at most one to standard output
  // To Security Hub, when the reports are written: as whom.
  std::optional<AwsOptions> publish;
  // The least severity of a failed finding that fails the run; none: findings never do.
  std::optional<Severity> fail_on = Severity::Informational;
  std::string today;             // YYYY-MM-DD, for exceptions
  SourceOptions source;          // its types are filled in by the scan
  size_t threads = 1;            // at least 1
  TextStyle style;               // of a report to standard output
  int64_t (*clock)() = nullptr;  // seconds since 1970
};

// What a scan came to; the caller makes an exit status of it.
struct ScanOutcome {
  size_t failed = 0;      // findings that fail the run: neither suppressed nor in the baseline
  size_t incomplete = 0;  // gaps, and findings that could not be decided
  // What was published, if anything was to be.
  std::optional<publish::HubOutcome> published;
  bool interrupted = false;       // progress.stop was set while there was still something to read
  bool reader_went_away = false;  // standard output was closed from the other side
};

// That not one input could be read is an error, and then no report is written. Gaps are also said
// in the log. `out` is standard output; it is not committed here.
Result<ScanOutcome> scan(const ScanOptions& options, Progress& progress, Log& log, Output& out);
// The same for those who go on with the findings, which are handed over in place of reports; passed
// ones too.
Result<ScanOutcome> scan_findings(ScanOptions options, Progress& progress, Log& log,
                                  const std::function<Result<void>(const Finding&)>& take);

}  // namespace sagewarden
