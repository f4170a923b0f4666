#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/gzip_for_tests.h"
#include "source/config/recording_sink.h"
#include "source/source.h"

namespace sagewarden {
namespace {

using config::joined;
using config::RecordingSink;
namespace fs = std::filesystem;

constexpr std::array<std::string_view, 2> kTypes = {"AWS::SageMaker::Model",
                                                    "AWS::SageMaker::NotebookInstance"};

std::string config_item(const std::string& name) {
  return R"({"configurationItemStatus":"OK","resourceType":"AWS::SageMaker::Model","resourceName":")" +
         name + R"(","ARN":"arn:aws:sagemaker:eu-west-1:111122223333:model/)" + name +
         R"(","awsRegion":"eu-west-1","tags":{},"configuration":{"ModelArn":"x"}})";
}
std::string snapshot(const std::string& items) {
  return R"({"fileVersion":"1.0","configurationItems":[)" + items + "]}";
}
std::string describe(const std::string& name) {
  return R"({"ModelName":")" + name +
         R"(","ModelArn":"arn:aws:sagemaker:eu-west-1:111122223333:model/)" + name +
         R"(","CreationTime":"2026-03-01T10:20:30Z","EnableNetworkIsolation":false})";
}
const std::string kTemplate =
    "Resources:\n  FromTemplate:\n    Type: AWS::SageMaker::Model\n    Properties: {ModelName: "
    "templated}\n";
const std::string kState =
    R"({"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{"resources":[{"address":)"
    R"("aws_sagemaker_model.m","mode":"managed","type":"aws_sagemaker_model","name":"m","provider_name":)"
    R"("registry.terraform.io/hashicorp/aws","schema_version":0,"values":{"name":"planned"}}]}}})";

class CollectTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "collect_XXXXXX";
    root_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(root_); }

  void file(const std::string& path, std::string_view content) const {
    fs::create_directories(fs::path(root_ + "/" + path).parent_path());
    std::ofstream(root_ + "/" + path, std::ios::binary) << content;
  }

  // Collects from the inputs, below the root, with so many workers, into one sink's lists.
  Result<void> collect_from(const std::vector<std::string>& inputs, size_t workers = 1) {
    std::vector<std::string> paths;
    for (const std::string& input : inputs)
      paths.push_back(input == "-" || input.starts_with('/') ? input : root_ + "/" + input);
    SourceOptions options = options_;
    options.types = kTypes;
    options.partition = "aws";
    std::vector<RecordingSink> sinks(workers);
    std::vector<Sink*> pointers;
    for (RecordingSink& sink : sinks) pointers.push_back(&sink);
    Result<void> result = collect(paths, options, pointers, progress_);
    seen_ = {};
    for (RecordingSink& sink : sinks) {
      seen_.resources.insert(seen_.resources.end(), sink.resources.begin(), sink.resources.end());
      seen_.passed.insert(seen_.passed.end(), sink.passed.begin(), sink.passed.end());
      for (Gap& gap : sink.gap_list) {
        if (gap.location.file.starts_with(root_)) gap.location.file.erase(0, root_.size() + 1);
        seen_.gaps.push_back(gap.location.file + " " + gap.code);
        seen_.gap_list.push_back(gap);
      }
    }
    return result;
  }

  std::string names() const {
    std::vector<std::string> names;
    for (const std::string& resource : seen_.resources)
      names.push_back(resource.substr(resource.find(' ') + 1));
    return joined(names);
  }

  std::string root_;
  SourceOptions options_;
  RecordingSink seen_;
  Progress progress_;
};

TEST_F(CollectTest, ReadsEveryFormatPlainAndGzip) {
  const struct {
    std::string_view format;
    std::string content;
    std::string_view name;
  } cases[] = {
      {"config snapshot", snapshot(config_item("c")), "c"},
      {"config items", config_item("c") + "\n" + config_item("d"), "c\nd"},
      {"config notification", R"({"configurationItem":)" + config_item("c") + "}", "c"},
      {"template", kTemplate, "templated"},
      {"state", kState, "planned"},
      {"describe", describe("e"), "e"},
  };
  for (const auto& c : cases) {
    for (const std::string_view mark : {"", "\xEF\xBB\xBF"}) {
      for (const bool packed : {false, true}) {
        SCOPED_TRACE(std::string(c.format) + (packed ? ", gzip" : "") +
                     (mark.empty() ? "" : ", BOM"));
        const std::string content = std::string(mark) + c.content;
        file("input", packed ? gzip(content) : content);
        EXPECT_TRUE(collect_from({"input"}));
        EXPECT_EQ(names(), c.name);
        EXPECT_EQ(joined(seen_.gaps), "");
      }
    }
  }
}

