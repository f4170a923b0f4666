#include "control/judge.h"

#include <gtest/gtest.h>

namespace sagewarden {
namespace {

// What a control's test describes, without the marks of where it stands.
struct Described {
  json::Document properties;
  json::Document tags;
  UnknownNode unknown;
  Location location{"items.json", 0, 0, ""};
  Resource resource;

  Described(const Control& control, const ControlTest& test)
      : properties(json::parse_document(test.given).value()),
        tags(json::parse_document(test.tags).value()) {
    for (const auto& [places, known, cause] :
         {std::tuple{&test.unknown, Known::Nothing, UnknownCause::NotRecorded},
          std::tuple{&test.set_but_unknown, Known::Set, UnknownCause::NotResolved},
          std::tuple{&test.denied, Known::Nothing, UnknownCause::Denied}}) {
      for (const std::string& place : *places) {
        if (!place.starts_with("tags")) mark_unknown(unknown, place, known, cause, "why");
      }
    }
    resource.type = control.info.resource_type;
    resource.account = test.account;
    resource.region = test.region;
    resource.partition = "aws";
    resource.properties = properties.root;
    resource.tags = tags.root;
    resource.unknown_properties = unknown.empty() ? nullptr : &unknown;
    resource.location = &location;
  }
};

void expect_as_without_memory(const Control& control, const Resource& resource,
                              const Judgement& got) {
  cel::Scratch scratch;
  const Verdict verdict = judge(control, resource, scratch);
  ASSERT_EQ(got.verdict, verdict);
  if (verdict == Verdict::NotApplicable || verdict == Verdict::Passed) return;
  const Grounds grounds = explain(control, resource, verdict, scratch);
  EXPECT_EQ(got.grounds.reasons, grounds.reasons);
  EXPECT_EQ(got.grounds.evidence, grounds.evidence);
}

// Every control over all that its tests describe, several times and in changing order: what is
// remembered must be what would have been found out.
TEST(Judge, RemembersNothingWrong) {
  const Result<std::vector<Control>> controls = load_builtin_controls();
  ASSERT_TRUE(controls);
  Judge judge(*controls);
  for (size_t place = 0; place < controls->size(); ++place) {
    const Control& control = (*controls)[place];
    SCOPED_TRACE(control.info.id);
    for (const size_t step : {size_t{1}, size_t{1}, size_t{3}, size_t{7}}) {
      for (size_t i = 0; i < control.tests.size(); ++i) {
        const Described of(control, control.tests[i * step % control.tests.size()]);
        expect_as_without_memory(control, of.resource, judge.ask(place, of.resource));
      }
    }
  }
}

class JudgeTest : public testing::Test {
 protected:
  void make(std::string_view applies, std::string_view passes) {
    const std::string text =
        "id: Org.1\ntitle: t\nseverity: LOW\nresource: AWS::SageMaker::Model\n"
        "applies: " +
        std::string(applies) + "\npasses: " + std::string(passes) +
        "\nwhy: w\nfix: f\n"
        "tests:\n  - {name: a, given: {}, expect: PASSED}\n"
        "  - {name: b, given: {}, expect: FAILED}\n"
        "  - {name: c, given: {}, expect: NOT_APPLICABLE}\n";
    Result<Control> read = parse_control("c.yaml", text, "user");
    ASSERT_TRUE(read) << read.error().message;
    controls_.clear();
    controls_.push_back(std::move(*read));
    judge_.emplace(controls_);
  }
  const Judgement& ask(std::string_view properties) {
    document_ = json::parse_document(properties).value();
    resource_.type = "AWS::SageMaker::Model";
    resource_.partition = "aws";
    resource_.properties = document_.root;
    resource_.tags = tags_.root;
    resource_.location = &location_;
    return judge_->ask(0, resource_);
  }

  std::vector<Control> controls_;
  std::optional<Judge> judge_;
  json::Document document_;
  json::Document tags_ = json::parse_document("{}").value();
  Location location_{"items.json", 0, 0, ""};
  Resource resource_;
};

TEST_F(JudgeTest, TellsResourcesApart) {
  make("has(resource.A)", "resource.A == 1 && !has(resource.B)");
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(ask("{}").verdict, Verdict::NotApplicable);
    EXPECT_EQ(ask(R"({"A": 1})").verdict, Verdict::Passed);
    EXPECT_EQ(ask(R"({"A": 1, "B": null, "C": 2})").verdict, Verdict::Failed);
    for (int value = 2; value < 100; ++value) {
      const Judgement& found = ask("{\"A\": " + std::to_string(value) + "}");
      ASSERT_EQ(found.verdict, Verdict::Failed);
      EXPECT_EQ(found.grounds.evidence.at(0).found, std::to_string(value));
    }
  }
}

// Whether a list is empty decides; what is in it is quoted all the same.
TEST_F(JudgeTest, QuotesTheListAtHand) {
  make("'true'", "resource.A == null");
  for (const std::string_view list : {"[1]", "[2,3]", "[1]", "{\"a\":1}"}) {
    const Judgement& found = ask("{\"A\": " + std::string(list) + "}");
    ASSERT_EQ(found.verdict, Verdict::Failed);
    EXPECT_EQ(found.grounds.evidence.at(0).found, list);
  }
}

TEST_F(JudgeTest, NamesTheLineAtHand) {
  make("'true'", "resource.A == 1");
  for (const uint32_t line : {0U, 3U, 4U, 0U}) {
    location_.line = line;
    EXPECT_EQ(ask(R"({"A": 2})").grounds.evidence.at(0).line, line);
  }
  const std::vector<PropertyLine> lines = {{"A", 7, 5}};
  location_.line = 0;
  resource_.property_lines = &lines;
  EXPECT_EQ(ask(R"({"A": 2})").grounds.evidence.at(0).line, 7U);
  resource_.property_lines = nullptr;
  EXPECT_EQ(ask(R"({"A": 2})").grounds.evidence.at(0).line, 0U);
}

TEST_F(JudgeTest, SaysWhatIsDefaultAtHand) {
  make("'true'", "resource.A == 1");
  const std::vector<std::string> defaulted = {"A"};
  for (int round = 0; round < 2; ++round) {
    resource_.defaulted = nullptr;
    EXPECT_EQ(ask(R"({"A": 2})").grounds.evidence.at(0).found, "2");
    resource_.defaulted = &defaulted;
    EXPECT_EQ(ask(R"({"A": 2})").grounds.evidence.at(0).found, "not set (default 2)");
  }
}

// A name that is not printed as it is written cannot be looked up by what is printed.
TEST_F(JudgeTest, NamesTheLineOfAnOddName) {
  make("'true'", "resource['A\\u00e4'] == 1");
  const std::vector<PropertyLine> lines = {{"A\xC3\xA4", 7, 5}, {"[\"A\xC3\xA4\"]", 7, 5}};
  const std::vector<PropertyLine> other = {{"A\xC3\xA4", 9, 5}, {"[\"A\xC3\xA4\"]", 9, 5}};
  for (const auto* at : {&lines, &other, &lines}) {
    resource_.property_lines = at;
    EXPECT_EQ(ask("{\"A\xC3\xA4\": 2}").grounds.evidence.at(0).line, at->front().line);
  }
}

// An expression that looks at nothing has nothing to be told apart by.
TEST_F(JudgeTest, LooksAtNothing) {
  make("'true'", "'false'");
  EXPECT_EQ(ask("{}").verdict, Verdict::Failed);
  EXPECT_EQ(ask("{}").verdict, Verdict::Failed);
}

}  // namespace
}  // namespace sagewarden
