#include <fmt/format.h>

#include <utility>

#include "aws/digest.h"
#include "aws/sources.h"
#include "base/file.h"
#include "base/iso_time.h"
#include "base/json_writer.h"
#include "base/output.h"
#include "base/text.h"
#include "base/time.h"

namespace sagewarden::aws {
namespace {

constexpr size_t kMaxCacheBytes = 1'000'000;
constexpr int64_t kRefreshBefore = 900;  // seconds

int64_t time_in(json::Value object, std::string_view name) {
  return parse_iso_time(object[name].string_or("")) / 1'000;
}

class Sso : public CredentialSource {
 public:
  Sso(const ProviderContext& context, SsoProfile profile)
      : context_(context), profile_(std::move(profile)) {
    // Where AWS's CLI keeps it.
    const std::string name = profile_.session.empty() ? profile_.start_url : profile_.session;
    cache_file_ = expand_home("~/.aws/sso/cache/" + sha1_hex(name) + ".json", context.environment);
  }

  Result<Credentials> fetch() override {
    TRY_LET(const Secret token, access_token());
    std::string input;
    json::Writer(input)
        .begin_object()
        .member("role_name", profile_.role_name)
        .member("account_id", profile_.account_id)
        .end_object();
    Call call{.service = "sso",
              .operation = "GetRoleCredentials",
              .region = profile_.region,
              .account = profile_.account_id,
              .input = std::move(input),
              .headers = {{"x-amz-sso_bearer_token", std::string(token.reveal())}}};
    const Answer answer = context_.client.call(std::move(call));
    if (!answer && answer.error().kind == CallError::Kind::Credentials) return logged_out();
    if (!answer) return tl::make_unexpected(to_error(answer.error()));
    return read(answer->root["roleCredentials"]);
  }

 private:
  tl::unexpected<Error> logged_out() const {
    return fail(Error::Code::Denied,
                fmt::format("the login of the profile {0} at IAM Identity Center has ended; run: "
                            "aws sso login --profile {0}",
                            printable(profile_.profile)));
  }

  // Other names than everywhere else, and milliseconds.
  Result<Credentials> read(json::Value object) const {
    const json::Value expiration = object["expiration"];
    Credentials credentials{
        .access_key_id = std::string(object["accessKeyId"].string_or("")),
        .secret_access_key = Secret(object["secretAccessKey"].string_or("")),
        .session_token = Secret(object["sessionToken"].string_or("")),
        .account = profile_.account_id,
        .source = fmt::format("IAM Identity Center, profile {}", printable(profile_.profile))};
    if (credentials.access_key_id.empty() || credentials.secret_access_key.empty() ||
        !expiration.exists() || expiration.kind() != json::Kind::Int)
      return fail(Error::Code::Invalid,
                  fmt::format("{}: the answer is incomplete", credentials.source));
    credentials.expires = expiration.integer() / 1'000;
    return credentials;
  }

  Result<Secret> access_token() {
    const Result<std::string> text = read_file(cache_file_, kMaxCacheBytes);
    if (!text && text.error().code == Error::Code::NotFound) return logged_out();
    if (!text) return tl::make_unexpected(text.error());
    const Result<json::Document> document = json::parse_document(*text);
    if (!document || !document->root["accessToken"].is_string())
      return fail(Error::Code::Invalid, cache_file_ + " is no cached token of AWS's CLI");
    const json::Value cached = document->root;
    const int64_t left = time_in(cached, "expiresAt") - context_.now();
    if (left < kRefreshBefore && can_refresh(cached)) {
      Result<Secret> fresh = refresh(cached);
      if (fresh) return fresh;
    }
    if (left <= 0) return logged_out();
    return Secret(cached["accessToken"].string_or(""));
  }

  bool can_refresh(json::Value cached) const {
    return !profile_.session.empty() && cached["refreshToken"].is_string() &&
           cached["clientId"].is_string() && cached["clientSecret"].is_string() &&
           time_in(cached, "registrationExpiresAt") > context_.now();
  }

  Result<Secret> refresh(json::Value cached) {
    std::string input;
    json::Writer(input)
        .begin_object()
        .member("clientId", cached["clientId"].string_or(""))
        .member("clientSecret", cached["clientSecret"].string_or(""))
        .member("grantType", "refresh_token")
        .member("refreshToken", cached["refreshToken"].string_or(""))
        .end_object();
    Call call{.service = "sso-oidc",
              .operation = "CreateToken",
              .region = profile_.region,
              .input = std::move(input)};
    const Answer answer = context_.client.call(std::move(call));
    if (!answer) return tl::make_unexpected(to_error(answer.error()));
    const json::Value token = answer->root["accessToken"];
    const json::Value life = answer->root["expiresIn"];
    if (!token.is_string() || !life.exists() || life.kind() != json::Kind::Int)
      return fail(Error::Code::Invalid, "sso-oidc:CreateToken: the answer is incomplete");
    // The old refresh token may be used up now: who comes next must find the new one. The token at
    // hand is good even when that fails.
    const Result<void> kept = keep(cached, answer->root, context_.now() + life.integer());
    if (!kept) context_.warn(kept.error().message);
    return Secret(token.string_or(""));
  }

  // The file as it was, with what is new.
  Result<void> keep(json::Value cached, json::Value answer, int64_t expires) const {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    for (const auto& [name, value] : cached.members()) {
      if (name == "accessToken" || name == "expiresAt" || name == "refreshToken") continue;
      out.key(name).value(value);
    }
    out.member("accessToken", answer["accessToken"].string_or(""));
    out.member("expiresAt", iso_time(expires));
    out.member("refreshToken",
               answer["refreshToken"].string_or(cached["refreshToken"].string_or("")));
    out.end_object();
    // Keeps the file's mode, which is its owner's only.
    TRY_LET(const std::unique_ptr<Output> file, create_file_output(cache_file_));
    TRY_DO(file->write(text));
    return file->commit();
  }

  const ProviderContext context_;
  SsoProfile profile_;
  std::string cache_file_;
};

}  // namespace

SourcePtr sso_source(const ProviderContext& context, SsoProfile profile) {
  return std::make_unique<Sso>(context, std::move(profile));
}

}  // namespace sagewarden::aws
