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
  // In findings it is called as it was given, so that ids are stable; people know it by its name.
  std::string out = location.file == "-" ? "standard input" : location.file;
  if (location.line != 0) out += fmt::format(":{}", location.line);
  if (location.line != 0 && location.column != 0) out += fmt::format(":{}", location.column);
  return out;
}

namespace {

// The file and line, or in a file without lines the address.
std::string declared_text(const Finding& finding) {
  const Location& location = finding.location;
  std::string place = place_text({location.file, place_of(finding).line, 0, ""});
  const bool has_line = place_of(finding).line != 0;
  if (!has_line && !location.address.empty() && location.address != name_text(finding))
    (place += '#') += location.address;
  return place;
}

}  // namespace

std::string where_text(const Finding& finding) {
  // A resource with an ARN exists, and its account is where it is looked for; one without is a text
  // in a file.
  if (!finding.arn.empty() && !finding.account.empty())
    return finding.region.empty() ? finding.account : finding.account + " " + finding.region;
  if (!finding.location.file.empty()) return declared_text(finding);
  return finding.account.empty() ? finding.region : finding.account + " " + finding.region;
}

std::string file_text(const Finding& finding) {
  if (finding.location.file.empty()) return "";
  std::string place = declared_text(finding);
  return place == where_text(finding) ? "" : place;
}

std::string_view name_text(const Finding& finding) {
  if (!finding.name.empty()) return finding.name;
  if (!finding.location.address.empty()) return finding.location.address;
  if (!finding.arn.empty()) return finding.arn;
  return finding.location.file.empty() ? std::string_view("(no name)") : finding.location.file;
}

namespace {

constexpr std::string_view kNote = "NOTE";

// A message says what was found and what would pass. Where that is not how people would put it, in
// other words; the reports for programs keep the message.
std::string plain_message(const Reason& reason) {
  const std::string& message = reason.message;
  if (message.empty()) return reason.code;
  if (reason.code == "TAG_MISSING") {
    // Each tag is found to be one that AWS made: the key is looked at, and the value means nothing.
    if (message.ends_with("wanted does not start with \"aws:\""))
      return "tags: only aws:\xE2\x80\xA6 keys, wanted a tag of your own";
    if (message == "tags is {}, wanted not empty") return "there are no tags, wanted at least one";
  }
  constexpr std::string_view kWantedSet = ", wanted set";
  if (message.ends_with(kWantedSet) && message.find(" is not set") != std::string::npos)
    return message.substr(0, message.size() - kWantedSet.size());
  return message;
}

struct Phrase {
  std::string_view reason;  // as the sources count it
  std::string_view one;
  std::string_view many;
};
constexpr std::array<Phrase, 14> kPhrases = {{
    {"being deleted", "resource that is being deleted", "resources that are being deleted"},
    {"condition is false", "resource whose condition is false",
     "resources whose condition is false"},
    {"data source", "data source", "data sources"},
    {"deleted", "deleted resource", "deleted resources"},
    {"file given twice", "file that was given twice", "files that were given twice"},
    {"hidden or tool folder", "hidden or tool folder", "hidden or tool folders"},
    {"nested stack, whose template is a file of its own", "nested stack, a file of its own",
     "nested stacks, files of their own"},
    {"no longer managed", "resource that is no longer managed",
     "resources that are no longer managed"},
    {"not a known input", "file that is no known input", "files that are no known input"},
    {"not recorded", "resource that is not recorded", "resources that are not recorded"},
    {"other type", "resource of another type", "resources of other types"},
    {"part of a CDK assembly that is no template", "part of a CDK assembly that is no template",
     "parts of CDK assemblies that are no templates"},
    {"tags", "list of tags", "lists of tags"},
    {"to be destroyed", "resource to be destroyed", "resources to be destroyed"},
}};

}  // namespace

std::vector<std::string> reasons_of(const Finding& finding) {
  std::vector<std::string> out;
  for (const Reason& reason : finding.reasons) {
    if (reason.code == kNote) continue;
    std::string message = plain_message(reason);
    if (std::ranges::find(out, message) == out.end()) out.push_back(std::move(message));
  }
  if (!out.empty() || finding.compliance == Compliance::Passed) return out;
  return {finding.evidence.empty() ? "no reason given" : evidence_text(finding.evidence.front())};
}

std::string reason_text(const Finding& finding) {
  const std::vector<std::string> reasons = reasons_of(finding);
  if (reasons.empty()) return "";
  if (reasons.size() == 1) return reasons.front();
  return fmt::format("{} (and {} more)", reasons.front(), reasons.size() - 1);
}

std::string passed_over_text(size_t count, std::string_view reason) {
  const auto* const phrase = std::ranges::find(kPhrases, reason, &Phrase::reason);
  if (phrase == kPhrases.end()) return number_text(count) + " " + std::string(reason);
  return number_text(count) + " " + std::string(count == 1 ? phrase->one : phrase->many);
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
                    .code = std::string(kInterruptedCode),
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
