// The scan as a whole, over real inputs, without the program around it. What each format looks like
// and what each source reads is tested there; here it is how the parts are put together.
#include "app/scan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>

#include "base/file.h"
#include "base/text.h"

namespace sagewarden {
namespace {

namespace fs = std::filesystem;

// Two notebook instances: SageMaker.3 (root access) fails on the first, and passes on the second.
std::string notebook(std::string_view name, std::string_view root_access) {
  return R"({"NotebookInstanceArn":"arn:aws:sagemaker:eu-west-1:111122223333:notebook-instance/)" +
         std::string(name) + R"(","NotebookInstanceName":")" + std::string(name) +
         R"(","DirectInternetAccess":"Disabled","SubnetId":"s","KmsKeyId":"k","RootAccess":")" +
         std::string(root_access) + R"(","PlatformIdentifier":"notebook-al2023-v1"})";
}

class ScanTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "sagewarden-scan-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    options_.controls.controls = {"SageMaker.3"};
    options_.today = "2026-06-15";
    options_.clock = [] { return int64_t{1'800'000'000}; };
    options_.inputs = {at("in")};
    options_.reports = {{find_format("ndjson"), ""}};
    fs::create_directory(at("in"));
    write("in/bad.json", notebook("bad", "Enabled"));
    write("in/good.json", notebook("good", "Disabled"));
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string at(std::string_view name) const { return folder_ + "/" + std::string(name); }
  void write(std::string_view name, std::string_view text) const {
    std::ofstream(at(name)) << text;
  }
  std::string content(std::string_view name) const { return *read_file(at(name), 1 << 20); }

  Result<ScanOutcome> run() {
    out_.clear();
    const std::unique_ptr<Output> out = create_string_output(out_);
    return scan(options_, progress_, log_, *out);
  }
  ScanOutcome outcome() {
    const Result<ScanOutcome> result = run();
    EXPECT_TRUE(result) << result.error().message;
    return result ? *result : ScanOutcome{};
  }
  // How often the text stands in what went to standard output.
  size_t times(std::string_view text) const {
    size_t count = 0;
    for (size_t from = out_.find(text); from != std::string::npos; from = out_.find(text, from + 1))
      ++count;
    return count;
  }

  std::string folder_;
  ScanOptions options_;
  Progress progress_;
  Log log_{-1, Log::Level::Quiet, false};
  std::string out_;
};

constexpr std::string_view kFailed = R"("compliance":"FAILED")";
constexpr std::string_view kPassed = R"("compliance":"PASSED")";

TEST_F(ScanTest, ReportsWhatFailedAndWhatPassed) {
  const ScanOutcome got = outcome();
  EXPECT_EQ(got.failed, 1U);
  EXPECT_EQ(got.incomplete, 0U);
  EXPECT_EQ(times(kFailed), 1U);
  EXPECT_EQ(times(kPassed), 1U);
}

TEST_F(ScanTest, AnyNumberOfThreadsGivesTheSameReport) {
  for (int i = 0; i < 40; ++i)
    write("in/" + std::to_string(i) + ".json",
          notebook("n" + std::to_string(i), i % 2 == 0 ? "Enabled" : "Disabled"));
  const ScanOutcome one = outcome();
  const std::string report = out_;
  EXPECT_EQ(one.failed, 21U);
  for (const size_t threads : {2U, 3U, 8U}) {
    options_.threads = threads;
    EXPECT_EQ(outcome().failed, 21U);
    EXPECT_EQ(out_, report) << threads;
  }
}

TEST_F(ScanTest, FailOnDecidesWhatFailsTheRun) {
  const struct {
    std::optional<Severity> fail_on;
    size_t failed;
  } cases[] = {
      {Severity::Informational, 1},
      {Severity::High, 1},  // the severity of SageMaker.3
      {Severity::Critical, 0},
      {std::nullopt, 0},
  };
  for (const auto& c : cases) {
    options_.fail_on = c.fail_on;
    EXPECT_EQ(outcome().failed, c.failed);
    EXPECT_EQ(times(kFailed), 1U);  // reported all the same
  }
}

TEST_F(ScanTest, ABrokenFileIsAGapAndTheOthersAreRead) {
  write("in/broken.json", "{");
  const ScanOutcome got = outcome();
  EXPECT_EQ(got.failed, 1U);
  EXPECT_EQ(got.incomplete, 1U);
}

TEST_F(ScanTest, NothingReadableIsAnErrorAndNoReport) {
  write("broken.json", "{");
  write("report", "old");
  options_.reports = {{find_format("ndjson"), at("report")}};
  for (const std::string_view input : {"broken.json", "none.json"}) {
    options_.inputs = {at(input)};
    const Result<ScanOutcome> got = run();
    ASSERT_FALSE(got);
    EXPECT_NE(got.error().message.find(input), std::string::npos) << got.error().message;
    EXPECT_EQ(content("report"), "old");
  }
}

TEST_F(ScanTest, SuppressedFindingsDoNotFailTheRun) {
  write("exceptions.yaml", R"(exceptions:
  - controls: [SageMaker.3]
    resources: ["*/bad"]
    reason: needed for the course
    owner: me@example.com
    expires: 2026-06-15
)");
  options_.exceptions_file = at("exceptions.yaml");
  EXPECT_EQ(outcome().failed, 0U) << out_;
  EXPECT_EQ(times(kFailed), 1U);  // visible all the same
  options_.today = "2026-06-16";
  EXPECT_EQ(outcome().failed, 1U);
}

TEST_F(ScanTest, ABaselineLeavesOnlyWhatIsNew) {
  outcome();
  write("baseline.ndjson", out_);
  options_.baseline_file = at("baseline.ndjson");
  ScanOutcome got = outcome();
  EXPECT_EQ(got.failed, 0U);
  EXPECT_EQ(times(kFailed) + times(kPassed), 0U) << out_;

  write("in/good.json", notebook("good", "Enabled"));  // changed for the worse
  write("in/new.json", notebook("new", "Disabled"));
  got = outcome();
  EXPECT_EQ(got.failed, 1U);
  EXPECT_EQ(times(kFailed), 1U);
  EXPECT_EQ(times(kPassed), 1U);
}

// What failed before is no good news, and the numbers do not depend on which formats are written.
TEST_F(ScanTest, ABaselineIsSaidInEveryFormat) {
  outcome();
  write("baseline.ndjson", out_);
  options_.baseline_file = at("baseline.ndjson");
  constexpr std::string_view kVerdict =
      "Nothing new failed. Known from the baseline and left out: 1 failed, 1 passed.";
  options_.reports = {{find_format("text"), ""}};
  outcome();
  EXPECT_EQ(times(kVerdict), 1U) << out_;
  options_.reports.push_back({find_format("json"), at("report.json")});
  outcome();
  EXPECT_EQ(times(kVerdict), 1U) << out_;
  const std::string json = content("report.json");
  EXPECT_NE(json.find(kVerdict), std::string::npos) << json;
  EXPECT_NE(json.find(R"("status":"FAILED","passed":0)"), std::string::npos) << json;
  for (const std::string_view format : {"html", "junit", "markdown", "sarif"}) {
    options_.reports = {{find_format(format), ""}};
    outcome();
    EXPECT_GE(times("Nothing new failed"), 1U) << out_;
  }
}

// The id of what has no ARN holds the file's name.
TEST_F(ScanTest, IdsDoNotDependOnHowAPathIsTyped) {
  write("template.json", R"({"Resources":{"N":{"Type":"AWS::SageMaker::NotebookInstance",)"
                         R"("Properties":{"InstanceType":"ml.t3.medium","RoleArn":"r"}}}})");
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  for (const std::string_view input :
       {"template.json", "./template.json", ".//in/../template.json", "*plate.json", "./*.json"}) {
    options_.inputs = {std::string(input)};
    outcome();
    EXPECT_EQ(times(R"("id":"SageMaker.3/template.json#N")"), 1U) << input << " " << out_;
  }
  fs::remove_all("in");
  for (const std::string_view folder : {".", "./", "././/"}) {
    options_.inputs = {std::string(folder)};
    outcome();
    EXPECT_EQ(times(R"("id":"SageMaker.3/template.json#N")"), 1U) << folder << " " << out_;
    EXPECT_EQ(times(R"("file":"./)"), 0U) << out_;
  }
  fs::current_path(before);
}

TEST_F(ScanTest, NoReportShowsATagThatHintsAtASecret) {
  write("tagged.json",
        R"({"Resources":{"N":{"Type":"AWS::SageMaker::NotebookInstance","Properties":{)"
        R"("RootAccess":"Enabled","Tags":[{"Key":"app.ApiToken","Value":"tok12345"},)"
        R"({"Key":"Secret.of","Value":"tok12345"},{"Key":"Owner","Value":"me54321"}]}}}})");
  // An exception can name its value all the same.
  write("exceptions.yaml", R"(exceptions:
  - controls: [SageMaker.3]
    tags: {app.ApiToken: tok12345}
    reason: known
    owner: me@example.com
)");
  options_.exceptions_file = at("exceptions.yaml");
  options_.inputs = {at("tagged.json")};
  options_.source.account = "111122223333";
  options_.source.region = "eu-west-1";
  for (const Format& format : formats()) {
    options_.reports = {{&format, ""}};
    EXPECT_EQ(outcome().failed, 0U) << "suppressed";
    EXPECT_EQ(times("tok12345"), 0U) << format.name << out_;
  }
  options_.reports = {{find_format("ndjson"), ""}};
  outcome();
  EXPECT_EQ(times("(hidden)"), 2U) << out_;
  EXPECT_EQ(times("me54321"), 1U) << out_;
}

TEST_F(ScanTest, ATemporaryFolderThatIsNoneIsAnError) {
  const char* const before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  setenv("TMPDIR", at("in/bad.json").c_str(), 1);
  const Result<ScanOutcome> got = run();
  kept.empty() ? unsetenv("TMPDIR") : setenv("TMPDIR", kept.c_str(), 1);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().message,
            "TMPDIR is " + at("in/bad.json") + ", which is no folder: set it to one, or unset it");
}

TEST_F(ScanTest, NothingFoundSaysWhereWasLooked) {
  fs::create_directory(at("texts"));
  write("texts/a.txt", "a");
  write("texts/b.txt", "b");
  options_.inputs = {at("texts")};
  const Result<ScanOutcome> got = run();
  ASSERT_FALSE(got);
  EXPECT_TRUE(got.error().message.starts_with(
      at("texts") + ": no input found among 2 files and folders; expected"))
      << got.error().message;
}

// Once everything was read, a signal stops nothing, and the reports are whole.
TEST_F(ScanTest, ASignalAfterTheReadingIsNoInterruption) {
  class Signalled : public Output {
   public:
    explicit Signalled(Progress& progress) : progress_(progress) {}
    Result<void> write(std::string_view /*text*/) override {
      progress_.stop = true;
      return {};
    }
    Result<void> commit() override { return {}; }

   private:
    Progress& progress_;
  };
  options_.reports = {{find_format("text"), ""}, {find_format("json"), at("report.json")}};
  Signalled out(progress_);
  const Result<ScanOutcome> got = scan(options_, progress_, log_, out);
  ASSERT_TRUE(got);
  EXPECT_TRUE(progress_.stop);
  EXPECT_FALSE(got->interrupted);
  EXPECT_NE(content("report.json").find("\"interrupted\":false"), std::string::npos);
}

TEST_F(ScanTest, ABrokenBaselineIsAnError) {
  write("baseline.ndjson", "no json\n");
  options_.baseline_file = at("baseline.ndjson");
  const Result<ScanOutcome> got = run();
  ASSERT_FALSE(got);
  EXPECT_NE(got.error().message.find("baseline.ndjson"), std::string::npos);
}

TEST_F(ScanTest, EveryFormatIsWrittenInOneRun) {
  options_.reports.clear();
  for (const Format& format : formats())
    options_.reports.push_back({&format, at("report." + std::string(format.name))});
  EXPECT_EQ(outcome().failed, 1U);
  for (const ReportTarget& report : options_.reports)
    EXPECT_GT(fs::file_size(report.file), 0U) << report.format->name;
}

TEST_F(ScanTest, ReportsThatCannotBeWrittenAreFoundBeforeTheWork) {
  const struct {
    std::vector<ReportTarget> reports;
    std::string want;
  } cases[] = {
      {{{find_format("json"), ""}, {find_format("text"), ""}},
       "two reports to standard output: give one of them another file"},
      {{{find_format("json"), at("a")}, {find_format("text"), at("a")}},
       "two reports to " + at("a") + ": give one of them another file"},
      {{{find_format("json"), at("none/a")}},
       "cannot write " + at("none/a") + ": the folder " + at("none") + " does not exist"},
      {{{find_format("json"), folder_}}, "cannot write " + folder_ + ": Is a directory"},
  };
  for (const auto& c : cases) {
    options_.reports = c.reports;
    const Result<ScanOutcome> got = run();
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().message, c.want);
    EXPECT_EQ(progress_.bytes_read, 0U);
  }
}

TEST_F(ScanTest, WhatWasStoppedIsMarked) {
  progress_.stop = true;
  options_.reports = {{find_format("json"), at("report.json")}};
  const ScanOutcome got = outcome();
  EXPECT_TRUE(got.interrupted);
  EXPECT_NE(content("report.json").find("nterrupted"), std::string::npos);
}

// Standard output whose reader went away.
class ClosedOutput : public Output {
 public:
  Result<void> write(std::string_view /*text*/) override {
    return fail(Error::Code::Interrupted, "closed");
  }
  Result<void> commit() override { return {}; }
};

TEST_F(ScanTest, AReaderThatWentAwayDoesNotSpoilTheFiles) {
  options_.reports = {{find_format("text"), ""}, {find_format("json"), at("report.json")}};
  ClosedOutput closed;
  const Result<ScanOutcome> got = scan(options_, progress_, log_, closed);
  ASSERT_TRUE(got);
  EXPECT_TRUE(got->reader_went_away);
  EXPECT_TRUE(fs::exists(at("report.json")));
}

}  // namespace
}  // namespace sagewarden
