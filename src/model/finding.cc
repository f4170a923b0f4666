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

bool report_order(const Finding& a, const Finding& b) {
  const auto key = [](const Finding& f) {
    return std::tie(f.account, f.region, f.type, f.name, f.arn, f.location.file,
                    f.location.address);
  };
  if (key(a) != key(b)) return key(a) < key(b);
  return natural_less(a.control, b.control);
}

}  // namespace sagewarden
