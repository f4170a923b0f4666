// That the table of what was seen says what was seen, and agrees with the gaps.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "source/live/fake_aws_for_tests.h"
#include "source/live/live.h"

namespace sagewarden::live {
namespace {

using Kind = aws::CallError::Kind;
using Lines = std::vector<std::string>;

constexpr std::string_view kModel = "AWS::SageMaker::Model";
constexpr std::string_view kNotebook = "AWS::SageMaker::NotebookInstance";

class Covered : public Sink {
 public:
  void resource(const Resource& /*resource*/) override { ++resources; }
  void gap(Gap gap) override { gaps.push_back(std::move(gap)); }
  void passed_over(std::string_view /*reason*/, std::string_view /*type*/) override { ++passed; }
  void covered(const CoverageRow& row) override { rows.push_back(row); }

  // "eu-west-1 Model 3 listed, 2 read, 1 not read, 0 gone"
  Lines text() const {
    Lines out;
    for (const CoverageRow& row : rows) {
      out.push_back(fmt::format("{} {} {} listed, {} read, {} not read, {} gone{}", row.region,
                                split(row.type, ':').back(), row.listed, row.read, row.not_read,
                                row.gone, row.complete ? "" : ", not whole"));
    }
    std::ranges::sort(out);
    return out;
  }
  // What is missing has a gap that says so, of its type, Region or account.
  void expect_agreement() const {
    for (const CoverageRow& row : rows) {
      EXPECT_EQ(row.listed, row.read + row.not_read + row.gone);
      const bool told = std::ranges::any_of(gaps, [&](const Gap& gap) {
        return gap.account == row.account && (gap.region.empty() || gap.region == row.region) &&
               (gap.type.empty() || gap.type == row.type);
      });
      EXPECT_EQ(row.is_whole(), !told) << row.region << " " << row.type;
    }
  }