TEST_F(CollectTest, AFolderOfEverything) {
  file("account/config.json.gz", gzip(snapshot(config_item("c1") + "," + config_item("c2"))));
  file("account/template.yaml", kTemplate);
  file("account/deep/state.json", kState);
  file("account/README.md", "# Resources: none\n");
  file("account/main.tf", "resource \"aws_sagemaker_model\" \"m\" {}\n");
  file("account/lambda.py", "print('AWS::SageMaker::Model')\n");
  file("account/package.json", R"({"name":"x","version":"1.0.0"})");
  file("account/tsconfig.json", "{\n  // a comment\n  \"compilerOptions\": {}\n}\n");
  file("account/logo.png", std::string("\x89PNG\0\0", 6));
  file("account/workflow.yml", "on: push\njobs: {}\n");
  file("account/chart.yaml", "{{- if .Values.x }}\na: {{ b }}\n");
  file("account/empty.txt", "");
  for (const size_t workers : {size_t{1}, size_t{3}}) {
    EXPECT_TRUE(collect_from({"account"}, workers));
    EXPECT_EQ(names(), "c1\nc2\nplanned\ntemplated");
    EXPECT_EQ(joined(seen_.gaps), "");
    EXPECT_EQ(seen_.passed, std::vector<std::string>(9, "not a known input"));
  }
}

TEST_F(CollectTest, BrokenFilesOfOursAreGapsAndTheOthersAreRead) {
  file("x/good.json", snapshot(config_item("good")));
  file("x/empty.json", "");
  file("x/cut.json", R"({"Something": [1, 2)");
  file("x/message.json", "Unable to locate credentials\n");
  file("x/cut.template", "{");
  file("x/odd.yaml", "Resource:\n  Type: AWS::SageMaker::Model\n");
  file("x/broken.yaml", "Resources:\n  A: [\n");
  file("x/config.json.gz", gzip(snapshot(config_item("last"))).substr(0, 60));
  file("x/template.json.gz", gzip("{\"Resources\":{}}").substr(0, 20));
  file("x/damaged", gzip("hello").substr(0, 15));
  EXPECT_TRUE(collect_from({"x"}));
  EXPECT_EQ(names(), "good");
  EXPECT_EQ(joined(seen_.gaps),
            "x/broken.yaml PARSE_ERROR\n"
            "x/config.json.gz TRUNCATED\n"
            "x/cut.json NOT_RECOGNISED\n"
            "x/cut.template NOT_RECOGNISED\n"
            "x/damaged TRUNCATED\n"
            "x/empty.json NOT_RECOGNISED\n"
            "x/message.json NOT_RECOGNISED\n"
            "x/odd.yaml NOT_RECOGNISED\n"
            "x/template.json.gz TRUNCATED");
  for (const Gap& gap : seen_.gap_list) {
    EXPECT_EQ(gap.kind, Gap::Kind::File);
    EXPECT_FALSE(gap.message.starts_with(root_)) << gap.message;
    if (gap.location.file != "x/broken.yaml") continue;
    EXPECT_GT(gap.location.line, 1U) << gap.message;
    EXPECT_GT(gap.location.column, 0U) << gap.message;
  }
}

