// run_tests(): a control proves itself on the resources that its own file describes.
#include <fmt/format.h>

#include <algorithm>

#include "base/json_writer.h"
#include "control/control.h"
#include "control/parameters.h"
#include "control/variables.h"

namespace sagewarden {
namespace {

std::string_view word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::NotApplicable:
      return "NOT_APPLICABLE";
    case Verdict::Passed:
      return "PASSED";
    case Verdict::Failed:
      return "FAILED";
    case Verdict::Warning:
      return "WARNING";
    case Verdict::NotAvailable:
      return "NOT_AVAILABLE";
  }
  return "";
}

struct Unknowns {
  UnknownNode properties;
  UnknownNode tags;
};

void mark(Unknowns& unknowns, std::string_view place, Known known, UnknownCause cause) {
  const bool is_tag = place == "tags" || place.substr(0, 5) == "tags.";
  UnknownNode& root = is_tag ? unknowns.tags : unknowns.properties;
  if (is_tag) place.remove_prefix(std::min<size_t>(place.size(), 5));
  mark_unknown(root, place, known, cause, "the test says so");
}

// The parameters in force for the test: the control's, with what the test sets.
Result<json::Document> parameters_of(const Control& control, const ControlTest& test) {
  TRY_LET(const json::Document set, json::parse_document(test.params));
  std::vector<Parameter> parameters = control.info.parameters;
  for (Parameter& parameter : parameters) {
    const json::Value value = set.root[parameter.name];
    if (!value.exists()) continue;
    parameter.value.clear();
    json::Writer(parameter.value).value(value);
  }
  return parameters_document(parameters);
}

std::string why(const Grounds& grounds) {
  std::string text;
  for (const Reason& reason : grounds.reasons) {
    if (reason.code == "NOTE") continue;
    text += fmt::format("{}{}", text.empty() ? ": " : "; ", reason.message);
  }
  return text;
}

Result<TestOutcome> run(const Control& control, const ControlTest& test, cel::Scratch& scratch) {
  TRY_LET(const json::Document given, json::parse_document(test.given));
  TRY_LET(const json::Document tags, json::parse_document(test.tags));
  TRY_LET(const json::Document parameters, parameters_of(control, test));
  Unknowns unknowns;
  for (const std::string& place : test.unknown)
    mark(unknowns, place, Known::Nothing, UnknownCause::NotResolved);
  for (const std::string& place : test.set_but_unknown)
    mark(unknowns, place, Known::Set, UnknownCause::NotResolved);
  for (const std::string& place : test.denied)
    mark(unknowns, place, Known::Nothing, UnknownCause::Denied);

  const Location location;
  Resource resource;
  resource.type = control.info.resource_type;
  resource.name = test.name;
  resource.account = test.account;
  resource.region = test.region;
  resource.partition = "aws";
  resource.properties = given.root;
  resource.tags = tags.root;
  resource.unknown_properties = unknowns.properties.empty() ? nullptr : &unknowns.properties;
  resource.unknown_tags = unknowns.tags.empty() ? nullptr : &unknowns.tags;
  resource.location = &location;

  TestOutcome outcome;
  outcome.test = &test;
  outcome.got = judge_with(control, parameters.root, resource, scratch);
  if (outcome.got == test.expect) return outcome;
  outcome.message = fmt::format("expected {}, got {}", word_of(test.expect), word_of(outcome.got));
  if (outcome.got != Verdict::Passed && outcome.got != Verdict::NotApplicable)
    outcome.message += why(explain_with(control, parameters.root, resource, outcome.got, scratch));
  return outcome;
}

}  // namespace

std::vector<TestOutcome> run_tests(const Control& control) {
  cel::Scratch scratch;
  std::vector<TestOutcome> outcomes;
  for (const ControlTest& test : control.tests) {
    Result<TestOutcome> outcome = run(control, test, scratch);
    // A resource that can't even be read must not count as expected, whatever was expected.
    outcomes.push_back(outcome ? std::move(*outcome)
                               : TestOutcome{&test, Verdict::Warning, outcome.error().message});
  }
  return outcomes;
}

}  // namespace sagewarden
