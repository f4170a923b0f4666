// `sagewarden scan`: from arguments to options, and from the outcome to an exit status.
#include "app/scan.h"

#include <fcntl.h>
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
constexpr size_t kMaxConcurrency = 512;

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

Result<std::string> today(const Arguments& arguments) {
  if (!arguments.has("today")) return iso_date(seconds_now());
  const std::string_view text = arguments.value("today");
  if (!is_date(text))
    return fail(Error::Code::Invalid,
                fmt::format("--today: '{}' is not a day written as YYYY-MM-DD", text));
  return std::string(text);
}

// "--NAME N", or `otherwise`.
Result<size_t> number(const Arguments& arguments, std::string_view name, size_t most,
                      size_t otherwise) {
  if (!arguments.has(name)) return otherwise;
  const std::string_view text = arguments.value(name);
  size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < 1 || count > most)
    return fail(Error::Code::Invalid,
                fmt::format("--{}: '{}' is not a number from 1 to {}", name, text, most));
  return count;
}

Result<std::vector<std::string>> accounts(const Arguments& arguments) {
  std::vector<std::string> accounts = arguments.all("account");
  for (const std::string& text : accounts) {
    const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    if (text.size() != 12 || !digits)
      return fail(Error::Code::Invalid, fmt::format("--account: '{}' is not 12 digits", text));
  }
  return accounts;
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

Result<std::vector<std::string>> regions(const Arguments& arguments) {
  std::vector<std::string> regions = arguments.all("region");
  for (const std::string& text : regions) {
    if (!is_region(text))
      return fail(Error::Code::Invalid,
                  fmt::format("--region: '{}' is no Region's code, such as eu-west-1", text));
  }
  return regions;
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

// Only a person at a terminal can be asked, and standard input may be an input.
int open_terminal() {
  return open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
}

bool has_terminal() {
  const int terminal = open_terminal();
  if (terminal >= 0) close(terminal);
  return terminal >= 0;
}

Result<std::string> ask_at_terminal(const std::string& question) {
  const int terminal = open_terminal();
  if (terminal < 0) return fail(Error::Code::Denied, "there is no terminal to ask at");
  std::string line(64, '\0');
  const ssize_t asked = write(terminal, question.data(), question.size());
  const ssize_t size = asked < 0 ? asked : read(terminal, line.data(), line.size());
  close(terminal);
  if (size <= 0) return fail(Error::Code::Denied, "no answer was given");
  line.resize(static_cast<size_t>(size));
  return std::string(trim(line));
}

// What is said about AWS; nothing when it is not to be scanned.
Result<std::optional<AwsOptions>> aws_options(const Arguments& arguments) {
  if (!arguments.has("aws")) {
    constexpr std::string_view kForAws[] = {"profile",     "endpoint-url", "ca-bundle",
                                            "concurrency", "role-name",    "external-id"};
    for (const std::string_view option : kForAws) {
      if (arguments.has(option))
        return fail(Error::Code::Invalid, fmt::format("--{} is for --aws", option));
    }
    return std::optional<AwsOptions>();
  }
  AwsOptions aws;
  aws.profile = arguments.value("profile");
  aws.endpoint_url = arguments.value("endpoint-url");
  aws.ca_bundle = arguments.value("ca-bundle");
  TRY_LET(aws.regions, regions(arguments));
  TRY_LET(aws.accounts, accounts(arguments));
  aws.role_name = arguments.value("role-name");
  aws.external_id = arguments.value("external-id");
  if (arguments.has("role-name") && aws.accounts.empty())
    return fail(Error::Code::Invalid, "--role-name: say with --account in which accounts");
  if (arguments.has("external-id") && aws.role_name.empty())
    return fail(Error::Code::Invalid, "--external-id is for --role-name");
  TRY_LET(aws.concurrency, number(arguments, "concurrency", kMaxConcurrency, aws.concurrency));
  if (has_terminal()) aws.prompt = ask_at_terminal;
  return std::optional<AwsOptions>(std::move(aws));
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
