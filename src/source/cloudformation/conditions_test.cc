// The Conditions section in its three values, and resources that depend on it.
#include <gtest/gtest.h>

#include "source/cloudformation/recording_sink.h"
#include "source/cloudformation/resolver.h"

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

// A condition that leads through that many others.
Read chain(int links) {
  std::string text = "Conditions:\n  C0: !Equals [a, b]\n";
  for (int i = 1; i <= links; ++i) text += fmt::format("  C{}: !Not [!Condition C{}]\n", i, i - 1);
  text += fmt::format("Resources:\n  R: {{Type: AWS::SageMaker::Image, Condition: C{}}}\n", links);
  return Read(text);
}

TEST(Conditions, AChainOfThemIsBounded) {
  // Two expressions a link, and two for the last.
  constexpr int kLongest = (static_cast<int>(kMaxResolveDepth) - 2) / 2;
  const Read within = chain(kLongest);
  EXPECT_EQ(within.sink.all_gaps(), "");
  EXPECT_EQ(within.sink.resources.size(), static_cast<size_t>(kLongest % 2));
  for (const int links : {kLongest + 1, 5000}) {
    const Read beyond = chain(links);
    EXPECT_NE(beyond.sink.find("R"), nullptr) << links;
    ASSERT_FALSE(beyond.sink.gaps.empty()) << links;
    EXPECT_EQ(beyond.sink.gaps[0].code, "LIMIT");
    EXPECT_NE(beyond.sink.gaps[0].message.find("stand too deep inside each other"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace sagewarden::cloudformation
