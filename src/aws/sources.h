// The single sources of credentials that provider.cc puts in order. All of them fetch anew each
// time they are asked.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "aws/provider.h"
#include "base/json.h"

namespace sagewarden::aws {

using SourcePtr = std::unique_ptr<CredentialSource>;

// Credentials as the various services write them: AccessKeyId, SecretAccessKey, the token under the
// name given, Expiration (ISO 8601) and AccountId. Errors: a key is missing.
Result<Credentials> read_credentials(json::Value object, std::string_view token_name,
                                     std::string source);

// The same ones each time.
SourcePtr fixed_source(Credentials credentials);

// A program that prints them (the profile's credential_process). Its command is split into words as
// a shell would, but no shell is asked.
SourcePtr process_source(std::string command, const std::string& profile);
Result<std::vector<std::string>> split_command(std::string_view command);

// IAM Identity Center, with the token that `aws sso login` left behind.
struct SsoProfile {
  std::string profile;
  std::string session;  // empty: the older form, without a session
  std::string start_url;
  std::string region;
  std::string account_id;
  std::string role_name;
};
SourcePtr sso_source(const ProviderContext& context, SsoProfile profile);

// A role for whom holds a token of an identity provider (EKS, GitHub Actions).
struct WebIdentity {
  std::string role_arn;
  std::string session_name;  // empty: "sagewarden"
  std::string token_file;    // read each time: it is replaced while we run
};
SourcePtr web_identity_source(const ProviderContext& context, WebIdentity identity);

// assume_role() with what another source gives.
SourcePtr chained_role_source(const ProviderContext& context, SourcePtr base, Role role);

// Errors: the environment names an address that credentials must not be fetched from.
Result<SourcePtr> container_source(const ProviderContext& context);
bool has_container(const Environment& environment);

SourcePtr instance_source(const ProviderContext& context);

}  // namespace sagewarden::aws
