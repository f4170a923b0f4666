// For the tests: a sink that keeps what it is given as texts that can be compared.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "model/resource.h"
#include "source/source.h"

namespace sagewarden::cloudformation {

// The value as JSON, with <set: why>, <present: why> and <unknown: why> in the places that are not
// known.
inline std::string described(json::Value value, const UnknownNode* node) {
  if (node != nullptr && node->unknown)
    return fmt::format("<{}: {}>",
                       node->known == Known::Set       ? "set"
                       : node->known == Known::Present ? "present"
                                                       : "unknown",
                       node->reason);
  if (!value.exists()) return "absent";
  std::string out;
  if (value.is_array()) {
    size_t at = 0;
    for (const json::Value item : value.elements()) {
      out += out.empty() ? "[" : ",";
      out += described(item, node == nullptr ? nullptr : node->find(at++));
    }
    return out.empty() ? "[]" : out + "]";
  }
  if (value.is_object()) {
    std::map<std::string, std::string> members;
    for (const auto& [key, member] : value.members())
      members[std::string(key)] = described(member, node == nullptr ? nullptr : node->find(key));
    if (node != nullptr) {
      for (const auto& [key, child] : node->children())
        if (!members.contains(key)) members[key] = described({}, child.get());
    }
    for (const auto& [key, member] : members)
      out += fmt::format("{}{}: {}", out.empty() ? "{" : ", ", key, member);
    return out.empty() ? "{}" : out + "}";
  }
  json::Writer(out).value(value);
  return out;
}

struct Seen {
  std::string type, name, account, region, partition;
  Location location;
  std::string tags;                               // described
  std::map<std::string, std::string> properties;  // the outermost, described
  std::map<std::string, std::string> lines;       // path → "line:column"
  std::vector<std::string> defaulted;
  std::vector<InlineSuppression> suppressions;
  bool lines_sorted = true;
  bool all_unknown = false;
  std::string why_unknown;

  std::string property(const std::string& name_of) const {
    const auto found = properties.find(name_of);
    return found == properties.end() ? "absent" : found->second;
  }
};

class RecordingSink : public Sink {
 public:
  void resource(const Resource& resource) override {
    Seen one;
    one.type = resource.type;
    one.name = resource.name;
    one.account = resource.account;
    one.region = resource.region;
    one.partition = resource.partition;
    one.location = *resource.location;
    one.tags = described(resource.tags, resource.unknown_tags);
    const UnknownNode* unknown = resource.unknown_properties;
    one.all_unknown = unknown != nullptr && unknown->unknown;
    if (one.all_unknown) one.why_unknown = unknown->reason;
    for (const auto& [key, value] : resource.properties.members())
      one.properties[std::string(key)] =
          described(value, unknown == nullptr ? nullptr : unknown->find(key));
    if (unknown != nullptr) {
      for (const auto& [key, child] : unknown->children())
        if (!resource.properties[key].exists()) one.properties[key] = described({}, child.get());
    }
    if (resource.property_lines != nullptr) {
      one.lines_sorted = std::ranges::is_sorted(*resource.property_lines, {}, &PropertyLine::path);
      for (const PropertyLine& line : *resource.property_lines)
        one.lines[line.path] = fmt::format("{}:{}", line.line, line.column);
    }
    if (resource.defaulted != nullptr) one.defaulted = *resource.defaulted;
    if (resource.suppressions != nullptr) one.suppressions = *resource.suppressions;
    resources.push_back(std::move(one));
  }
  void gap(Gap gap) override { gaps.push_back(std::move(gap)); }
  void passed_over(std::string_view reason, std::string_view type) override {
    passed.push_back(fmt::format("{}: {}", type, reason));
  }

  const Seen* find(std::string_view address) const {
    const auto found = std::ranges::find_if(
        resources, [&](const Seen& one) { return one.location.address == address; });
    return found == resources.end() ? nullptr : &*found;
  }
  std::string all_gaps() const {
    std::string out;
    for (const Gap& gap : gaps) out += fmt::format("{} {}\n", gap.code, gap.message);
    return out;
  }

  std::vector<Seen> resources;
  std::vector<Gap> gaps;
  std::vector<std::string> passed;
};

inline constexpr std::string_view kTypes[] = {
    "AWS::SageMaker::EndpointConfig", "AWS::SageMaker::FeatureGroup", "AWS::SageMaker::Image",
    "AWS::SageMaker::Model", "AWS::SageMaker::NotebookInstance"};

// Reads a template as the program does; the text may be built on the spot.
struct Read {
  RecordingSink sink;
  std::string error;  // empty: it was read

  explicit Read(const std::string& text, SourceOptions options = {}) {
    options.types = kTypes;
    const Result<void> result = read_cloudformation({"t.yaml", text}, options, sink);
    if (!result) error = result.error().message;
  }
};

}  // namespace sagewarden::cloudformation
