// What a model needs around it to be pulled from a private registry, or to be served in a VPC: read
// before anything is changed. Part of plan_serving().
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "remediate/planner.h"
#include "remediate/vpc_endpoint.h"

namespace sagewarden::remediate {

// Reads each thing once, however many models ask for it.
class PreflightReader {
 public:
  explicit PreflightReader(const Reader& reader) : reader_(reader) {}

  const Place& place() const { return reader_.place(); }
  const aws::Answer& read(const PlannedCall& call);

 private:
  const Reader& reader_;
  std::map<std::string, aws::Answer> answers_;  // by service, operation and input
};

struct PreflightSubject {
  std::string model;
  std::vector<std::string> subnets;
  std::vector<std::string> security_groups;
  bool own_vpc = true;  // the model's as it is, and not of the options
  std::string role;     // the execution role's ARN
  // Pulled through the VPC; empty: the model only comes into the VPC.
  std::vector<std::string> images;
  std::string lambda;  // ARN of the function that logs in to the registry; may be empty
  // The model's data, as "bucket/key"; empty where it has none in S3.
  std::vector<std::string> objects;
  bool many_containers = false;
  int64_t instances = 0;          // of the endpoints that are to run it, as of now
  bool canary = false;            // one more
  bool create_endpoints = false;  // VPC endpoints that are missing
  bool asynchronous = false;      // one of those endpoints is
};

struct PreflightReport {
  std::vector<Preflight> network;      // rests on the VPC alone
  std::vector<Preflight> registry;     // concerns the pull
  std::vector<NewEndpoint> endpoints;  // that are missing and to be created

  std::vector<Preflight> all() const;
  // Whether the plan would fail.
  static bool has_wrong(const std::vector<Preflight>& checks);
};
PreflightReport look_ahead(const PreflightSubject& subject, PreflightReader& reader);

// "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:3", taken apart.
struct EcrImage {
  std::string_view account;  // empty: the image is not in Amazon ECR
  std::string_view region;
  std::string_view repository;  // without tag and digest
};
EcrImage ecr_image(std::string_view image);

// Whether a VPC endpoint's policy plainly allows everything to everybody.
bool allows_all(std::string_view policy);
// Whether a VPC endpoint's policy lets the object ("bucket/key") be read by whoever asks, as far as
// its text says so.
Found lets_read(std::string_view policy, std::string_view object_name, std::string_view partition);

}  // namespace sagewarden::remediate
