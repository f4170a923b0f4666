#include "aws/endpoint.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace sagewarden::aws {
namespace {

Endpoint resolve(std::string_view service, std::string_view region,
                 const EndpointSettings& settings) {
  const Result<Endpoint> endpoint = resolve_endpoint(*find_service(service), region, settings);
  EXPECT_TRUE(endpoint) << endpoint.error().message;
  return endpoint.value_or(Endpoint{});
}

TEST(Endpoint, ByServiceRegionAndVariant) {
  const struct {
    std::string_view service, region, variant, host, signed_for;
  } cases[] = {
      // Partitions
      {"sagemaker", "eu-west-1", "", "api.sagemaker.eu-west-1.amazonaws.com", "eu-west-1"},
      {"sagemaker", "cn-north-1", "", "api.sagemaker.cn-north-1.amazonaws.com.cn", "cn-north-1"},
      {"sts", "us-gov-east-1", "", "sts.us-gov-east-1.amazonaws.com", "us-gov-east-1"},
      {"ec2", "eusc-de-east-1", "", "ec2.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"},
      {"config", "us-iso-east-1", "", "config.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"},
      {"sts", "us-isob-east-1", "", "sts.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"},
      {"sts", "eu-isoe-west-1", "", "sts.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"},
      {"sts", "us-isof-south-1", "", "sts.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"},
      {"sts", "xx-new-1", "", "sts.xx-new-1.amazonaws.com", "xx-new-1"},
      // FIPS
      {"sagemaker", "us-east-1", "fips", "api-fips.sagemaker.us-east-1.amazonaws.com", "us-east-1"},
      {"sagemaker", "us-gov-west-1", "fips", "api-fips.sagemaker.us-gov-west-1.amazonaws.com",
       "us-gov-west-1"},
      {"sagemaker", "cn-north-1", "fips", "api.sagemaker-fips.cn-north-1.amazonaws.com.cn",
       "cn-north-1"},
      {"sts", "us-east-1", "fips", "sts-fips.us-east-1.amazonaws.com", "us-east-1"},
      {"sts", "us-gov-west-1", "fips", "sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
      {"securityhub", "us-gov-west-1", "fips", "securityhub-fips.us-gov-west-1.amazonaws.com",
       "us-gov-west-1"},
      {"application-autoscaling", "us-gov-west-1", "fips",
       "application-autoscaling.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
      {"application-autoscaling", "eu-west-1", "fips",
       "application-autoscaling-fips.eu-west-1.amazonaws.com", "eu-west-1"},
      // Dual-stack, and both
      {"sagemaker", "eu-west-1", "dual", "api.sagemaker.eu-west-1.api.aws", "eu-west-1"},
      {"sts", "cn-north-1", "dual", "sts.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1"},
      {"sagemaker", "us-east-1", "fips dual", "api.sagemaker-fips.us-east-1.api.aws", "us-east-1"},
      {"sts", "us-gov-west-1", "fips dual", "sts-fips.us-gov-west-1.api.aws", "us-gov-west-1"},
      {"s3", "eu-west-1", "", "s3.eu-west-1.amazonaws.com", "eu-west-1"},
      {"s3", "us-east-1", "fips", "s3-fips.us-east-1.amazonaws.com", "us-east-1"},
      {"s3", "us-gov-west-1", "fips dual", "s3-fips.dualstack.us-gov-west-1.amazonaws.com",
       "us-gov-west-1"},
      {"s3", "cn-north-1", "dual", "s3.dualstack.cn-north-1.amazonaws.com.cn", "cn-north-1"},
      // One endpoint for a partition
      {"organizations", "eu-west-1", "", "organizations.us-east-1.amazonaws.com", "us-east-1"},
      {"organizations", "eu-west-1", "dual", "organizations.us-east-1.amazonaws.com", "us-east-1"},
      {"organizations", "eu-west-1", "fips", "organizations-fips.us-east-1.amazonaws.com",
       "us-east-1"},
      {"organizations", "cn-north-1", "", "organizations.cn-northwest-1.amazonaws.com.cn",
       "cn-northwest-1"},
      {"organizations", "us-gov-east-1", "fips", "organizations.us-gov-west-1.amazonaws.com",
       "us-gov-west-1"},
      {"organizations", "eusc-de-east-1", "", "organizations.eusc-de-east-1.amazonaws.eu",
       "eusc-de-east-1"},
      {"iam", "eu-west-1", "", "iam.amazonaws.com", "us-east-1"},
      {"iam", "eu-west-1", "fips", "iam-fips.amazonaws.com", "us-east-1"},
      {"iam", "eu-west-1", "dual", "iam.global.api.aws", "us-east-1"},
      {"iam", "cn-northwest-1", "", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1"},
      {"iam", "us-gov-east-1", "fips", "iam.us-gov.amazonaws.com", "us-gov-west-1"},
      {"iam", "eusc-de-east-1", "", "iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"},
      {"iam", "us-iso-west-1", "", "iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"},
      {"lambda", "eu-west-1", "", "lambda.eu-west-1.amazonaws.com", "eu-west-1"},
      {"lambda", "us-gov-west-1", "fips", "lambda-fips.us-gov-west-1.amazonaws.com",
       "us-gov-west-1"},
      // Unsigned
      {"sso", "eu-west-1", "", "portal.sso.eu-west-1.amazonaws.com", "eu-west-1"},
      {"sso-oidc", "us-gov-west-1", "fips", "oidc.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(std::string(c.service) + " " + std::string(c.region) + " " +
                 std::string(c.variant));
    EndpointSettings settings;
    settings.fips = c.variant.starts_with("fips");
    settings.dual_stack = c.variant.ends_with("dual");
    EXPECT_EQ(resolve(c.service, c.region, settings),
              (Endpoint{"https://" + std::string(c.host), "", std::string(c.signed_for),
                        find_service(c.service)->signing_name}));
  }
}

TEST(Endpoint, Overrides) {
  const EndpointSettings settings{
      .overrides = {{"sts", "http://127.0.0.1:5000", "AWS_ENDPOINT_URL_STS"},
                    {"ec2", "https://proxy.example/aws/ec2/", "AWS_ENDPOINT_URL_EC2"},
                    {"", "https://[::1]:8443", "AWS_ENDPOINT_URL"}}};
  EXPECT_EQ(resolve("sts", "eu-west-1", settings),
            (Endpoint{"http://127.0.0.1:5000", "", "eu-west-1", "sts", true}));
  EXPECT_EQ(resolve("ec2", "eu-west-1", settings),
            (Endpoint{"https://proxy.example", "/aws/ec2", "eu-west-1", "ec2", true}));
  // The service of a whole partition is still signed for its own Region.
  EXPECT_EQ(resolve("organizations", "eu-west-1", settings),
            (Endpoint{"https://[::1]:8443", "", "us-east-1", "organizations", true}));
}

TEST(Endpoint, Errors) {
  const struct {
    std::string_view region, url;
    bool fips;
    std::string_view want;
  } cases[] = {
      {"", "", false, "'' is no Region"},
      {"evil.example/x", "", false, "is no Region"},
      {"eu-west-1\n", "", false, "'eu-west-1\\x0a' is no Region"},
      {"EU-WEST-1", "", false, "is no Region"},
      {"eu-west-1", "127.0.0.1:5000", false, "AWS_ENDPOINT_URL: '127.0.0.1:5000' is no endpoint"},
      {"eu-west-1", "https://", false, "is no endpoint"},
      {"eu-west-1", "https:///path", false, "is no endpoint"},
      {"eu-west-1", "https://user@host", false, "is no endpoint"},
      {"eu-west-1", "https://host/?x", false, "is no endpoint"},
      {"eu-west-1", "ftp://host", false, "is no endpoint"},
      {"eu-west-1", "https://host", true, "but FIPS endpoints are asked for too"},
  };
  for (const auto& c : cases) {
    EndpointSettings settings;
    settings.fips = c.fips;
    if (!c.url.empty()) settings.overrides.push_back({"", std::string(c.url), "AWS_ENDPOINT_URL"});
    const Result<Endpoint> got = resolve_endpoint(*find_service("sts"), c.region, settings);
    ASSERT_FALSE(got) << c.region << " " << c.url;
    EXPECT_NE(got.error().message.find(c.want), std::string::npos) << got.error().message;
  }
}

TEST(Service, WhatMayBeRepeated) {
  const struct {
    std::string_view operation;
    bool want;
  } cases[] = {
      {"ListModels", true},
      {"DescribeModel", true},
      {"GetCallerIdentity", true},
      {"AssumeRole", true},
      {"BatchImportFindings", true},
      {"SelectAggregateResourceConfig", true},
      {"CreateToken", false},
      {"Publish", false},
      {"UpdateNotebookInstance", false},
      {"CreateModel", false},
      {"AddTags", false},
  };
  for (const auto& c : cases) EXPECT_EQ(is_idempotent(c.operation), c.want) << c.operation;
}

}  // namespace
}  // namespace sagewarden::aws
