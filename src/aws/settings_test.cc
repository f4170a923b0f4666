#include "aws/settings.h"

#include <gtest/gtest.h>

#include <map>

#include "base/text.h"

namespace sagewarden::aws {
namespace {

constexpr std::string_view kConfig =
    "[default]\n"
    "region = eu-west-1\n"
    "[profile local]\n"
    "region = eu-central-1\n"
    "services = local\n"
    "endpoint_url = http://profile\n"
    "retry_mode = standard\n"
    "max_attempts = 4\n"
    "use_fips_endpoint = TRUE\n"
    "ca_bundle = /etc/profile.pem\n"
    "[profile astray]\n"
    "services = nowhere\n"
    "[services local]\n"
    "sts =\n"
    "  endpoint_url = http://services-sts\n";

using Variables = std::map<std::string, std::string, std::less<>>;

Result<Settings> read(const SettingsOptions& options, const Variables& variables) {
  SharedConfig config;
  EXPECT_TRUE(config.add(ConfigFile::Config, kConfig, "config"));
  return read_settings(
      options,
      [&](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::string() : found->second;
      },
      config);
}

TEST(Settings, WhatIsNearestToTheUserCounts) {
  const struct {
    SettingsOptions options;
    Variables variables;
    std::string_view profile, region, ca_bundle;
    bool given, fips;
    int attempts;
  } cases[] = {
      {{}, {}, "default", "eu-west-1", "", false, false, 10},
      {{}, {{"AWS_PROFILE", "local"}}, "local", "eu-central-1", "/etc/profile.pem", false, true, 4},
      {{.profile = "local"},
       {{"AWS_PROFILE", "default"}},
       "local",
       "eu-central-1",
       "/etc/profile.pem",
       true,
       true,
       4},
      {{},
       {{"AWS_DEFAULT_REGION", "us-east-1"}, {"AWS_CA_BUNDLE", "/etc/variable.pem"}},
       "default",
       "us-east-1",
       "/etc/variable.pem",
       false,
       false,
       10},
      {{},
       {{"AWS_DEFAULT_REGION", "us-east-1"}, {"AWS_REGION", "us-west-2"}},
       "default",
       "us-west-2",
       "",
       false,
       false,
       10},
      {{.region = "ap-south-1", .ca_bundle = "/etc/option.pem"},
       {{"AWS_REGION", "us-west-2"}, {"AWS_CA_BUNDLE", "/etc/variable.pem"}},
       "default",
       "ap-south-1",
       "/etc/option.pem",
       false,
       false,
       10},
      {{.profile = "local"},
       {{"AWS_USE_FIPS_ENDPOINT", "false"}, {"AWS_MAX_ATTEMPTS", "2"}},
       "local",
       "eu-central-1",
       "/etc/profile.pem",
       true,
       false,
       2},
  };
  for (const auto& c : cases) {
    const Result<Settings> got = read(c.options, c.variables);
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(got->profile, c.profile);
    EXPECT_EQ(got->region, c.region);
    EXPECT_EQ(got->ca_bundle, c.ca_bundle);
    EXPECT_EQ(got->profile_was_given, c.given);
    EXPECT_EQ(got->endpoints.fips, c.fips);
    EXPECT_EQ(got->retries.max_attempts, c.attempts);
  }
}

// The URL that a service is reached at, by where it was set.
TEST(Settings, EndpointUrls) {
  const struct {
    SettingsOptions options;
    Variables variables;
    std::string_view sts, sagemaker;
  } cases[] = {
      {{.profile = "local"}, {}, "http://services-sts", "http://profile"},
      {{.profile = "local"}, {{"AWS_ENDPOINT_URL", "http://all"}}, "http://all", "http://all"},
      {{.profile = "local"},
       {{"AWS_ENDPOINT_URL", "http://all"}, {"AWS_ENDPOINT_URL_STS", "http://variable-sts"}},
       "http://variable-sts",
       "http://all"},
      {{.profile = "local", .endpoint_url = "http://option"},
       {{"AWS_ENDPOINT_URL_STS", "http://variable-sts"}},
       "http://option",
       "http://option"},
      {{.profile = "local"},
       {{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}, {"AWS_ENDPOINT_URL", "http://all"}},
       "https://sts.eu-west-1.amazonaws.com",
       "https://api.sagemaker.eu-west-1.amazonaws.com"},
      {{.profile = "local", .endpoint_url = "http://option"},
       {{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}},
       "http://option",
       "http://option"},
  };
  for (const auto& c : cases) {
    Result<Settings> got = read(c.options, c.variables);
    ASSERT_TRUE(got) << got.error().message;
    got->endpoints.fips = false;
    EXPECT_EQ(resolve_endpoint(*find_service("sts"), "eu-west-1", got->endpoints)->origin, c.sts);
    EXPECT_EQ(resolve_endpoint(*find_service("sagemaker"), "eu-west-1", got->endpoints)->origin,
              c.sagemaker);
  }
}

TEST(Settings, Errors) {
  const struct {
    SettingsOptions options;
    Variables variables;
    std::string_view want;
  } cases[] = {
      {{.profile = "nobody"}, {}, "--profile names the profile 'nobody', which is neither in"},
      {{}, {{"AWS_PROFILE", "nobody"}}, "AWS_PROFILE names the profile 'nobody'"},
      {{.profile = "astray"}, {}, "there is no section [services nowhere]"},
      {{}, {{"AWS_RETRY_MODE", "often"}}, "AWS_RETRY_MODE is 'often', but must be standard"},
      {{}, {{"AWS_MAX_ATTEMPTS", "0"}}, "AWS_MAX_ATTEMPTS is '0', but must be a number from 1 to"},
      {{}, {{"AWS_MAX_ATTEMPTS", "101"}}, "from 1 to 100"},
      {{}, {{"AWS_MAX_ATTEMPTS", "3x"}}, "from 1 to 100"},
      {{}, {{"AWS_USE_FIPS_ENDPOINT", "yes"}}, "is 'yes', but must be true or false"},
  };
  for (const auto& c : cases) {
    const Result<Settings> got = read(c.options, c.variables);
    ASSERT_FALSE(got) << c.want;
    EXPECT_NE(got.error().message.find(c.want), std::string::npos) << got.error().message;
  }
  EXPECT_EQ(read({}, {{"AWS_MAX_ATTEMPTS", "100"}})->retries.max_attempts, 100);
  EXPECT_EQ(read({}, {{"AWS_RETRY_MODE", "Legacy"}})->retries.mode, RetryMode::Standard);
}

}  // namespace
}  // namespace sagewarden::aws
