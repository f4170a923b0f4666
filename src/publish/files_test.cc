#include "publish/files.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "base/text.h"
#include "publish/bucket.h"
#include "report/saved_report.h"

namespace sagewarden::publish {
namespace {

namespace fs = std::filesystem;

Finding finding_in(std::string_view account, std::string_view region, std::string_view name) {
  Finding finding;
  finding.id = "SageMaker.3/" + std::string(name);
  finding.control = "SageMaker.3";
  finding.compliance = Compliance::Failed;
  finding.severity = Severity::High;
  finding.name = name;
  finding.account = account;
  finding.region = region;
  finding.reasons = {{"C", "m"}};
  return finding;
}

EachFinding each_of(const std::vector<Finding>& findings) {
  return [&findings](const std::function<Result<void>(const Finding&)>& take) {
    for (const Finding& finding : findings) {
      Result<void> taken = take(finding);
      if (!taken) return taken;
    }
    return Result<void>();
  };
}

ReportInput report_of(std::string_view finished) {
  ReportInput report;
  report.run.finished = finished;
  ControlInfo control;
  control.id = "SageMaker.3";
  report.controls = {control};
  CoverageRow row;
  row.account = "111122223333";
  row.region = "eu-west-1";
  row.type = "T";
  row.complete = true;
  report.coverage.rows = {row};
  return report;
}

std::vector<std::string> folders_of(const ReportFiles& files) {
  std::vector<std::string> out;
  for (const ReportFile& file : files.files) {
    out.push_back(fmt::format("{} {}", file.name.substr(0, file.name.rfind('/')), file.records));
  }
  return out;
}

TEST(Files, AreOnePlaceEach) {
  const std::vector<Finding> findings = {
      finding_in("111122223333", "eu-west-1", "a"),
      finding_in("444455556666", "eu-west-1", "b"),
      finding_in("111122223333", "us-east-1", "c"),
      finding_in("111122223333", "eu-west-1", "d"),
      finding_in("", "", "template"),
      finding_in("../../etc", "a/b", "evil"),
  };
  ReportInput report = report_of("2026-03-01T12:00:00Z");
  Gap gap;
  gap.kind = Gap::Kind::Call;
  gap.account = "111122223333";
  gap.region = "us-west-2";
  gap.operation = "sagemaker:ListModels";
  report.coverage.gaps = {gap};
  const auto files = files_of(report, each_of(findings), RecordFormat::Ndjson);
  ASSERT_TRUE(files);
  // Each ends with the run, as AWS was looked at, and the first has a row of coverage too.
  EXPECT_EQ(folders_of(*files), (std::vector<std::string>{
                                    "region=eu-west-1/accountId=111122223333/eventDay=20260301 4",
                                    "region=eu-west-1/accountId=444455556666/eventDay=20260301 2",
                                    "region=unknown/accountId=unknown/eventDay=20260301 3",
                                    "region=us-east-1/accountId=111122223333/eventDay=20260301 2",
                                    "region=us-west-2/accountId=111122223333/eventDay=20260301 2",
                                }));
  const std::string& name = files->files[0].name;
  EXPECT_EQ(name.substr(name.rfind('/') + 1).substr(0, 28), "sagewarden-20260301T120000Z-");
  // Each is a report of its own.
  for (const ReportFile& file : files->files) {
    const auto saved = SavedReport::read(file.name, file.content);
    ASSERT_TRUE(saved) << saved.error().message;
    EXPECT_TRUE(saved->has_run());
  }
  const auto ocsf = files_of(report, each_of(findings), RecordFormat::Ocsf);
  ASSERT_TRUE(ocsf);
  EXPECT_EQ(folders_of(*ocsf)[0], "region=eu-west-1/accountId=111122223333/eventDay=20260301 2");
  EXPECT_NE(ocsf->files[0].name.find("/sagewarden-ocsf-20260301T120000Z-"), std::string::npos);
  for (const std::string_view line : split(trim(ocsf->files[0].content), '\n'))
    EXPECT_TRUE(line.starts_with("{\"activity_id\":")) << line;
}

TEST(Files, TheManifestNamesThem) {
  const std::vector<Finding> findings = {finding_in("111122223333", "eu-west-1", "a")};
  const auto files =
      files_of(report_of("2026-03-01T12:00:00Z"), each_of(findings), RecordFormat::Ndjson);
  ASSERT_TRUE(files);
  EXPECT_TRUE(files->manifest.name.starts_with("_manifests/sagewarden-20260301T120000Z-"));
  const auto manifest = json::parse_document(files->manifest.content);
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->root["format"].string_or(""), "sagewarden-manifest/1");
  const json::Value file = manifest->root["files"].at(0);
  EXPECT_EQ(file["name"].string_or(""), files->files[0].name);
  EXPECT_EQ(file["bytes"].integer(), static_cast<int64_t>(files->files[0].content.size()));
}

TEST(Files, OfARunWithoutATime) {
  const auto files = files_of(report_of(""), each_of({}), RecordFormat::Ndjson);
  ASSERT_TRUE(files);
  EXPECT_EQ(folders_of(*files),
            std::vector<std::string>{"region=eu-west-1/accountId=111122223333/eventDay=unknown 2"});
  EXPECT_NE(files->files[0].name.find("/sagewarden-unknown-"), std::string::npos);
}

class Folder : public testing::Test {
 protected:
  Folder() : top_(fs::temp_directory_path() / fmt::format("sagewarden-folder-{}", getpid())) {
    fs::remove_all(top_);
  }
  ~Folder() override { fs::remove_all(top_); }

