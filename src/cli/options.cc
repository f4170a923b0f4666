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

Result<std::vector<std::string>> accounts(const Arguments& arguments, std::string_view option) {
  std::vector<std::string> accounts = arguments.all(option);
  for (const std::string& text : accounts) {
    const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    if (text.size() != 12 || !digits)
      return fail(Error::Code::Invalid, fmt::format("--{}: '{}' is not 12 digits", option, text));
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

namespace {

Result<std::pair<std::string, std::string>> account_tag(const std::string& text) {
  // Limits of Organizations' tags.
  constexpr size_t kMaxKey = 128;
  constexpr size_t kMaxValue = 256;
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals > kMaxKey ||
      text.size() - equals - 1 > kMaxValue)
    return fail(
        Error::Code::Invalid,
        fmt::format("--account-tag: '{}' is not KEY=VALUE, such as Stage=prod", printable(text)));
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

Result<void> take_organization(const Arguments& arguments, AwsOptions& aws) {
  if (!arguments.has("organization")) {
    for (const std::string_view option : {"ou", "exclude-ou", "exclude-account", "account-tag"}) {
      if (arguments.has(option))
        return fail(Error::Code::Invalid, fmt::format("--{} is for --organization", option));
    }
    return {};
  }
  if (!aws.accounts.empty())
    return fail(Error::Code::Invalid,
                "--account and --organization exclude each other; see also --exclude-account");
  live::OrganizationChoice& choice = aws.organization.emplace();
  choice.units = arguments.all("ou");
  choice.excluded_units = arguments.all("exclude-ou");
  TRY_LET(choice.excluded_accounts, accounts(arguments, "exclude-account"));
  for (const std::string& text : arguments.all("account-tag")) {
    TRY_LET(std::pair tag, account_tag(text));
    choice.tags.push_back(std::move(tag));
  }
  if (aws.role_name.empty()) aws.role_name = kDefaultRole;
  return {};
}

// They become part of an ARN and of a request.
Result<void> take_role(const Arguments& arguments, AwsOptions& aws) {
  constexpr std::string_view kWord =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-/";
  constexpr size_t kMaxRole = 512 + 64;  // IAM's limits of path and name
  constexpr size_t kMaxExternalId = 1224;
  aws.role_name = arguments.value("role-name");
  aws.external_id = arguments.value("external-id");
  if (arguments.has("role-name") &&
      (!is_all(aws.role_name, kWord) || aws.role_name.size() > kMaxRole))
    return fail(Error::Code::Invalid, fmt::format("--role-name: '{}' is no role's name, such as {}",
                                                  printable(aws.role_name), kDefaultRole));
  if (arguments.has("external-id") &&
      (!is_all(aws.external_id, std::string(kWord) + ":") || aws.external_id.size() < 2 ||
       aws.external_id.size() > kMaxExternalId))
    return fail(Error::Code::Invalid,
                "--external-id: one has 2 to 1224 letters, digits, and characters of _+=,.@:/-");
  return {};
}

// As whom AWS is asked, and where it is.
Result<AwsOptions> access(const Arguments& arguments) {
  AwsOptions aws;
  aws.profile = arguments.value("profile");
  aws.endpoint_url = arguments.value("endpoint-url");
  aws.ca_bundle = arguments.value("ca-bundle");
  TRY_DO(take_role(arguments, aws));
  if (has_terminal()) aws.prompt = ask_at_terminal;
  return aws;
}

Result<void> check_external_id(const Arguments& arguments, const AwsOptions& aws) {
  if (arguments.has("external-id") && aws.role_name.empty())
    return fail(Error::Code::Invalid, "--external-id is for --role-name");
  return {};
}

}  // namespace

Result<AwsOptions> access_options(const Arguments& arguments) {
  TRY_LET(AwsOptions aws, access(arguments));
  TRY_DO(check_external_id(arguments, aws));
  return aws;
}

Result<std::optional<AwsOptions>> aws_options(const Arguments& arguments) {
  if (!arguments.has("aws")) {
    constexpr std::string_view kForScan[] = {"concurrency", "from",       "organization",   "ou",
                                             "account-tag", "exclude-ou", "exclude-account"};
    for (const std::string_view option : kForScan) {
      if (arguments.has(option))
        return fail(Error::Code::Invalid, fmt::format("--{} is for --aws", option));
    }
    // As whom to publish is another matter.
    if (arguments.has("publish")) return std::optional<AwsOptions>();
    constexpr std::string_view kForAws[] = {"profile", "endpoint-url", "ca-bundle", "role-name",
                                            "external-id"};
    for (const std::string_view option : kForAws) {
      if (arguments.has(option))
        return fail(Error::Code::Invalid, fmt::format("--{} is for --aws or --publish", option));
    }
    return std::optional<AwsOptions>();
  }
  TRY_LET(AwsOptions aws, live_options(arguments));
  return std::optional<AwsOptions>(std::move(aws));
}

Result<AwsOptions> live_options(const Arguments& arguments) {
  TRY_LET(AwsOptions aws, access(arguments));
  TRY_LET(aws.regions, regions(arguments));
  TRY_LET(aws.accounts, accounts(arguments));
  TRY_DO(take_organization(arguments, aws));
  TRY_DO(take_source(arguments.value("from", "aws"), aws));
  if (aws.from == AwsSource::ConfigAggregator) {
    for (const std::string_view option : {"role-name", "organization"}) {
      if (arguments.has(option))
        return fail(
            Error::Code::Invalid,
            fmt::format("--{}: an aggregator is read with the credentials as they are", option));
    }
  } else if (arguments.has("role-name") && aws.accounts.empty() && !aws.organization) {
    return fail(Error::Code::Invalid,
                "--role-name: say with --account or --organization in which accounts");
  }
  TRY_DO(check_external_id(arguments, aws));
  TRY_LET(aws.concurrency, number(arguments, "concurrency", kMaxConcurrency, aws.concurrency));
  return aws;
}

ShowProgress show_progress(const Arguments& arguments) {
  const bool wanted =
      is_terminal(STDERR_FILENO) && !arguments.has("quiet") && !arguments.has("no-progress");
  return wanted ? ShowProgress::Yes : ShowProgress::No;
}

}  // namespace sagewarden
