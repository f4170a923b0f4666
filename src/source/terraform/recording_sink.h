// For the tests: a sink that keeps what it is given, as text that can be compared.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "model/resource_type.h"
#include "source/source.h"

namespace sagewarden::terraform {

struct Recorded {
  std::string type, arn, name, account, region, partition, captured_at, address;
  std::string properties, tags;  // JSON
  // "PATH Set|Nothing REASON", without what the service sets by itself; sorted as found
  std::vector<std::string> unknown;
  std::vector<std::string> unknown_tags;
  std::vector<std::string> defaulted;
};

class RecordingSink : public Sink {
 public:
  void resource(const Resource& resource) override {
    Recorded out;
    out.type = resource.type;
    out.arn = resource.arn;
    out.name = resource.name;
    out.account = resource.account;
    out.region = resource.region;
    out.partition = resource.partition;
    out.captured_at = resource.captured_at;
    out.address = resource.location->address;
    json::Writer(out.properties).value(resource.properties);
    json::Writer(out.tags).value(resource.tags);
    if (resource.unknown_properties != nullptr)
      flatten(*resource.unknown_properties, "", out.unknown);
    if (resource.unknown_tags != nullptr) flatten(*resource.unknown_tags, "", out.unknown_tags);
    if (resource.defaulted != nullptr) out.defaulted = *resource.defaulted;
    resources.push_back(std::move(out));
  }
  void gap(Gap gap) override { gaps.push_back(std::move(gap)); }
  void passed_over(std::string_view reason, std::string_view type) override {
    passed.push_back(std::string(reason) + ": " + std::string(type));
  }

  std::vector<Recorded> resources;
  std::vector<Gap> gaps;
  std::vector<std::string> passed;

 private:
  // NOLINTNEXTLINE(misc-no-recursion)
  static void flatten(const UnknownNode& node, const std::string& path,
                      std::vector<std::string>& out) {
    if (node.unknown && !node.reason.starts_with("AWS sets it")) {
      out.push_back(path + (node.known == Known::Set ? " Set " : " Nothing ") + node.reason);
    }
    for (const auto& [name, child] : node.children()) {
      std::string below = path;
      if (!below.empty()) below += '/';
      flatten(*child, below += name, out);
    }
  }
};

// Every type that we know, sorted, as the command line asks for when no control is named.
inline std::vector<std::string_view> all_types() {
  std::vector<std::string_view> types;
  for (const ResourceType& type : resource_types()) types.push_back(type.cloudformation);
  return types;
}

struct Outcome {
  RecordingSink sink;
  std::string error;  // empty when the reader succeeded
};

inline Outcome read(std::string text, SourceOptions options = {}) {
  const std::vector<std::string_view> types = all_types();
  if (options.types.empty()) options.types = types;
  const size_t size = text.size();
  text.resize(size + json::kPadding);
  Outcome outcome;
  const Result<void> result =
      read_terraform({"plan.json", std::string_view(text).substr(0, size)}, options, outcome.sink);
  if (!result) outcome.error = result.error().message;
  return outcome;
}

// One change of a plan and its configuration; each part is JSON.
struct Change {
  std::string type = "aws_sagemaker_notebook_instance";
  std::string after = "{}";
  std::string unknown = "{}";
  std::string sensitive = "{}";
  std::string actions = R"(["create"])";
  std::string expressions = "{}";
  std::string provider = R"({"aws":{"name":"aws"}})";
};

inline std::string plan_of(const Change& change) {
  return R"({"format_version":"1.2","planned_values":{"root_module":{}},"resource_changes":[{)"
         R"("address":")" +
         change.type + R"(.x","mode":"managed","type":")" + change.type +
         R"(","name":"x","change":{"actions":)" + change.actions + R"(,"before":null,"after":)" +
         change.after + R"(,"after_unknown":)" + change.unknown + R"(,"after_sensitive":)" +
         change.sensitive + R"(}}],"configuration":{"provider_config":)" + change.provider +
         R"(,"root_module":{"resources":[{"address":")" + change.type +
         R"(.x","mode":"managed","type":")" + change.type +
         R"(","name":"x","provider_config_key":"aws","expressions":)" + change.expressions +
         "}]}}}";
}

}  // namespace sagewarden::terraform
