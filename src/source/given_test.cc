#include "source/given.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "source/config/recording_sink.h"

namespace sagewarden {
namespace {

namespace fs = std::filesystem;

class GivenTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "given_XXXXXX";
    root_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(root_); }

  std::string file(const std::string& name, std::string_view content) const {
    std::ofstream(root_ + "/" + name) << content;
    return root_ + "/" + name;
  }

  // The notices after a scan of the inputs, one a line.
  static std::string notices(const std::vector<std::string>& inputs, SourceOptions options) {
    constexpr std::string_view kModels[] = {"AWS::SageMaker::Model"};
    options.types = kModels;
    const Result<Given> given = read_given(options);
    if (!given) return given.error().message;
    config::RecordingSink sink;
    Sink* const sinks[] = {&sink};
    Progress progress;
    EXPECT_TRUE(collect(inputs, given->in(options), sinks, progress));
    std::string out;
    for (const std::string& notice : given->notices()) out += notice + "\n";
    return out;
  }

  std::string root_;
};

TEST_F(GivenTest, ParametersThatNoTemplateTakes) {
  const std::string a = file("a.yaml", "Parameters: {Key: {Type: String}}\nResources: {}\n");
  const std::string b = file("b.yaml", "Parameters: {Stage: {Type: String}}\nResources: {}\n");
  const std::string parent = file("parent.yaml", R"(
Resources: {S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: a.yaml}}}
)");
  const std::string model =
      file("model.json", R"({"ModelArn":"arn:aws:sagemaker:eu-west-1:111122223333:model/m"})");
  SourceOptions options;
  options.parameter_files = {file("p.json", R"({"Key": "k", "Stage": "prod"})")};
  EXPECT_EQ(notices({a, b}, options), "");
  EXPECT_EQ(notices({a}, options), "--parameters: no template that was read takes Stage\n");
  EXPECT_EQ(notices({b}, options), "--parameters: no template that was read takes Key\n");
  // Of a nested template it is the parent that decides.
  EXPECT_EQ(notices({a, b, parent}, options),
            "--parameters: no template that was read takes Key\n");
  EXPECT_EQ(notices({model}, options),
            "--parameters: no template was read that takes values from a file\n");
  options.parameter_files.push_back(file("q.json", R"({"Stagw": "dev"})"));
  EXPECT_EQ(notices({a, b}, options),
            "--parameters: no template that was read takes Stagw (did you mean Stage?)\n");
  std::string many = "{";
  for (char c = 'a'; c < 'a' + 12; ++c) many += fmt::format("\"{}\": 1, ", std::string(9, c));
  options.parameter_files.push_back(file("r.yaml", many + "}"));
  EXPECT_NE(notices({a, b}, options).find("iiiiiiiii and 3 more\n"), std::string::npos)
      << notices({a, b}, options);
  options.parameter_files.clear();
  EXPECT_EQ(notices({a, b}, options), "");
}

TEST_F(GivenTest, TagsOfResourcesThatWereNotMet) {
  const std::string arn = "arn:aws:sagemaker:eu-west-1:111122223333:model/";
  const std::string model =
      file("model.json",
           R"({"ModelName":"m","ExecutionRoleArn":"r","CreationTime":1,"Tags":[],"ModelArn":")" +
               arn + R"(m"})");
  SourceOptions options;
  options.tag_files = {
      file("tags.json", R"({")" + arn + R"(m": {"A": "1"}, "arn:aws:s3:::b": {}})")};
  EXPECT_EQ(notices({model}, options), "");
  options.tag_files.push_back(file("more.json", R"({")" + arn + R"(n": {}})"));
  EXPECT_EQ(notices({model}, options),
            "--tags: of 1 resource in the tag files no API output was read: " + arn + "n\n");
  options.tag_files.push_back(file("most.json", R"({")" + arn + R"(a": {}})"));
  EXPECT_EQ(
      notices({model}, options),
      "--tags: of 2 resources in the tag files no API output was read; the first: " + arn + "a\n");
}

// Also where nothing would use them.
TEST_F(GivenTest, AFileThatCannotBeReadIsAnError) {
  for (const bool missing : {true, false}) {
    const std::string path = missing ? root_ + "/none.json" : file("broken.json", "{\"A\": ");
    SourceOptions parameters;
    parameters.parameter_files = {path};
    SourceOptions tags;
    tags.tag_files = {path};
    for (const SourceOptions& options : {parameters, tags}) {
      const Result<Given> given = read_given(options);
      ASSERT_FALSE(given);
      EXPECT_NE(given.error().message.find(path), std::string::npos) << given.error().message;
    }
  }
}

}  // namespace
}  // namespace sagewarden
