// The Conditions section in its three values, and resources that depend on it.
#include <gtest/gtest.h>

#include "source/cloudformation/recording_sink.h"

namespace sagewarden::cloudformation {
namespace {

// Whether a resource under the condition C is there: "yes", "no", or why nobody knows.
std::string holds(const std::string& expression, std::string* gaps = nullptr) {
  const Read read(R"(
Parameters:
  Unset: {Type: String}
  Choice: {Type: String, AllowedValues: [dev, prod]}
  Word: {Type: String, Default: "true"}
  Number: {Type: Number, Default: 2}
  Words: {Type: CommaDelimitedList, Default: "a,b"}
Mappings:
  Map: {first: {Key: value}}
Conditions:
  T: !Equals [a, a]
  F: !Equals [a, b]
  U: !Equals [!Ref Unset, a]
  Loop: !Not [!Condition Loop]
  C: )" + expression +
                  R"(
Resources:
  R:
    Type: AWS::SageMaker::Image
    Condition: C
  Probe:
    Type: AWS::SageMaker::Model
    Properties:
      Probe: !If [C, "yes", "no"]
)");
  EXPECT_EQ(read.error, "") << expression;
  if (gaps != nullptr) *gaps = read.sink.all_gaps();
  const std::string probe = read.sink.find("Probe")->property("Probe");
  const bool there = read.sink.find("R") != nullptr;
  EXPECT_EQ(there, probe != R"("no")") << expression;
  if (probe == R"("yes")") return "yes";
  return probe == R"("no")" ? "no" : probe;
}

TEST(Conditions, ThreeValues) {
  const std::string unset =
      "<set: the condition C is not known: the parameter Unset has no Default, and --parameters "
      "gives no value>";
  const std::string choice =
      "<set: the condition C is not known: the parameter Choice has no Default, and --parameters "
      "gives no value>";
  const struct {
    std::string expression;
    std::string want;
  } rows[] = {
      {"!Equals [a, a]", "yes"},
      {"!Equals [a, A]", "no"},
      {"{'Fn::Equals': [true, !Ref Word]}", "yes"},
      {"!Equals [!Ref Number, '2']", "yes"},
      {"!Equals [!Ref Unset, a]", unset},
      {"!Equals [a, !Ref Unset]", unset},
      {"!Equals [!Ref Choice, prod]", choice},
      {"!Equals [test, !Ref Choice]", "no"},
      {"!Equals [!FindInMap [Map, first, Key], value]", "yes"},
      {"!Equals [!Ref Words, [a, b]]", "yes"},
      {"!Equals [!Ref Words, [a]]", "no"},
      {"!Equals [!Ref Words, a]", "no"},
      {"!Equals [[a, !Ref Unset], [b, c]]", "no"},
      {"!Equals [[a, !Ref Unset], [a, c]]", unset},
      {"!Equals [{a: 1, b: 2}, {b: 2, a: 1}]", "yes"},
      {"!Equals [{a: 1}, {a: 2}]", "no"},
      {"!Equals [{a: 1}, {b: 1}]", "no"},
      {"!Equals [{a: !Ref Unset}, {a: 1}]", unset},
      {"!Not [!Condition T]", "no"},
      {"{'Fn::Not': [{Condition: F}]}", "yes"},
      {"!Not [!Condition U]", unset},
      {"!And [!Condition T, !Condition T]", "yes"},
      {"!And [!Condition T, !Condition U]", unset},
      {"!And [!Condition U, !Condition F]", "no"},
      {"{'Fn::And': [{Condition: T}, {'Fn::Equals': [a, b]}]}", "no"},
      {"!Or [!Condition F, !Condition F]", "no"},
      {"!Or [!Condition F, !Condition U]", unset},
      {"!Or [!Condition U, !Condition T]", "yes"},
      {"!Condition T", "yes"},
      {"!If [T, a, b]",
       "<set: the condition C is not known: a condition is Fn::And, Fn::Or, "
       "Fn::Not, Fn::Equals or Condition, each with its arguments>"},
  };
  for (const auto& row : rows) EXPECT_EQ(holds(row.expression), row.want) << row.expression;
}

TEST(Conditions, MalformedOnesAreToldAndNotKnown) {
  const struct {
    std::string expression;
    std::string gap;
  } rows[] = {
      {"!Condition Nothing", "line 15, column 6: there is no condition Nothing"},
      {"!Condition C", "the condition C leads back to itself"},
      {"!Condition Loop", "line 14, column 9: the condition Loop leads back to itself"},
      {"!Equals [a]", "a condition is Fn::And, Fn::Or"},
      {"!And []", "a condition is Fn::And, Fn::Or"},
      {"!And [a, b]", "a condition is Fn::And, Fn::Or"},
      {"!Not [!Condition T, !Condition T]", "a condition is Fn::And, Fn::Or"},
      {"text", "a condition is Fn::And, Fn::Or"},
      {"{Condition: [T]}", "a condition is Fn::And, Fn::Or"},
      {"!Equals [!Ref AWS::NoValue, a]", "AWS::NoValue cannot be compared"},
      {"!Equals [!Ref Nothing, a]", "there is no such parameter or resource"},
  };
  for (const auto& row : rows) {
    std::string gaps;
    EXPECT_EQ(holds(row.expression, &gaps).substr(0, 4), "<set") << row.expression;
    EXPECT_NE(gaps.find(row.gap), std::string::npos) << row.expression << ": " << gaps;
  }
}

TEST(Conditions, OfResources) {
  const Read read(R"(
Parameters: {Env: {Type: String}}
Conditions:
  Never: !Equals [a, b]
  Prod: !Equals [!Ref Env, prod]
  ProdToo: !And [!Condition Prod, !Equals [a, a]]
Resources:
  Gone: {Type: AWS::SageMaker::Model, Condition: Never}
  Odd: {Type: AWS::SageMaker::Model, Condition: [Prod]}
  Missing: {Type: AWS::SageMaker::Model, Condition: Nothing}
  Maybe:
    Type: AWS::SageMaker::Model
    Condition: ProdToo
    Properties:
      Probe: !If [Prod, strict, lax]
      Other: !If [Never, a, b]
  After:
    Type: AWS::SageMaker::Model
    Properties:
      Probe: !If [Prod, strict, lax]
)");
  EXPECT_EQ(read.sink.passed,
            (std::vector<std::string>{"AWS::SageMaker::Model: condition is false"}));
  EXPECT_EQ(read.sink.find("Gone"), nullptr);
  EXPECT_NE(read.sink.find("Odd"), nullptr);
  EXPECT_NE(read.sink.find("Missing"), nullptr);
  // The resource is judged for the case that it is there, which settles what its condition implies.
  EXPECT_EQ(read.sink.find("Maybe")->property("Probe"), R"("strict")");
  EXPECT_EQ(read.sink.find("Maybe")->property("Other"), R"("b")");
  EXPECT_EQ(read.sink.find("After")->property("Probe").substr(0, 4), "<set");
  EXPECT_EQ(
      read.sink.all_gaps(),
      "MALFORMED line 9, column 49: Condition is not the name of a condition; the resource is "
      "judged\n"
      "MALFORMED line 10, column 53: there is no condition Nothing; the condition counts as "
      "not known\n");
}

TEST(Conditions, AChainOfAnyLengthIsBounded) {
  std::string text = "Conditions:\n  C0: !Equals [a, a]\n";
  for (int i = 1; i < 5000; ++i) text += fmt::format("  C{}: !Not [!Condition C{}]\n", i, i - 1);
  text += "Resources:\n  R: {Type: AWS::SageMaker::Image, Condition: C4999}\n";
  const Read read(text);
  EXPECT_NE(read.sink.find("R"), nullptr);
  EXPECT_NE(read.sink.all_gaps().find("LIMIT"), std::string::npos);
  EXPECT_NE(read.sink.all_gaps().find("conditions stand too deep inside each other"),
            std::string::npos);

  const Read short_chain(text.substr(0, text.find("  C100:")) +
                         "Resources:\n  R: {Type: AWS::SageMaker::Image, Condition: C99}\n");
  EXPECT_EQ(short_chain.sink.all_gaps(), "");
  EXPECT_EQ(short_chain.sink.passed.size(), 1U);
}

}  // namespace
}  // namespace sagewarden::cloudformation
