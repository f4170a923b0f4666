#include "cli/options.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "base/terminal.h"
#include "base/text.h"

namespace sagewarden {
namespace {

constexpr size_t kMaxConcurrency = 512;

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

// "aws", "config" or "config-aggregator=NAME".
Result<void> take_source(std::string_view text, AwsOptions& aws) {
  constexpr std::string_view kAggregator = "config-aggregator";
  if (text == "aws") return {};
  if (text == "config") {
    aws.from = AwsSource::Config;
    return {};
  }
  const size_t equals = text.find('=');
  if (text.substr(0, equals) != kAggregator)
    return fail(Error::Code::Invalid,
                fmt::format("--from: '{}' is not aws, config or config-aggregator=NAME", text));
  if (equals == std::string_view::npos || equals + 1 == text.size())
    return fail(Error::Code::Invalid,
                "--from config-aggregator: which one is missing: config-aggregator=NAME");
  aws.from = AwsSource::ConfigAggregator;
  aws.aggregator = text.substr(equals + 1);
  return {};
}

}  // namespace

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

Result<std::vector<std::string>> regions(const Arguments& arguments) {
  std::vector<std::string> regions = arguments.all("region");
  for (const std::string& text : regions) {
    if (!is_region(text))
      return fail(Error::Code::Invalid,
                  fmt::format("--region: '{}' is no Region's code, such as eu-west-1", text));
  }
  return regions;
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

Result<std::optional<AwsOptions>> aws_options(const Arguments& arguments) {
  if (!arguments.has("aws")) {
    constexpr std::string_view kForAws[] = {"profile",   "endpoint-url", "ca-bundle", "concurrency",
                                            "role-name", "external-id",  "from"};
    for (const std::string_view option : kForAws) {
      if (arguments.has(option))
        return fail(Error::Code::Invalid, fmt::format("--{} is for --aws", option));
    }
    return std::optional<AwsOptions>();
  }
  TRY_LET(AwsOptions aws, live_options(arguments));
  return std::optional<AwsOptions>(std::move(aws));
}

Result<AwsOptions> live_options(const Arguments& arguments) {
  AwsOptions aws;
  aws.profile = arguments.value("profile");
  aws.endpoint_url = arguments.value("endpoint-url");
  aws.ca_bundle = arguments.value("ca-bundle");
  TRY_LET(aws.regions, regions(arguments));
  TRY_LET(aws.accounts, accounts(arguments));
  aws.role_name = arguments.value("role-name");
  aws.external_id = arguments.value("external-id");
  TRY_DO(take_source(arguments.value("from", "aws"), aws));
  if (aws.from == AwsSource::ConfigAggregator) {
    if (arguments.has("role-name"))
      return fail(Error::Code::Invalid,
                  "--role-name: an aggregator is read with the credentials as they are");
  } else if (arguments.has("role-name") && aws.accounts.empty())
    return fail(Error::Code::Invalid, "--role-name: say with --account in which accounts");
  if (arguments.has("external-id") && aws.role_name.empty())
    return fail(Error::Code::Invalid, "--external-id is for --role-name");
  TRY_LET(aws.concurrency, number(arguments, "concurrency", kMaxConcurrency, aws.concurrency));
  if (has_terminal()) aws.prompt = ask_at_terminal;
  return aws;
}

ShowProgress show_progress(const Arguments& arguments) {
  const bool wanted =
      is_terminal(STDERR_FILENO) && !arguments.has("quiet") && !arguments.has("no-progress");
  return wanted ? ShowProgress::Yes : ShowProgress::No;
}

}  // namespace sagewarden
