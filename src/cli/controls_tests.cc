// The tests inside control files: `sagewarden controls test`. (Not a unit test of this folder.)
#include <fmt/core.h>

#include "app/controls.h"
#include "base/text.h"
#include "cli/verbs.h"

namespace sagewarden {
namespace {

struct Tally {
  size_t controls = 0;
  size_t passed = 0;
  size_t failed = 0;
};

Result<void> test_control(const Control& control, Console& console, Tally& tally) {
  ++tally.controls;
  for (const TestOutcome& outcome : run_tests(control)) {
    if (outcome.message.empty()) {
      ++tally.passed;
      continue;
    }
    ++tally.failed;
    TRY_DO(console.out.write(printable_lines(describe_failure(control, outcome)) + "\n"));
  }
  return {};
}

// A file that cannot be read fails, and the others are still tested. So does an id that two have,
// as a scan takes none of them then.
Result<void> test_files(std::span<const std::string> paths, Console& console, Tally& tally) {
  TRY_LET(const std::vector<std::string> files, control_files(paths));
  std::vector<Control> controls;
  for (const std::string& file : files) {
    Result<Control> control = read_control_file(file);
    if (control) {
      TRY_DO(test_control(*control, console, tally));
      controls.push_back(std::move(*control));
    } else {
      ++tally.controls;
      ++tally.failed;
      console.log.error(control.error().message);
    }
  }
  if (const Result<void> unique = check_unique_ids(controls); !unique) {
    ++tally.failed;
    console.log.error(unique.error().message);
  }
  return {};
}

}  // namespace

Result<int> run_controls_test(const Arguments& arguments, Console& console) {
  Tally tally;
  if (arguments.positionals().empty()) {
    TRY_LET(const std::vector<Control> controls, load_builtin_controls());
    for (const Control& control : controls) TRY_DO(test_control(control, console, tally));
  } else {
    TRY_DO(test_files(arguments.positionals(), console, tally));
  }
  TRY_DO(console.out.write(fmt::format("{}: {} passed, {} failed\n",
                                       count_of(tally.controls, "control"), tally.passed,
                                       tally.failed)));
  return tally.failed == 0 ? kExitPassed : kExitFailed;
}

}  // namespace sagewarden
