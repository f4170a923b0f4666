#include "model/finding.h"

#include <array>
#include <tuple>

#include "base/text.h"

namespace sagewarden {
namespace {

constexpr std::array<std::string_view, 4> kCompliance = {"PASSED", "FAILED", "WARNING",
                                                         "NOT_AVAILABLE"};
constexpr std::array<std::string_view, 5> kSeverity = {"INFORMATIONAL", "LOW", "MEDIUM", "HIGH",
                                                       "CRITICAL"};

}  // namespace

std::string_view name_of(Compliance compliance) {
  return kCompliance.at(static_cast<size_t>(compliance));
}
std::string_view name_of(Severity severity) {
  return kSeverity.at(static_cast<size_t>(severity));
}

std::optional<Severity> parse_severity(std::string_view text) {
  for (size_t i = 0; i < kSeverity.size(); ++i) {
    if (lower(kSeverity.at(i)) == lower(text)) return static_cast<Severity>(i);
  }
  return std::nullopt;
}

FindingView view_of(const Finding& finding) {
  return {.id = finding.id,
          .control = finding.control,
          .compliance = finding.compliance,
          .severity = finding.severity,
          .type = finding.type,
          .arn = finding.arn,
          .name = finding.name,
          .account = finding.account,
          .region = finding.region,
          .partition = finding.partition,
          .tags = finding.tags,
          .reasons = finding.reasons,
          .evidence = finding.evidence,
          .location = &finding.location,
          .suppressed = finding.suppressed ? &*finding.suppressed : nullptr,
          .captured_at = finding.captured_at};
}

Finding copy_of(const FindingView& view) {
  Finding finding;
  finding.id = view.id;
  finding.control = view.control;
  finding.compliance = view.compliance;
  finding.severity = view.severity;
  finding.type = view.type;
  finding.arn = view.arn;
  finding.name = view.name;
  finding.account = view.account;
  finding.region = view.region;
  finding.partition = view.partition;
  finding.tags.assign(view.tags.begin(), view.tags.end());
  finding.reasons.assign(view.reasons.begin(), view.reasons.end());
  finding.evidence.assign(view.evidence.begin(), view.evidence.end());
  finding.location = *view.location;
  if (view.suppressed != nullptr) finding.suppressed = *view.suppressed;
  finding.captured_at = view.captured_at;
  return finding;
}

bool report_order(const Finding& a, const Finding& b) {
  const auto key = [](const Finding& f) {
    return std::tie(f.account, f.region, f.type, f.name, f.arn, f.location.file,
                    f.location.address);
  };
  if (key(a) != key(b)) return key(a) < key(b);
  return natural_less(a.control, b.control);
}

}  // namespace sagewarden
