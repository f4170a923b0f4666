#include <fmt/format.h>

#include <utility>

#include "aws/sources.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "model/arn.h"

namespace sagewarden::aws {
namespace {

constexpr size_t kMaxIdentityTokenBytes = 100'000;
constexpr std::string_view kSessionName = "sagewarden";

// STS has an endpoint in every Region, and a role is the same through all of them.
std::string sts_region(const Settings& settings, const std::string& wanted) {
  if (!wanted.empty()) return wanted;
  return settings.region.empty() ? "us-east-1" : settings.region;
}

std::string account_of(std::string_view role_arn) {
  const Result<Arn> arn = parse_arn(role_arn);
  return arn ? std::string(arn->account_id) : std::string();
}

// The answer of AssumeRole and its relatives.
Result<Credentials> credentials_in(Answer answer, std::string_view role_arn) {
  if (!answer) return tl::make_unexpected(to_error(answer.error()));
  std::string source = fmt::format("the role {}", printable(role_arn));
  Result<Credentials> credentials =
      read_credentials(answer->root["Credentials"], "SessionToken", source);
  if (!credentials)
    return fail(credentials.error().code, source + ": " + credentials.error().message);
  credentials->account = account_of(role_arn);
  return credentials;
}

class RoleSource : public CredentialSource {
 public:
  RoleSource(const ProviderContext& context, CredentialCache& base, Role role)
      : context_(context), base_(base), role_(std::move(role)) {}

  Result<Credentials> fetch() override {
    // First, so that it is not the HTTP client's thread that finds there are none.
    TRY_DO(base_.get());
    TRY_LET(std::string input, input_text());
    Call call{.service = "sts",
              .operation = "AssumeRole",
              .region = sts_region(context_.settings, role_.region),
              .input = std::move(input),
              .credentials = &base_};
    return credentials_in(context_.client.call(std::move(call)), role_.arn);
  }

 private:
  Result<std::string> input_text() const {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.member("RoleArn", role_.arn);
    out.member("RoleSessionName",
               role_.session_name.empty() ? kSessionName : std::string_view(role_.session_name));
    if (!role_.external_id.empty()) out.member("ExternalId", role_.external_id);
    if (role_.duration_seconds != 0) out.key("DurationSeconds").integer(role_.duration_seconds);
    if (!role_.mfa_serial.empty()) {
      if (!context_.prompt)
        return fail(Error::Code::Denied,
                    fmt::format("the role {} needs a code from the MFA device {}, and there is "
                                "nobody to ask for it",
                                printable(role_.arn), printable(role_.mfa_serial)));
      TRY_LET(const std::string code,
              context_.prompt(fmt::format("MFA code for {}: ", printable(role_.mfa_serial))));
      out.member("SerialNumber", role_.mfa_serial);
      out.member("TokenCode", trim(code));
    }
    out.end_object();
    return text;
  }

  const ProviderContext context_;
  CredentialCache& base_;
  Role role_;
};

// Owns what it builds upon.
class ChainedRole : public CredentialSource {
 public:
  ChainedRole(const ProviderContext& context, SourcePtr base, Role role)
      : base_(std::move(base), context.now), role_(context, base_, std::move(role)) {}

  Result<Credentials> fetch() override { return role_.fetch(); }

 private:
  CredentialCache base_;
  RoleSource role_;
};

class WebIdentitySource : public CredentialSource {
 public:
  WebIdentitySource(const ProviderContext& context, WebIdentity identity)
      : context_(context), identity_(std::move(identity)) {}

  Result<Credentials> fetch() override {
    Result<std::string> token = read_file(identity_.token_file, kMaxIdentityTokenBytes);
    if (!token) return fail(token.error().code, "the web identity token: " + token.error().message);
    std::string text;
    json::Writer(text)
        .begin_object()
        .member("RoleArn", identity_.role_arn)
        .member("RoleSessionName", identity_.session_name.empty()
                                       ? kSessionName
                                       : std::string_view(identity_.session_name))
        .member("WebIdentityToken", trim(*token))
        .end_object();
    Call call{.service = "sts",
              .operation = "AssumeRoleWithWebIdentity",
              .region = sts_region(context_.settings, ""),
              .input = std::move(text)};
    return credentials_in(context_.client.call(std::move(call)), identity_.role_arn);
  }

 private:
  const ProviderContext context_;
  WebIdentity identity_;
};

}  // namespace

std::unique_ptr<CredentialSource> assume_role(const ProviderContext& context, CredentialCache& base,
                                              Role role) {
  return std::make_unique<RoleSource>(context, base, std::move(role));
}

SourcePtr chained_role_source(const ProviderContext& context, SourcePtr base, Role role) {
  return std::make_unique<ChainedRole>(context, std::move(base), std::move(role));
}

SourcePtr web_identity_source(const ProviderContext& context, WebIdentity identity) {
  return std::make_unique<WebIdentitySource>(context, std::move(identity));
}

}  // namespace sagewarden::aws
