// JUnit XML, as Jenkins' schema (junit-10.xsd) has it and CI servers read it: a suite for each
// control, a case for each resource, and a suite "coverage" with an error for each thing that was
// not read. The findings come by resource, so each control takes a pass of its own.
#include <fmt/format.h>

#include "report/escape.h"
#include "report/formats.h"
#include "report/summary.h"
#include "report/words.h"

namespace sagewarden {
namespace {

// One long message is of no use in a CI server's list, and some refuse it.
constexpr size_t kMaxJunitMessage = 1000;

struct Tally {
  size_t tests = 0;
  size_t failures = 0;
  size_t errors = 0;
  size_t skipped = 0;  // of a suite; the schema has no such attribute for all of them

  void add(const Finding& finding) {
    ++tests;
    if (finding.suppressed)
      ++skipped;
    else if (finding.compliance == Compliance::Failed)
      ++failures;
    else if (finding.compliance != Compliance::Passed)
      ++errors;
  }
};
using Tallies = std::map<std::string, Tally>;

std::string attribute(std::string_view name, std::string_view value) {
  return fmt::format(" {}=\"{}\"", name, xml_escaped(value));
}

std::string suite_start(std::string_view name, const Tally& tally, const ReportInput& input) {
  std::string out = "  <testsuite" + attribute("name", name);
  out += fmt::format(" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", tally.tests,
                     tally.failures, tally.errors, tally.skipped);
  if (!input.run.started.empty()) out += attribute("timestamp", input.run.started);
  return out + ">\n";
}

// What a person who sees the case in a CI server needs to know.
std::string body_of(const Finding& finding, const ControlInfo* control) {
  std::string body;
  for (const Reason& reason : finding.reasons)
    body += reason.code + ": " + shortened(reason.message, kMaxJunitMessage) + "\n";
  for (const Evidence& evidence : finding.evidence)
    body += shortened(evidence_text(evidence), kMaxJunitMessage) + "\n";
  const std::string place = place_text(finding.location);
  if (!place.empty()) body += "in " + place + "\n";
  if (!finding.arn.empty()) body += finding.arn + "\n";
  if (control != nullptr && !control->fix.empty()) body += "fix: " + control->fix + "\n";
  return body;
}

std::string outcome(std::string_view element, const Finding& finding, const ControlInfo* control) {
  std::string out = fmt::format("      <{}", element);
  out += attribute("message", shortened(reason_text(finding), kMaxJunitMessage));
  out += attribute("type", name_of(finding.compliance));
  return out + ">" + xml_escaped(body_of(finding, control)) + fmt::format("</{}>\n", element);
}

std::string case_of(const Finding& finding, const ControlInfo* control) {
  std::string name(name_text(finding));
  const std::string where = where_text(finding);
  if (!where.empty()) name += " (" + where + ")";
  std::string out = "    <testcase" + attribute("name", shortened(name, kMaxJunitMessage));
  out += attribute("classname", finding.control.empty() ? "coverage" : finding.control);
  if (finding.suppressed) {
    const std::string message = "suppressed: " + finding.suppressed->reason;
    out +=
        ">\n      <skipped" + attribute("message", shortened(message, kMaxJunitMessage)) + "/>\n";
  } else if (finding.compliance == Compliance::Failed) {
    out += ">\n" + outcome("failure", finding, control);
  } else if (finding.compliance != Compliance::Passed) {
    out += ">\n" + outcome("error", finding, control);
  } else {
    return out + "/>\n";
  }
  return out + "    </testcase>\n";
}

// What the control was held to; a finding that passed says no more.
std::string properties_of(const ControlInfo* control) {
  if (control == nullptr || control->parameters.empty()) return "";
  std::string out = "    <properties>\n";
  for (const Parameter& parameter : control->parameters) {
    out += "      <property" + attribute("name", parameter.name);
    out += attribute("value", shortened(parameter.value, kMaxJunitMessage)) + "/>\n";
  }
  return out + "    </properties>\n";
}

Result<void> write_suite(const std::string& id, const Tally& tally, const ReportInput& input,
                         const EachFinding& each, Output& out) {
  const ControlInfo* control = find_control(input.controls, id);
  const std::string name = control == nullptr ? id : id + " " + control->title;
  TRY_DO(out.write(suite_start(name, tally, input) + properties_of(control)));
  TRY_DO(each([&](const Finding& finding) -> Result<void> {
    return finding.control == id ? out.write(case_of(finding, control)) : Result<void>();
  }));
  return out.write("  </testsuite>\n");
}

Result<void> write_coverage_suite(const ReportInput& input, Output& out) {
  const std::vector<Gap> gaps = gaps_of(input);
  Tally tally;
  for (const Gap& gap : gaps) tally.add(gap_as_finding(gap));
  TRY_DO(out.write(suite_start("coverage", tally, input)));
  for (const Gap& gap : gaps) TRY_DO(out.write(case_of(gap_as_finding(gap), nullptr)));
  std::string notes = verdict_text(input) + "\n";
  for (const std::string& notice : input.notices) notes += notice + "\n";
  TRY_DO(out.write("    <system-out>" + xml_escaped(notes) + "</system-out>\n"));
  return out.write("  </testsuite>\n");
}

// The suites in the order of the controls; a finding of a control that is not listed still has one.
std::vector<std::string> suites_of(const ReportInput& input, const Tallies& tallies) {
  std::vector<std::string> names;
  for (const ControlInfo& control : input.controls) {
    if (tallies.contains(control.id)) names.push_back(control.id);
  }
  for (const auto& [id, tally] : tallies) {
    if (find_control(input.controls, id) == nullptr) names.push_back(id);
  }
  return names;
}

}  // namespace

Result<void> write_junit(const ReportInput& input, const EachFinding& each, const TextStyle&,
                         Output& out) {
  Tallies tallies;
  TRY_DO(each([&tallies](const Finding& finding) -> Result<void> {
    tallies[finding.control].add(finding);
    return {};
  }));
  Tally total;
  for (const auto& [id, tally] : tallies) {
    total.tests += tally.tests;
    total.failures += tally.failures;
    total.errors += tally.errors;
  }
  const size_t gaps = gaps_of(input).size();
  TRY_DO(out.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
  TRY_DO(out.write(
      fmt::format("<testsuites name=\"Sagewarden\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
                  total.tests + gaps, total.failures, total.errors + gaps)));
  for (const std::string& id : suites_of(input, tallies))
    TRY_DO(write_suite(id, tallies.at(id), input, each, out));
  TRY_DO(write_coverage_suite(input, out));
  return out.write("</testsuites>\n");
}

}  // namespace sagewarden
