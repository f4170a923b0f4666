// VPC endpoints that a plan creates where a model lacks them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "remediate/plan.h"

namespace sagewarden::remediate {

struct NewEndpoint {
  std::string service;  // "ecr.dkr"
  std::string region;
  std::string vpc;
  // Of an interface endpoint, with private DNS: a subnet a zone. None: it is a gateway endpoint.
  std::vector<std::string> subnets = {};
  std::vector<std::string> security_groups = {};
  std::vector<std::string> route_tables = {};  // of a gateway endpoint

  friend bool operator==(const NewEndpoint&, const NewEndpoint&) = default;
};
// Whether one endpoint can be both: a VPC has private DNS of a service once.
bool is_same_endpoint(const NewEndpoint& a, const NewEndpoint& b);
// Gives the endpoint the security groups and route tables of the other one too. Its own subnets are
// enough, as private DNS leads there from all of the VPC.
void join_needs(const NewEndpoint& other, NewEndpoint& endpoint);

// The state to reach is an endpoint of the service in the VPC with these security groups or route
// tables, whoever made it: so several actions can have the step, and the first of them creates it.
// It is not taken back, as others may have come to use it.
Step endpoint_creation(const NewEndpoint& endpoint);

// "com.amazonaws.eu-west-1.ecr.dkr"
std::string endpoint_service(std::string_view service, std::string_view region);

}  // namespace sagewarden::remediate