  size_t resources = 0;
  size_t passed = 0;
  std::vector<Gap> gaps;
  std::vector<CoverageRow> rows;
};

std::string arn_for(const aws::Call& call, std::string_view part, std::string_view name) {
  return fmt::format("arn:aws:sagemaker:{}:{}:{}/{}", call.region, call.account, part, name);
}

// Models a, b and c, and no notebook instance.
aws::Answer three_models(const aws::Call& call) {
  if (call.operation == "ListNotebookInstances") return answer(R"({"NotebookInstances":[]})");
  if (call.operation == "ListModels")
    return answer(R"({"Models":[{"ModelName":"a"},{"ModelName":"b"},{"ModelName":"c"}]})");
  if (call.operation == "ListTags") return answer(R"({"Tags":[]})");
  const Result<json::Document> input = json::parse_document(call.input);
  const std::string name(input->root["ModelName"].string_or(""));
  return answer(
      fmt::format(R"({{"ModelName":"{}","ModelArn":"{}"}})", name, arn_for(call, "model", name)));
}

struct CoverageSetting {
  std::vector<TypeNeeds> needs = {{std::string(kModel), true, true, {}},
                                  {std::string(kNotebook), false, true, {}}};
  std::vector<Scope> scopes = {{"111122223333", "aws", {"eu-west-1"}, nullptr}};
  size_t concurrency = 1;
};

Covered coverage_of(const FakeAws::Handler& handler, const CoverageSetting& setting = {},
                    Progress* progress = nullptr) {
  FakeAws aws(handler);
  Covered sink;
  Progress own;
  LiveOptions options;
  options.scopes = setting.scopes;
  options.needs = setting.needs;
  options.concurrency = setting.concurrency;
  options.now = [] { return int64_t{1'800'000'000}; };
  const Transport transport = aws.transport();
  collect(options, transport, sink, progress == nullptr ? own : *progress);
  return sink;
}

bool names_b(const aws::Call& call) {
  return call.input.find("\"b\"") != std::string::npos ||
         call.input.find("model/b\"") != std::string::npos;
}

TEST(LiveCoverage, SaysWhatBecameOfTheListed) {
  const std::string no_notebook = "eu-west-1 NotebookInstance 0 listed, 0 read, 0 not read, 0 gone";
  const struct {
    std::string_view why;
    std::string_view operation;
    aws::Answer answer;
    std::string models;
  } cases[] = {
      {"all read", "", answer("{}"), "3 listed, 3 read, 0 not read, 0 gone"},
      {"one denied", "DescribeModel", refused(Kind::Denied, "AccessDeniedException"),
       "3 listed, 2 read, 1 not read, 0 gone"},
      {"tags denied: read in part only", "ListTags", refused(Kind::Denied, "AccessDeniedException"),
       "3 listed, 2 read, 1 not read, 0 gone"},
      {"one deleted meanwhile", "DescribeModel", refused(Kind::NotFound, "ResourceNotFound"),
       "3 listed, 2 read, 0 not read, 1 gone"},
      {"one that is no answer", "DescribeModel", answer("{}"),
       "3 listed, 2 read, 1 not read, 0 gone"},
      {"one with an ARN that is none", "DescribeModel",
       answer(R"({"ModelName":"b","ModelArn":"b"})"), "3 listed, 2 read, 1 not read, 0 gone"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const Covered seen = coverage_of([&](const aws::Call& call) -> aws::Answer {
      if (call.operation != c.operation || !names_b(call)) return three_models(call);
      if (!c.answer) return tl::make_unexpected(c.answer.error());
      std::string copy;
      json::Writer(copy).value(c.answer->root);
      return answer(copy);
    });
    EXPECT_EQ(seen.text(), (Lines{"eu-west-1 Model " + c.models, no_notebook}));
    seen.expect_agreement();
  }
}

TEST(LiveCoverage, SaysWhichListsAreNotWhole) {
  const struct {
    std::string_view why;
    aws::Answer first;
    std::string row;
  } cases[] = {
      {"denied", refused(Kind::Denied, "AccessDeniedException"),
       "0 listed, 0 read, 0 not read, 0 gone, not whole"},
      {"breaks off", answer(R"({"Models":[{"ModelName":"a"},{"ModelName":"b"}],"NextToken":"2"})"),
       "2 listed, 2 read, 0 not read, 0 gone, not whole"},
      {"does not name one", answer(R"({"Models":[{"ModelName":"a"},{}]})"),
       "1 listed, 1 read, 0 not read, 0 gone, not whole"},
      {"one is being deleted, and named twice",
       answer(R"({"Models":[{"ModelName":"a"},{"ModelName":"a"},
                            {"ModelName":"z","Status":"Deleting"}]})"),
       "2 listed, 1 read, 0 not read, 1 gone"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const Covered seen = coverage_of([&](const aws::Call& call) -> aws::Answer {
      if (call.operation != "ListModels") return three_models(call);
      if (call.input.find("NextToken") != std::string::npos)
        return refused(Kind::Throttled, "ThrottlingException");
      if (!c.first) return tl::make_unexpected(c.first.error());
      std::string copy;
      json::Writer(copy).value(c.first->root);
      return answer(copy);
    });
    ASSERT_EQ(seen.rows.size(), 2U);
    EXPECT_EQ(seen.text()[0], "eu-west-1 Model " + c.row);
    seen.expect_agreement();
  }
}

TEST(LiveCoverage, ARegionThatIsNotEnabledHasRowsToo) {
  CoverageSetting setting;
  setting.scopes[0].regions = {"ap-east-1", "eu-west-1"};
  const Covered seen = coverage_of(
      [](const aws::Call& call) -> aws::Answer {
        if (call.region == "ap-east-1") return refused(Kind::NotAvailable, "OptInRequired");
        return three_models(call);
      },
      setting);
  EXPECT_EQ(seen.text(),
            (Lines{"ap-east-1 Model 0 listed, 0 read, 0 not read, 0 gone, not whole",
                   "ap-east-1 NotebookInstance 0 listed, 0 read, 0 not read, 0 gone, not whole",
                   "eu-west-1 Model 3 listed, 3 read, 0 not read, 0 gone",
                   "eu-west-1 NotebookInstance 0 listed, 0 read, 0 not read, 0 gone"}));
  seen.expect_agreement();
}

TEST(LiveCoverage, AnAccountThatIsLostOnTheWay) {
  CoverageSetting setting;
  setting.scopes[0].regions = {"eu-west-1", "eu-west-2", "eu-west-3"};
  setting.scopes.push_back({"444455556666", "aws", {"eu-west-1"}, nullptr});
  setting.concurrency = 2;
  const Covered seen = coverage_of(
      [](const aws::Call& call) -> aws::Answer {
        if (call.account == "111122223333" && names_b(call))
          return refused(Kind::Credentials, "ExpiredToken");
        return three_models(call);
      },
      setting);
  ASSERT_EQ(seen.rows.size(), 8U);  // of the Regions that were not come to as well
  size_t whole = 0;
  for (const CoverageRow& row : seen.rows) {
    EXPECT_EQ(row.listed, row.read + row.not_read + row.gone);
    whole += row.is_whole() ? 1U : 0U;
    EXPECT_TRUE(row.is_whole() || row.account == "111122223333");
  }
  EXPECT_LT(whole, 8U);
  EXPECT_EQ(seen.gaps.size(), 1U);
}

TEST(LiveCoverage, AnAccountWhoseRegionsAreNotKnown) {
  CoverageSetting setting;
  setting.scopes[0].regions.clear();
  const Covered seen = coverage_of(three_models, setting);
  EXPECT_EQ(seen.text(), (Lines{" Model 0 listed, 0 read, 0 not read, 0 gone, not whole",
                                " NotebookInstance 0 listed, 0 read, 0 not read, 0 gone, not "
                                "whole"}));
}

TEST(LiveCoverage, WhatAStopKeptFromBeingRead) {
  CoverageSetting setting;
  setting.scopes[0].regions = {"eu-west-1", "eu-west-2"};
  Progress progress;
  const Covered seen = coverage_of(
      [&](const aws::Call& call) -> aws::Answer {
        if (call.operation == "DescribeModel") progress.stop = true;
        return three_models(call);
      },
      setting, &progress);
  ASSERT_EQ(seen.rows.size(), 4U);
  size_t not_read = 0;
  for (const CoverageRow& row : seen.rows) {
    EXPECT_EQ(row.listed, row.read + row.not_read + row.gone);
    not_read += row.not_read;
  }
  EXPECT_GE(not_read, 2U);
}

}  // namespace
}  // namespace sagewarden::live
