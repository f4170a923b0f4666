#include "report/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/words.h"

namespace sagewarden {

ControlCounts total_of(const std::map<std::string, ControlCounts>& counts) {
  ControlCounts total;
  for (const auto& [control, of] : counts) {
    total.passed += of.passed;
    total.failed += of.failed;
    total.warning += of.warning;
    total.not_available += of.not_available;
    total.suppressed += of.suppressed;
    total.known.failed += of.known.failed;
    total.known.not_judged += of.known.not_judged;
    total.known.suppressed += of.known.suppressed;
    total.known.passed += of.known.passed;
  }
  return total;
}

void count_in(ControlCounts& counts, const Finding& finding) {
  if (finding.suppressed) {
    ++counts.suppressed;
    return;
  }
  switch (finding.compliance) {
    case Compliance::Passed:
      ++counts.passed;
      return;
    case Compliance::Failed:
      ++counts.failed;
      return;
    case Compliance::Warning:
      ++counts.warning;
      return;
    case Compliance::NotAvailable:
      ++counts.not_available;
      return;
  }
}

ControlCounts counts_of(const ReportInput& input, std::string_view control) {
  const auto found = input.counts.find(std::string(control));
  return found == input.counts.end() ? ControlCounts{} : found->second;
}

size_t resources_of(const Coverage& coverage) {
  size_t sum = 0;
  for (const auto& [type, count] : coverage.evaluated) sum += count;
  return sum;
}

ControlStatus status_of(const ControlCounts& counts) {
  if (counts.failed + counts.known.failed > 0) return ControlStatus::Failed;
  if (not_judged_of(counts) + counts.known.not_judged > 0) return ControlStatus::Unknown;
  if (counts.passed + counts.known.passed > 0) return ControlStatus::Passed;
  const bool suppressed = counts.suppressed + counts.known.suppressed > 0;
  return suppressed ? ControlStatus::Suppressed : ControlStatus::NoData;
}

ControlTally tally_of(const ReportInput& input) {
  ControlTally tally;
  for (const ControlInfo& control : input.controls) {
    switch (status_of(counts_of(input, control.id))) {
      case ControlStatus::Failed:
        ++tally.failed;
        break;
      case ControlStatus::Unknown:
        ++tally.unknown;
        break;
      case ControlStatus::Passed:
        ++tally.passed;
        break;
      case ControlStatus::Suppressed:
        ++tally.suppressed;
        break;
      case ControlStatus::NoData:
        ++tally.no_data;
        break;
    }
  }
  return tally;
}

size_t rank_of(const Finding& finding) {
  if (finding.suppressed) return 6;
  switch (finding.compliance) {
    case Compliance::Failed:
      return 4 - static_cast<size_t>(finding.severity);
    case Compliance::Warning:
    case Compliance::NotAvailable:
      return 5;
    case Compliance::Passed:
      return 7;
  }
  return 5;
}

Ration::Ration(const std::array<size_t, kRanks>& counts, size_t places,
               std::span<const size_t> none) {
  for (size_t rank = 0; rank < kRanks; ++rank) {
    if (std::ranges::find(none, rank) != none.end()) continue;
    places_.at(rank) = std::min(counts.at(rank), places);
    places -= places_.at(rank);
    left_out_ += counts.at(rank) - places_.at(rank);
  }
}

bool Ration::take(size_t rank) {
  if (places_.at(rank) == 0) return false;
  --places_.at(rank);
  return true;
}

Result<std::array<size_t, kRanks>> count_ranks(const EachFinding& each) {
  std::array<size_t, kRanks> counts = {};
  TRY_DO(each([&counts](const Finding& finding) -> Result<void> {
    ++counts.at(rank_of(finding));
    return {};
  }));
  return counts;
}

std::string known_text(const KnownCounts& known) {
  const struct {
    size_t count;
    std::string_view word;
  } rows[] = {{known.failed, "failed"},
              {known.not_judged, "not judged"},
              {known.suppressed, "suppressed"},
              {known.passed, "passed"}};
  std::string out;
  for (const auto& row : rows) {
    if (row.count == 0) continue;
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", number_text(row.count), row.word);
  }
  return out;
}

std::string verdict_text(const ReportInput& input) {
  const ControlCounts total = total_of(input.counts);
  const size_t not_judged = not_judged_of(total);
  std::string out;
  if (resources_of(input.coverage) == 0) {
    out = "No resource was evaluated";
  } else if (total.failed > 0) {
    out = fmt::format("{} failed", number_text(total.failed));
  } else if (open_of(total.known) > 0) {
    out = "Nothing new failed";
  } else if (not_judged > 0 || !is_complete(input)) {
    out = "Nothing failed among what could be judged";
  } else {
    out = "Nothing failed";
  }
  if (not_judged > 0) out += fmt::format(", {} could not be judged", number_text(not_judged));
  if (total.suppressed > 0) out += fmt::format(", {} suppressed", number_text(total.suppressed));
  if (total.passed > 0) out += fmt::format(", {} passed", number_text(total.passed));
  out += '.';
  if (sum_of(total.known) > 0)
    out += fmt::format(" Known from the baseline and left out: {}.", known_text(total.known));
  const size_t gaps = input.coverage.gaps.size();
  if (gaps == 1) out += " 1 part of the input was not read.";
  if (gaps > 1) out += fmt::format(" {} parts of the input were not read.", number_text(gaps));
  if (input.interrupted) out += " The run was stopped before everything was read.";
  if (input.shortened) out += " The report is not whole: records were taken out of it.";
  return out;
}

}  // namespace sagewarden
