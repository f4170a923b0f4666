// Inventories and bundles: any bytes are read without harm, what is handed over is whole, and
// written and read again it stays what it was.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "source/inventory/inventory.h"

namespace sagewarden {
namespace {

constexpr std::string_view kTypes[] = {"AWS::S3::Bucket", "AWS::SageMaker::Image",
                                       "AWS::SageMaker::Model"};
const std::vector<std::string_view> kTagTypes = {"AWS::SageMaker::Image"};

bool is_secret(std::string_view name) {
  return name.starts_with('E');
}

// Checks all that it is given, and makes a bundle of it.
class Rewriter final : public Sink {
 public:
  explicit Rewriter(IsSecret secret) : writer_(*out_, secret) {
    Asked asked;
    asked.from = "aws";
    for (const std::string_view type : kTypes) asked.types.push_back({std::string(type)});
    if (!writer_.header("2026-03-01T12:00:00Z", "1.0", &asked)) std::abort();
  }

  void resource(const Resource& resource) override {
    if (resource.type.empty() || resource.partition.empty() || !resource.properties.is_object() ||
        !resource.tags.is_object() || resource.location == nullptr)
      std::abort();
    // What does not say whose it is gets its line's number as its id, which changes.
    Resource known = resource;
    if (known.account.empty()) known.account = "111122223333";
    if (known.region.empty()) known.region = "eu-west-1";
    if (!writer_.resource(known)) std::abort();
  }
  void gap(Gap gap) override {
    if (gap.code.empty() || gap.message.empty()) std::abort();
    if (!writer_.gap(gap)) std::abort();
  }
  void passed_over(std::string_view reason, std::string_view type) override {
    if (reason.empty() || !writer_.passed_over(reason, type)) std::abort();
  }
  void covered(const CoverageRow& row) override {
    if (row.type.empty() || row.read + row.not_read + row.gone != row.listed) std::abort();
    if (!writer_.covered(row)) std::abort();
  }

  std::string end() {
    if (!writer_.end()) std::abort();
    return std::move(text_);
  }

 private:
  std::string text_;
  std::unique_ptr<Output> out_ = create_string_output(text_);
  InventoryWriter writer_;
};

std::string rewritten(std::string text, IsSecret secret, const SourceOptions& options) {
  Rewriter sink(secret);
  const size_t size = text.size();
  text.append(json::kPadding, '\0');
  if (!read_inventory({"fuzz", std::string_view(text).substr(0, size)}, options, sink)) return {};
  return sink.end();
}

void check(const std::string& text, bool with_tags) {
  SourceOptions options;
  options.types = kTypes;
  if (!with_tags) options.tag_types = &kTagTypes;
  const std::string first = rewritten(text, is_secret, options);
  if (first.empty()) return;
  options.tag_types = nullptr;
  // Unknown places come into their order, and values too large for it to their rounding, once.
  const std::string second = rewritten(first, nullptr, options);
  if (second != rewritten(second, nullptr, options)) std::abort();
}

}  // namespace
}  // namespace sagewarden

// The first byte says whether tags are asked for; the rest is the text.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  sagewarden::check(text, data[0] % 2 == 0);
  return 0;
}
