#include "aws/config_file.h"

#include <gtest/gtest.h>

namespace sagewarden::aws {
namespace {

TEST(ConfigFile, ProfilesSessionsAndServices) {
  SharedConfig config;
  ASSERT_TRUE(config.add(ConfigFile::Config,
                         "# a comment\n"
                         "[default]\n"
                         "Region = eu-west-1\r\n"
                         "s3 =\n"
                         "  max_concurrent_requests = 20\n"
                         "  # a comment inside\n"
                         "  addressing_style = path\n"
                         "output=json\n"
                         "\n"
                         "[profile audit]\n"
                         "role_arn = arn:aws:iam::111122223333:role/a=b\n"
                         "services = local\n"
                         "credential_process = /bin/get \"a key\" ; not a comment\n"
                         "  and more\n"
                         "[ profile \"with blanks\" ]\n"
                         "region = us-east-1\n"
                         "[plugins]\n"
                         "this is nothing of ours\n"
                         "[sso-session corp]\n"
                         "sso_region = eu-central-1\n"
                         "[services local]\n"
                         "sagemaker =\n"
                         "  endpoint_url = http://127.0.0.1:5000\n"
                         "sts = \n"
                         "\tendpoint_url = http://127.0.0.1:5001\n",
                         "config"));
  ASSERT_TRUE(config.add(ConfigFile::Credentials,
                         "[audit]\naws_access_key_id = AKID\n"
                         "aws_secret_access_key = a+secret/with=signs\nregion = from-credentials\n"
                         "[profile odd]\nregion = x\n",
                         "credentials"));
  const struct {
    std::string_view profile, name, want;
  } values[] = {
      {"default", "region", "eu-west-1"},
      {"default", "output", "json"},
      {"default", "s3", ""},
      {"audit", "role_arn", "arn:aws:iam::111122223333:role/a=b"},
      {"audit", "credential_process", "/bin/get \"a key\" ; not a comment\nand more"},
      {"audit", "aws_secret_access_key", "a+secret/with=signs"},
      {"audit", "region", "from-credentials"},  // only there
      {"with blanks", "region", "us-east-1"},
      {"profile odd", "region", "x"},  // the other file's headings are names as they stand
      {"nobody", "region", ""},
      {"plugins", "region", ""},
  };
  for (const auto& c : values)
    EXPECT_EQ(config.value(c.profile, c.name), c.want) << c.profile << " " << c.name;
  EXPECT_EQ(config.profile("default")->nested_value("s3", "addressing_style"), "path");
  EXPECT_EQ((*config.sso_session("corp"))["sso_region"], "eu-central-1");
  EXPECT_EQ(config.services("local")->nested_value("sagemaker", "endpoint_url"),
            "http://127.0.0.1:5000");
  EXPECT_EQ(config.services("local")->nested_value("sts", "endpoint_url"), "http://127.0.0.1:5001");
  EXPECT_EQ(config.services("local")->nested_value("ec2", "endpoint_url"), "");
  EXPECT_FALSE(config.has_profile("nobody"));
  EXPECT_EQ(config.profile("audit")->place, "config:10");
}

TEST(ConfigFile, ErrorsNameTheLineAndNoValue) {
  const struct {
    std::string_view text, want;
  } cases[] = {
      {"region = x\n", "f:1: this line is not below a [heading]"},
      {"[default\nregion = x\n", "f:1: this line begins with '[' but does not end with ']'"},
      {"[default]\nregion\n", "f:2: this line is no setting; one is NAME = VALUE"},
      {"[default]\n= secret\n", "f:2: this line is no setting; one is NAME = VALUE"},
      {"[default]\na = 1\nA = 2\n", "f:3: this line sets 'a' a second time"},
      {"[default]\n[profile default]\n",
       "f:2: this line begins [profile default] a second time; the first is at f:1"},
      {"[default]\ns3 =\n  nothing\n", "f:3: this line is no setting; one is NAME = VALUE"},
      {"[default]\ns3 =\n  a = 1\n  a = 2\n", "f:4: this line sets 'a' of 's3' a second time"},
  };
  for (const auto& c : cases) {
    SharedConfig config;
    const Result<void> got = config.add(ConfigFile::Config, c.text, "f");
    ASSERT_FALSE(got) << c.text;
    EXPECT_EQ(got.error().message, c.want);
  }
}

TEST(ConfigFile, WhatIsNotThereIsEmpty) {
  const Result<SharedConfig> config =
      read_shared_config([](const char*) { return std::string("/nowhere/at/all"); });
  ASSERT_TRUE(config);
  EXPECT_FALSE(config->has_profile("default"));
  const Result<SharedConfig> homeless = read_shared_config([](const char*) { return ""; });
  ASSERT_TRUE(homeless);
  EXPECT_FALSE(homeless->has_profile("default"));
  // A folder is no file: that is not the same as having none.
  const Result<SharedConfig> folder = read_shared_config([](const char*) { return "/tmp"; });
  ASSERT_FALSE(folder);
}

TEST(ConfigFile, Home) {
  const Environment environment = [](const char*) { return "/home-of/someone"; };
  EXPECT_EQ(expand_home("~/.aws/config", environment), "/home-of/someone/.aws/config");
  EXPECT_EQ(expand_home("/etc/aws", environment), "/etc/aws");
  EXPECT_EQ(expand_home("~x", environment), "~x");
}

}  // namespace
}  // namespace sagewarden::aws
