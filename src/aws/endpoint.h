// Where a service is reached in a Region, and for which Region and name a request to it is signed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/service.h"
#include "base/result.h"

namespace sagewarden::aws {

struct EndpointSettings {
  bool fips = false;
  bool dual_stack = false;
  // A URL instead of AWS's, for each service by its key, or for all that are not named (key empty).
  // The first that fits is used.
  struct Override {
    std::string key;
    std::string url;
    std::string from;  // where it was set, for errors: "AWS_ENDPOINT_URL_STS", "--endpoint-url"
  };
  std::vector<Override> overrides;
};

struct Endpoint {
  std::string origin;  // "https://api.sagemaker.eu-west-1.amazonaws.com"
  std::string path;    // before every path: "" but for some overrides
  std::string region;  // to sign for; not the caller's for services of a whole partition
  std::string_view signing_name;
  bool is_override = false;  // somebody's own, and not AWS's

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// Errors: no such Region can be (it becomes part of a host name), the override is no URL, or it
// contradicts FIPS or dual-stack.
Result<Endpoint> resolve_endpoint(const Service& service, std::string_view region,
                                  const EndpointSettings& settings);

}  // namespace sagewarden::aws
