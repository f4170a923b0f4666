#include "source/live/config_items.h"

#include <fmt/format.h>

#include <algorithm>

namespace sagewarden::live {
namespace {

constexpr size_t kMaxTypesOfCall = 20;        // of GetDiscoveredResourceCounts
constexpr size_t kMaxExpressionBytes = 4096;  // of a query

}  // namespace

std::string expression_of(std::span<const std::string_view> types) {
  return fmt::format(
      "SELECT resourceType, resourceId, resourceName, arn, accountId, awsRegion, "
      "configurationItemStatus, configurationItemCaptureTime, configuration, tags "
      "WHERE resourceType IN ('{}')",
      fmt::join(types, "', '"));
}

std::vector<std::vector<std::string_view>> parts_of(std::span<const std::string> types) {
  std::vector<std::vector<std::string_view>> parts;
  for (const std::string& type : types) {
    if (!parts.empty()) {
      parts.back().push_back(type);
      if (parts.back().size() <= kMaxTypesOfCall &&
          expression_of(parts.back()).size() <= kMaxExpressionBytes)
        continue;
      parts.back().pop_back();
    }
    parts.push_back({type});
  }
  return parts;
}

void ItemSink::resource(const Resource& seen) {
  ++seen_[std::string(seen.type)];
  const PlaceName place(seen.account, seen.region);
  if (seen.type == kRecorderType) {
    recorders_[place].push_back(read_recorder(seen.properties));
    return;
  }
  if (!wants(place)) return;
  places_.insert(place);
  ++counts_[{place.first, place.second, std::string(seen.type)}].read;
  Resource resource = seen;
  resource.location = &nowhere_;
  progress_.items.fetch_add(1, std::memory_order_relaxed);
  sink_.resource(resource);
}

void ItemSink::gap(Gap gap) {
  gap.kind = Gap::Kind::Call;
  gap.location = {};
  gap.account = place_.first;
  gap.region = place_.second;
  gap.operation = operation_;
  gap.message = "an item of AWS Config could not be read: " + gap.message;
  sink_.gap(std::move(gap));
}

void ItemSink::passed_over(std::string_view reason, std::string_view type) {
  ++seen_[std::string(type)];
  ++counts_[{place_.first, place_.second, std::string(type)}].gone;
  sink_.passed_over(reason, type);
}

size_t ItemSink::seen(const std::string& type) const {
  const auto found = seen_.find(type);
  return found == seen_.end() ? 0 : found->second;
}

bool ItemSink::wants_account(std::string_view account) const {
  return options_.accounts.empty() ||
         std::ranges::find(options_.accounts, account) != options_.accounts.end();
}

bool ItemSink::wants(const PlaceName& place) const {
  const auto in = [](const std::vector<std::string>& chosen, const std::string& name) {
    return chosen.empty() || std::ranges::find(chosen, name) != chosen.end();
  };
  return in(options_.accounts, place.first) && in(options_.regions, place.second);
}

CoverageRow ItemSink::coverage(const PlaceName& place, const std::string& type,
                               bool complete) const {
  const auto found = counts_.find({place.first, place.second, type});
  const Counts counts = found == counts_.end() ? Counts{} : found->second;
  return {place.first, place.second, type,    counts.read + counts.gone, counts.read,
          0,           counts.gone,  complete};
}

}  // namespace sagewarden::live
