#include <fmt/core.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/file.h"
#include "base/json_writer.h"
#include "source/api/tags.h"
#include "source/source.h"
#include "source/types/shape.h"

namespace sagewarden {
namespace {

constexpr std::array<std::string_view, 4> kTypes = {
    "AWS::SageMaker::AppImageConfig", "AWS::SageMaker::CodeRepository", "AWS::SageMaker::Model",
    "AWS::SageMaker::NotebookInstance"};

std::string json_of(json::Value value) {
  std::string out;
  json::Writer(out).value(value);
  return out;
}

// What the reader handed over, in short.
class Collected : public Sink {
 public:
  void resource(const Resource& resource) override {
    names.emplace_back(resource.name);
    lines.push_back(resource.location->line);
    account = resource.account;
    region = resource.region;
    partition = resource.partition;
    arn = resource.arn;
    properties = json_of(resource.properties);
    tags.push_back(resource.unknown_tags != nullptr ? resource.unknown_tags->reason
                                                    : json_of(resource.tags));
    unknown = resource.unknown_properties != nullptr;
  }
  void gap(Gap gap) override {
    codes.push_back(gap.code);
    gaps.push_back(std::move(gap));
  }
  void passed_over(std::string_view reason, std::string_view type) override {
    passed.push_back(fmt::format("{} {}", reason, type));
  }

  std::vector<std::string> names, tags, codes, passed;
  std::vector<uint32_t> lines;
  std::vector<Gap> gaps;
  std::string account, region, partition, arn, properties;
  bool unknown = false;
};

struct Read {
  Result<void> result;
  Collected found;
};

Read read(std::string text, SourceOptions options = {}, std::string name = "a.json") {
  options.types = kTypes;
  const size_t size = text.size();
  text.append(json::kPadding, '}');  // what lies behind must not matter
  Read out;
  out.result = read_api_output({std::move(name), std::string_view(text).substr(0, size)}, options,
                               out.found);
  return out;
}

std::string arn(std::string_view name) {
  return fmt::format("arn:aws-cn:sagemaker:cn-north-1:012345678901:model/{}", name);
}
std::string model(std::string_view name,
                  std::string_view more = R"("EnableNetworkIsolation":true)") {
  return fmt::format(R"({{"ModelName":"{}","ModelArn":"{}",{}}})", name, arn(name), more);
}

using Names = std::vector<std::string>;

TEST(ApiOutput, OneResource) {
  const Read found =
      read("\n " + model("Churn", R"("PrimaryContainer":{"Image":"i","ImageConfig":null})"));
  ASSERT_TRUE(found.result) << found.result.error().message;
  EXPECT_EQ(found.found.names, Names{"Churn"});
  EXPECT_EQ(found.found.arn, arn("Churn"));
  EXPECT_EQ(found.found.account, "012345678901");
  EXPECT_EQ(found.found.region, "cn-north-1");
  EXPECT_EQ(found.found.partition, "aws-cn");
  EXPECT_EQ(found.found.properties, R"({"ModelName":"Churn","ModelArn":")" + arn("Churn") +
                                        R"(","PrimaryContainer":{"Image":"i"}})");
  EXPECT_EQ(found.found.lines, std::vector<uint32_t>{2});
  EXPECT_FALSE(found.found.unknown);
  ASSERT_EQ(found.found.tags.size(), 1U);
  EXPECT_NE(found.found.tags[0].find("does not hold the tags"), std::string::npos);
  EXPECT_TRUE(found.found.codes.empty());
}

TEST(ApiOutput, LeftOutIsUnknown) {
  const std::string start =
      R"({"NotebookInstanceName":"n","NotebookInstanceArn":"arn:aws:sagemaker:eu-west-1:1:notebook-instance/n",)";
  const Read whole = read(start + R"("RootAccess":"Enabled","DirectInternetAccess":"Enabled"})");
  EXPECT_FALSE(whole.found.unknown);
  const Read part = read(start + R"("RootAccess":"Enabled"})");
  EXPECT_TRUE(part.found.unknown);
}

