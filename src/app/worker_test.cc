#include "app/worker.h"

#include <gtest/gtest.h>

#include "app/controls.h"
#include "base/json.h"

namespace sagewarden {
namespace {

class Findings : public FindingSink {
 public:
  void resource(const ResourceVerdicts& /*verdicts*/) override { ++resources; }
  void finding(const ResourceVerdicts& /*of*/, const FindingView& finding) override {
    findings.push_back(copy_of(finding));
  }

  size_t resources = 0;
  std::vector<Finding> findings;
};

// A worker with the control SageMaker.16, which is about models.
class WorkerTest : public testing::Test {
 protected:
  void SetUp() override {
    Result<std::vector<Control>> chosen = select_controls({.controls = {"SageMaker.16"}});
    ASSERT_TRUE(chosen);
    controls_ = std::move(*chosen);
    evaluator_.emplace(controls_, use_, KeepPassed::No);
    worker_.emplace(*evaluator_, findings_);
  }

  Coverage coverage() {
    Coverage coverage;
    std::move(*worker_).add_to(coverage);
    return coverage;
  }

  std::vector<Control> controls_;
  Exceptions exceptions_;
  ExceptionUse use_{exceptions_, "2026-01-01"};
  std::optional<Evaluator> evaluator_;
  Findings findings_;
  std::optional<Worker> worker_;
};

TEST_F(WorkerTest, EvaluatesWhatSomeControlIsAbout) {
  const auto properties = json::parse_document(R"({"PrimaryContainer":{"Image":"x"}})");
  const auto tags = json::parse_document("{}");
  ASSERT_TRUE(properties && tags);
  const Location location{"a.json", 0, 0, ""};
  Resource resource;
  resource.partition = "aws";
  resource.properties = properties->root;
  resource.tags = tags->root;
  resource.location = &location;
  resource.type = "AWS::SageMaker::Model";
  worker_->resource(resource);
  resource.type = "AWS::SageMaker::Pipeline";
  worker_->resource(resource);
  worker_->resource(resource);

  EXPECT_EQ(findings_.resources, 1U);
  ASSERT_EQ(findings_.findings.size(), 1U);
  EXPECT_EQ(findings_.findings[0].compliance, Compliance::Failed);
  using Counts = std::map<std::string, size_t>;
  EXPECT_EQ(coverage().without_control, (Counts{{"AWS::SageMaker::Pipeline", 2}}));
}

TEST_F(WorkerTest, NamesSoManyPathsThatWerePassedOver) {
  worker_->passed_over_path("./notes.md", "not a known input");
  EXPECT_EQ(worker_->paths_passed_over(),
            std::vector<std::string>{"notes.md: passed over, not a known input"});
  for (size_t i = 0; i < kMaxPathsPassedOver; ++i)
    worker_->passed_over_path("notes.md", "not a known input");
  EXPECT_EQ(worker_->paths_passed_over().size(), kMaxPathsPassedOver + 1);
  EXPECT_EQ(coverage().passed_over.at("not a known input"), kMaxPathsPassedOver + 1);
}

TEST_F(WorkerTest, CountsWhatWasPassedOver) {
  worker_->passed_over("deleted", "AWS::SageMaker::Model");
  worker_->passed_over("other type", "AWS::S3::Bucket");
  worker_->passed_over("other type", "AWS::S3::Bucket");
  worker_->passed_over("other type", "AWS::SageMaker::Pipeline");
  worker_->passed_over("type without a control", "AWS::S3::Bucket");
  const Coverage got = coverage();
  using Counts = std::map<std::string, size_t>;
  EXPECT_EQ(got.passed_over, (Counts{{"deleted", 1}, {"other type", 3}}));
  EXPECT_EQ(got.without_control, (Counts{{"AWS::SageMaker::Pipeline", 1}}));
}

Gap gap_at(std::string_view file, uint32_t line) {
  Gap gap;
  gap.location = {std::string(file), line, 1, ""};
  gap.message = "broken";
  return gap;
}

TEST_F(WorkerTest, KeepsGapsUpToALimit) {
  for (size_t i = 0; i < kMaxGaps + 3; ++i) worker_->gap(gap_at("a", static_cast<uint32_t>(i + 1)));
  EXPECT_EQ(worker_->gaps_not_kept(), 3U);
  EXPECT_EQ(coverage().gaps.size(), kMaxGaps);
}

TEST(SettleGaps, SortsAndDropsDoubles) {
  std::vector<Gap> gaps = {gap_at("b", 1), gap_at("a", 10), gap_at("a", 2), gap_at("b", 1)};
  settle_gaps(gaps, 0);
  EXPECT_EQ(gaps, (std::vector<Gap>{gap_at("a", 2), gap_at("a", 10), gap_at("b", 1)}));
}

TEST(SettleGaps, SaysHowManyMoreThereAre) {
  std::vector<Gap> gaps;
  for (size_t i = 0; i < kMaxGaps; ++i) gaps.push_back(gap_at("a", static_cast<uint32_t>(i + 1)));
  settle_gaps(gaps, 0);
  EXPECT_EQ(gaps.size(), kMaxGaps);  // at the limit: nothing more to say
  gaps.push_back(gap_at("b", 1));
  settle_gaps(gaps, 4);
  ASSERT_EQ(gaps.size(), kMaxGaps + 1);
  EXPECT_EQ(gaps.back().code, "MORE");
  EXPECT_EQ(gaps.back().message, "5 more gaps are not listed one by one");
}

TEST_F(WorkerTest, KeepsWhatWasCovered) {
  const CoverageRow row = {"111122223333", "eu-west-1", "AWS::SageMaker::Model", 3, 2, 1, 0, true};
  worker_->covered(row);
  EXPECT_EQ(coverage().rows, std::vector<CoverageRow>{row});
}

TEST(SettleRows, ByAccountRegionAndType) {
  std::vector<CoverageRow> rows = {
      {"2", "a", "A"}, {"1", "b", "A"}, {"1", "a", "B"}, {"1", "", "C"}};
  settle_rows(rows);
  EXPECT_EQ(rows, (std::vector<CoverageRow>{
                      {"1", "", "C"}, {"1", "a", "B"}, {"1", "b", "A"}, {"2", "a", "A"}}));
}

TEST(Tally, Counts) {
  Tally tally;
  tally.add("a");
  tally.add("b");
  tally.add("a");
  std::map<std::string, size_t> totals = {{"a", 10}};
  tally.add_to(totals);
  EXPECT_EQ(totals, (std::map<std::string, size_t>{{"a", 12}, {"b", 1}}));
}

}  // namespace
}  // namespace sagewarden
