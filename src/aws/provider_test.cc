#include "aws/provider.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>

#include "aws/digest.h"
#include "aws/server_for_tests.h"
#include "aws/sources.h"
#include "base/file.h"
#include "base/text.h"

namespace sagewarden::aws {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kNow = 1'795'514'400;  // 2026-11-24T10:00:00Z

// A machine: its environment, files and services around it, all of them one server.
class Providers : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) unsetenv(name);
    std::string pattern = (fs::temp_directory_path() / "sagewarden-aws-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    variables_["HOME"] = folder_;
    variables_["AWS_EC2_METADATA_DISABLED"] = "true";
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(std::string_view name, std::string_view text) const {
    std::string path = folder_ + "/" + std::string(name);
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path) << text;
    chmod(path.c_str(), 0600);
    return path;
  }

  // "KEY SECRET TOKEN expires account (source)", or the error.
  std::string fetch(std::string_view config, std::string_view credentials = "",
                    const std::string& profile = "") {
    SharedConfig shared;
    EXPECT_TRUE(shared.add(ConfigFile::Config, config, "config"));
    EXPECT_TRUE(shared.add(ConfigFile::Credentials, credentials, "credentials"));
    const Environment environment = [this](const char* name) { return variables_[name]; };
    Result<Settings> settings = read_settings({.profile = profile}, environment, shared);
    if (!settings) return settings.error().message;
    settings->endpoints.overrides = {{"", server_.origin(), "a test"}};
    settings->region = "eu-west-1";
    settings->retries = {RetryMode::Standard, 1};
    HttpClient http = *HttpClient::create({});
    Client client(http, *settings, nullptr, {[] { return kNow; }, [] { return 0.0; }});
    const ProviderContext context{
        .client = client,
        .http = http,
        .settings = *settings,
        .config = shared,
        .environment = environment,
        .now = [] { return kNow; },
        .prompt = prompt_,
        .warn = [this](const std::string& message) { warning_ = message; }};
    Result<std::unique_ptr<CredentialSource>> source = find_credentials(context);
    if (!source) return source.error().message;
    const Result<Credentials> got = (*source)->fetch();
    if (!got) return got.error().message;
    return fmt::format("{} {} {} {} {} ({})", got->access_key_id, got->secret_access_key.reveal(),
                       got->session_token.reveal(),
                       got->expires ? std::to_string(*got->expires - kNow) : "-", got->account,
                       got->source);
  }

  // Answers as STS, IAM Identity Center, a container's and an instance's services do.
  Reply answer(const Received& got) {
    const std::lock_guard lock(mutex_);
    asked_ += got.method + " " + got.target + "\n" + got.body + "\n";
    authorization_ = got.header("authorization");
    if (got.body.starts_with("Action=AssumeRole")) return role_reply(got.body);
    if (got.target.starts_with("/federation/credentials")) {
      if (got.header("x-amz-sso_bearer_token") != good_token_)
        return {.status = 401,
                .headers = {{"x-amzn-ErrorType", "UnauthorizedException"}},
                .body = R"({"message":"Session token not found or invalid"})"};
      return {.body =
                  fmt::format(R"({{"roleCredentials":{{"accessKeyId":"SSO","secretAccessKey":"s",)"
                              R"("sessionToken":"t","expiration":{}000}}}})",
                              kNow + 3'600)};
    }
    if (got.target == "/token")
      return {.body = R"({"accessToken":"fresh","expiresIn":28800,"refreshToken":"next"})"};
    if (got.target.starts_with("/container"))
      return {.body = R"({"AccessKeyId":"ECS","SecretAccessKey":"s","Token":"t",)"
                      R"("Expiration":"2026-11-24T11:00:00Z"})"};
    if (got.target == "/latest/api/token" && got.method == "PUT") return {.body = "imds-token"};
    if (got.header("x-aws-ec2-metadata-token") != "imds-token") return {.status = 401};
    if (got.target.ends_with("/security-credentials/")) return {.body = role_ + "\n"};
    return {.body = R"({"Code":"Success","AccessKeyId":"EC2","SecretAccessKey":"s","Token":"t",)"
                    R"("Expiration":"2026-11-24T16:00:00Z"})"};
  }

  static Reply role_reply(std::string_view body) {
    const std::string action(body.substr(7, body.find('&') - 7));
    return {.body =
                fmt::format("<{0}Response><{0}Result><Credentials><AccessKeyId>ROLE</AccessKeyId>"
                            "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
                            "<Expiration>2026-11-24T11:00:00Z</Expiration></Credentials>"
                            "</{0}Result></{0}Response>",
                            action)};
  }

  std::string folder_;
  std::map<std::string, std::string, std::less<>> variables_;
  std::function<Result<std::string>(const std::string&)> prompt_;
  std::string warning_;
  std::string good_token_ = "cached";
  std::string role_ = "instance-role";
  std::mutex mutex_;
  std::string asked_;
  std::string authorization_;
  TestServer server_{[this](const Received& got) { return answer(got); }};
};

TEST_F(Providers, KeysAndTheirOrder) {
  constexpr std::string_view kKeys = "aws_access_key_id = {}\naws_secret_access_key = s\n";
  const auto keys = [&](std::string_view id) { return fmt::format(fmt::runtime(kKeys), id); };
  const std::string credentials =
      "[default]\n" + keys("CREDENTIALS") + "[other]\n" + keys("OTHER") + "aws_session_token = t\n";
  const std::string config = "[default]\n" + keys("CONFIG") + "[profile last]\n" + keys("LAST") +
                             "[profile empty]\nregion = eu-west-1\n";
  const struct {
    std::string profile, variable_key;
    std::string_view want;
  } cases[] = {
      {"", "", "CREDENTIALS s  -  (the profile default (credentials:1))"},
      {"", "ENV", "ENV env-secret  -  (environment variables)"},
      {"other", "ENV", "OTHER s t -  (the profile other (credentials:4))"},
      {"last", "", "LAST s  -  (the profile last (config:4))"},
      {"empty", "ENV",
       "there are no AWS credentials: none in the environment, in the profile empty or of a "
       "container; and AWS_EC2_METADATA_DISABLED is set. Name a profile (--profile, AWS_PROFILE), "
       "or make one: aws configure"},
  };
  for (const auto& c : cases) {
    variables_["AWS_ACCESS_KEY_ID"] = c.variable_key;
    variables_["AWS_SECRET_ACCESS_KEY"] = c.variable_key.empty() ? "" : "env-secret";
    EXPECT_EQ(fetch(config, credentials, c.profile), c.want);
  }
  EXPECT_EQ(asked_, "");
}

TEST_F(Providers, Roles) {
  constexpr std::string_view kBase =
      "[base]\naws_access_key_id = BASE\naws_secret_access_key = s\n";
  const struct {
    std::string_view config, want_body;
  } cases[] = {
      {"[default]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = base\n",
       "RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fa&RoleSessionName=sagewarden"},
      {"[default]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = base\n"
       "external_id = x=1\nrole_session_name = me\nduration_seconds = 900\n",
       "RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fa&RoleSessionName=me&ExternalId=x%3D1&"
       "DurationSeconds=900"},
      {"[default]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = base\n"
       "mfa_serial = arn:aws:iam::1:mfa/me\n",
       "RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fa&RoleSessionName=sagewarden&"
       "SerialNumber=arn%3Aaws%3Aiam%3A%3A1%3Amfa%2Fme&TokenCode=123456"},
  };
  prompt_ = [](const std::string& question) -> Result<std::string> {
    EXPECT_EQ(question, "MFA code for arn:aws:iam::1:mfa/me: ");
    return " 123456\n";
  };
  for (const auto& c : cases) {
    asked_.clear();
    EXPECT_EQ(fetch(c.config, kBase),
              "ROLE s t 3600 111122223333 (the role arn:aws:iam::111122223333:role/a)");
    EXPECT_EQ(asked_,
              fmt::format("POST /\nAction=AssumeRole&Version=2011-06-15&{}\n", c.want_body));
    EXPECT_NE(authorization_.find("Credential=BASE/20261124/eu-west-1/sts/"), std::string::npos);
  }
}

TEST_F(Providers, RolesUponRolesAndOtherSources) {
  constexpr std::string_view kConfig =
      "[profile chain]\nrole_arn = arn:aws:iam::333333333333:role/c\nsource_profile = middle\n"
      "[profile middle]\nrole_arn = arn:aws:iam::222222222222:role/b\nsource_profile = base\n"
      "[profile itself]\nrole_arn = arn:aws:iam::222222222222:role/i\nsource_profile = itself\n"
      "aws_access_key_id = ITSELF\naws_secret_access_key = s\n"
      "[profile machine]\nrole_arn = arn:aws:iam::222222222222:role/m\n"
      "credential_source = Ec2InstanceMetadata\n"
      "[profile environment]\nrole_arn = arn:aws:iam::222222222222:role/e\n"
      "credential_source = Environment\n"
      "[profile container]\nrole_arn = arn:aws:iam::222222222222:role/e\n"
      "credential_source = EcsContainer\n";
  constexpr std::string_view kBase =
      "[base]\naws_access_key_id = BASE\naws_secret_access_key = s\n";
  variables_["AWS_ACCESS_KEY_ID"] = "ENV";
  variables_["AWS_SECRET_ACCESS_KEY"] = "s";
  variables_["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = server_.origin();
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = server_.origin() + "/container";
  const struct {
    std::string profile;
    std::string_view signed_by, account;
  } cases[] = {
      {"chain", "ROLE", "333333333333"},    {"itself", "ITSELF", "222222222222"},
      {"machine", "EC2", "222222222222"},   {"environment", "ENV", "222222222222"},
      {"container", "ECS", "222222222222"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.profile);
    const std::string got = fetch(kConfig, kBase, c.profile);
    EXPECT_TRUE(got.starts_with(fmt::format("ROLE s t 3600 {} ", c.account))) << got;
    EXPECT_NE(authorization_.find(fmt::format("Credential={}/", c.signed_by)), std::string::npos);
  }
}

TEST_F(Providers, WebIdentity) {
  const std::string token = write("token", "a.b.c\n");
  constexpr std::string_view kWant =
      "POST /\nAction=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A"
      "222222222222%3Arole%2Fw&RoleSessionName=sagewarden&WebIdentityToken=a.b.c\n";
  EXPECT_EQ(fetch("[default]\nrole_arn = arn:aws:iam::222222222222:role/w\n"
                  "web_identity_token_file = ~/token\n"),
            "ROLE s t 3600 222222222222 (the role arn:aws:iam::222222222222:role/w)");
  EXPECT_EQ(asked_, kWant);
  EXPECT_EQ(authorization_, "");
  asked_.clear();
  variables_["AWS_WEB_IDENTITY_TOKEN_FILE"] = token;
  variables_["AWS_ROLE_ARN"] = "arn:aws:iam::222222222222:role/w";
  EXPECT_EQ(fetch("").substr(0, 4), "ROLE");
  EXPECT_EQ(asked_, kWant);
  fs::remove(token);
  EXPECT_EQ(fetch(""),
            "the web identity token: cannot read " + token + ": No such file or directory");
}

class Sso : public Providers {
 protected:
  static constexpr std::string_view kConfig =
      "[default]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Audit\n"
      "[profile old]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n"
      "sso_account_id = 111122223333\nsso_role_name = Audit\n"
      "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\n"
      "sso_region = eu-west-1\n";
  static constexpr std::string_view kGood =
      "SSO s t 3600 111122223333 (IAM Identity Center, profile default)";

  // The token cache of `aws sso login`, expiring so many seconds from now.
  std::string cache(std::string_view name, std::string_view expires_at,
                    std::string_view more = "") const {
    return write(".aws/sso/cache/" + sha1_hex(name) + ".json",
                 fmt::format(R"({{"startUrl":"u","accessToken":"cached","expiresAt":"{}"{}}})",
                             expires_at, more));
  }
  static constexpr std::string_view kRefresh =
      R"(,"clientId":"c","clientSecret":"s","refreshToken":"r",)"
      R"("registrationExpiresAt":"2027-01-01T00:00:00Z")";
};

TEST_F(Sso, TakesTheCachedToken) {
  cache("corp", "2026-11-24T18:00:00Z");
  EXPECT_EQ(fetch(kConfig), kGood);
  EXPECT_EQ(asked_, "GET /federation/credentials?role_name=Audit&account_id=111122223333\n\n");
  cache("https://corp.awsapps.com/start", "2026-11-24T10:00:01UTC");
  EXPECT_NE(fetch(kConfig, "", "old").find("aws sso login --profile old"), std::string::npos);
  cache("https://corp.awsapps.com/start", "2026-11-24T10:00:01Z", kRefresh);
  EXPECT_EQ(fetch(kConfig, "", "old").substr(0, 5), "SSO s");
}

TEST_F(Sso, RefreshesATokenThatEndsSoon) {
  const std::string path = cache("corp", "2026-11-24T10:14:59Z", kRefresh);
  good_token_ = "fresh";
  EXPECT_EQ(fetch(kConfig), kGood);
  EXPECT_NE(asked_.find("POST /token\n{\"clientId\":\"c\",\"clientSecret\":\"s\",\"grantType\":"
                        "\"refresh_token\",\"refreshToken\":\"r\"}"),
            std::string::npos)
      << asked_;
  EXPECT_EQ(*read_file(path, 10'000),
            R"({"startUrl":"u","clientId":"c","clientSecret":"s","registrationExpiresAt":)"
            R"("2027-01-01T00:00:00Z","accessToken":"fresh","expiresAt":"2026-11-24T18:00:00Z",)"
            R"("refreshToken":"next"})");
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_EQ(warning_, "");
}

TEST_F(Sso, SaysHowToLogIn) {
  constexpr std::string_view kLogin =
      "the login of the profile default at IAM Identity Center has ended; run: aws sso login "
      "--profile default";
  EXPECT_EQ(fetch(kConfig), kLogin);  // never logged in
  cache("corp", "2026-11-24T09:59:59Z");
  EXPECT_EQ(fetch(kConfig), kLogin);
  cache("corp", "2026-11-24T18:00:00Z");
  good_token_ = "another";
  EXPECT_EQ(fetch(kConfig), kLogin);  // logged out elsewhere
}

TEST_F(Providers, Processes) {
  const struct {
    std::string_view output, want;
  } cases[] = {
      {R"({"Version":1,"AccessKeyId":"P","SecretAccessKey":"s","SessionToken":"t",)"
       R"("Expiration":"2026-11-24T11:00:00+00:00","AccountId":"1"})",
       "P s t 3600 1 (credential_process of the profile default)"},
      {R"({"Version":1,"AccessKeyId":"P","SecretAccessKey":"s"})",
       "P s  -  (credential_process of the profile default)"},
      {R"({"Version":2,"AccessKeyId":"P","SecretAccessKey":"s"})",
       "credential_process of the profile default: its output's Version is not 1"},
      {R"({"Version":1,"AccessKeyId":"P"})",
       "credential_process of the profile default: there is no AccessKeyId or no SecretAccessKey "
       "in the answer"},
      {"a secret", "credential_process of the profile default: it did not print a JSON object"},
  };
  for (const auto& c : cases) {
    const std::string path = write("out put", c.output);
    EXPECT_EQ(fetch("[default]\ncredential_process = /bin/cat '" + path + "'\n"), c.want);
  }
  EXPECT_EQ(fetch("[default]\ncredential_process = /bin/false\n"),
            "credential_process of the profile default: /bin/false failed");
  EXPECT_EQ(fetch("[default]\ncredential_process = /no/such/program\n"),
            "credential_process of the profile default: cannot run /no/such/program: No such file "
            "or directory");
  EXPECT_EQ(fetch("[default]\ncredential_process = /usr/bin/head -c 700000 /dev/zero\n"),
            "credential_process of the profile default: it printed more than 65536 bytes");
}

TEST(SplitCommand, AsAShell) {
  const struct {
    std::string_view command;
    std::vector<std::string> want;
  } cases[] = {
      {"a b  c", {"a", "b", "c"}},
      {R"("a b" 'c d' e"f g"h)", {"a b", "c d", "ef gh"}},
      {R"(a\ b "c\"d" 'e\f' "g\h")", {"a b", "c\"d", "e\\f", "g\\h"}},
      {R"(a "" '')", {"a", "", ""}},
      {"\t a\n", {"a"}},
  };
  for (const auto& c : cases) EXPECT_EQ(*split_command(c.command), c.want) << c.command;
  EXPECT_FALSE(split_command("a 'b"));
  EXPECT_FALSE(split_command("  "));
}

TEST_F(Providers, Containers) {
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = server_.origin() + "/container?id=1";
  variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "Basic abc";
  EXPECT_EQ(fetch(""), "ECS s t 3600  (the container's credentials)");
  EXPECT_EQ(asked_, "GET /container?id=1\n\n");
  EXPECT_EQ(authorization_, "Basic abc");
  variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = write("token", "from-file\n");
  EXPECT_EQ(fetch("").substr(0, 3), "ECS");
  EXPECT_EQ(authorization_, "from-file");
  write("token", "two\nlines");
  EXPECT_EQ(fetch(""), "the container's authorization token has several lines");

  // Keys go to nobody else's address.
  for (const std::string_view uri :
       {"http://evil.example/", "http://169.254.170.2.evil.example/", "http://127.0.0.1@evil/x",
        "ftp://127.0.0.1/", "http://", "127.0.0.1/x", "http://[::1"}) {
    variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = uri;
    EXPECT_TRUE(fetch("").starts_with("AWS_CONTAINER_CREDENTIALS_FULL_URI: '")) << uri;
  }
}

TEST_F(Providers, Instances) {
  variables_["AWS_EC2_METADATA_DISABLED"] = "";
  variables_["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = server_.origin() + "/";
  EXPECT_EQ(fetch(""), "EC2 s t 21600  (EC2's instance metadata)");
  EXPECT_EQ(asked_,
            "PUT /latest/api/token\n\n"
            "GET /latest/meta-data/iam/security-credentials/\n\n"
            "GET /latest/meta-data/iam/security-credentials/instance-role\n\n");
  role_ = "";
  EXPECT_NE(fetch("").find("and EC2's instance metadata: the instance has no role"),
            std::string::npos);
}

TEST_F(Providers, WhatContradictsItselfIsAnError) {
  const struct {
    std::string_view config, want;
  } cases[] = {
      {"[default]\naws_access_key_id = A\n",
       "the profile default (config:1): there is an access key id, but not its secret"},
      {"[default]\nrole_arn = r\n", "has a role_arn with neither source_profile nor"},
      {"[default]\nrole_arn = r\nsource_profile = x\ncredential_source = Environment\n",
       "has a role_arn with both source_profile and"},
      {"[default]\nrole_arn = r\nsource_profile = x\n",
       "source_profile of the profile default is 'x', which does not exist"},
      {"[default]\nrole_arn = r\nsource_profile = x\n[profile x]\nregion = r\n",
       "source_profile of the profile default is 'x', which has no credentials"},
      {"[default]\nrole_arn = r\nsource_profile = x\n[profile x]\nrole_arn = s\n"
       "source_profile = default\n",
       "the profile default is its own source_profile, by way of others"},
      {"[default]\nrole_arn = r\ncredential_source = Moon\n",
       "credential_source of the profile default is 'Moon', but must be Environment"},
      {"[default]\nrole_arn = r\ncredential_source = Environment\n",
       "credential_source of the profile default is Environment, but the environment has none"},
      {"[default]\nrole_arn = r\ncredential_source = EcsContainer\n", "the environment has none"},
      {"[default]\nrole_arn = r\ncredential_source = Environment\nduration_seconds = 899\n",
       "duration_seconds of the profile default is '899', but must be a number from 900 to 43200"},
      {"[default]\nweb_identity_token_file = f\n", "web_identity_token_file, but no role_arn"},
      {"[default]\nsso_session = s\nsso_role_name = r\n", "there is no section [sso-session s]"},
      {"[default]\nsso_start_url = u\nsso_role_name = r\n", "has no sso_region"},
  };
  for (const auto& c : cases) {
    const std::string got = fetch(c.config);
    EXPECT_NE(got.find(c.want), std::string::npos) << got;
  }
  variables_["AWS_SECRET_ACCESS_KEY"] = "s";
  EXPECT_EQ(fetch(""), "environment variables: there is a secret access key, but not its id");
}

TEST_F(Providers, ACodeNobodyCanBeAskedFor) {
  EXPECT_EQ(fetch("[default]\nrole_arn = r\nsource_profile = base\nmfa_serial = m\n",
                  "[base]\naws_access_key_id = A\naws_secret_access_key = s\n"),
            "the role r needs a code from the MFA device m, and there is nobody to ask for it");
}

}  // namespace
}  // namespace sagewarden::aws
