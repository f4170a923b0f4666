// A control file is read strictly: every mistake in it is an error at its place.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "control/control.h"

namespace sagewarden {
namespace {

constexpr std::string_view kValid = R"(id: Acme.1
title: Models are small
severity: low
resource: AWS::SageMaker::Model
applies: has(resource.Size)
passes: resource.Size <= params.limit
params:
  limit: {type: int, default: 5, why: Because.}
why: >
  Large models
  are slow.

  And dear.
fix: Make it smaller.
aws:
  standards: [Our Standard]
  requirements: [OS-1]
  documentation: https://example.com/
tests:
  - {name: small, given: {Size: 1}, expect: PASSED}
  - name: large
    given: {Size: 6, Nested: [1.5, null, {A: "x"}]}
    tags: {Owner: me}
    params: {limit: 5}
    account: "000000000001"
    region: eu-west-1
    unknown: [A.B]
    set_but_unknown: ["C[0]", tags.X]
    denied: [D]
    expect: FAILED
)";

// The text with one place of it replaced.
std::string with(std::string_view from, std::string_view to) {
  std::string text(kValid);
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string error_of(std::string_view text, std::string_view set = "user") {
  const Result<Control> control = parse_control("acme.yaml", text, set);
  return control ? "no error" : control.error().message;
}

TEST(Parse, ReadsEveryField) {
  Result<Control> parsed = parse_control("acme.yaml", kValid, "user");
  ASSERT_TRUE(parsed) << parsed.error().message;
  const ControlInfo& info = parsed->info;
  EXPECT_EQ(info.id, "Acme.1");
  EXPECT_EQ(info.set, "user");
  EXPECT_EQ(info.title, "Models are small");
  EXPECT_EQ(info.severity, Severity::Low);
  EXPECT_EQ(info.resource_type, "AWS::SageMaker::Model");
  EXPECT_EQ(info.why, "Large models are slow.\nAnd dear.");
  EXPECT_EQ(info.fix, "Make it smaller.");
  EXPECT_EQ(info.note, "");
  EXPECT_EQ(info.applies, "has(resource.Size)");
  EXPECT_EQ(info.passes, "resource.Size <= params.limit");
  EXPECT_EQ(info.standards, std::vector<std::string>{"Our Standard"});
  EXPECT_EQ(info.requirements, std::vector<std::string>{"OS-1"});
  EXPECT_EQ(info.documentation, "https://example.com/");
  ASSERT_EQ(info.parameters.size(), 1U);
  EXPECT_EQ(info.parameters[0].type, Parameter::Type::Int);
  EXPECT_EQ(info.parameters[0].default_value, "5");
  EXPECT_EQ(info.parameters[0].value, "5");
  EXPECT_EQ(info.parameters[0].why, "Because.");
  EXPECT_EQ(parsed->file, "acme.yaml");
  EXPECT_EQ(parsed->parameters.root["limit"].integer(), 5);

  ASSERT_EQ(parsed->tests.size(), 2U);
  const ControlTest& test = parsed->tests[1];
  EXPECT_EQ(test.name, "large");
  EXPECT_EQ(test.given, R"({"Size":6,"Nested":[1.5,null,{"A":"x"}]})");
  EXPECT_EQ(test.tags, R"({"Owner":"me"})");
  EXPECT_EQ(test.params, R"({"limit":5})");
  EXPECT_EQ(test.account, "000000000001");
  EXPECT_EQ(test.region, "eu-west-1");
  EXPECT_EQ(test.unknown, std::vector<std::string>{"A.B"});
  EXPECT_EQ(test.set_but_unknown, (std::vector<std::string>{"C[0]", "tags.X"}));
  EXPECT_EQ(test.denied, std::vector<std::string>{"D"});
  EXPECT_EQ(test.expect, Verdict::Failed);
  EXPECT_EQ(test.mark, (Mark{21, 5}));
  EXPECT_EQ(parsed->tests[0].tags, "{}");
}

TEST(Parse, AppliesToEveryResourceOfTheTypeUnlessItSaysOtherwise) {
  const std::string text = with("applies: has(resource.Size)\n", "");
  const Result<Control> control = parse_control("acme.yaml", text, "user");
  ASSERT_TRUE(control);
  EXPECT_EQ(control->info.applies, "true");
  // true and false are expressions too, though YAML has a kind of its own for them.
  EXPECT_EQ(error_of(with("applies: has(resource.Size)", "applies: true")), "no error");
}

TEST(Parse, LeavesTheTestsOutOnRequest) {
  const Result<Control> control = parse_control("acme.yaml", kValid, "user", ReadTests::No);
  ASSERT_TRUE(control) << control.error().message;
  EXPECT_TRUE(control->tests.empty());
  EXPECT_EQ(control->info.documentation, "https://example.com/");
  // Mistakes in what is read are mistakes all the same.
  const std::string wrong = with("severity: low", "severity: severe");
  EXPECT_FALSE(parse_control("acme.yaml", wrong, "user", ReadTests::No));
}

struct Mistake {
  std::string_view from;
  std::string_view to;
  std::string_view want;
};

void expect_mistakes(std::span<const Mistake> mistakes) {
  for (const Mistake& mistake : mistakes)
    EXPECT_EQ(error_of(with(mistake.from, mistake.to)), mistake.want) << mistake.to;
}

TEST(Parse, RefusesWrongFields) {
  const Mistake mistakes[] = {
      {"title: Models", "titel: Models",
       R"(acme.yaml:2:1: the control has no field "titel"; did you mean "title"?)"},
      {"title: Models are small\n", "", R"(acme.yaml:1:1: the control lacks the field "title")"},
      {"title: Models are small", "title: [a]",
       R"(acme.yaml:2:8: "title" must be a text, and this is a list)"},
      {"title: Models are small", "title: \"\"", R"(acme.yaml:2:8: "title" is empty)"},
      {"title: Models are small", "title: 7",
       R"(acme.yaml:2:8: "title" must be a text, and this is an integer)"},
      {"title: Models are small", "title: !Ref Name",
       R"(acme.yaml:2:8: "title" must be a text, and this is tagged)"},
      {"title: Models are small", "title: \"a\\nb\"",
       "acme.yaml:2:8: the title must be a single line"},
      {"severity: low", "severity: severe",
       R"(acme.yaml:3:11: "severe" is no severity: INFORMATIONAL, LOW, MEDIUM, HIGH or CRITICAL)"},
      {"resource: AWS::SageMaker::Model", "resource: model",
       R"(acme.yaml:4:11: "model" is no CloudFormation type such as AWS::SageMaker::Model)"},
      {"resource: AWS::SageMaker::Model", "resource: \"AWS::\"",
       R"(acme.yaml:4:11: "AWS::" is no CloudFormation type such as AWS::SageMaker::Model)"},
      {"resource: AWS::SageMaker::Model", "resource: \"AWS:SageMaker:Model\"",
       R"(acme.yaml:4:11: "AWS:SageMaker:Model" is no CloudFormation type such as AWS::SageMaker::Model)"},
      {"  documentation: https", "  documentation: http",
       "acme.yaml:18:18: the documentation must be an https address"},
      {"  standards: [Our Standard]", "  standards: [1]",
       R"(acme.yaml:16:15: "standards" is a list of texts)"},
      {"  standards:", "  standard:",
       R"(acme.yaml:16:3: "aws" has no field "standard"; did you mean "standards"?)"},
  };
  expect_mistakes(mistakes);
}

TEST(Parse, RefusesWrongIds) {
  const Mistake mistakes[] = {
      {"id: Acme.1", "id: \"a b\"",
       R"(acme.yaml:1:5: "a b" is no id: at most 64 letters, digits, ".", "_" and "-", a letter or digit first)"},
      {"id: Acme.1", "id: .x",
       R"(acme.yaml:1:5: ".x" is no id: at most 64 letters, digits, ".", "_" and "-", a letter or digit first)"},
      // Whether or not the catalogue has that number today.
      {"id: Acme.1", "id: SageMaker.99",
       R"(acme.yaml:1:5: "SageMaker.99" is an id of the catalogue; give your control one of your own, such as "Acme.99")"},
      {"id: Acme.1", "id: sagewarden.1",
       R"(acme.yaml:1:5: "sagewarden.1" is an id of the catalogue; give your control one of your own, such as "Acme.1")"},
      {"id: Acme.1", "id: SageMaker.1a", "no error"},
      {"id: Acme.1", "id: SageMaker", "no error"},
  };
  expect_mistakes(mistakes);
  EXPECT_EQ(error_of(with("id: Acme.1", "id: SageMaker.99"), "security-hub"), "no error");
}

TEST(Parse, RefusesWrongExpressions) {
  const Mistake mistakes[] = {
      {"passes: resource.Size <= params.limit", "passes: resource.Size <= params.limit &&",
       "acme.yaml:6:9: \"passes\" does not compile\n"
       "line 1, column 33: the expression ends where a value should be\n"
       "  resource.Size <= params.limit &&\n"
       "                                  ^"},
      {"applies: has(resource.Size)", "applies: has(resouce.Size)",
       "acme.yaml:5:10: \"applies\" does not compile\n"
       "line 1, column 5: undeclared reference to 'resouce'\n"
       "  has(resouce.Size)\n"
       "      ^"},
      {"passes: resource.Size <= params.limit", "passes: [a]",
       R"(acme.yaml:6:9: "passes" must be an expression)"},
      {"passes: resource.Size <= params.limit",
       "passes:", R"(acme.yaml:6:8: "passes" must be an expression)"},
      {"passes: resource.Size <= params.limit", "passes: resource.Size <= params.limt",
       "acme.yaml:6:9: \"passes\" uses params.limt, which is not declared; add it under \"params\" "
       "with type, default and why"},
      {"applies: has(resource.Size)", "applies: params.x == 1",
       "acme.yaml:5:10: \"applies\" uses params.x, which is not declared; add it under \"params\" "
       "with type, default and why"},
      {"passes: resource.Size <= params.limit", "passes: resource.Size <= 5",
       "acme.yaml:8:3: no expression uses params.limit; use it or take it out"},
      {"passes: resource.Size <= params.limit", R"(passes: resource.Size <= params["limit"])",
       "no error"},
  };
  expect_mistakes(mistakes);
}

TEST(Parse, RefusesWrongParameters) {
  const std::string_view from = "limit: {type: int, default: 5, why: Because.}";
  const Mistake mistakes[] = {
      {from, "Limit: {type: int, default: 5, why: Because.}",
       R"(acme.yaml:8:3: "Limit" is no name for a parameter: at most 64 small letters, digits and _, a letter first)"},
      {from, "limit: {type: integer, default: 5, why: Because.}",
       R"(acme.yaml:8:17: "integer" is no type of a parameter: bool, int, string or list)"},
      {from, "limit: {type: int, default: five, why: Because.}",
       "acme.yaml:8:31: the parameter limit takes an integer of 64 bits"},
      {from, "limit: {type: int, default: 99999999999999999999, why: Because.}",
       "acme.yaml:8:31: the parameter limit takes an integer of 64 bits"},
      {from, "limit: {type: list, default: [1], why: Because.}",
       "acme.yaml:8:32: the parameter limit takes a list of texts"},
      {from, "limit: {type: int, default: 5}",
       R"(acme.yaml:8:10: the parameter limit lacks the field "why")"},
      {from, "limit: {type: int, default: 5, allowed: [1, 2], why: Because.}",
       "acme.yaml:8:31: the parameter limit takes one of 1, 2"},
      {from, "limit: {type: int, default: 1, allowed: [1, two], why: Because.}",
       "acme.yaml:8:47: the parameter limit takes an integer of 64 bits"},
      {from, "limit: 5",
       "acme.yaml:8:10: the parameter limit must be a mapping, and this is an integer"},
  };
  expect_mistakes(mistakes);
}

TEST(Parse, RefusesWrongTests) {
  const Mistake mistakes[] = {
      {"name: large", "name: small", "acme.yaml:21:11: the test in line 20 has the same name"},
      {"expect: FAILED", "expect: failed",
       R"(acme.yaml:30:13: "failed" is no verdict: PASSED, FAILED, NOT_APPLICABLE, WARNING or NOT_AVAILABLE)"},
      {"given: {Size: 1}", "given: [1]",
       R"(acme.yaml:20:26: "given" must be a mapping, and this is a list)"},
      {"given: {Size: 1}", "given: {Size: !Ref X}",
       "acme.yaml:20:26: the tag !Ref has no meaning here; write the value that it stands for, or "
       "list the place under set_but_unknown"},
      {"given: {Size: 1}", "given: {Size: 99999999999999999999}",
       "acme.yaml:20:26: 99999999999999999999 is not an integer of 64 bits"},
      {"given: {Size: 1}", "given: {Size: 1e999}", "acme.yaml:20:26: 1e999 is not a number"},
      {"given: {Size: 1}, ", "", R"(acme.yaml:20:5: a test lacks the field "given")"},
      {"params: {limit: 5}", "params: {limit: x}",
       "acme.yaml:24:21: the parameter limit takes an integer of 64 bits"},
      {"params: {limit: 5}", "params: {limt: 5}",
       R"(acme.yaml:24:14: the control has no parameter "limt")"},
      {"unknown: [A.B]", "unknown: [\"\"]", R"(acme.yaml:27:15: "unknown" is a list of texts)"},
      {"denied: [D]", "denid: [D]",
       R"(acme.yaml:29:5: a test has no field "denid"; did you mean "denied"?)"},
  };
  for (const Mistake& mistake : mistakes) {
    const std::string got = error_of(with(mistake.from, mistake.to));
    EXPECT_EQ(got, mistake.want) << mistake.to;
  }
  const size_t tests = kValid.find("tests:");
  EXPECT_EQ(error_of(std::string(kValid.substr(0, tests)) + "tests: []\n"),
            "acme.yaml:19:8: a control needs at least one test");
  EXPECT_EQ(error_of(kValid.substr(0, tests)), "acme.yaml:1:1: a control needs at least one test");
}

TEST(Parse, RefusesWhatIsNoControlFile) {
  EXPECT_EQ(error_of(""), "acme.yaml:1:1: the control must be a mapping, and this is nothing");
  EXPECT_EQ(error_of("- a"), "acme.yaml:1:1: the control must be a mapping, and this is a list");
  EXPECT_EQ(error_of("id: [").substr(0, 10), "acme.yaml:");
  EXPECT_EQ(error_of("id: a\nid: b"), "acme.yaml:2:1: \"id\" is given twice");
}

TEST(Parse, HoldsItsLimits) {
  const std::string name(kMaxTestPathBytes, 'p');
  EXPECT_EQ(error_of(with("unknown: [A.B]", fmt::format("unknown: [{}]", name))), "no error");
  EXPECT_EQ(error_of(with("unknown: [A.B]", fmt::format("unknown: [{}p]", name))),
            "acme.yaml:27:15: a place has at most 64 steps and 512 bytes");
  std::string path = "a";
  for (int i = 0; i < 63; ++i) path += ".a";
  EXPECT_EQ(error_of(with("unknown: [A.B]", fmt::format("unknown: [{}]", path))), "no error");
  EXPECT_EQ(error_of(with("unknown: [A.B]", fmt::format("unknown: [{}.a]", path))),
            "acme.yaml:27:15: a place has at most 64 steps and 512 bytes");

  EXPECT_EQ(error_of(with("Models are small", std::string(256, 't'))), "no error");
  EXPECT_EQ(error_of(with("Models are small", std::string(257, 't'))),
            "acme.yaml:2:8: the title has 257 bytes; 256 is the most that reports can carry");
  EXPECT_EQ(error_of(with("Acme.1", std::string(64, 'i'))), "no error");
  EXPECT_NE(error_of(with("Acme.1", std::string(65, 'i'))), "no error");

  std::string text(kValid);
  text += "# " + std::string(kMaxControlBytes - text.size() - 2, 'x');
  EXPECT_EQ(error_of(text), "no error");
  EXPECT_EQ(error_of(text + "x"), "acme.yaml: larger than 256 KB, which no control file is");
}

}  // namespace
}  // namespace sagewarden
