// Amazon Resource Names: arn:partition:service:region:account:resource
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace sagewarden {

// Views into the text that was parsed.
struct Arn {
  std::string_view partition;  // "aws", "aws-cn", "aws-us-gov", …
  std::string_view service;
  std::string_view region;      // empty for global services
  std::string_view account_id;  // empty for buckets
  std::string_view resource;    // may itself hold ':' and '/'

  friend bool operator==(const Arn&, const Arn&) = default;
};

Result<Arn> parse_arn(std::string_view text);

// The partition that a Region is in, by the patterns of AWS's partitions.json; "aws" for a Region
// that none matches.
std::string_view partition_of_region(std::string_view region);

}  // namespace sagewarden