// Each row: a file, the resources that come out of it, and the codes of its gaps.
TEST(ApiOutput, ShapesOfFiles) {
  const std::string a = model("a");
  const std::string b = model("b");
  const std::string summary = R"({"ModelName":"s","ModelArn":")" + arn("s") + R"("})";
  const std::string job = "arn:aws:sagemaker:eu-west-1:111122223333:";
  const struct {
    std::string_view why;
    std::string text;
    Names names, codes, passed;
  } cases[] = {
      {"behind one another", a + "\n" + b, {"a", "b"}, {}, {}},
      {"a list", "[" + a + ",\n" + b + "]", {"a", "b"}, {}, {}},
      {"an empty list", " []\n", {}, {}, {}},
      {"search",
       R"({"Results":[{"Model":{"Model":)" + a + R"(,"Endpoints":[]}},{"Model":)" + b + "}]}",
       {"a", "b"},
       {},
       {}},
      {"a page of a search",
       R"({"Results":[{"Model":)" + b + R"(}],"NextToken":"x"})",
       {"b"},
       {"INCOMPLETE"},
       {}},
      {"the last page of a search",
       R"({"Results":[{"Model":)" + b + R"(}],"NextToken":null})",
       {"b"},
       {},
       {}},
      {"an empty page of a search", R"({"Results":[],"NextToken":"x"})", {}, {"INCOMPLETE"}, {}},
      {"a page of a search for others",
       R"({"Results":[{"TrainingJob":{"TrainingJobArn":")" + job +
           R"(training-job/t"}}],"NextToken":"x"})",
       {},
       {},
       {"other type AWS::SageMaker::TrainingJob"}},
      {"search for others",
       R"({"Results":[{"TrainingJob":{"TrainingJobArn":")" + job + R"(training-job/t"}}]})",
       {},
       {},
       {"other type AWS::SageMaker::TrainingJob"}},
      {"list output", R"({"Models":[)" + summary + "," + summary + "]}", {}, {"SUMMARIES"}, {}},
      {"outputs of several List calls in one",
       R"({"Images":[],"Models":[)" + summary + R"(],"NotebookInstances":[{"x":1}]})",
       {},
       {"SUMMARIES", "SUMMARIES"},
       {}},
      {"a failure beside a list",
       R"({"Models":[],"Error":{"Code":"AccessDenied","Message":"x"}})",
       {},
       {"ACCESS_DENIED"},
       {}},
      {"a failure told otherwise",
       R"({"Models":[],"Error":"AccessDenied"})",
       {},
       {"NOT_RECOGNISED"},
       {}},
      {"something else beside a list",
       R"({"Tags":[],"Domains":[],"featureGroups":[{"x":1}]})",
       {},
       {"NOT_RECOGNISED"},
       {}},
      {"what belongs to a list",
       R"({"Models":[],"ResponseMetadata":{"HTTPStatusCode":200}})",
       {},
       {},
       {}},
      {"an empty list output", R"({"Models":[]})", {}, {}, {}},
      {"a page of a list output", R"({"Models":[],"NextToken":"x"})", {}, {"INCOMPLETE"}, {}},
      {"a page of what nobody asks for", R"({"Images":[],"NextToken":"x"})", {}, {}, {}},
      {"list output with --query", "[" + summary + "," + summary + "]", {}, {"SUMMARIES"}, {}},
      {"list output of a type that nobody asks for",
       R"({"JobDefinitionSummaries":[{"MonitoringJobDefinitionArn":")" + job +
           R"(model-bias-job-definition/j"}]})",
       {},
       {},
       {"other type AWS::SageMaker::ModelBiasJobDefinition"}},
      {"list output of job definitions that we cannot tell",
       R"({"JobDefinitionSummaries":[{}]})",
       {},
       {"SUMMARIES"},
       {}},
      {"list output that is as good as describe",
       R"({"AppImageConfigs":[{"AppImageConfigName":"c","AppImageConfigArn":")" + job +
           R"(app-image-config/c"}]})",
       {"c"},
       {},
       {}},
      {"a type that nobody asks for",
       R"({"ImageName":"i","ImageArn":")" + job + R"(image/i","RoleArn":"r"})",
       {},
       {},
       {"other type AWS::SageMaker::Image"}},
      {"a type that has no table",
       R"({"CodeRepositoryName":"i","CodeRepositoryArn":")" + job + R"(code-repository/i"})",
       {},
       {"NO_NAMES"},
       {}},
      {"a type with a table, under names that are not the API's",
       R"({"notebookInstanceName":"n","notebookInstanceArn":")" + job +
           R"(notebook-instance/n","rootAccess":"Enabled"})",
       {},
       {"NOT_RECOGNISED"},
       {}},
      {"being deleted",
       R"({"NotebookInstanceName":"n","NotebookInstanceArn":")" + job +
           R"(notebook-instance/n","NotebookInstanceStatus":"Deleting","RootAccess":"Enabled"})",
       {},
       {},
       {"being deleted AWS::SageMaker::NotebookInstance"}},
      {"an error among others",
       a + R"({"__type":"AccessDeniedException","Message":"no"})" + b,
       {"a", "b"},
       {"ACCESS_DENIED"},
       {}},
      {"throttled",
       a + R"({"Error":{"Code":"ThrottlingException","Message":"slow"}})",
       {"a"},
       {"THROTTLED"},
       {}},
      {"the CLI's words between",
       a +
           "\n\nAn error occurred (ValidationException) when calling the DescribeModel operation: "
           "Could not find model\n" +
           b,
       {"a", "b"},
       {"CALL_FAILED"},
       {}},
      {"only the CLI's words",
       "\nAn error occurred (AccessDeniedException) when calling the ListModels operation: no\n",
       {},
       {"ACCESS_DENIED"},
       {}},
      {"one is broken", a + "\n{\"ModelName\" \"x\"}\n" + b, {"a", "b"}, {"PARSE_ERROR"}, {}},
      {"one is no describe output",
       a + "{\"a\":1}7\n{\"b\":2}" + b,
       {"a", "b"},
       {"NOT_RECOGNISED"},
       {}},
      {"a name twice", R"({"ModelName":"x","ModelName":"y"})" + a, {"a"}, {"DUPLICATE_KEY"}, {}},
      {"cut off", a + "\n{\"ModelName\":\"x", {"a"}, {"TRUNCATED"}, {}},
      {"a list cut off", "[" + a + "," + b, {"a", "b"}, {"TRUNCATED"}, {}},
      {"tags without a resource", R"({"Tags":[]})", {}, {"TAGS_NOT_USED"}, {}},
      {"tags by ARN", R"({"ResourceTagMappingList":[]})", {}, {"TAGS_NOT_USED"}, {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const Read found = read(c.text);
    ASSERT_TRUE(found.result) << found.result.error().message;
    EXPECT_EQ(found.found.names, c.names);
    EXPECT_EQ(found.found.codes, c.codes);
    EXPECT_EQ(found.found.passed, c.passed);
    for (const Gap& gap : found.found.gaps) {
      EXPECT_EQ(gap.location.file, "a.json");
      EXPECT_FALSE(gap.message.empty());
    }
  }
}