// What a script has made from API output must not vanish.
TEST_F(CollectTest, UnknownJsonThatNamesResourcesIsAGap) {
  file("x/good.json", snapshot(config_item("good")));
  file("x/first-is-a-note.json", R"([{"note":"export of 2024"},)" + describe("n") + "]");
  file("x/wrapped", R"({"region":"eu-west-1","models":[)" + describe("n") + "]}");
  file("x/spec.json", R"({"definitions":{"M":{"Type":"AWS::SageMaker::Model"}}})");
  // These are no resources.
  file("x/policy.json",
       R"({"Version":"2012-10-17","Statement":[{"Resource":"arn:aws:sagemaker:*:*:model/*"}]})");
  file("x/machine.json",
       R"({"StartAt":"A","States":{"A":{"Resource":"arn:aws:states:::sagemaker:createModel"}}})");
  file("x/package.json", R"({"name":":sagemaker:"})");
  file("x/main.ndjson",
       R"({"format":"sagewarden-finding/1","arn":"arn:aws:sagemaker:eu-west-1:1:model/m"})");
  file("x/ocsf.json", R"([{"class_uid":2003,"arn":"arn:aws:sagemaker:eu-west-1:1:model/m"}])");
  file("x/report.sarif", R"({"version":"2.1.0","runs":[{"type":"AWS::SageMaker::Model"}]})");
  EXPECT_TRUE(collect_from({"x"}));
  EXPECT_EQ(names(), "good");
  EXPECT_EQ(joined(seen_.gaps),
            "x/first-is-a-note.json NOT_RECOGNISED\n"
            "x/spec.json NOT_RECOGNISED\n"
            "x/wrapped NOT_RECOGNISED");
  EXPECT_EQ(seen_.passed.size(), 6U);
}

TEST_F(CollectTest, WhatIsPlainlyMeantAsInputIsAGapInAFolder) {
  file("x/good.json", snapshot(config_item("good")));
  file("x/output.txt", "- NotebookInstanceName: n\n  RootAccess: Enabled\n");
  file("x/query.json", R"([{"NotebookInstanceName":"n","RootAccess":"Enabled"}])");
  file("x/tfplan", "PK\x03\x04" + std::string(26, '\1') + "tfplan");
  file("x/log", R"({"@level":"info","@module":"terraform.ui"})");
  file("x/wide", std::string("\xff\xfeR\0e\0s\0o\0u\0r\0c\0e\0s\0:\0", 22));
  file("x/message.json", R"({"message":"Unable to locate credentials"})");
  file("x/message", R"({"message":"hello"})");
  file("x/exceptions.yaml", "version: 1\nexceptions:\n- resources: [AWS::SageMaker::Model]\n");
  EXPECT_TRUE(collect_from({"x"}));
  EXPECT_EQ(names(), "good");
  EXPECT_EQ(joined(seen_.gaps),
            "x/log NOT_RECOGNISED\n"
            "x/message.json NOT_RECOGNISED\n"
            "x/output.txt NOT_RECOGNISED\n"
            "x/query.json NOT_RECOGNISED\n"
            "x/tfplan NOT_RECOGNISED\n"
            "x/wide NOT_RECOGNISED");
  EXPECT_EQ(seen_.passed.size(), 2U);
  // What is given as parameters is of use already.
  options_.parameter_files = {root_ + "/x/../x/query.json"};
  EXPECT_TRUE(collect_from({"x"}));
  EXPECT_EQ(seen_.gaps.size(), 5U);
}

TEST_F(CollectTest, WhatWasNamedMustBeOfUse) {
  file("good.json", snapshot(config_item("good")));
  file("notes.md", "# notes\n");
  file("package.json", R"({"name":"x"})");
  EXPECT_TRUE(collect_from({"good.json", "notes.md", "package.json", "gone.json", "none*.json"}));
  EXPECT_EQ(joined(seen_.gaps),
            "gone.json UNREADABLE\nnone*.json UNREADABLE\nnotes.md NOT_RECOGNISED\npackage.json "
            "NOT_RECOGNISED");
  EXPECT_EQ(seen_.passed.size(), 0U);
  for (const Gap& gap : seen_.gap_list) {
    if (gap.location.file != "package.json") continue;
    EXPECT_NE(
        gap.message.find(
            "it is JSON of another kind (with name); expected is AWS API output, an AWS Config"),
        std::string::npos)
        << gap.message;
  }
}

TEST_F(CollectTest, FailsWhenNothingIsOfUse) {
  file("notes.md", "# notes\n");
  file("empty.json", "");
  fs::create_directories(root_ + "/hollow");
  const struct {
    std::vector<std::string> inputs;
    std::string_view message;
  } cases[] = {
      {{"gone.json"}, "gone.json: No such file or directory"},
      {{"gone.json", "gone-too.json"}, "gone.json: No such file or directory"},
      {{"none*.json"}, "none*.json: nothing matches"},
      {{"empty.json"}, "empty.json: not recognised: it is empty"},
      {{"notes.md", "empty.json"}, "none of 2 files could be read; the first reason is: "},
      {{"hollow"}, "no input found; expected are files of these kinds: AWS API output"},
      {{}, "no input found"},
  };
  for (const auto& c : cases) {
    const Result<void> result = collect_from(c.inputs, 2);
    ASSERT_FALSE(result) << c.message;
    EXPECT_NE(result.error().message.find(c.message), std::string::npos) << result.error().message;
  }
  const Result<void> both = collect_from({"notes.md", "empty.json"}, 2);
  EXPECT_NE(both.error().message.find("notes.md: not recognised"), std::string::npos);
  // An empty export is an answer too.
  file("none.json", snapshot(""));
  EXPECT_TRUE(collect_from({"none.json"}));
}

TEST_F(CollectTest, FindsTheKindBeyondTheFirstWindow) {
  const std::string filler(100'000, 'x');
  file("template.json",
       R"({"Description":")" + filler + R"(","Resources":{"M":{"Type":"AWS::SageMaker::Model"}}})");
  file("template.yaml", "# " + filler + "\n" + kTemplate);
  std::string item = config_item("large");
  item.insert(1, R"("configurationStateMd5Hash":")" + filler + R"(",)");
  file("item.ndjson", item + "\n" + item);
  file("late.json", R"({"Description":")" + std::string(9'000'000, 'x') + R"(","Resources":{}})");
  for (const char* path : {"template.json", "template.yaml", "item.ndjson", "late.json"}) {
    EXPECT_TRUE(collect_from({path})) << path;
    EXPECT_EQ(joined(seen_.gaps), "") << path;
  }
  EXPECT_TRUE(collect_from({"item.ndjson"}));
  EXPECT_EQ(names(), "large\nlarge");
  // Training data and the like, in a folder.
  file("data/large.json", "[" + std::string(9'000'000, ' '));
  EXPECT_FALSE(collect_from({"data"}));
  EXPECT_EQ(joined(seen_.gaps), "");
  EXPECT_EQ(joined(seen_.passed), "not a known input");
  EXPECT_FALSE(collect_from({"data/large.json"}));
  EXPECT_EQ(joined(seen_.gaps), "data/large.json NOT_RECOGNISED");
  // An item that is alone and hides its type for megabytes cannot be read as a stream any more.
  item.insert(1, R"("more":")" + std::string(9'000'000, 'x') + R"(",)");
  file("item.ndjson", item);
  EXPECT_FALSE(collect_from({"item.ndjson"}));
  EXPECT_EQ(joined(seen_.gaps), "item.ndjson NOT_RECOGNISED");
}

TEST_F(CollectTest, StandardInputAndPipes) {
  int ends[2] = {};
  ASSERT_EQ(::pipe(ends), 0);
  std::thread writer([&] {
    const std::string content = gzip(snapshot(config_item("piped")));
    for (const char byte : content) ASSERT_EQ(::write(ends[1], &byte, 1), 1);
    ::close(ends[1]);
  });
  const int stdin_before = ::dup(STDIN_FILENO);
  ::dup2(ends[0], STDIN_FILENO);
  EXPECT_TRUE(collect_from({"-"}, 2));
  ::dup2(stdin_before, STDIN_FILENO);
  ::close(stdin_before);
  ::close(ends[0]);
  writer.join();
  EXPECT_EQ(names(), "piped");
  EXPECT_EQ(progress_.bytes_total, 0U);
}

TEST_F(CollectTest, UnreadableFilesAreGaps) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
  file("x/good.json", snapshot(config_item("good")));
  file("x/secret.json", snapshot(config_item("secret")));
  ::chmod((root_ + "/x/secret.json").c_str(), 0);
  EXPECT_TRUE(collect_from({"x"}));
  EXPECT_EQ(joined(seen_.gaps), "x/secret.json UNREADABLE");
}

TEST_F(CollectTest, CountsProgress) {
  const std::string content = snapshot(config_item("a") + "," + config_item("b"));
  file("x/a.json", content);
  file("x/b.json.gz", gzip(content));
  file("x/c.yaml", kTemplate);
  file("x/d.txt", "nothing");
  EXPECT_TRUE(collect_from({"x"}, 2));
  EXPECT_EQ(progress_.bytes_total, content.size() + gzip(content).size() + kTemplate.size() + 7);
  EXPECT_EQ(progress_.bytes_read, progress_.bytes_total);
  EXPECT_EQ(progress_.bytes_text, 2 * content.size() + kTemplate.size());
  EXPECT_EQ(progress_.items, 4U);
  EXPECT_EQ(progress_.files, 4U);
}

TEST_F(CollectTest, ManyFilesAndManyWorkers) {
  std::vector<std::string> want;
  for (int i = 0; i < 40; ++i) {
    std::string items;
    for (int j = 0; j < 200; ++j) {
      const std::string name = "m" + std::to_string(i) + "-" + std::to_string(j);
      items += (j > 0 ? "," : "") + config_item(name);
      want.push_back(name);
    }
    file("x/" + std::to_string(i) + ".json", snapshot(items));
  }
  EXPECT_TRUE(collect_from({"x"}, 4));
  EXPECT_EQ(names(), joined(want));
}

TEST_F(CollectTest, StopEndsItQuietly) {
  file("a.json", snapshot(config_item("a")));
  progress_.stop = true;
  EXPECT_TRUE(collect_from({"a.json"}, 2));
  EXPECT_EQ(names(), "");
  EXPECT_EQ(joined(seen_.gaps), "");
}

}  // namespace
}  // namespace sagewarden
