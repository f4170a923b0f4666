// For the tests: a sink that keeps what it is given as lines of text that can be compared.
#pragma once

#include <algorithm>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "model/resource.h"

namespace sagewarden::config {

// The unknown places below a node, as "A.B=reason", and the open ones as "A.B.?=reason".
inline void list_unknown(const UnknownNode* node, const std::string& path,
                         std::vector<std::string>& out) {
  if (node == nullptr) return;
  if (node->unknown) out.push_back((path.empty() ? "*" : path) + "=" + node->reason);
  if (node->is_open()) out.push_back((path.empty() ? "?" : path + ".?") + "=" + node->reason);
  if (!node->unknown && node->empty()) out.push_back(path + "=surely absent");
  const std::string prefix = path.empty() ? "" : path + ".";
  for (const auto& [name, child] : node->children()) list_unknown(child.get(), prefix + name, out);
}

inline std::string joined(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : "\n") + text;
  return out;
}

class RecordingSink : public Sink {
 public:
  void resource(const Resource& resource) override {
    properties.clear();
    tags.clear();
    json::Writer(properties).value(resource.properties);
    json::Writer(tags).value(resource.tags);
    resources.push_back(std::string(resource.type) + " " + std::string(resource.name));
    arn = resource.arn;
    identity = std::string(resource.account) + "/" + std::string(resource.region) + "/" +
               std::string(resource.partition);
    id = resource.id;
    captured_at = resource.captured_at;
    file = resource.location->file;
    unknown.clear();
    unknown_tags.clear();
    list_unknown(resource.unknown_properties, "", unknown);
    list_unknown(resource.unknown_tags, "", unknown_tags);
  }
  void deleted(const Resource& resource) override {
    Sink::deleted(resource);
    arn = resource.arn;
    captured_at = resource.captured_at;
  }
  void gap(Gap gap) override {
    gaps.push_back(gap.code + ": " + gap.message);
    gap_list.push_back(std::move(gap));
  }
  void passed_over(std::string_view reason, std::string_view type) override {
    passed.push_back(std::string(reason) + (type.empty() ? "" : " " + std::string(type)));
  }

  std::vector<std::string> resources;  // "type name"
  std::vector<std::string> gaps;       // "code: message"
  std::vector<Gap> gap_list;
  std::vector<std::string> passed;
  // Of the last resource (of a deleted one, its ARN and time alone):
  std::string arn;
  std::string identity;
  std::string id;
  std::string captured_at;
  std::string file;
  std::string properties;
  std::string tags;
  std::vector<std::string> unknown;
  std::vector<std::string> unknown_tags;
};

}  // namespace sagewarden::config