  std::vector<std::string> files() const {
    std::vector<std::string> out;
    if (!fs::exists(top_)) return out;
    for (const auto& entry : fs::recursive_directory_iterator(top_)) {
      if (!entry.is_directory()) out.push_back(fs::relative(entry.path(), top_).string());
    }
    std::ranges::sort(out);
    return out;
  }

  const fs::path top_;
  std::atomic<bool> stop_ = false;
  const ReportFiles files_ = {{{"a=1/one", "1", 1}, {"a=2/two", "2", 1}}, {"_m/all", "3", 1}};
};

TEST_F(Folder, GetsThemAndNothingElse) {
  const auto first = write_files(top_ / "deep", files_, stop_);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->written, 3U);
  const std::vector<std::string> want = {"deep/_m/all", "deep/a=1/one", "deep/a=2/two"};
  EXPECT_EQ(files(), want);
  const auto again = write_files(top_ / "deep", files_, stop_);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->written, 0U);
  EXPECT_EQ(again->there, 3U);
  EXPECT_EQ(files(), want);
}

TEST_F(Folder, GetsNothingWhenOneCannotBeWritten) {
  fs::create_directories(top_ / "a=1");
  std::ofstream(top_ / "a=1/theirs") << "x";
  // What should be a folder is a file: found out when the others are in their places.
  std::ofstream(top_ / "_m") << "x";
  const auto failed = write_files(top_, files_, stop_);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("_m/all"), std::string::npos) << failed.error().message;
  const std::vector<std::string> want = {"_m", "a=1/theirs"};
  EXPECT_EQ(files(), want);
  EXPECT_FALSE(fs::exists(top_ / "a=2"));
  std::ofstream(top_ / "file") << "x";
  const auto in_a_file = write_files(top_ / "file", files_, stop_);
  ASSERT_FALSE(in_a_file);
  EXPECT_NE(in_a_file.error().message.find("file: cannot be"), std::string::npos)
      << in_a_file.error().message;
}

TEST_F(Folder, GetsNothingWhenItIsStopped) {
  stop_ = true;
  const auto stopped = write_files(top_ / "new", files_, stop_);
  ASSERT_FALSE(stopped);
  EXPECT_FALSE(fs::exists(top_ / "new"));
}

TEST(Bucket, ItsAddress) {
  const struct {
    std::string_view url, name, prefix;
  } cases[] = {
      {"s3://findings", "findings", ""},
      {"s3://findings/", "findings", ""},
      {"s3://findings/a/b", "findings", "a/b/"},
      {"s3://findings/a/b/", "findings", "a/b/"},
  };
  for (const auto& c : cases) {
    const auto bucket = parse_bucket(c.url);
    ASSERT_TRUE(bucket);
    EXPECT_EQ(bucket->name, c.name);
    EXPECT_EQ(bucket->prefix, c.prefix);
  }
  for (const std::string_view url :
       {"", "findings", "s3:/findings", "s3://", "s3://A", "https://a.b/c"})
    EXPECT_FALSE(parse_bucket(url)) << url;
}

TEST(Bucket, GetsTheManifestLast) {
  Bucket bucket;
  bucket.name = "findings";
  bucket.prefix = "p/";
  bucket.kms_key = "alias/k";
  ReportFiles files;
  for (int i = 0; i < 20; ++i)
    files.files.push_back({"f" + std::to_string(i), std::to_string(i), 1});
  files.manifest = {"_m/all", "m", 1};
  std::mutex mutex;
  std::vector<std::string> keys;
  std::string refuse;
  std::string code;
  const CallAws call = [&](const aws::Call& made) -> aws::Answer {
    const std::scoped_lock lock(mutex);
    const auto input = json::parse_document(made.input);
    const std::string key(input->root["Key"].string_or(""));
    EXPECT_EQ(input->root["IfNoneMatch"].string_or(""), "*");
    EXPECT_EQ(input->root["SSEKMSKeyId"].string_or(""), "alias/k");
    if (key == refuse) {
      aws::CallError error;
      error.service = made.service;
      error.operation = made.operation;
      error.code = code;
      error.kind =
          code == "AccessDenied" ? aws::CallError::Kind::Denied : aws::CallError::Kind::Invalid;
      return tl::make_unexpected(error);
    }
    keys.push_back(key + " " + made.body);
    return std::move(*json::parse_document("{}"));
  };
  auto stored = store_files(bucket, files, call);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->written, 21U);
  EXPECT_EQ(keys.back(), "p/_m/all m");
  // It is there already: as good.
  refuse = "p/f7";
  code = "PreconditionFailed";
  stored = store_files(bucket, files, call);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->there, 1U);
  // One is refused: no manifest.
  keys.clear();
  code = "AccessDenied";
  stored = store_files(bucket, files, call);
  ASSERT_FALSE(stored);
  EXPECT_NE(stored.error().message.find("s3://findings/p/f7 is not stored"), std::string::npos);
  EXPECT_NE(
      stored.error().message.find("allow s3:PutObject and, with the key, kms:GenerateDataKey"),
      std::string::npos);
  EXPECT_EQ(std::ranges::count(keys, "p/_m/all m"), 0);
}

}  // namespace
}  // namespace sagewarden::publish
