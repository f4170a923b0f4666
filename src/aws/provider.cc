#include "aws/provider.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "aws/sources.h"
#include "base/text.h"

namespace sagewarden::aws {
namespace {

// Both halves of a pair of keys, or an error that says which is missing; nothing when there is
// neither.
Result<SourcePtr> key_source(std::string_view id, std::string_view secret, std::string_view token,
                             std::string source) {
  if (id.empty() && secret.empty()) return SourcePtr();
  if (id.empty() || secret.empty())
    return fail(Error::Code::Invalid,
                fmt::format("{}: there is {}, but not {}", source,
                            id.empty() ? "a secret access key" : "an access key id",
                            id.empty() ? "its id" : "its secret"));
  return fixed_source({.access_key_id = std::string(id),
                       .secret_access_key = Secret(secret),
                       .session_token = Secret(token),
                       .source = std::move(source)});
}

Result<SourcePtr> environment_source(const Environment& environment) {
  return key_source(environment("AWS_ACCESS_KEY_ID"), environment("AWS_SECRET_ACCESS_KEY"),
                    environment("AWS_SESSION_TOKEN"), "environment variables");
}

// Resolves one profile after another, as source_profile leads.
class Profiles {
 public:
  explicit Profiles(const ProviderContext& context) : context_(context) {}

  // Null when the profile has nothing to do with credentials.
  Result<SourcePtr> source(const std::string& profile) {
    TRY_LET(SourcePtr role, role_source(profile));
    if (role) return role;
    TRY_LET(SourcePtr web, web_source(profile));
    if (web) return web;
    return own_source(profile);
  }

  // role_arn with source_profile or credential_source
  Result<SourcePtr> role_source(const std::string& profile) {
    const std::string from_profile = value(profile, "source_profile");
    const std::string from_source = value(profile, "credential_source");
    if (value(profile, "role_arn").empty() || !value(profile, "web_identity_token_file").empty())
      return SourcePtr();
    if (from_profile.empty() == from_source.empty())
      return fail(Error::Code::Invalid,
                  fmt::format("the profile {} has a role_arn with {} source_profile {} "
                              "credential_source; it needs one of them",
                              printable(profile), from_profile.empty() ? "neither" : "both",
                              from_profile.empty() ? "nor" : "and"));
    if (std::ranges::find(visited_, profile) != visited_.end())
      return fail(Error::Code::Invalid,
                  fmt::format("the profile {} is its own source_profile, by way of others",
                              printable(profile)));
    visited_.push_back(profile);
    TRY_LET(Role role, role_of(profile));
    TRY_LET(SourcePtr base, from_source.empty() ? source_profile(profile, from_profile)
                                                : credential_source(profile, from_source));
    return chained_role_source(context_, std::move(base), std::move(role));
  }

  Result<SourcePtr> web_source(const std::string& profile) const {
    const std::string file = value(profile, "web_identity_token_file");
    const std::string role = value(profile, "role_arn");
    if (file.empty()) return SourcePtr();
    if (role.empty())
      return fail(Error::Code::Invalid,
                  fmt::format("the profile {} has a web_identity_token_file, but no role_arn",
                              printable(profile)));
    return web_identity_source(context_, {.role_arn = role,
                                          .session_name = value(profile, "role_session_name"),
                                          .token_file = expand_home(file, context_.environment)});
  }

  // What is not a role: Identity Center, keys, a program.
  Result<SourcePtr> own_source(const std::string& profile) const {
    TRY_LET(SourcePtr sso, sso_of(profile));
    if (sso) return sso;
    TRY_LET(SourcePtr keys, keys_of(context_.config.credentials(profile), profile));
    if (keys) return keys;
    if (std::string command = value(profile, "credential_process"); !command.empty())
      return process_source(std::move(command), profile);
    return keys_of(context_.config.profile(profile), profile);
  }

 private:
  std::string value(std::string_view profile, std::string_view name) const {
    return std::string(context_.config.value(profile, name));
  }

  static Result<SourcePtr> keys_of(const ConfigSection* section, const std::string& profile) {
    if (section == nullptr) return SourcePtr();
    return key_source((*section)["aws_access_key_id"], (*section)["aws_secret_access_key"],
                      (*section)["aws_session_token"],
                      fmt::format("the profile {} ({})", printable(profile), section->place));
  }

  Result<SourcePtr> source_profile(const std::string& profile, const std::string& other) {
    if (!context_.config.has_profile(other))
      return fail(Error::Code::NotFound,
                  fmt::format("source_profile of the profile {} is '{}', which does not exist",
                              printable(profile), printable(other)));
    // Its own keys are meant when it names itself.
    TRY_LET(SourcePtr found, other == profile ? own_source(other) : source(other));
    if (!found)
      return fail(Error::Code::Invalid,
                  fmt::format("source_profile of the profile {} is '{}', which has no credentials",
                              printable(profile), printable(other)));
    return found;
  }