TEST(ApiOutput, GapsSayWhereAndWhat) {
  const Read denied = read(model("a") +
                           "\nAn error occurred (AccessDeniedException) when calling the "
                           "DescribeModel operation: no\n");
  ASSERT_EQ(denied.found.gaps.size(), 1U);
  EXPECT_EQ(denied.found.gaps[0].operation, "sagemaker:DescribeModel");
  EXPECT_EQ(denied.found.gaps[0].location.line, 2U);
  const Read summaries =
      read(R"({"NotebookInstances":[{"NotebookInstanceName":"n"},{"NotebookInstanceName":"m"}]})");
  ASSERT_EQ(summaries.found.gaps.size(), 1U);
  EXPECT_EQ(summaries.found.gaps[0].type, "AWS::SageMaker::NotebookInstance");
  EXPECT_NE(summaries.found.gaps[0].message.find("names 2 resources"), std::string::npos);
  EXPECT_NE(summaries.found.gaps[0].message.find("`aws sagemaker describe-notebook-instance`"),
            std::string::npos);
}

TEST(ApiOutput, WholeFileIsNone) {
  for (const std::string_view text :
       {"", "\n", "{}", "{\"Resources\":{}}", "hello", "7", "[1,2]", "}"}) {
    const Read found = read(std::string(text));
    ASSERT_FALSE(found.result) << text;
    EXPECT_EQ(found.result.error().code, Error::Code::Invalid);
    EXPECT_TRUE(found.found.codes.empty()) << "said once is enough";
  }
}

