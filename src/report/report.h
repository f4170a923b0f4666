// What every report format gets, and the list of formats. A format sees findings only: it never
// asks AWS and never evaluates again.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/output.h"
#include "base/result.h"
#include "model/control_info.h"
#include "model/finding.h"

namespace sagewarden {

// Findings that a baseline knows and that are therefore not listed. They are as true as the others:
// what is said of a control or of the run counts them.
struct KnownCounts {
  size_t failed = 0;
  size_t not_judged = 0;
  size_t suppressed = 0;
  size_t passed = 0;
};

// How many findings of a control have which compliance. Suppressed ones are counted apart and in no
// other column.
struct ControlCounts {
  size_t passed = 0;
  size_t failed = 0;
  size_t warning = 0;
  size_t not_available = 0;
  size_t suppressed = 0;
  KnownCounts known = {};
};

// What was looked at. Together with the gaps this says how much of the truth the report holds.
struct Coverage {
  size_t files = 0;
  size_t bytes = 0;                           // after decompression
  size_t calls = 0;                           // of AWS's API
  std::map<std::string, size_t> evaluated;    // resources by type
  std::map<std::string, size_t> passed_over;  // read and rightly not evaluated, by reason
  std::map<std::string, size_t>
      without_control;    // SageMaker resources of a type that no selected control is about
  size_t superseded = 0;  // states of resources that were seen again, where another one counts
  std::vector<Gap> gaps;
  std::vector<CoverageRow> rows;  // of a scan of AWS itself; sorted by account, Region, type
};

struct RunInfo {
  std::string version;  // the program's
  std::string started;  // ISO 8601, UTC
  std::string finished;
  std::vector<std::string> inputs;
  // Whether all that it saw was asked of AWS's services themselves, and of nothing older: neither
  // of files nor of AWS Config. Then what it did not find is not there.
  bool live = false;
};

struct ReportInput {
  RunInfo run;
  std::vector<ControlInfo> controls;            // the selected ones, in order
  std::map<std::string, ControlCounts> counts;  // by control id
  Coverage coverage;
  std::vector<std::string> notices;  // expired and unused exceptions, the baseline's effect, …
  bool interrupted = false;          // stopped by a signal: the report says so at its top
  // Records were taken out of the report that this was read from, by whoever: what it does not say
  // may be what was taken out. No run of ours makes such a report.
  bool shortened = false;
};

// Hands the findings over one by one in report order; may be called again by another format.
using EachFinding = std::function<Result<void>(const std::function<Result<void>(const Finding&)>&)>;

struct TextStyle {
  bool colour = false;
  size_t width = 100;  // columns to lay text out in
  // Whether these are all the columns there are: what does not fit is then broken, and names that
  // would break the table are cut. Otherwise (a file, a pipe) nothing is cut.
  bool is_terminal = false;
  bool files = false;  // name the file of resources that have an account too
};

struct Format {
  std::string_view name;
  std::string_view media_type;
  std::string_view summary;  // for --help
  bool wants_passed;         // whether PASSED findings must be kept for it
  Result<void> (*write)(const ReportInput& input, const EachFinding& each, const TextStyle& style,
                        Output& out);
};

// Sorted by name.
std::span<const Format> formats();
const Format* find_format(std::string_view name);

}  // namespace sagewarden
