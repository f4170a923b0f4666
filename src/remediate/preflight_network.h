// What EC2 says of a VPC, as far as preflight checks need it. The values are views into EC2's
// answers (names as in its XML), which the reader keeps.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "remediate/preflight.h"

namespace sagewarden::remediate {

// A filtered Describe call of EC2: filter_call("DescribeSubnets", "subnet-id", {"subnet-1"}).
PlannedCall filter_call(std::string_view operation, std::string_view filter,
                        std::span<const std::string> values);
PlannedCall vpc_attribute_call(std::string_view vpc, std::string_view attribute);

// The texts of a member of all elements of a list.
std::vector<std::string> texts_at(json::Value list, std::string_view member);

// "10.0.0.0/16" covers "10.0.3.0/24"; IPv4 only.
bool covers(std::string_view outer, std::string_view inner);

// Whether VPC traffic comes to the interface endpoint by the service's usual names.
bool gives_names(json::Value endpoint);

// Where traffic to the internet goes from subnets.
enum class Exit : uint8_t {
  None,
  Unsure,  // not through a public NAT gateway: an internet gateway, say, where interfaces of
           // SageMaker, which have no public address, get no answer; or a private NAT gateway
  Nat,
};
// Of all subnets the worst. Nothing: for one of them no table was found.
std::optional<Exit> exit_of(json::Value route_tables, json::Value nat_gateways,
                            std::span<const std::string> subnets);
// Those that default routes of the subnets lead to.
std::vector<std::string> nat_gateways_of(json::Value route_tables,
                                         std::span<const std::string> subnets);
// What becomes of a way that only an endpoint would make sure, and why.
Found without_endpoint(Exit exit);
std::string_view exit_text(Exit exit);
// The table that the subnet uses: its own, or the VPC's main one. May be missing.
json::Value table_of(json::Value route_tables, std::string_view subnet);

// The endpoint of the service ("ecr.dkr") and of that type ("Interface", "Gateway") that is
// available; of several, one with private DNS. May be missing.
json::Value endpoint_of(json::Value endpoints, std::string_view service, std::string_view type,
                        std::string_view region);

enum class Passage : uint8_t { None, Some, All };
// Whether the groups let HTTPS out: to everywhere, or to some places.
Passage https_out(json::Value groups);
// Whether the groups let HTTPS in from all of the subnets (their `cidrBlock`s) or from one of the
// groups; Some: from a part, or from prefix lists, which are not looked into.
Passage https_in(json::Value groups, std::span<const std::string> from,
                 std::span<const std::string> blocks);
// Whether members of one of the groups may talk to each other, by whichever protocol.
bool talk_among_themselves(json::Value groups);

}  // namespace sagewarden::remediate