TEST(ApiOutput, GapsOfOneFileAreBounded) {
  const auto broken = [](size_t count) {
    std::string text;
    for (size_t i = 0; i < count; ++i) text += "{]";
    return text;
  };
  const Read most = read(broken(1000));
  ASSERT_TRUE(most.result);
  EXPECT_EQ(most.found.gaps.size(), 1000U);
  EXPECT_EQ(most.found.codes.back(), "PARSE_ERROR");
  const Read more = read(broken(1500));
  ASSERT_EQ(more.found.gaps.size(), 1001U);
  EXPECT_EQ(more.found.codes.back(), "TOO_MANY");
  EXPECT_NE(more.found.gaps.back().message.find("500 more gaps"), std::string::npos)
      << more.found.gaps.back().message;
}

// A folder that is gone after the test.
class ApiTags : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/sagewarden-api-tags";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(std::string_view name) const { return fmt::format("{}/{}", folder_, name); }
  void write(std::string_view name, std::string_view text) const {
    std::ofstream(path(name)) << text;
  }

  std::string folder_;
};

TEST_F(ApiTags, BesideTheFile) {
  const std::string list = R"({"Tags":[{"Key":"Owner","Value":"ml"}]})";
  const std::string by_arn = "{\"" + arn("b") + "\":{\"Owner\":\"b\"}}";
  const std::string unknown = "does not hold the tags";
  const struct {
    std::string_view why;
    std::string name, text, tags;
    Names want, codes;
  } cases[] = {
      {"list-tags output", "a.json", model("a"), list, {R"({"Owner":"ml"})"}, {}},
      {"list-tags output with --query", "a.json", model("a"), "[]", {"{}"}, {}},
      {"of a compressed file", "a.json.gz", model("a"), list, {R"({"Owner":"ml"})"}, {}},
      {"not for other files", "b.json", model("a"), list, {unknown}, {}},
      {"not for standard input", "-", model("a"), list, {unknown}, {}},
      {"whose they are is not said",
       "a.json",
       model("a") + model("b"),
       list,
       {unknown, unknown},
       {"TAGS_UNREADABLE"}},
      {"whose they are is not said, in a list",
       "a.json",
       "[" + model("a") + "," + model("b") + "]",
       list,
       {unknown, unknown},
       {"TAGS_UNREADABLE"}},
      {"one of a search's results",
       "a.json",
       R"({"Results":[{"Model":{"Model":)" + model("a") + "}}]}",
       list,
       {unknown},
       {}},
      {"by ARN", "a.json", model("a") + model("b"), by_arn, {unknown, R"({"Owner":"b"})"}, {}},
      {"the output's own come first", "a.json", model("a", R"("X":1,"Tags":[])"), list, {"{}"}, {}},
      {"the output's own are none",
       "a.json",
       model("a", R"("X":1,"Tags":"?")"),
       list,
       {"no list of Key and Value"},
       {}},
      {"not JSON", "a.json", model("a"), "{", {unknown}, {"TAGS_UNREADABLE"}},
      {"a page of them",
       "a.json",
       model("a"),
       R"({"Tags":[],"NextToken":"x"})",
       {unknown},
       {"TAGS_UNREADABLE"}},
      {"not tags",
       "a.json",
       model("a"),
       R"({"Tags":[{"Key":"a"}]})",
       {unknown},
       {"TAGS_UNREADABLE"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    write("a.tags.json", c.tags);
    const Read found = read(c.text, {}, c.name == "-" ? c.name : path(c.name));
    ASSERT_TRUE(found.result) << found.result.error().message;
    EXPECT_EQ(found.found.codes, c.codes);
    ASSERT_EQ(found.found.tags.size(), c.want.size());
    for (size_t i = 0; i < c.want.size(); ++i)
      EXPECT_NE(found.found.tags[i].find(c.want[i]), std::string::npos) << found.found.tags[i];
    for (const Gap& gap : found.found.gaps) EXPECT_EQ(gap.location.file, path("a.tags.json"));
  }
}

TEST_F(ApiTags, FromTagFiles) {
  write("tags.json", R"({"ResourceTagMappingList":[{"ResourceARN":")" + arn("a") +
                         R"(","Tags":[{"Key":"Owner","Value":"ml"}]}]})");
  SourceOptions options;
  options.tag_files = {path("tags.json")};
  const Read found = read(model("a") + model("b"), options);
  ASSERT_TRUE(found.result) << found.result.error().message;
  ASSERT_EQ(found.found.tags.size(), 2U);
  EXPECT_EQ(found.found.tags[0], R"({"Owner":"ml"})");
  EXPECT_NE(found.found.tags[1].find("does not hold"), std::string::npos);
  // Read beforehand, for all files.
  const Result<TagIndex> index = read_tag_files(options.tag_files);
  ASSERT_TRUE(index);
  options.tags = &*index;
  EXPECT_EQ(read(model("a"), options).found.tags, Names{R"({"Owner":"ml"})"});
  // A tag file that cannot be read is not passed off as "no tags".
  options.tags = nullptr;
  options.tag_files = {path("none.json")};
  EXPECT_FALSE(read(model("a"), options).result);
}

