// The AWS services that are spoken to: how each is named, addressed and asked.
#pragma once

#include <span>
#include <string_view>

namespace sagewarden::aws {

// How a request is written and an answer read.
// https://smithy.io/2.0/aws/protocols/
enum class Protocol { Json10, Json11, RestJson, Query, Ec2Query, S3 };  // S3: see s3.h

struct Service {
  std::string_view name;          // as IAM's actions have it: "sagemaker"
  std::string_view key;           // in AWS_ENDPOINT_URL_<KEY> and in the file's services sections
  std::string_view prefix;        // first part of the host name
  std::string_view signing_name;  // empty: requests are not signed
  Protocol protocol;
  // JSON: what stands before the operation in X-Amz-Target. Query: the API's version.
  std::string_view target;
};

std::span<const Service> services();  // sorted by name
// Null when there is none of that name.
const Service* find_service(std::string_view name);

// The operations of REST services, for which there is no rule.
struct RestOperation {
  std::string_view service;
  std::string_view operation;
  std::string_view method;
  std::string_view path;  // "{Name}" is the input's member of that name
};
const RestOperation* find_rest_operation(std::string_view service, std::string_view operation);

// Whether doing it twice is the same as doing it once, so that it may be repeated when the answer
// to the first attempt was lost.
bool is_idempotent(std::string_view operation);

}  // namespace sagewarden::aws
