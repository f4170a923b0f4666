#include "aws/endpoint.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "model/arn.h"

namespace sagewarden::aws {
namespace {

struct Partition {
  std::string_view name;
  std::string_view suffix;
  std::string_view dual_stack_suffix;
};

// botocore 1.43, data/partitions.json.
constexpr Partition kPartitions[] = {
    {"aws", "amazonaws.com", "api.aws"},
    {"aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    {"aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"},
    {"aws-iso", "c2s.ic.gov", "api.aws.ic.gov"},
    {"aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud"},
    {"aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
    {"aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    {"aws-us-gov", "amazonaws.com", "api.aws"},
};

enum class Fips { No, Yes };
enum class DualStack { No, Yes, Any };  // Any: there is no other address for dual-stack

// Where the host is not {prefix}[-fips].{region}.{suffix}.
struct Exception {
  std::string_view service;
  std::string_view partition;
  Fips fips;
  DualStack dual_stack;
  std::string_view host;    // {} is the Region
  std::string_view region;  // to sign for; empty: the caller's
};

// botocore 1.43, data/*/endpoint-rule-set-1.json. Organizations has one endpoint per partition, and
// no dual-stack one that is documented; the names by Region in the rule set are left out.
// clang-format off
constexpr Exception kExceptions[] = {
    {"sagemaker",               "aws",        Fips::Yes, DualStack::No,  "api-fips.sagemaker.{}.amazonaws.com",           ""},
    {"sagemaker",               "aws-us-gov", Fips::Yes, DualStack::No,  "api-fips.sagemaker.{}.amazonaws.com",           ""},
    // All of GovCloud's endpoints of these are validated.
    {"application-autoscaling", "aws-us-gov", Fips::Yes, DualStack::No,  "application-autoscaling.{}.amazonaws.com",      ""},
    {"config",                  "aws-us-gov", Fips::Yes, DualStack::No,  "config.{}.amazonaws.com",                       ""},
    {"ec2",                     "aws-us-gov", Fips::Yes, DualStack::No,  "ec2.{}.amazonaws.com",                          ""},
    {"sns",                     "aws-us-gov", Fips::Yes, DualStack::No,  "sns.{}.amazonaws.com",                          ""},
    {"sqs",                     "aws-us-gov", Fips::Yes, DualStack::No,  "sqs.{}.amazonaws.com",                          ""},
    {"sso",                     "aws-us-gov", Fips::Yes, DualStack::No,  "portal.sso.{}.amazonaws.com",                   ""},
    {"sso-oidc",                "aws-us-gov", Fips::Yes, DualStack::No,  "oidc.{}.amazonaws.com",                         ""},
    {"sts",                     "aws-us-gov", Fips::Yes, DualStack::No,  "sts.{}.amazonaws.com",                          ""},
    // S3 has its own word for dual-stack, in the partitions' old domains.
    {"s3",                      "aws",        Fips::No,  DualStack::Yes, "s3.dualstack.{}.amazonaws.com",                 ""},
    {"s3",                      "aws",        Fips::Yes, DualStack::Yes, "s3-fips.dualstack.{}.amazonaws.com",            ""},
    {"s3",                      "aws-cn",     Fips::No,  DualStack::Yes, "s3.dualstack.{}.amazonaws.com.cn",              ""},
    {"s3",                      "aws-us-gov", Fips::No,  DualStack::Yes, "s3.dualstack.{}.amazonaws.com",                 ""},
    {"s3",                      "aws-us-gov", Fips::Yes, DualStack::Yes, "s3-fips.dualstack.{}.amazonaws.com",            ""},
    {"organizations",           "aws",        Fips::No,  DualStack::Any, "organizations.us-east-1.amazonaws.com",         "us-east-1"},
    {"organizations",           "aws",        Fips::Yes, DualStack::Any, "organizations-fips.us-east-1.amazonaws.com",    "us-east-1"},
    {"organizations",           "aws-cn",     Fips::No,  DualStack::Any, "organizations.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"},
    {"organizations",           "aws-us-gov", Fips::No,  DualStack::Any, "organizations.us-gov-west-1.amazonaws.com",     "us-gov-west-1"},
    {"organizations",           "aws-us-gov", Fips::Yes, DualStack::Any, "organizations.us-gov-west-1.amazonaws.com",     "us-gov-west-1"},
    {"organizations",           "aws-iso",    Fips::No,  DualStack::Any, "organizations.us-iso-east-1.c2s.ic.gov",        "us-iso-east-1"},
    {"organizations",           "aws-iso-b",  Fips::No,  DualStack::Any, "organizations.us-isob-east-1.sc2s.sgov.gov",    "us-isob-east-1"},
    {"organizations",           "aws-iso-f",  Fips::No,  DualStack::Any, "organizations.us-isof-south-1.csp.hci.ic.gov",  "us-isof-south-1"},
    // IAM has one endpoint per partition too; where a partition has one Region, the rule finds it.
    {"iam",                     "aws",        Fips::No,  DualStack::No,  "iam.amazonaws.com",                             "us-east-1"},
    {"iam",                     "aws",        Fips::Yes, DualStack::No,  "iam-fips.amazonaws.com",                        "us-east-1"},
    {"iam",                     "aws",        Fips::No,  DualStack::Yes, "iam.global.api.aws",                            "us-east-1"},
    {"iam",                     "aws",        Fips::Yes, DualStack::Yes, "iam-fips.global.api.aws",                       "us-east-1"},
    {"iam",                     "aws-cn",     Fips::No,  DualStack::No,  "iam.cn-north-1.amazonaws.com.cn",               "cn-north-1"},
    {"iam",                     "aws-cn",     Fips::No,  DualStack::Yes, "iam.global.api.amazonwebservices.com.cn",       "cn-north-1"},
    {"iam",                     "aws-us-gov", Fips::No,  DualStack::No,  "iam.us-gov.amazonaws.com",                      "us-gov-west-1"},
    {"iam",                     "aws-us-gov", Fips::Yes, DualStack::No,  "iam.us-gov.amazonaws.com",                      "us-gov-west-1"},
    {"iam",                     "aws-us-gov", Fips::No,  DualStack::Yes, "iam.us-gov.api.aws",                            "us-gov-west-1"},
    {"iam",                     "aws-us-gov", Fips::Yes, DualStack::Yes, "iam.us-gov.api.aws",                            "us-gov-west-1"},
    {"iam",                     "aws-iso",    Fips::No,  DualStack::No,  "iam.us-iso-east-1.c2s.ic.gov",                  "us-iso-east-1"},
    {"iam",                     "aws-iso-b",  Fips::No,  DualStack::No,  "iam.us-isob-east-1.sc2s.sgov.gov",              "us-isob-east-1"},
    {"iam",                     "aws-iso-f",  Fips::No,  DualStack::No,  "iam.us-isof-south-1.csp.hci.ic.gov",            "us-isof-south-1"},
};
// clang-format on

const Exception* find_exception(const Service& service, std::string_view partition,
                                const EndpointSettings& settings) {
  const auto* found = std::ranges::find_if(kExceptions, [&](const Exception& row) {
    return row.service == service.name && row.partition == partition &&
           (row.fips == Fips::Yes) == settings.fips &&
           (row.dual_stack == DualStack::Any ||
            (row.dual_stack == DualStack::Yes) == settings.dual_stack);
  });
  return found == std::end(kExceptions) ? nullptr : found;
}

// It becomes a part of a host name, to which credentials are sent: nothing but a label may.
bool is_region(std::string_view text) {
  return !text.empty() && text.size() <= 63 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

Result<Endpoint> overridden(const EndpointSettings::Override& override, const Service& service,
                            std::string_view region, const EndpointSettings& settings) {
  const std::string& url = override.url;
  if (settings.fips || settings.dual_stack)
    return fail(Error::Code::Invalid,
                fmt::format("{} sets the endpoint {}, but {} endpoints are asked for too: use one "
                            "or the other",
                            override.from, url, settings.fips ? "FIPS" : "dual-stack"));
  const size_t host = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  const size_t slash = url.find('/', host);
  const bool well_formed =
      host != 0 && host < url.size() && slash != host && std::ranges::all_of(url, [](char c) {
        return c > ' ' && c < 0x7F && c != '?' && c != '#' && c != '@' && c != '\\';
      });
  if (!well_formed)
    return fail(Error::Code::Invalid, fmt::format("{}: '{}' is no endpoint; one is http:// or "
                                                  "https://, a host, and perhaps a port and a path",
                                                  override.from, printable(url)));
  std::string path = slash == std::string::npos ? "" : url.substr(slash);
  while (path.ends_with('/')) path.pop_back();
  return Endpoint{.origin = url.substr(0, slash),
                  .path = std::move(path),
                  .region = std::string(region),
                  .signing_name = service.signing_name,
                  .is_override = true};
}

}  // namespace

Result<Endpoint> resolve_endpoint(const Service& service, std::string_view region,
                                  const EndpointSettings& settings) {
  if (!is_region(region))
    return fail(
        Error::Code::Invalid,
        fmt::format("'{}' is no Region; one is, for example, eu-west-1", printable(region)));
  const std::string_view partition_name = partition_of_region(region);
  const Exception* exception = find_exception(service, partition_name, settings);
  const std::string_view signed_for =
      exception != nullptr && !exception->region.empty() ? exception->region : region;
  const auto override = std::ranges::find_if(settings.overrides, [&](const auto& candidate) {
    return candidate.key.empty() || candidate.key == service.key;
  });
  if (override != settings.overrides.end())
    return overridden(*override, service, signed_for, settings);

  const auto* partition = std::ranges::find(kPartitions, partition_name, &Partition::name);
  const std::string host =
      exception != nullptr
          ? fmt::format(fmt::runtime(exception->host), region)
          : fmt::format("{}{}.{}.{}", service.prefix, settings.fips ? "-fips" : "", region,
                        settings.dual_stack ? partition->dual_stack_suffix : partition->suffix);
  return Endpoint{.origin = "https://" + host,
                  .path = "",
                  .region = std::string(signed_for),
                  .signing_name = service.signing_name};
}

}  // namespace sagewarden::aws