TEST_F(ApiTags, TagFilesAmongTheInputs) {
  const std::string list = R"({"Tags":[]})";
  write("a.json", "");
  write("b.json.gz", "");
  SourceOptions options;
  const struct {
    std::string name;
    bool used;
  } cases[] = {
      {"a.tags.json", true}, {"b.tags.json", true}, {"c.tags.json", false}, {"a.json", false}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const Read found = read(list, options, path(c.name));
    ASSERT_TRUE(found.result);
    EXPECT_EQ(found.found.passed, c.used ? Names{"tags "} : Names{});
    EXPECT_EQ(found.found.codes, c.used ? Names{} : Names{"TAGS_NOT_USED"});
  }
  write("tags.json", "{}");
  options.tag_files = {path("tags.json")};
  const Read given = read(R"({"ResourceTagMappingList":[]})", options, path("tags.json"));
  EXPECT_EQ(given.found.passed, Names{"tags "});
}

// The example that the documentation starts with: every type but the endpoint, and no gap.
TEST(ApiOutput, ExampleAccount) {
  class Counting : public Sink {
   public:
    void resource(const Resource& resource) override {
      ++types[std::string(resource.type)];
      accounts.insert(std::string(resource.account));
      regions.insert(std::string(resource.region));
      EXPECT_EQ(resource.unknown_properties, nullptr) << resource.arn;
      tagged += resource.unknown_tags == nullptr ? 1 : 0;
    }
    void gap(Gap gap) override { ADD_FAILURE() << gap.location.file << ": " << gap.message; }
    void passed_over(std::string_view reason, std::string_view) override {
      EXPECT_EQ(reason, "tags");
    }
    std::map<std::string, size_t> types;
    std::set<std::string> accounts, regions;
    size_t tagged = 0;
  };
  Counting sink;
  std::vector<std::string_view> types;
  for (const TypeShape& shape : type_shapes()) types.push_back(shape.cloudformation);
  SourceOptions options;
  options.types = types;
  constexpr std::array<std::string_view, 1> kEnds = {".json"};
  const auto files = list_files(SAGEWARDEN_SOURCE_DIR "/examples/account", kEnds);
  ASSERT_TRUE(files) << files.error().message;
  for (const std::string& file : *files) {
    Result<std::string> text = read_file(file, 1 << 20);
    ASSERT_TRUE(text);
    const size_t size = text->size();
    text->append(json::kPadding, ' ');
    const auto read =
        read_api_output({file, std::string_view(*text).substr(0, size)}, options, sink);
    ASSERT_TRUE(read) << file << ": " << read.error().message;
  }
  size_t resources = 0;
  for (const auto& [type, count] : sink.types) resources += count;
  EXPECT_EQ(resources, 60U);
  EXPECT_EQ(sink.types.size(), type_shapes().size() - 1);
  EXPECT_EQ(sink.accounts, std::set<std::string>{"111122223333"});
  EXPECT_EQ(sink.regions, (std::set<std::string>{"eu-west-1", "us-east-1"}));
  EXPECT_GE(sink.tagged, 25U);
}

}  // namespace
}  // namespace sagewarden
