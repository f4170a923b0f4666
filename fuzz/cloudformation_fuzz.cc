// read_cloudformation() over any bytes: no crash, no hang, and whatever it hands over can be walked
// in full.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "base/text.h"
#include "source/cloudformation/parameters.h"
#include "source/source.h"
#include "source/types/shape.h"

namespace sagewarden {
namespace {

// Fails loudly on what a reader of findings may rely on.
void require(bool holds) {
  if (!holds) std::abort();
}

size_t walk(const UnknownNode& node) {
  require(!node.unknown || !node.reason.empty());
  size_t count = 1;
  for (const auto& [name, child] : node.children()) count += walk(*child);
  return count;
}

class TouchingSink : public Sink {
 public:
  void resource(const Resource& resource) override {
    require(find_type_shape(resource.type) != nullptr && !resource.partition.empty());
    require(resource.properties.is_object() && resource.tags.is_object());
    std::string json;
    json::Writer(json).value(resource.properties);
    require(is_utf8(json));
    for (const UnknownNode* node : {resource.unknown_properties, resource.unknown_tags})
      if (node != nullptr) walk(*node);
    if (resource.property_lines != nullptr) {
      require(std::ranges::is_sorted(*resource.property_lines, {}, &PropertyLine::path));
      for (const PropertyLine& line : *resource.property_lines)
        require(line.line > 0 && line.column > 0);
    }
    if (resource.suppressions != nullptr) {
      for (const InlineSuppression& suppression : *resource.suppressions)
        require(!suppression.reason.empty() && !suppression.control.empty());
    }
    require(resource.location->line > 0);
  }
  void gap(Gap gap) override {
    require(!gap.message.empty() && is_utf8(gap.message) && gap.location.line > 0);
  }
  void passed_over(std::string_view reason, std::string_view) override { require(!reason.empty()); }
};

}  // namespace
}  // namespace sagewarden

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  sagewarden::SourceOptions options;
  // The first byte chooses what else is known.
  if (!text.empty() && text[0] == '1') {
    options.region = "eu-west-1";
    options.account = "111122223333";
    text.remove_prefix(1);
  }
  constexpr std::string_view kTypes[] = {
      "AWS::SageMaker::EndpointConfig", "AWS::SageMaker::FeatureGroup", "AWS::SageMaker::Image",
      "AWS::SageMaker::Model", "AWS::SageMaker::NotebookInstance"};
  options.types = kTypes;
  sagewarden::TouchingSink sink;
  // Errors are as good an outcome as any; what counts is that each call comes to an end.
  (void)sagewarden::read_cloudformation({"fuzz", text}, options, sink);
  (void)sagewarden::cloudformation::parse_parameters(text);
  return 0;
}
