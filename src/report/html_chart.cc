#include "report/html_chart.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/words.h"

namespace sagewarden {
namespace {

struct Slice {
  std::string_view style;
  std::string_view label;
  size_t count;
};

// A part of the ring; the circle counts as 100 long (pathLength), so shares are percentages.
std::string arc(std::string_view style, double from, double length) {
  return fmt::format(
      "<circle class=\"f-{} arc\" cx=\"60\" cy=\"60\" r=\"48\" pathLength=\"100\" "
      "stroke-dasharray=\"{:.3f} {:.3f}\" stroke-dashoffset=\"{:.3f}\" "
      "transform=\"rotate(-90 60 60)\"/>",
      style, length, 100 - length, -from);
}

// Passed ÷ (passed + failed), to the nearest whole number, as Security Hub scores; but 100 % means
// all.
std::string score_text(const ControlTally& tally) {
  const size_t judged = tally.passed + tally.failed;
  if (judged == 0) return "\xE2\x80\x93";
  const size_t rounded = (tally.passed * 200 + judged) / (judged * 2);
  return fmt::format("{}%", tally.failed > 0 ? std::min<size_t>(rounded, 99) : rounded);
}

}  // namespace

std::string control_ring(const ControlTally& tally) {
  const std::array<Slice, 5> slices = {{{"failed", "failed", tally.failed},
                                        {"open", "not fully judged", tally.unknown},
                                        {"passed", "passed", tally.passed},
                                        {"suppressed", "suppressed", tally.suppressed},
                                        {"idle", "no data", tally.no_data}}};
  size_t sum = 0;
  for (const Slice& slice : slices) sum += slice.count;

  std::string arcs;
  std::string key;
  double from = 0;
  for (const Slice& slice : slices) {
    // Rare, so that it is named only where there is one.
    if (slice.count == 0 && slice.style == "suppressed") continue;
    key += fmt::format("<li><i class=\"{}\"></i><b>{}</b> {}</li>", slice.style,
                       number_text(slice.count), slice.label);
    if (slice.count == 0) continue;
    const double share = 100.0 * static_cast<double>(slice.count) / static_cast<double>(sum);
    arcs += arc(slice.style, from, share);
    from += share;
  }
  if (sum == 0) arcs = arc("idle", 0, 100);
  const std::string score = score_text(tally);
  return fmt::format(
      "<div class=\"ring\"><svg width=\"120\" height=\"120\" viewBox=\"0 0 120 120\" role=\"img\" "
      "aria-label=\"Security score {}\">{}"
      "<text class=\"big\" x=\"60\" y=\"63\" text-anchor=\"middle\">{}</text>"
      "<text class=\"soft\" x=\"60\" y=\"80\" text-anchor=\"middle\">score</text></svg>"
      "<ul class=\"key\">{}</ul></div>",
      score, arcs, score, key);
}

std::string severity_bars(const std::array<size_t, kRanks>& ranks) {
  constexpr size_t kSeverities = 5;
  size_t most = 1;
  for (size_t rank = 0; rank < kSeverities; ++rank) most = std::max(most, ranks.at(rank));
  std::string out;
  for (size_t rank = 0; rank < kSeverities; ++rank) {
    const auto severity = static_cast<Severity>(4 - rank);
    const size_t count = ranks.at(rank);
    const double share = 100.0 * static_cast<double>(count) / static_cast<double>(most);
    constexpr std::array<std::string_view, kSeverities> kStyles = {"failed", "failed", "open",
                                                                   "info", "info"};
    out += fmt::format(
        "<div class=\"sev\"><span class=\"badge {}\">{}</span>"
        "<svg aria-hidden=\"true\"><rect class=\"f-sunk\" width=\"100%\" height=\"10\" rx=\"5\"/>"
        "<rect class=\"f-{} bar\" width=\"{:.2f}%\" height=\"10\" rx=\"5\"/></svg><b>{}</b></div>",
        name_of(severity), plain_word(severity), kStyles.at(rank), share, number_text(count));
  }
  return out;
}

}  // namespace sagewarden
