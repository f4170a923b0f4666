// `sagewarden scan`: from arguments to options, and from the outcome to an exit status.
#include "app/scan.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <thread>

#include "base/text.h"
#include "base/time.h"
#include "cli/verbs.h"
#include "cli/watch.h"

namespace sagewarden {
namespace {

constexpr size_t kMaxThreads = 256;

// "json" or "json=FILE"; that the format exists was checked when the arguments were read.
Result<ReportTarget> report_target(std::string_view text) {
  const size_t equals = text.find('=');
  ReportTarget target{find_format(text.substr(0, equals)), ""};
  if (equals == std::string_view::npos) return target;
  target.file = text.substr(equals + 1);
  if (target.file.empty())
    return fail(Error::Code::Invalid, fmt::format("-o {}: a file name is missing behind =", text));
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

Result<size_t> thread_count(const Arguments& arguments) {
  if (!arguments.has("threads")) return std::max<size_t>(1, std::thread::hardware_concurrency());
  const std::string_view text = arguments.value("threads");
  size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < 1 || count > kMaxThreads)
    return fail(Error::Code::Invalid,
                fmt::format("--threads: '{}' is not a number from 1 to {}", text, kMaxThreads));
  return count;
}

Result<std::string> today(const Arguments& arguments) {
  if (!arguments.has("today")) return iso_date(seconds_now());
  const std::string_view text = arguments.value("today");
  if (!is_date(text))
    return fail(Error::Code::Invalid,
                fmt::format("--today: '{}' is not a day written as YYYY-MM-DD", text));
  return std::string(text);
}

Result<std::string> account(const Arguments& arguments) {
  const std::string_view text = arguments.value("account");
  const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (arguments.has("account") && (text.size() != 12 || !digits))
    return fail(Error::Code::Invalid, fmt::format("--account: '{}' is not 12 digits", text));
  return std::string(text);
}

bool is_all(std::string_view text, std::string_view letters) {
  return !text.empty() && text.find_first_not_of(letters) == std::string_view::npos;
}

// "eu-west-1", "us-gov-east-1": letters, words of letters, a number. Not whether there is such a
// Region: new ones come, and the program asks nobody.
bool is_region(std::string_view text) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
  const std::vector<std::string_view> parts = split(text, '-');
  if (parts.size() < 3 || parts.size() > 4 || !is_all(parts.back(), "0123456789")) return false;
  return std::all_of(parts.begin(), parts.end() - 1,
                     [&](std::string_view part) { return is_all(part, kLetters); });
}

Result<std::string> region(const Arguments& arguments) {
  const std::string_view text = arguments.value("region");
  if (arguments.has("region") && !is_region(text))
    return fail(Error::Code::Invalid,
                fmt::format("--region: '{}' is no Region's code, such as eu-west-1", text));
  return std::string(text);
}

std::optional<Severity> fail_on(const Arguments& arguments) {
  const std::string_view text = arguments.value("fail-on", "any");
  if (text == "none") return std::nullopt;
  return parse_severity(text).value_or(Severity::Informational);
}

ControlSelection selection(const Arguments& arguments) {
  ControlSelection chosen;
  chosen.controls = arguments.all("controls");
  chosen.sets = arguments.all("set");
  chosen.severity = parse_severity(arguments.value("severity"));
  chosen.standards = arguments.all("standard");
  chosen.parameters = arguments.all("param");
  chosen.folders = arguments.all("controls-dir");
  return chosen;
}

Result<ScanOptions> scan_options(const Arguments& arguments, const Console& console) {
  if (arguments.has("quiet") && arguments.has("verbose"))
    return fail(Error::Code::Invalid, "--quiet and --verbose exclude each other");
  ScanOptions options;
  options.inputs = arguments.positionals();
  options.controls = selection(arguments);
  options.exceptions_file = arguments.value("exceptions");
  options.baseline_file = arguments.value("baseline");
  TRY_LET(options.reports, report_targets(arguments));
  options.fail_on = fail_on(arguments);
  TRY_LET(options.today, today(arguments));
  TRY_LET(options.source.account, account(arguments));
  TRY_LET(options.source.region, region(arguments));
  options.source.partition = arguments.value("partition");
  options.source.parameter_files = arguments.all("parameters");
  options.source.tag_files = arguments.all("tags");
  TRY_LET(options.threads, thread_count(arguments));
  options.style = {.colour = wants_colour(console.colour, STDOUT_FILENO),
                   .width = console.width,
                   .is_terminal = console.is_terminal,
                   .files = arguments.has("verbose")};
  options.clock = seconds_now;
  return options;
}

ShowProgress show_progress(const Arguments& arguments) {
  const bool wanted =
      is_terminal(STDERR_FILENO) && !arguments.has("quiet") && !arguments.has("no-progress");
  return wanted ? ShowProgress::Yes : ShowProgress::No;
}

// A failed finding outweighs what is not known: it is certain. A signal that came when everything
// was read has changed nothing, and the status is that of a whole run.
int exit_status(const ScanOutcome& outcome, int signal) {
  if (outcome.interrupted && signal != 0) return 128 + signal;
  if (outcome.reader_went_away) return 128 + SIGPIPE;
  if (outcome.failed > 0) return kExitFailed;
  return outcome.incomplete > 0 ? kExitIncomplete : kExitPassed;
}

}  // namespace

Result<int> run_scan(const Arguments& arguments, Console& console) {
  TRY_LET(const ScanOptions options, scan_options(arguments, console));
  Progress progress;
  const Watch watch(progress, console.log, show_progress(arguments));
  TRY_LET(const ScanOutcome outcome, scan(options, progress, console.log, console.out));
  return exit_status(outcome, watch.signal());
}

}  // namespace sagewarden
