// `sagewarden diff`: what has become of two bundles or reports.
#include "app/diff.h"

#include "cli/options.h"
#include "cli/verbs.h"
#include "cli/watch.h"
#include "report/difference.h"

namespace sagewarden {
namespace {

// diff(1)'s, and one of our own.
constexpr int kExitSame = 0;
constexpr int kExitDifferent = 1;
constexpr int kExitNotComparable = 3;

int exit_status(const Diff& diff) {
  const size_t different =
      diff.count(Change::Appeared) + diff.count(Change::Changed) + diff.count(Change::Went);
  if (different > 0) return kExitDifferent;
  return diff.differences.empty() && diff.notes.empty() ? kExitSame : kExitNotComparable;
}

}  // namespace

Result<int> run_diff(const Arguments& arguments, Console& console) {
  const std::vector<std::string>& files = arguments.positionals();
  for (const std::string& file : files) {
    if (file == "-")
      return fail(Error::Code::Invalid,
                  "standard input cannot be compared: each file is read twice");
  }
  const DiffFormat* const format = find_diff_format(arguments.value("output", "text"));
  Progress progress;
  const Watch watch(progress, console.log, show_progress(arguments));
  TRY_LET(const Diff diff, diff_files(files[0], files[1], progress));
  if (progress.stop && watch.signal() != 0) return 128 + watch.signal();
  TRY_DO(console.out.write(format->write(diff)));
  return exit_status(diff);
}

}  // namespace sagewarden
