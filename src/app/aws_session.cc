#include "app/aws_session.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>

#include "aws/endpoint.h"
#include "aws/service.h"
#include "base/text.h"
#include "base/time.h"
#include "model/arn.h"
#include "source/live/gaps.h"

namespace sagewarden {
namespace {

constexpr auto kStopPoll = std::chrono::milliseconds(100);

constexpr std::string_view kManagementAdvice =
    "this is the organisation's management account, which a StackSet does not reach: make the role "
    "there by itself, or leave it out with --exclude-account";

// A Region becomes part of a host name, so what cannot be one is found out before anything is
// asked.
Result<void> check_regions(const AwsOptions& options, const aws::Settings& settings) {
  const aws::Service* const service = aws::find_service("sagemaker");
  for (const std::string& region : options.regions) {
    const Result<aws::Endpoint> endpoint =
        aws::resolve_endpoint(*service, region, settings.endpoints);
    if (!endpoint)
      return fail(endpoint.error().code,
                  fmt::format("--region {}: {}", printable(region), endpoint.error().message));
  }
  return {};
}

Result<void> check_units(const AwsOptions& options) {
  if (!options.organization) return {};
  const struct {
    std::string_view option;
    const std::vector<std::string>& units;
  } rows[] = {{"--ou", options.organization->units},
              {"--exclude-ou", options.organization->excluded_units}};
  for (const auto& row : rows) {
    for (const std::string& unit : row.units) {
      if (!live::is_unit_id(unit))
        return fail(Error::Code::Invalid,
                    fmt::format("{}: '{}' is no organisational unit's id, such as "
                                "ou-ab12-34cd56ef",
                                row.option, printable(unit)));
    }
  }
  return {};
}

// What of an organisation is not scanned, though nothing went wrong.
std::vector<std::string> notices_of(const live::Members& members) {
  std::vector<std::string> notices;
  if (!members.not_active.empty()) {
    std::string names;
    for (const live::Member& member : members.not_active) {
      names += fmt::format("{}{} ({}, {})", names.empty() ? "" : ", ", member.account,
                           printable(member.name), printable(member.state));
    }
    notices.push_back(
        fmt::format("{} not active and not scanned: {}",
                    count_of(members.not_active.size(), "account of the organisation is",
                             "accounts of the organisation are"),
                    names));
  }
  for (const std::string& account : members.unknown_excluded)
    notices.push_back(
        fmt::format("--exclude-account {}: there is no such account in the "
                    "organisation",
                    account));
  return notices;
}

// <regionInfo><item>…</item></regionInfo>, as the client reads it.
std::vector<std::string> region_names(json::Value answer) {
  json::Value items = answer["regionInfo"];
  if (items.is_object()) items = items["item"];
  std::vector<std::string> names;
  for (const json::Value item : items.elements()) {
    const std::string_view name = item["regionName"].string_or("");
    if (!name.empty()) names.emplace_back(name);
  }
  std::ranges::sort(names);
  return names;
}

std::string why_no_regions(const aws::Answer& answer) {
  const std::string why = answer ? "the answer names none" : aws::describe(answer.error());
  return fmt::format(
      "the Regions that the account has enabled could not be listed: {}; say which to scan with "
      "--region, or allow ec2:DescribeRegions",
      why);
}

Gap no_regions_gap(const live::Scope& scope, const aws::Answer& answer) {
  if (!answer && answer.error().kind == aws::CallError::Kind::Credentials)
    return live::account_gap(answer.error(), scope, "nothing of this account was seen");
  Gap gap;
  gap.kind = Gap::Kind::Call;
  gap.account = scope.account;
  gap.operation = "ec2:DescribeRegions";
  const bool denied = !answer && answer.error().kind == aws::CallError::Kind::Denied;
  gap.code = denied ? "ACCESS_DENIED" : "CALL_FAILED";
  gap.message = "nothing of this account was seen: " + printable(why_no_regions(answer));
  return gap;
}

}  // namespace

AwsSession::AwsSession(const AwsOptions& options, Log& log, aws::SharedConfig config,
                       aws::Settings settings, aws::HttpClient http)
    : options_(options),
      environment_(aws::process_environment()),
      config_(std::move(config)),
      settings_(std::move(settings)),
      http_(std::move(http)),
      client_(http_, settings_, &log),
      context_{client_,         http_,
               settings_,       config_,
               environment_,    seconds_now,
               options_.prompt, [&log](const std::string& message) { log.warning(message); }} {}

Result<std::unique_ptr<AwsSession>> AwsSession::open(const AwsOptions& options, Log& log) {
  const aws::Environment environment = aws::process_environment();
  TRY_LET(aws::SharedConfig config, aws::read_shared_config(environment));
  aws::SettingsOptions given;
  given.profile = options.profile;
  given.endpoint_url = options.endpoint_url;
  given.ca_bundle = options.ca_bundle;
  // Those of an aggregator are a choice of what it holds, and not where it is.
  if (!options.regions.empty() && options.aggregator.empty())
    given.region = options.regions.front();
  TRY_LET(aws::Settings settings, aws::read_settings(given, environment, config));
  TRY_DO(check_regions(options, settings));
  TRY_DO(check_units(options));
  aws::HttpOptions http_options;
  http_options.ca_bundle = settings.ca_bundle;
  http_options.max_transfers = std::max(http_options.max_transfers, options.concurrency + 8);
  TRY_LET(aws::HttpClient http, aws::HttpClient::create(std::move(http_options)));
  auto session = std::make_unique<AwsSession>(options, log, std::move(config), std::move(settings),
                                              std::move(http));
  TRY_DO(session->find_credentials());
  return session;
}

Result<void> AwsSession::find_credentials() {
  TRY_LET(std::unique_ptr<aws::CredentialSource> source, aws::find_credentials(context_));
  own_ = std::make_unique<aws::CredentialCache>(std::move(source), seconds_now);
  return {};
}

// STS and EC2 are asked there: in the right partition, wherever in it.
std::string AwsSession::home_region() const {
  return settings_.region.empty() ? "us-east-1" : settings_.region;
}

// Waits for the answers. No more than --concurrency are under way at once, as each may first have
// to act as a role.
std::vector<aws::Answer> AwsSession::ask(std::vector<aws::Call> calls, Progress& progress) {
  std::vector<std::optional<aws::Answer>> got(calls.size());
  size_t begun = 0;
  size_t missing = calls.size();
  std::mutex mutex;
  std::condition_variable changed;
  std::unique_lock lock(mutex);
  while (missing > 0) {
    while (begun < calls.size() && begun - (calls.size() - missing) < options_.concurrency) {
      const size_t i = begun++;
      progress.calls.fetch_add(1, std::memory_order_relaxed);
      lock.unlock();
      client_.start(std::move(calls[i]), [&, i](aws::Answer answer) {
        const std::scoped_lock held(mutex);
        got[i] = std::move(answer);
        --missing;
        changed.notify_all();
      });
      lock.lock();
    }
    if (missing > 0) changed.wait_for(lock, kStopPoll);
    progress.throttled = client_.throttled();
    if (!progress.stop || http_.is_cancelled()) continue;
    lock.unlock();
    http_.cancel();
    lock.lock();
  }
  std::vector<aws::Answer> answers;
  answers.reserve(got.size());
  for (std::optional<aws::Answer>& answer : got) answers.push_back(std::move(*answer));
  return answers;
}

Result<live::Scope> AwsSession::identify(Progress& progress) {
  aws::Call call{"sts", "GetCallerIdentity", home_region()};
  call.credentials = own_.get();
  const aws::Answer answer = std::move(ask({std::move(call)}, progress).front());
  if (!answer) {
    Error error = aws::to_error(answer.error());
    error.message = "AWS does not say whose the credentials are: " + error.message;
    return tl::make_unexpected(std::move(error));
  }
  json::Value result = answer->root["GetCallerIdentityResult"];
  if (!result.exists()) result = answer->root;
  live::Scope own;
  own.account = result["Account"].string_or("");
  const std::string_view caller = result["Arn"].string_or("");
  const Result<Arn> arn = parse_arn(caller);
  if (own.account.empty() || !arn)
    return fail(Error::Code::Io,
                "AWS does not say whose the credentials are: the answer to sts:GetCallerIdentity "
                "names no account");
  identity_ = caller;
  own.partition = arn->partition;
  own.credentials = own_.get();
  own_account_ = own.account;
  return own;
}

live::Scope AwsSession::member(const live::Scope& own, const std::string& account) {
  live::Scope scope;
  scope.account = account;
  scope.partition = own.partition;
  scope.role_arn =
      fmt::format("arn:{}:iam::{}:role/{}", own.partition, account, options_.role_name);
  aws::Role role;
  role.arn = scope.role_arn;
  role.external_id = options_.external_id;
  role.region = home_region();
  members_.push_back(std::make_unique<aws::CredentialCache>(
      aws::assume_role(context_, *own_, std::move(role)), seconds_now));
  scope.credentials = members_.back().get();
  return scope;
}

Result<std::vector<live::Scope>> AwsSession::scopes(Sink& sink, Progress& progress) {
  Result<live::Scope> own = identify(progress);
  if (progress.stop) return std::vector<live::Scope>{};
  if (!own) return tl::make_unexpected(std::move(own.error()));
  Result<std::vector<live::Scope>> scopes =
      options_.organization ? organization_accounts(*own, progress) : named_accounts(*own);
  if (progress.stop) return std::vector<live::Scope>{};
  if (!scopes) return scopes;
  TRY_DO(choose_regions(*scopes, sink, progress));
  return scopes;
}

Result<std::vector<live::Scope>> AwsSession::named_accounts(const live::Scope& own) {
  std::vector<live::Scope> scopes;
  std::set<std::string> seen;
  for (const std::string& account : options_.accounts) {
    if (!seen.insert(account).second) continue;
    if (account == own.account) {
      scopes.push_back(own);
    } else if (!options_.role_name.empty()) {
      scopes.push_back(member(own, account));
    } else {
      return fail(Error::Code::Invalid,
                  fmt::format("--account {}: the credentials are of account {}; say with "
                              "--role-name which role to act as in the other",
                              account, own.account));
    }
  }
  if (scopes.empty()) scopes.push_back(own);
  return scopes;
}

Result<std::vector<live::Scope>> AwsSession::organization_accounts(const live::Scope& own,
                                                                   Progress& progress) {
  aws::Call like{"organizations", "", home_region(), own.account};
  like.credentials = own_.get();
  TRY_LET(const live::Members members,
          live::list_members(*options_.organization, like, [&](std::vector<aws::Call> calls) {
            return ask(std::move(calls), progress);
          }));
  std::vector<live::Scope> scopes;
  for (const live::Member& of : members.chosen) {
    scopes.push_back(of.account == own.account ? own : member(own, of.account));
    scopes.back().name = of.name;
    if (of.manages) scopes.back().advice = kManagementAdvice;
  }
  notices_ = notices_of(members);
  if (scopes.empty())
    return fail(Error::Code::Invalid,
                "no account of the organisation is left to scan: see --ou, --account-tag, "
                "--exclude-ou and --exclude-account");
  return scopes;
}

Result<live::Scope> AwsSession::home(Progress& progress) {
  if (settings_.region.empty())
    return fail(
        Error::Code::Invalid,
        "in which Region the aggregator is, is not known: set AWS_REGION, or the profile's");
  TRY_LET(live::Scope own, identify(progress));
  own.regions = {settings_.region};
  return own;
}

Result<void> AwsSession::choose_regions(std::vector<live::Scope>& scopes, Sink& sink,
                                        Progress& progress) {
  if (!options_.regions.empty()) {
    for (live::Scope& scope : scopes) {
      for (const std::string& region : options_.regions) {
        if (std::ranges::find(scope.regions, region) == scope.regions.end())
          scope.regions.push_back(region);
      }
    }
    return {};
  }
  std::vector<aws::Call> calls;
  for (const live::Scope& scope : scopes) {
    aws::Call call{"ec2", "DescribeRegions", home_region(), scope.account};
    call.credentials = scope.credentials;
    calls.push_back(std::move(call));
  }
  const std::vector<aws::Answer> answers = ask(std::move(calls), progress);
  if (progress.stop) return {};
  for (size_t i = 0; i < scopes.size(); ++i) {
    if (answers[i]) scopes[i].regions = region_names(answers[i]->root);
    if (!scopes[i].regions.empty()) continue;
    if (scopes.size() == 1 && scopes[i].role_arn.empty())
      return fail(Error::Code::Invalid, why_no_regions(answers[i]));
    sink.gap(no_regions_gap(scopes[i], answers[i]));
  }
  return {};
}

Result<aws::Endpoint> AwsSession::sts_endpoint() const {
  return aws::resolve_endpoint(*aws::find_service("sts"), home_region(), settings_.endpoints);
}

Result<std::vector<live::Scope>> AwsSession::scopes_of(const std::vector<std::string>& accounts,
                                                       Progress& progress) {
  TRY_LET(const live::Scope own, identify(progress));
  std::vector<live::Scope> scopes;
  for (const std::string& account : accounts) {
    if (account == own.account)
      scopes.push_back(own);
    else if (!options_.role_name.empty())
      scopes.push_back(member(own, account));
  }
  return scopes;
}

aws::Answer AwsSession::call(aws::Call call, Progress& progress) {
  return std::move(ask({std::move(call)}, progress).front());
}

live::Transport AwsSession::transport() {
  return {[this](aws::Call call, aws::Client::Done done) {
            client_.start(std::move(call), std::move(done));
          },
          [this](std::function<void()> task) { http_.post(std::move(task)); },
          [this] { http_.cancel(); }, [this] { return client_.throttled(); }};
}

void AwsSession::log_counts(Log& log) const {
  const auto seconds = [](std::chrono::milliseconds time) {
    return std::chrono::duration<double>(time).count();
  };
  const auto line = [&](const std::string& what, const aws::OperationCounts& counts) {
    log.info(fmt::format(
        "{}: {}, {}, {} throttled, {} failed, {} bytes, {:.1f} s waited, {:.1f} s of it throttled",
        what, count_of(counts.calls, "call"),
        count_of(counts.attempts - std::min(counts.attempts, counts.calls), "retry", "retries"),
        counts.throttled, counts.failed, counts.bytes, seconds(counts.waited),
        seconds(counts.held)));
  };
  aws::OperationCounts sum;
  for (const aws::OperationCounts& counts : client_.counts()) {
    line(counts.service + ":" + counts.operation, counts);
    sum.calls += counts.calls;
    sum.attempts += counts.attempts;
    sum.throttled += counts.throttled;
    sum.failed += counts.failed;
    sum.bytes += counts.bytes;
    sum.waited += counts.waited;
    sum.held += counts.held;
  }
  line("all calls", sum);
  const size_t connections = http_.connections();
  log.info(fmt::format("{} made to AWS", connections == 1
                                             ? "1 connection was"
                                             : fmt::format("{} connections were", connections)));
}

}  // namespace sagewarden
