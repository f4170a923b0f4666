// One use of AWS: who the user is, which accounts and Regions are meant, and the way there.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/client.h"
#include "aws/config_file.h"
#include "aws/credential_cache.h"
#include "aws/http.h"
#include "aws/provider.h"
#include "aws/settings.h"
#include "base/log.h"
#include "base/result.h"
#include "source/live/live.h"
#include "source/live/organization.h"

namespace sagewarden {

// Who is asked for the resources.
enum class AwsSource : uint8_t {
  SageMaker,
  Config,            // what AWS Config has recorded, of each account and Region
  ConfigAggregator,  // the same of all that an aggregator collects
};

// The role to act as where none is named: of the template that `policy audit` prints.
inline constexpr std::string_view kDefaultRole = "SagewardenAudit";

struct AwsOptions {
  AwsSource from = AwsSource::SageMaker;
  std::string aggregator;
  std::string profile;  // empty: by the environment
  std::string endpoint_url;
  std::string ca_bundle;
  std::vector<std::string> regions;   // empty: those that the account has enabled
  std::vector<std::string> accounts;  // empty: the one of the credentials
  // All of the organisation, or what is chosen of it. Not together with `accounts`.
  std::optional<live::OrganizationChoice> organization;
  std::string role_name;  // to act as in other accounts
  std::string external_id;
  size_t concurrency = 32;  // calls at once
  // Asks the user for the code of an MFA device; null where nobody can be asked.
  std::function<Result<std::string>(const std::string& question)> prompt;
};

class AwsSession {
 public:
  // Reads the settings and finds credentials; nothing is asked of AWS's API yet, though credentials
  // may come from a service. The log must outlive it.
  static Result<std::unique_ptr<AwsSession>> open(const AwsOptions& options, Log& log);

  // For open().
  AwsSession(const AwsOptions& options, Log& log, aws::SharedConfig config, aws::Settings settings,
             aws::HttpClient http);

  // The accounts and Regions to scan. Errors: the credentials are no good, their account is not one
  // of those asked for and there is no role, its enabled Regions cannot be listed, or the
  // organisation's accounts cannot. Of further accounts, the Regions become a gap. Ends early, with
  // what it has, when progress.stop is set.
  Result<std::vector<live::Scope>> scopes(Sink& sink, Progress& progress);
  // The credentials' own account, and the Region of the environment or the profile: where an
  // aggregator is. Error: none is set.
  Result<live::Scope> home(Progress& progress);

  // Whose the credentials are: the caller's ARN, by AWS; empty before scopes().
  const std::string& identity() const { return identity_; }
  // Where that is asked.
  Result<aws::Endpoint> sts_endpoint() const;
  aws::HttpClient& http() { return http_; }
  // Makes the calls and waits for the answers, which come in the same order. No more than
  // --concurrency are under way at once. progress.stop cancels them, and all later ones.
  std::vector<aws::Answer> ask(std::vector<aws::Call> calls, Progress& progress);
  // What else is to be known of the accounts: which ones are not active.
  const std::vector<std::string>& notices() const { return notices_; }
  // The accounts to act in, whatever the options say: with the own credentials or the role. Those
  // that need a role and have none are left out. Errors: the credentials are no good.
  Result<std::vector<live::Scope>> scopes_of(const std::vector<std::string>& accounts,
                                             Progress& progress);
  const std::string& own_account() const { return own_account_; }
  aws::CredentialCache& credentials() { return *own_; }
  // The Region of the settings, or one that every account has.
  std::string home_region() const;

  // Calls and waits; may be called by several threads at once. Ends early when progress.stop is
  // set.
  aws::Answer call(aws::Call call, Progress& progress);

  live::Transport transport();
  void log_counts(Log& log) const;

 private:
  Result<void> find_credentials();
  Result<live::Scope> identify(Progress& progress);
  live::Scope member(const live::Scope& own, const std::string& account);
  Result<std::vector<live::Scope>> named_accounts(const live::Scope& own);
  Result<std::vector<live::Scope>> organization_accounts(const live::Scope& own,
                                                         Progress& progress);
  Result<void> choose_regions(std::vector<live::Scope>& scopes, Sink& sink, Progress& progress);

  const AwsOptions options_;
  aws::Environment environment_;
  aws::SharedConfig config_;
  aws::Settings settings_;
  aws::HttpClient http_;
  aws::Client client_;
  aws::ProviderContext context_;
  std::string identity_;
  std::unique_ptr<aws::CredentialCache> own_;
  std::string own_account_;  // once it was asked for
  std::vector<std::unique_ptr<aws::CredentialCache>> members_;
  std::vector<std::string> notices_;
};

}  // namespace sagewarden
