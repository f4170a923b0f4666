#include "source/api/tags.h"

#include <gtest/gtest.h>

#include <fstream>

namespace sagewarden {
namespace {

constexpr std::string_view kArn = "arn:aws:sagemaker:eu-west-1:111122223333:model/m";

TEST(Tags, FormsOfOneResource) {
  const struct {
    std::string_view text;
    std::optional<std::string> want;
  } cases[] = {
      {R"([{"Key":"a","Value":"1"},{"Key":"b","Value":""}])", R"({"a":"1","b":""})"},
      {R"([])", "{}"},
      {R"([{"Key":"sagewarden:lock:x","Value":"1"}])", "{}"},  // of a repair under way
      {R"({"Tags":[{"Key":"a","Value":"1"}]})", R"({"a":"1"})"},
      {R"({"a":"1"})", R"({"a":"1"})"},
      {R"({})", "{}"},
      {R"({"Tags":"prod"})", R"({"Tags":"prod"})"},
      {R"({"NextToken":"a tag"})", R"({"NextToken":"a tag"})"},
      {R"({"Tags":[],"NextToken":""})", "{}"},
      {R"({"Tags":[],"NextToken":null})", "{}"},
      {R"({"Tags":[],"NextToken":"x"})", std::nullopt},
      {R"([{"Key":"a"}])", std::nullopt},
      {R"([{"Key":1,"Value":"1"}])", std::nullopt},
      {R"([{"key":"a","value":"1"}])", std::nullopt},
      {R"(["a"])", std::nullopt},
      {R"([{"Key":"a","Value":"1"},{"Key":"a","Value":"2"}])", std::nullopt},
      {R"({"a":1})", std::nullopt},
      {R"("a")", std::nullopt},
      {R"(null)", std::nullopt},
  };
  for (const auto& c : cases) {
    const auto document = json::parse_document(c.text);
    ASSERT_TRUE(document);
    EXPECT_EQ(tags_object(document->root), c.want) << c.text;
  }
}

TEST(Tags, FormsOfAnIndex) {
  const std::string arn(kArn);
  const struct {
    std::string text;
    std::optional<std::string_view> want;  // of kArn
  } cases[] = {
      {"", std::nullopt},
      {"{}", std::nullopt},
      {"{\"" + arn + "\":[{\"Key\":\"a\",\"Value\":\"1\"}]}", R"({"a":"1"})"},
      {"{\"" + arn + "\":{\"Tags\":[]}}", "{}"},
      {"{\"" + arn + "\":{\"a\":\"1\"}}", R"({"a":"1"})"},
      {"{\"" + arn + "x\":[]}", std::nullopt},
      {R"({"ResourceTagMappingList":[{"ResourceARN":")" + arn + R"(","Tags":[]}]})", "{}"},
      {R"({"ResourceArn":")" + arn + R"(","Tags":[]})", "{}"},
      {R"([{"ResourceArn":")" + arn + R"(","Tags":[]}])", "{}"},
      // The later counts.
      {R"({"ResourceArn":")" + arn + R"(","Tags":[]}{"ResourceArn":")" + arn +
           R"(","Tags":[{"Key":"a","Value":"1"}]})",
       R"({"a":"1"})"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    TagIndex index;
    const Result<void> added = index.add(c.text);
    ASSERT_TRUE(added) << added.error().message;
    EXPECT_EQ(index.find(kArn), c.want);
  }
}

TEST(Tags, AWrongFileIsNeverNoTags) {
  const std::string arn(kArn);
  const struct {
    std::string text;
    std::string_view want;
  } cases[] = {
      {"{\"Tags\":[]}", "line 1, column 1: \"Tags\" is no ARN"},
      {"\n {\"a\":\"b\"}", "line 2, column 2: \"a\" is no ARN"},
      {"{\"" + arn + "\":3}", "are no list"},
      {"{\"" + arn + "\":[],\"" + arn + "\":[]}", "is given twice"},
      {R"({"ResourceTagMappingList":[{"Tags":[]}]})", "a mapping has no ResourceARN"},
      {R"({"ResourceTagMappingList":[{"ResourceARN":")" + arn + R"("}]})", "are no list"},
      {"{\"" + arn + "\":{\"Tags\":[],\"NextToken\":\"x\"}}", "go on on further pages"},
      {R"({"ResourceArn":")" + arn + R"(","Tags":[],"NextToken":"x"})", "go on on further pages"},
      {"{\"" + arn + "\":[]", "the text ends here"},
      {"{\"" + arn + "\":[}", "the text ends here"},
      {"{\"a\" 1}", "line 1, column 1: JSON"},
      {"Key,Value\n", "this is no JSON object"},
      {"[[]]", "this is no object"},
  };
  for (const auto& c : cases) {
    TagIndex index;
    const Result<void> added = index.add(c.text);
    ASSERT_FALSE(added) << c.text;
    EXPECT_NE(added.error().message.find(c.want), std::string::npos) << added.error().message;
  }
}

TEST(Tags, Files) {
  const std::string good = testing::TempDir() + "/sagewarden-tags-good.json";
  const std::string bad = testing::TempDir() + "/sagewarden-tags-bad.json";
  std::ofstream(good) << "{\"" << kArn << "\":[]}";
  std::ofstream(bad) << "[";
  const Result<TagIndex> index = read_tag_files(std::vector<std::string>{good});
  ASSERT_TRUE(index) << index.error().message;
  EXPECT_EQ(index->find(kArn), "{}");
  EXPECT_FALSE(index->empty());
  for (const std::string& path : {bad, std::string("/nowhere/tags.json")}) {
    const Result<TagIndex> failed = read_tag_files(std::vector<std::string>{good, path});
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().message.find(path), std::string::npos);
  }
}

}  // namespace
}  // namespace sagewarden
