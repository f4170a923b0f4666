#include "aws/sources.h"

#include <utility>

#include "base/iso_time.h"

namespace sagewarden::aws {
namespace {

class Fixed : public CredentialSource {
 public:
  explicit Fixed(Credentials credentials) : credentials_(std::move(credentials)) {}
  Result<Credentials> fetch() override { return credentials_; }

 private:
  Credentials credentials_;
};

}  // namespace

Result<Credentials> read_credentials(json::Value object, std::string_view token_name,
                                     std::string source) {
  const std::string_view expiration = object["Expiration"].string_or("");
  Credentials credentials{.access_key_id = std::string(object["AccessKeyId"].string_or("")),
                          .secret_access_key = Secret(object["SecretAccessKey"].string_or("")),
                          .session_token = Secret(object[token_name].string_or("")),
                          .account = std::string(object["AccountId"].string_or("")),
                          .source = std::move(source)};
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty())
    return fail(Error::Code::Invalid,
                "there is no AccessKeyId or no SecretAccessKey in the answer");
  if (!expiration.empty()) {
    const int64_t milliseconds = parse_iso_time(expiration);
    if (milliseconds == 0)
      return fail(Error::Code::Invalid, "the Expiration in the answer is no time");
    credentials.expires = milliseconds / 1'000;
  }
  return credentials;
}

SourcePtr fixed_source(Credentials credentials) {
  return std::make_unique<Fixed>(std::move(credentials));
}

}  // namespace sagewarden::aws
