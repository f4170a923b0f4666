// The one shape in which every source hands a resource to the evaluation, and what a source says
// beside resources.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "model/coverage.h"
#include "model/unknown.h"

namespace sagewarden {

// Where something stands in a file. Line and column count from 1; 0 means that the source has no
// lines (an API answer).
struct Location {
  std::string file;
  uint32_t line = 0;
  uint32_t column = 0;
  std::string address;  // Terraform address or CloudFormation logical id (nested stacks joined by
                        // '/'); may be empty

  friend bool operator==(const Location&, const Location&) = default;
};

// Lines of single properties, where a source knows them. Paths as in Evidence
// ("PrimaryContainer.Image").
struct PropertyLine {
  std::string path;
  uint32_t line = 0;
  uint32_t column = 0;
};

// A suppression that stands in the template itself, beside the resource.
struct InlineSuppression {
  std::string control;  // id or glob
  std::string reason;
  std::string expires;  // date YYYY-MM-DD, or empty
  uint32_t line = 0;
};

// A thing with an ARN, as one source saw it. Views into the document that the source holds: a
// Resource lives no longer than the call of Sink::resource() that it is given to. It is filled for
// every item of a 100 GB export, so it must not own anything.
struct Resource {
  std::string_view type;  // CloudFormation's name: "AWS::SageMaker::Model"
  std::string_view arn;   // empty where the source cannot know it (a template)
  std::string_view name;  // the resource's name; where it has none yet, its logical id or address
  // What tells it from the others of its file where it has neither ARN nor address: the source's
  // own id of it, or its place there when the source does not say whose it is.
  std::string_view id;
  std::string_view account;    // 12 digits, or empty when not known
  std::string_view region;     // or empty when not known
  std::string_view partition;  // never empty
  json::Value
      properties;    // an object in CloudFormation's shape: PascalCase, CloudFormation's names
  json::Value tags;  // an object key → value
  const UnknownNode* unknown_properties = nullptr;  // null when everything is known
  const UnknownNode* unknown_tags = nullptr;
  std::string_view captured_at;  // ISO 8601, when the source says it: of two of the same resource,
                                 // the later counts
  const Location* location = nullptr;  // never null when given to a sink
  const std::vector<PropertyLine>* property_lines =
      nullptr;  // sorted by path; null when there are none
  const std::vector<InlineSuppression>* suppressions = nullptr;
  // Property paths that the source filled with the API's default because the template leaves them
  // out.
  const std::vector<std::string>* defaulted = nullptr;
};

// Something that should have been read and was not: a file, a part of one, an API call. Every gap
// is named in every report and changes the exit status.
struct Gap {
  enum class Kind : uint8_t { File, Item, Call };
  Kind kind = Kind::File;
  Location location;      // File, Item
  std::string account;    // Call
  std::string region;     // Call
  std::string operation;  // Call: "sagemaker:DescribeModel"
  std::string type;       // the resource type concerned, when known
  std::string code;  // short, for machines: "PARSE_ERROR", "TRUNCATED", "UNREADABLE", "OVERSIZED",
                     // "ACCESS_DENIED"
  std::string message;  // for people: what, where, what to do

  friend bool operator==(const Gap&, const Gap&) = default;
};

// Where a source puts what it finds. One object per worker thread; never called by two threads at
// once.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void resource(const Resource& resource) = 0;
  virtual void gap(Gap gap) = 0;
  // The source says that the resource is gone (AWS Config's history): its earlier states, from this
  // or another file, do not count any more. Type, identity, location and time are filled.
  virtual void deleted(const Resource& resource) { passed_over("deleted", resource.type); }
  // Something that was read and rightly not evaluated; counted under a fixed reason ("deleted",
  // "other type", …).
  virtual void passed_over(std::string_view reason, std::string_view type) = 0;
  // The same of a whole file or folder.
  virtual void passed_over_path(std::string_view /*path*/, std::string_view reason) {
    passed_over(reason, {});
  }
  // A place in AWS with which the source is done. Sources of files have none.
  virtual void covered(const CoverageRow& /*row*/) {}
};

}  // namespace sagewarden
