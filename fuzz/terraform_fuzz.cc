// Any bytes as a Terraform plan or state: a resource, a gap or an error must come out of it.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "model/resource_type.h"
#include "source/source.h"

namespace sagewarden {
namespace {

// Reads everything that it is given once, so that a view that leads nowhere is noticed.
class ReadingSink : public Sink {
 public:
  void resource(const Resource& resource) override {
    text_.clear();
    json::Writer(text_).value(resource.properties);
    json::Writer(text_).value(resource.tags);
    text_ += resource.type;
    text_ += resource.arn;
    text_ += resource.name;
    text_ += resource.account;
    text_ += resource.region;
    text_ += resource.captured_at;
    text_ += resource.location->address;
    if (resource.partition.empty() || !resource.properties.is_object() ||
        !resource.tags.is_object())
      std::abort();
    if (resource.unknown_properties != nullptr) walk(*resource.unknown_properties);
    if (resource.unknown_tags != nullptr) walk(*resource.unknown_tags);
  }
  void gap(Gap gap) override {
    if (gap.message.empty() || gap.code.empty()) std::abort();
    text_ = gap.message;
  }
  void passed_over(std::string_view reason, std::string_view type) override {
    text_ = reason;
    text_ += type;
  }

 private:
  void walk(const UnknownNode& node) {  // NOLINT(misc-no-recursion)
    text_ += node.reason;
    for (const auto& [name, child] : node.children()) walk(*child);
  }

  std::string text_;
};

}  // namespace
}  // namespace sagewarden

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::vector<std::string_view> kTypes = [] {
    std::vector<std::string_view> names;
    for (const sagewarden::ResourceType& type : sagewarden::resource_types())
      names.push_back(type.cloudformation);
    return names;
  }();
  std::string text(size + sagewarden::json::kPadding, '\0');
  if (size != 0) std::copy(data, data + size, text.begin());
  sagewarden::SourceOptions options;
  options.types = kTypes;
  sagewarden::ReadingSink sink;
  const sagewarden::Result<void> result = sagewarden::read_terraform(
      {"plan.json", std::string_view(text).substr(0, size)}, options, sink);
  if (!result && result.error().message.empty()) std::abort();
  return 0;
}
