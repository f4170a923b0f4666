#include "model/arn.h"

#include <array>

namespace sagewarden {

Result<Arn> parse_arn(std::string_view text) {
  std::array<std::string_view, 5> head;  // "arn", partition, service, region, account
  std::string_view rest = text;
  for (std::string_view& part : head) {
    const size_t colon = rest.find(':');
    if (colon == std::string_view::npos)
      return fail(Error::Code::Invalid, "not an ARN: " + std::string(text));
    part = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
  }
  if (head[0] != "arn" || head[1].empty() || head[2].empty() || rest.empty())
    return fail(Error::Code::Invalid, "not an ARN: " + std::string(text));
  // Only the first five colons separate: an S3 key may hold more.
  return Arn{head[1], head[2], head[3], head[4], rest};
}

std::string_view partition_of_region(std::string_view region) {
  struct Row {
    std::string_view prefix;
    std::string_view partition;
  };
  // Longer prefixes stand before the shorter ones that they begin with.
  constexpr std::array<Row, 7> kRows = {{{"cn-", "aws-cn"},
                                         {"us-gov-", "aws-us-gov"},
                                         {"eusc-", "aws-eusc"},
                                         {"us-isob-", "aws-iso-b"},
                                         {"us-isof-", "aws-iso-f"},
                                         {"us-iso-", "aws-iso"},
                                         {"eu-isoe-", "aws-iso-e"}}};
  for (const Row& row : kRows) {
    if (region.substr(0, row.prefix.size()) == row.prefix) return row.partition;
  }
  return "aws";
}

}  // namespace sagewarden
