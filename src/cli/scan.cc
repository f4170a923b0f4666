// `sagewarden scan`: from arguments to options, and from the outcome to an exit status.
#include "app/scan.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include "app/publish.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/options.h"
#include "cli/verbs.h"
#include "cli/watch.h"

namespace sagewarden {
namespace {

// "json" or "json=FILE"; that the format exists was checked when the arguments were read.
Result<ReportTarget> report_target(std::string_view text) {
  const size_t equals = text.find('=');
  ReportTarget target{find_format(text.substr(0, equals)), ""};
  if (equals == std::string_view::npos) return target;
  const std::string_view file = text.substr(equals + 1);
  if (file.empty())
    return fail(Error::Code::Invalid, fmt::format("-o {}: a file name is missing behind =", text));
  if (file != kStandardOutput) target.file = file;
  return target;
}

Result<std::vector<ReportTarget>> report_targets(const Arguments& arguments) {
  std::vector<ReportTarget> targets;
  for (const std::string& text : arguments.all("output")) {
    TRY_LET(ReportTarget target, report_target(text));
    targets.push_back(std::move(target));
  }
  // Whoever asks for no report sees the text, unless nothing but errors is wanted.
  if (targets.empty() && !arguments.has("quiet")) targets.push_back({find_format("text"), ""});
  return targets;
}

Result<std::string> today(const Arguments& arguments) {
  if (!arguments.has("today")) return iso_date(seconds_now());
  const std::string_view text = arguments.value("today");
  if (!is_date(text))
    return fail(Error::Code::Invalid,
                fmt::format("--today: '{}' is not a day written as YYYY-MM-DD", text));
  return std::string(text);
}

std::optional<Severity> fail_on(const Arguments& arguments) {
  const std::string_view text = arguments.value("fail-on", "any");
  if (text == "none") return std::nullopt;
  return parse_severity(text).value_or(Severity::Informational);
}

// What files do not say. Of several accounts or Regions, none is theirs.
Result<void> take_file_options(const Arguments& arguments, ScanOptions& options) {
  TRY_LET(const std::vector<std::string> given, accounts(arguments));
  TRY_LET(const std::vector<std::string> in, regions(arguments));
  if (!options.aws && (given.size() > 1 || in.size() > 1))
    return fail(Error::Code::Invalid,
                fmt::format("--{} is given twice; only with --aws there can be several",
                            given.size() > 1 ? "account" : "region"));
  if (given.size() == 1) options.source.account = given.front();
  if (in.size() == 1) options.source.region = in.front();
  options.source.partition = arguments.value("partition");
  options.source.parameter_files = arguments.all("parameters");
  options.source.tag_files = arguments.all("tags");
  return {};
}

Result<ScanOptions> scan_options(const Arguments& arguments, const Console& console) {
  if (arguments.has("quiet") && arguments.has("verbose"))
    return fail(Error::Code::Invalid, "--quiet and --verbose exclude each other");
  ScanOptions options;
  options.inputs = arguments.positionals();
  TRY_LET(options.aws, aws_options(arguments));
  // An account's findings are brought as whoever read them, with the role of a scan of several.
  options.publish = options.aws;
  if (!arguments.has("publish")) {
    options.publish.reset();
  } else if (!options.aws) {
    TRY_LET(options.publish, access_options(arguments));
  }
  if (options.inputs.empty() && !options.aws)
    return fail(Error::Code::Invalid,
                "INPUT is missing: say what to scan, or --aws; see 'sagewarden scan --help'");
  options.controls = selection(arguments);
  options.exceptions_file = arguments.value("exceptions");
  options.baseline_file = arguments.value("baseline");
  TRY_LET(options.reports, report_targets(arguments));
  options.fail_on = fail_on(arguments);
  TRY_LET(options.today, today(arguments));
  TRY_DO(take_file_options(arguments, options));
  TRY_LET(options.threads, number(arguments, "threads", kMaxThreads,
                                  std::max<size_t>(1, std::thread::hardware_concurrency())));
  options.style = {.colour = wants_colour(console.colour, STDOUT_FILENO),
                   .width = console.width,
                   .is_terminal = console.is_terminal,
                   .files = arguments.has("verbose")};
  options.clock = seconds_now;
  return options;
}

// A failed finding outweighs what is not known: it is certain. A signal that came when everything
// was read has changed nothing, and the status is that of a whole run.
int exit_status(const ScanOutcome& outcome, int signal) {
  if (outcome.interrupted && signal != 0) return 128 + signal;
  if (outcome.reader_went_away) return 128 + SIGPIPE;
  // As a report that cannot be written: it matters whatever the findings are.
  if (outcome.published && !outcome.published->is_complete)
    return signal != 0 ? 128 + signal : kExitError;
  if (outcome.failed > 0) return kExitFailed;
  return outcome.incomplete > 0 ? kExitIncomplete : kExitPassed;
}

// Behind a text for people; another report on standard output is left as it is.
Result<void> say_what_was_published(const ScanOptions& options, const ScanOutcome& outcome,
                                    Console& console) {
  if (!outcome.published) return {};
  const std::string text = hub_text(*outcome.published, publish::Send::Yes);
  const bool is_text = std::ranges::any_of(options.reports, [](const ReportTarget& report) {
    return report.file.empty() && report.format->name == "text";
  });
  if (is_text) return console.out.write("\nPublished to Security Hub:\n" + text);
  for (const std::string_view line : split(trim(text), '\n')) console.log.info(line);
  return {};
}

}  // namespace

Result<int> run_scan(const Arguments& arguments, Console& console) {
  TRY_LET(const ScanOptions options, scan_options(arguments, console));
  Progress progress;
  const Watch watch(progress, console.log, show_progress(arguments));
  TRY_LET(const ScanOutcome outcome, scan(options, progress, console.log, console.out));
  TRY_DO(say_what_was_published(options, outcome, console));
  return exit_status(outcome, watch.signal());
}

}  // namespace sagewarden
