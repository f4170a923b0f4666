// AWS Config files: any bytes, in pieces of any size, are cut into the same items by every kernel,
// and every item is read without harm. What is valid JSON is cut into just the items it has.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "source/config/object.h"
#include "source/config/splitter.h"

namespace sagewarden::config {
namespace {

constexpr size_t kMaxItemBytes = 4096;
constexpr std::string_view kTypes[] = {"AWS::S3::Bucket", "AWS::SageMaker::EndpointConfig",
                                       "AWS::SageMaker::FeatureGroup", "AWS::SageMaker::Model",
                                       "AWS::SageMaker::ModelBiasJobDefinition"};

class CheckingSink final : public Sink {
 public:
  void resource(const Resource& resource) override {
    if (resource.type.empty() || resource.partition.empty() || !resource.properties.is_object() ||
        !resource.tags.is_object() || resource.location == nullptr)
      std::abort();
  }
  void gap(Gap gap) override {
    if (gap.code.empty() || gap.message.empty()) std::abort();
  }
  void passed_over(std::string_view reason, std::string_view /*type*/) override {
    if (reason.empty()) std::abort();
  }
};

struct Split {
  std::vector<std::string> items;
  std::vector<std::string> problems;

  friend bool operator==(const Split&, const Split&) = default;
};

// The size of the next piece; the bytes of `sizes` are used over and over.
size_t piece_size(std::string_view sizes, size_t turn, size_t left) {
  if (sizes.empty()) return left;
  const size_t size = static_cast<unsigned char>(sizes[turn % sizes.size()]) + size_t{1};
  return size < left ? size : left;
}

// With `reader`, also reads the items.
Split split(std::string_view text, Layout layout, std::string_view sizes, const ScanKernel& kernel,
            ObjectReader* reader) {
  Splitter splitter(layout, kMaxItemBytes, 0, kernel);
  Split result;
  Found found;
  const auto take = [&] {
    for (const FoundItem& item : found.items) {
      if (item.text != text.substr(item.offset, item.text.size())) std::abort();
      result.items.emplace_back(item.text);
      if (reader != nullptr) reader->read(item);
    }
    for (const SplitProblem& problem : found.problems) {
      result.problems.push_back(std::string(problem.code) + std::to_string(problem.offset) + "#" +
                                std::to_string(problem.item) + problem.message);
    }
  };
  size_t turn = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t size = piece_size(sizes, turn++, text.size() - at);
    // Its own memory, so that the sanitizer sees what is read beyond the padding.
    const auto piece = std::make_unique<char[]>(size + kScanPadding);
    text.copy(piece.get(), size, at);
    splitter.feed({piece.get(), size}, found);
    take();
    at += size;
  }
  splitter.finish(found);
  take();
  return result;
}

// How many items a valid document has; -1 when it is not one that tells.
int64_t count_items(json::Value root) {
  int64_t count = 0;
  for (const auto& [name, value] : root.members()) {
    if (name != "configurationItems") continue;
    for (const json::Value element : value.elements()) {
      if (!element.is_object()) return -1;
      ++count;
    }
  }
  return count;
}

void check(std::string_view text, Layout layout, std::string_view sizes) {
  const Split want = split(text, layout, {}, scan_kernels().back(), nullptr);
  for (const ScanKernel& kernel : scan_kernels()) {
    if (split(text, layout, sizes, kernel, nullptr) != want) std::abort();
  }
  SourceOptions options;
  options.types = kTypes;
  CheckingSink sink;
  FileGaps gaps("fuzz");
  ObjectReader reader(options, gaps, sink);
  (void)split(text, layout, sizes, scan_kernels().front(), &reader);

  if (layout != Layout::Wrapped || text.size() > kMaxItemBytes) return;
  json::Parser parser;
  const Result<json::Value> root = parser.parse(text);
  if (!root || !root->is_object()) return;
  const int64_t count = count_items(*root);
  if (count >= 0 && static_cast<size_t>(count) != want.items.size()) std::abort();
}

}  // namespace
}  // namespace sagewarden::config

// The first byte says how long the list of sizes is that follows it; the rest is the text.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t count = static_cast<unsigned char>(text[0]) % 8;
  const std::string_view sizes = text.substr(1, count);
  text.remove_prefix(1 + sizes.size());
  using sagewarden::config::Layout;
  sagewarden::config::check(text, Layout::Wrapped, sizes);
  sagewarden::config::check(text, Layout::Items, sizes);
  return 0;
}
