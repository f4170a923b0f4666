#include "aws/service.h"

#include <algorithm>

namespace sagewarden::aws {
namespace {

// From botocore 1.43's service models: endpointPrefix, signingName, protocol, targetPrefix and
// apiVersion.
// clang-format off
constexpr Service kServices[] = {
    {"application-autoscaling", "application_auto_scaling", "application-autoscaling", "application-autoscaling", Protocol::Json11,   "AnyScaleFrontendService"},
    {"config",                  "config_service",           "config",                  "config",                  Protocol::Json11,   "StarlingDoveService"},
    {"ec2",                     "ec2",                      "ec2",                     "ec2",                     Protocol::Ec2Query, "2016-11-15"},
    {"iam",                     "iam",                      "iam",                     "iam",                     Protocol::Query,    "2010-05-08"},
    {"lambda",                  "lambda",                   "lambda",                  "lambda",                  Protocol::RestJson, ""},
    {"organizations",           "organizations",            "organizations",           "organizations",           Protocol::Json11,   "AWSOrganizationsV20161128"},
    {"s3",                      "s3",                       "s3",                      "s3",                      Protocol::S3,       ""},
    {"sagemaker",               "sagemaker",                "api.sagemaker",           "sagemaker",               Protocol::Json11,   "SageMaker"},
    {"securityhub",             "securityhub",              "securityhub",             "securityhub",             Protocol::RestJson, ""},
    {"sns",                     "sns",                      "sns",                     "sns",                     Protocol::Query,    "2010-03-31"},
    {"sqs",                     "sqs",                      "sqs",                     "sqs",                     Protocol::Json10,   "AmazonSQS"},
    // Both are asked with a token instead of a signature.
    {"sso",                     "sso",                      "portal.sso",              "",                        Protocol::RestJson, ""},
    {"sso-oidc",                "sso_oidc",                 "oidc",                    "",                        Protocol::RestJson, ""},
    {"sts",                     "sts",                      "sts",                     "sts",                     Protocol::Query,    "2011-06-15"},
};
// clang-format on
static_assert(std::ranges::is_sorted(kServices, {}, &Service::name));

constexpr RestOperation kRestOperations[] = {
    {"lambda", "GetFunctionConfiguration", "GET",
     "/2015-03-31/functions/{FunctionName}/configuration"},
    {"securityhub", "BatchImportFindings", "POST", "/findings/import"},
    {"securityhub", "BatchUpdateFindings", "PATCH", "/findings/batchupdate"},
    {"securityhub", "DescribeHub", "GET", "/accounts"},
    {"securityhub", "GetFindings", "POST", "/findings"},
    {"sso", "GetRoleCredentials", "GET", "/federation/credentials"},
    {"sso-oidc", "CreateToken", "POST", "/token"},
};

// What only reads.
constexpr std::string_view kReading[] = {"BatchGet", "Describe", "Get",     "List",
                                         "Search",   "Select",   "Simulate"};
// What writes, and comes out the same when it is done again.
constexpr std::string_view kRepeatable[] = {"AssumeRole", "AssumeRoleWithWebIdentity",
                                            "BatchImportFindings", "BatchUpdateFindings",
                                            "PutObject"};

}  // namespace

std::span<const Service> services() {
  return kServices;
}

const Service* find_service(std::string_view name) {
  const auto* found = std::ranges::find(kServices, name, &Service::name);
  return found == std::end(kServices) ? nullptr : found;
}

const RestOperation* find_rest_operation(std::string_view service, std::string_view operation) {
  const auto* found = std::ranges::find_if(kRestOperations, [&](const RestOperation& row) {
    return row.service == service && row.operation == operation;
  });
  return found == std::end(kRestOperations) ? nullptr : found;
}

bool is_idempotent(std::string_view operation) {
  return std::ranges::any_of(
             kReading, [&](std::string_view start) { return operation.starts_with(start); }) ||
         std::ranges::find(kRepeatable, operation) != std::end(kRepeatable);
}

}  // namespace sagewarden::aws
