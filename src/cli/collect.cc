// `sagewarden collect`: what AWS holds, into a bundle.
#include "app/collect.h"

#include <fmt/core.h>

#include "base/text.h"
#include "base/time.h"
#include "cli/options.h"
#include "cli/verbs.h"
#include "cli/watch.h"

namespace sagewarden {
namespace {

// Whoever chooses controls wants no more than those need.
bool chooses_controls(const Arguments& arguments) {
  for (const std::string_view option :
       {"controls", "set", "severity", "standard", "controls-dir"}) {
    if (arguments.has(option)) return true;
  }
  return false;
}

Result<CollectOptions> collect_options(const Arguments& arguments) {
  if (arguments.has("quiet") && arguments.has("verbose"))
    return fail(Error::Code::Invalid, "--quiet and --verbose exclude each other");
  if (!arguments.has("aws"))
    return fail(
        Error::Code::Invalid,
        "--aws is missing: it says that AWS is to be read; see 'sagewarden collect --help'");
  if (!arguments.has("output"))
    return fail(Error::Code::Invalid,
                "-o is missing: say which file to write, or - for standard output");
  CollectOptions options;
  TRY_LET(options.aws, live_options(arguments));
  if (chooses_controls(arguments)) options.controls = selection(arguments);
  const std::string_view file = arguments.value("output");
  if (file != kStandardOutput) options.file = file;
  if (file.empty()) return fail(Error::Code::Invalid, "-o: the name of the file is empty");
  options.gzip = arguments.has("gzip") || file.ends_with(".gz");
  options.secrets = arguments.has("with-secrets");
  options.clock = seconds_now;
  return options;
}

std::string summary(const CollectOptions& options, const CollectOutcome& outcome) {
  return fmt::format("{}: {}, {}\n", options.file, count_of(outcome.resources, "resource"),
                     outcome.gaps == 0 ? "nothing is missing" : count_of(outcome.gaps, "gap"));
}

}  // namespace

Result<int> run_collect(const Arguments& arguments, Console& console) {
  TRY_LET(const CollectOptions options, collect_options(arguments));
  Progress progress;
  const Watch watch(progress, console.log, show_progress(arguments));
  TRY_LET(const CollectOutcome outcome,
          collect_bundle(options, progress, console.log, console.out));
  if (outcome.interrupted && watch.signal() != 0) return 128 + watch.signal();
  if (!options.file.empty() && !arguments.has("quiet"))
    TRY_DO(console.out.write(summary(options, outcome)));
  return outcome.gaps == 0 ? kExitPassed : kExitIncomplete;
}

}  // namespace sagewarden
