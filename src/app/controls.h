// Which controls a run applies: the built-in ones and those of the user's folders, chosen and with
// their parameters set.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "control/control.h"
#include "model/finding.h"

namespace sagewarden {

struct ControlSelection {
  std::vector<std::string> controls = {};    // ids or globs; empty: all of the sets below
  std::vector<std::string> sets = {};        // "security-hub", "sagewarden", "all"; empty: all when
                                             // controls are named, otherwise security-hub
  std::optional<Severity> severity = {};     // the least
  std::vector<std::string> standards = {};   // parts of names, or abbreviations; empty: any
  std::vector<std::string> parameters = {};  // "SageMaker.9.min_instance_count=1"
  std::vector<std::string> folders = {};  // users' controls; always chosen unless the above says no
};

// The ids of the built-in controls, in natural order, without reading one.
std::vector<std::string_view> builtin_control_ids();
// The built-in file of that control; null when there is none.
const BuiltinControl* find_builtin(std::string_view id);

// In natural order of ids. Errors: a control file that cannot be read, does not compile or fails
// its own tests (file, line and column); an id given twice; a name that matches no control (with
// the one that was probably meant); a parameter that does not exist; nothing chosen.
Result<std::vector<Control>> select_controls(const ControlSelection& selection);

// One control by its id.
Result<Control> load_control(std::string_view id, std::span<const std::string> folders);

// What is said about each, in the same order.
std::vector<ControlInfo> infos_of(std::span<const Control> controls);

// The control's file, as it was written.
Result<std::string> control_text(const Control& control);

// One control file of the user's, its tests not yet run.
Result<Control> read_control_file(const std::string& path);

// The control files that paths (folders, or single files) name.
Result<std::vector<std::string>> control_files(std::span<const std::string> paths);

// "controls/a.yaml:12:3: test "no image config": expected FAILED, got PASSED"
std::string describe_failure(const Control& control, const TestOutcome& outcome);

}  // namespace sagewarden
