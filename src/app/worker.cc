#include "app/worker.h"

#include <fmt/core.h>

#include <algorithm>
#include <tuple>

namespace sagewarden {
namespace {

constexpr std::string_view kSageMaker = "AWS::SageMaker::";

auto order_of(const Gap& gap) {
  return std::tie(gap.location.file, gap.location.line, gap.location.column, gap.location.address,
                  gap.account, gap.region, gap.operation, gap.code, gap.message);
}

}  // namespace

void Tally::add(std::string_view name) {
  const auto found = std::ranges::find(counts_, name, &Count::name);
  if (found != counts_.end()) {
    ++found->count;
  } else {
    counts_.push_back({std::string(name), 1});
  }
}

void Tally::add_to(std::map<std::string, size_t>& totals) const {
  for (const Count& count : counts_) totals[count.name] += count.count;
}

void Worker::resource(const Resource& resource) {
  if (!evaluator_.evaluate(resource, scratch_, findings_)) without_control_.add(resource.type);
}

// Earlier states of it, in other files too, do not count any more.
void Worker::deleted(const Resource& resource) {
  passed_over("deleted", resource.type);
  evaluator_.deleted(resource, findings_);
}

void Worker::gap(Gap gap) {
  if (gaps_.size() < kMaxGaps) {
    gaps_.push_back(std::move(gap));
  } else {
    ++gaps_not_kept_;
  }
}

void Worker::passed_over(std::string_view reason, std::string_view type) {
  passed_over_.add(reason);
  // Of another service's resources nobody expects a verdict; a SageMaker resource that no control
  // is about is something to know.
  if (type.starts_with(kSageMaker) && !std::ranges::binary_search(evaluator_.types(), type))
    without_control_.add(type);
}

void Worker::add_to(Coverage& coverage) && {
  passed_over_.add_to(coverage.passed_over);
  without_control_.add_to(coverage.without_control);
  std::ranges::move(gaps_, std::back_inserter(coverage.gaps));
}

void settle_gaps(std::vector<Gap>& gaps, size_t not_kept) {
  std::ranges::sort(gaps, [](const Gap& a, const Gap& b) { return order_of(a) < order_of(b); });
  // clang 14 cannot compile std::ranges::unique of this library.
  gaps.erase(std::unique(gaps.begin(), gaps.end()), gaps.end());
  if (gaps.size() > kMaxGaps) {
    not_kept += gaps.size() - kMaxGaps;
    gaps.resize(kMaxGaps);
  }
  if (not_kept == 0) return;
  Gap rest;
  rest.code = "MORE";
  rest.message = fmt::format("{} more gaps are not listed one by one", not_kept);
  gaps.push_back(std::move(rest));
}

}  // namespace sagewarden
