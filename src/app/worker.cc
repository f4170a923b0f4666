#include "app/worker.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace sagewarden {
namespace {

constexpr std::string_view kSageMaker = "AWS::SageMaker::";

// What the sources call a resource that they do not hand over because of its type.
constexpr std::array<std::string_view, 2> kOtherType = {"other type", "type without a control"};

auto order_of(const Gap& gap) {
  return std::tie(gap.location.file, gap.location.line, gap.location.column, gap.location.address,
                  gap.account, gap.region, gap.operation, gap.code, gap.message);
}

// A folder "." gives "./file"; another way to name the same file would not.
void drop_this_folder(std::string& file) {
  if (file.starts_with("./")) file.erase(0, 2);
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

Resource Worker::named(const Resource& seen) {
  Resource resource = seen;
  if (seen.location->file.starts_with("./")) {
    location_ = *seen.location;
    drop_this_folder(location_.file);
    resource.location = &location_;
  }
  return resource;
}

void Worker::resource(const Resource& seen) {
  const Resource resource = named(seen);
  if (!evaluator_.evaluate(resource, bench_, findings_)) without_control_.add(resource.type);
}

// Earlier states of it, in other files too, do not count any more.
void Worker::deleted(const Resource& seen) {
  passed_over("deleted", seen.type);
  evaluator_.deleted(named(seen), findings_);
}

void Worker::gap(Gap gap) {
  drop_this_folder(gap.location.file);
  if (gaps_.size() < kMaxGaps) {
    gaps_.push_back(std::move(gap));
  } else {
    ++gaps_not_kept_;
  }
}

void Worker::passed_over(std::string_view reason, std::string_view type) {
  // Of another service's resources nobody expects a verdict; a SageMaker resource that no control
  // is about is something to know, and is counted there alone.
  const bool other = std::ranges::find(kOtherType, reason) != kOtherType.end();
  if (other && type.starts_with(kSageMaker) &&
      !std::ranges::binary_search(evaluator_.types(), type))
    without_control_.add(type);
  else
    passed_over_.add(other ? kOtherType.front() : reason);
}

void Worker::passed_over_path(std::string_view path, std::string_view reason) {
  passed_over(reason, {});
  if (paths_passed_over_.size() > kMaxPathsPassedOver) return;
  std::string name(path);
  drop_this_folder(name);
  paths_passed_over_.push_back(fmt::format("{}: passed over, {}", name, reason));
}

void Worker::add_to(Coverage& coverage) && {
  passed_over_.add_to(coverage.passed_over);
  without_control_.add_to(coverage.without_control);
  std::ranges::move(gaps_, std::back_inserter(coverage.gaps));
  std::ranges::move(rows_, std::back_inserter(coverage.rows));
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

void settle_rows(std::vector<CoverageRow>& rows) {
  std::ranges::stable_sort(rows, [](const CoverageRow& a, const CoverageRow& b) {
    return std::tie(a.account, a.region, a.type) < std::tie(b.account, b.region, b.type);
  });
}

}  // namespace sagewarden
