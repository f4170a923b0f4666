#include "report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "model/resource_type.h"

namespace sagewarden {

Place place_of(const Finding& finding) {
  for (const Evidence& evidence : finding.evidence) {
    if (evidence.line != 0) return {evidence.line, evidence.column};
  }
  return {finding.location.line, finding.location.column};
}

std::string place_text(const Location& location) {
  std::string out = location.file;
  if (location.line != 0) out += fmt::format(":{}", location.line);
  if (location.line != 0 && location.column != 0) out += fmt::format(":{}", location.column);
  return out;
}

std::string where_text(const Finding& finding) {
  // A resource with an ARN exists, and its account is where it is looked for; one without is a text
  // in a file.
  if (!finding.arn.empty() && !finding.account.empty())
    return finding.region.empty() ? finding.account : finding.account + " " + finding.region;
  if (!finding.location.file.empty()) {
    const Place place = place_of(finding);
    return place_text({finding.location.file, place.line, 0, ""});
  }
  return finding.account.empty() ? finding.region : finding.account + " " + finding.region;
}

std::string_view name_text(const Finding& finding) {
  if (!finding.name.empty()) return finding.name;
  if (!finding.location.address.empty()) return finding.location.address;
  if (!finding.arn.empty()) return finding.arn;
  return finding.location.file.empty() ? std::string_view("(no name)") : finding.location.file;
}

std::string reason_text(const Finding& finding) {
  if (finding.reasons.empty()) {
    if (finding.compliance == Compliance::Passed) return "";
    return finding.evidence.empty() ? "no reason given" : evidence_text(finding.evidence.front());
  }
  const Reason& first = finding.reasons.front();
  std::string out = first.message.empty() ? first.code : first.message;
  if (finding.reasons.size() > 1) out += fmt::format(" (and {} more)", finding.reasons.size() - 1);
  return out;
}

std::string evidence_text(const Evidence& evidence) {
  std::string out = evidence.path + ": " + evidence.found;
  if (!evidence.wanted.empty()) out += ", wanted " + evidence.wanted;
  return out;
}

std::vector<Gap> gaps_of(const ReportInput& input) {
  std::vector<Gap> gaps = input.coverage.gaps;
  if (input.interrupted) {
    gaps.push_back({.kind = Gap::Kind::File,
                    .location = {},
                    .account = {},
                    .region = {},
                    .operation = {},
                    .type = {},
                    .code = "INTERRUPTED",
                    .message = std::string(kInterrupted)});
  }
  return gaps;
}

std::string gap_place_text(const Gap& gap) {
  if (gap.kind != Gap::Kind::Call) {
    const std::string place = place_text(gap.location);
    return place.empty() ? "the run" : place;
  }
  std::string out = gap.operation;
  if (!gap.account.empty()) out += " " + gap.account;
  if (!gap.region.empty()) out += " " + gap.region;
  return out;
}

Finding gap_as_finding(const Gap& gap) {
  const bool call = gap.kind == Gap::Kind::Call;
  Finding finding;
  finding.id = "gap/" + gap.code + "/" + gap_place_text(gap);
  if (!gap.location.address.empty()) finding.id += "#" + gap.location.address;
  finding.compliance = Compliance::NotAvailable;
  finding.severity = Severity::Informational;
  finding.type = gap.type;
  finding.name = call ? gap.operation : gap.location.file;
  finding.account = gap.account;
  finding.region = gap.region;
  finding.reasons = {{gap.code, gap.message}};
  finding.location = gap.location;
  return finding;
}

std::string read_text(const Coverage& coverage) {
  std::string out;
  if (coverage.files > 0 || coverage.calls == 0)
    out = count_of(coverage.files, "file") + " (" + size_text(coverage.bytes) + ")";
  if (coverage.calls == 0) return out;
  if (!out.empty()) out += ", ";
  return out + count_of(coverage.calls, "call") + " of AWS's API";
}

std::string size_text(size_t bytes) {
  constexpr std::array<std::string_view, 5> kUnits = {"bytes", "KB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 999.95 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  if (unit == 0) return count_of(bytes, "byte");
  return fmt::format("{:.1f} {}", value, kUnits.at(unit));
}

std::string number_text(size_t number) {
  std::string out = std::to_string(number);
  for (size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, ",");
  return out;
}

std::string type_label(std::string_view type) {
  const ResourceType* known = find_resource_type(type);
  return std::string(known == nullptr ? type : known->label);
}

std::string count_of_type(size_t count, std::string_view type) {
  const ResourceType* known = find_resource_type(type);
  if (known == nullptr)
    return fmt::format("{} {} {}", number_text(count), type, count == 1 ? "resource" : "resources");
  return fmt::format("{} {}", number_text(count), count == 1 ? known->label : known->plural);
}

std::string_view plain_word(Compliance compliance) {
  switch (compliance) {
    case Compliance::Passed:
      return "passed";
    case Compliance::Failed:
      return "failed";
    case Compliance::Warning:
      return "warning";
    case Compliance::NotAvailable:
      return "not available";
  }
  return "";
}

std::string_view plain_word(Severity severity) {
  switch (severity) {
    case Severity::Informational:
      return "Informational";
    case Severity::Low:
      return "Low";
    case Severity::Medium:
      return "Medium";
    case Severity::High:
      return "High";
    case Severity::Critical:
      return "Critical";
  }
  return "";
}

const ControlInfo* find_control(std::span<const ControlInfo> controls, std::string_view id) {
  const auto found = std::ranges::find(controls, id, &ControlInfo::id);
  return found == controls.end() ? nullptr : &*found;
}

}  // namespace sagewarden
