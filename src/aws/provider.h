// Where credentials come from: the chain of AWS's SDKs, and roles in other accounts.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "aws/client.h"
#include "aws/config_file.h"
#include "aws/credential_cache.h"
#include "aws/environment.h"
#include "aws/http.h"
#include "aws/settings.h"

namespace sagewarden::aws {

// What sources need of the world around them. All of it must outlive the sources.
struct ProviderContext {
  Client& client;    // for STS and SSO
  HttpClient& http;  // for metadata services
  const Settings& settings;
  const SharedConfig& config;
  const Environment& environment;
  std::function<int64_t()> now;  // seconds since 1970
  // Asks the user for the code of an MFA device ("MFA code for arn:…: "); null where nobody can be
  // asked.
  std::function<Result<std::string>(const std::string& question)> prompt;
  std::function<void(const std::string& message)> warn;
};

// The first of these that is configured counts; one that is configured and does not work is an
// error, not a reason to try the next:
//   1. the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
//   2. the profile: role_arn with source_profile or credential_source
//   3. web identity: the environment's AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN, or the
//      profile's web_identity_token_file and role_arn
//   4. the profile: IAM Identity Center (sso_session, or the older sso_start_url)
//   5. the profile: keys, in the credentials file
//   6. the profile: credential_process
//   7. the profile: keys, in the config file
//   8. the container's: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or …_FULL_URI (ECS, EKS)
//   9. the machine's: EC2's instance metadata, version 2
// This is botocore's order. When --profile was given, what the environment says (1 and 3) is not
// meant. Errors: nothing of it is configured (the message says what to do), or
// what is configured contradicts itself.
Result<std::unique_ptr<CredentialSource>> find_credentials(const ProviderContext& context);

// A role to act as.
struct Role {
  std::string arn;
  std::string session_name = {};  // empty: "sagewarden"
  std::string external_id = {};
  int duration_seconds = 0;  // 0: AWS's default, one hour
  std::string mfa_serial = {};
  std::string region = {};  // whose STS is asked
};

// Acts as the role with what `base` gives, which must outlive the source. For the members of an
// organisation.
std::unique_ptr<CredentialSource> assume_role(const ProviderContext& context, CredentialCache& base,
                                              Role role);

}  // namespace sagewarden::aws