  Result<SourcePtr> credential_source(const std::string& profile, const std::string& name) const {
    if (name == "Ec2InstanceMetadata") return instance_source(context_);
    const std::string where =
        fmt::format("credential_source of the profile {} is {}", printable(profile), name);
    SourcePtr found;
    if (name == "Environment") {
      TRY_LET(found, environment_source(context_.environment));
    } else if (name == "EcsContainer") {
      if (has_container(context_.environment)) return container_source(context_);
    } else {
      return fail(Error::Code::Invalid,
                  fmt::format("credential_source of the profile {} is '{}', but must be "
                              "Environment, Ec2InstanceMetadata or EcsContainer",
                              printable(profile), printable(name)));
    }
    if (!found) return fail(Error::Code::NotFound, where + ", but the environment has none");
    return found;
  }

  Result<Role> role_of(const std::string& profile) const {
    Role role{.arn = value(profile, "role_arn"),
              .session_name = value(profile, "role_session_name"),
              .external_id = value(profile, "external_id"),
              .mfa_serial = value(profile, "mfa_serial")};
    const std::string duration = value(profile, "duration_seconds");
    if (duration.empty()) return role;
    constexpr int kShortest = 900;
    constexpr int kLongest = 43'200;
    const char* end = duration.data() + duration.size();
    const auto [stop, error] = std::from_chars(duration.data(), end, role.duration_seconds);
    if (error != std::errc() || stop != end || role.duration_seconds < kShortest ||
        role.duration_seconds > kLongest)
      return fail(Error::Code::Invalid,
                  fmt::format("duration_seconds of the profile {} is '{}', but must be a number "
                              "from {} to {}",
                              printable(profile), printable(duration), kShortest, kLongest));
    return role;
  }

  Result<SourcePtr> sso_of(const std::string& profile) const {
    SsoProfile sso{.profile = profile,
                   .session = value(profile, "sso_session"),
                   .start_url = value(profile, "sso_start_url"),
                   .region = value(profile, "sso_region"),
                   .account_id = value(profile, "sso_account_id"),
                   .role_name = value(profile, "sso_role_name")};
    if (sso.session.empty() && sso.start_url.empty()) return SourcePtr();
    if (!sso.session.empty()) {
      const ConfigSection* session = context_.config.sso_session(sso.session);
      if (session == nullptr)
        return fail(
            Error::Code::NotFound,
            fmt::format("sso_session of the profile {} is '{}', but there is no section "
                        "[sso-session {}]",
                        printable(profile), printable(sso.session), printable(sso.session)));
      sso.start_url = (*session)["sso_start_url"];
      sso.region = (*session)["sso_region"];
    }
    // A session without account and role is for other tools (a bearer token).
    if (sso.account_id.empty() && sso.role_name.empty()) return SourcePtr();
    for (const auto& [name, text] :
         {std::pair("sso_region", &sso.region), std::pair("sso_account_id", &sso.account_id),
          std::pair("sso_role_name", &sso.role_name)}) {
      if (text->empty())
        return fail(Error::Code::Invalid,
                    fmt::format("the profile {} has no {}", printable(profile), name));
    }
    return sso_source(context_, std::move(sso));
  }

  const ProviderContext& context_;
  std::vector<std::string> visited_;
};

// Names what was looked at when there is nothing there.
class LastResort : public CredentialSource {
 public:
  LastResort(SourcePtr instance, std::string profile)
      : instance_(std::move(instance)), profile_(std::move(profile)) {}

  Result<Credentials> fetch() override {
    Result<Credentials> got = instance_ ? instance_->fetch() : not_asked();
    if (got) return got;
    return fail(
        Error::Code::NotFound,
        fmt::format("there are no AWS credentials: none in the environment, in the profile "
                    "{} or of a container; and {}. Name a profile (--profile, AWS_PROFILE), "
                    "or make one: aws configure",
                    printable(profile_), got.error().message));
  }

 private:
  static Result<Credentials> not_asked() {
    return fail(Error::Code::NotFound, "AWS_EC2_METADATA_DISABLED is set");
  }

  SourcePtr instance_;  // null: not to be asked
  std::string profile_;
};

}  // namespace

Result<SourcePtr> find_credentials(const ProviderContext& context) {
  const Environment& environment = context.environment;
  if (!context.settings.profile_was_given) {
    TRY_LET(SourcePtr keys, environment_source(environment));
    if (keys) return keys;
  }
  const std::string& profile = context.settings.profile;
  Profiles profiles(context);
  TRY_LET(SourcePtr role, profiles.role_source(profile));
  if (role) return role;
  const WebIdentity web{.role_arn = environment("AWS_ROLE_ARN"),
                        .session_name = environment("AWS_ROLE_SESSION_NAME"),
                        .token_file = environment("AWS_WEB_IDENTITY_TOKEN_FILE")};
  if (!web.token_file.empty() && !web.role_arn.empty() && !context.settings.profile_was_given)
    return web_identity_source(context, web);
  TRY_LET(SourcePtr from_profile, profiles.web_source(profile));
  if (!from_profile) {
    TRY_LET(from_profile, profiles.own_source(profile));
  }
  if (from_profile) return from_profile;
  if (has_container(environment)) return container_source(context);
  const bool disabled = lower(environment("AWS_EC2_METADATA_DISABLED")) == "true";
  return SourcePtr(
      std::make_unique<LastResort>(disabled ? SourcePtr() : instance_source(context), profile));
}

}  // namespace sagewarden::aws
