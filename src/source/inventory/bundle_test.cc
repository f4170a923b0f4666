// Bundles: inventories of version 2 that know what was asked for.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <array>

#include "source/inventory/inventory.h"

namespace sagewarden {
namespace {

constexpr std::array<std::string_view, 2> kAskedTypes = {"AWS::SageMaker::Image",
                                                         "AWS::SageMaker::Model"};

// One line for each thing that it is given.
class Seen : public Sink {
 public:
  void resource(const Resource& resource) override {
    text += fmt::format("resource {} tags {}{} at '{}:{}'\n", resource.name, resource.tags.size(),
                        resource.unknown_tags == nullptr ? "" : " unknown", resource.location->file,
                        resource.location->line);
  }
  void gap(Gap gap) override {
    text += fmt::format("gap {} {} {}\n", gap.code, gap.type, gap.location.line);
  }
  void passed_over(std::string_view reason, std::string_view type) override {
    text += fmt::format("passed over {} {}\n", reason, type);
  }
  void covered(const CoverageRow& row) override {
    text += fmt::format("covered {} {} {}\n", row.type, row.read, row.not_read);
  }
  std::string text;
};

std::string seen_in(std::string text, const std::vector<std::string_view>* tag_types = nullptr,
                    std::span<const std::string_view> types = kAskedTypes) {
  SourceOptions options;
  options.types = types;
  options.tag_types = tag_types;
  Seen seen;
  const size_t size = text.size();
  text.append(json::kPadding, '}');
  const Result<void> read =
      read_inventory({"b.ndjson", std::string_view(text).substr(0, size)}, options, seen);
  return read ? seen.text : seen.text + read.error().message;
}

Asked asked_for(std::vector<std::string> types) {
  Asked asked;
  asked.from = "aws";
  asked.accounts = {{"111122223333", "aws", {"eu-west-1", "us-east-1"}}};
  for (std::string& type : types) asked.types.push_back({std::move(type)});
  return asked;
}

Gap gap_of(std::string type, std::string operation) {
  Gap gap;
  gap.kind = Gap::Kind::Call;
  gap.type = std::move(type);
  gap.operation = std::move(operation);
  gap.code = "ACCESS_DENIED";
  gap.message = "no";
  return gap;
}

// Two resources, three gaps, two passed over.
std::string bundle(const Asked* asked) {
  std::string text;
  const std::unique_ptr<Output> out = create_string_output(text);
  InventoryWriter writer(*out);
  EXPECT_TRUE(writer.header("2026-03-01T12:00:00Z", "1.0", asked));
  const Location nowhere;
  const json::Document tags = std::move(json::parse_document(R"({"Owner":"ml"})").value());
  Resource resource;
  resource.location = &nowhere;
  resource.tags = tags.root;
  for (const std::string_view name : {"Model", "Domain"}) {
    const std::string type = fmt::format("AWS::SageMaker::{}", name);
    const std::string arn = fmt::format("arn:aws:sagemaker:eu-west-1:111122223333:x/{}", name);
    resource.type = type;
    resource.name = name;
    resource.arn = arn;
    resource.account = "111122223333";
    resource.region = "eu-west-1";
    UnknownNode no_tags;
    mark_unknown(no_tags, "Other", Known::Nothing, UnknownCause::Denied, "denied");
    resource.unknown_tags = &no_tags;
    EXPECT_TRUE(writer.resource(resource));
    EXPECT_TRUE(writer.passed_over("being deleted", type));
    EXPECT_TRUE(writer.gap(gap_of(type, "sagemaker:ListTags")));
  }
  EXPECT_TRUE(writer.gap(gap_of("", "ec2:DescribeRegions")));
  EXPECT_TRUE(
      writer.covered({"111122223333", "eu-west-1", "AWS::SageMaker::Model", 3, 1, 1, 1, true}));
  EXPECT_TRUE(writer.covered({"111122223333", "eu-west-1", "AWS::SageMaker::Domain"}));
  EXPECT_TRUE(writer.end());
  return text;
}

TEST(Bundle, IsLaidOutAsDocumented) {
  const Asked asked = asked_for({"AWS::SageMaker::Model"});
  const std::string text = bundle(&asked);
  EXPECT_EQ(
      text.substr(0, text.find('\n')),
      R"({"sagewarden_inventory":2,"created":"2026-03-01T12:00:00Z","version":"1.0","asked":{)"
      R"("from":"aws","accounts":[{"account":"111122223333","partition":"aws","regions":[)"
      R"("eu-west-1","us-east-1"]}],"types":[{"type":"AWS::SageMaker::Model","tags":true}],)"
      R"("secrets":false}})");
  Sha256 hash;
  const std::string_view end =
      R"({"end":{"resources":2,"gaps":3,"passed_over":2,"coverage":2,"sha256":")";
  const size_t at = text.find(end);
  ASSERT_NE(at, std::string::npos) << text;
  hash.update(text.substr(0, at));
  EXPECT_EQ(text.substr(at), std::string(end) + hash.hex() + "\"}}\n");
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Bundle, IsReadAsAwsWouldBe) {
  const Asked all =
      asked_for({"AWS::SageMaker::Domain", "AWS::SageMaker::Image", "AWS::SageMaker::Model"});
  const Asked models = asked_for({"AWS::SageMaker::Model"});
  Asked without_tags = asked_for({"AWS::SageMaker::Model"});
  without_tags.types.front().tags = false;
  const std::vector<std::string_view> none;
  const std::vector<std::string_view> models_tags = {"AWS::SageMaker::Model"};
  const std::string_view model = "AWS::SageMaker::Model";
  const std::string with_tags = fmt::format(
      "resource Model tags 1 unknown at ':0'\npassed over being deleted {0}\ngap ACCESS_DENIED {0} "
      "0\n"
      "gap ACCESS_DENIED  0\ncovered {0} 1 1\n",
      model);
  const struct {
    std::string_view why;
    const Asked* asked;
    const std::vector<std::string_view>* tag_types;
    std::string want;
  } cases[] = {
      {"all of it, but for other types", &all, nullptr, with_tags},
      {"tags are asked for", &all, &models_tags, with_tags},
      {"tags are not asked for, nor why they are missing", &all, &none,
       fmt::format("resource Model tags 0 unknown at ':0'\npassed over being deleted {0}\n"
                   "gap ACCESS_DENIED  0\ncovered {0} 2 0\n",
                   model)},
      {"tags were not collected", &without_tags, nullptr,
       "gap NOT_COLLECTED AWS::SageMaker::Image 1\n" +
           replaced(with_tags, "Model tags 1", "Model tags 0")},
      {"images were not collected", &models, nullptr,
       "gap NOT_COLLECTED AWS::SageMaker::Image 1\n" + with_tags},
      {"no bundle, so that all is told", nullptr, &none,
       fmt::format("resource Model tags 1 unknown at 'b.ndjson:2'\npassed over being deleted {0}\n"
                   "gap ACCESS_DENIED {0} 0\npassed over other type AWS::SageMaker::Domain\n"
                   "passed over being deleted AWS::SageMaker::Domain\n"
                   "gap ACCESS_DENIED AWS::SageMaker::Domain 0\ngap ACCESS_DENIED  0\n"
                   "covered {0} 1 1\ncovered AWS::SageMaker::Domain 0 0\n",
                   model)},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(seen_in(bundle(c.asked), c.tag_types), c.want);
  }
}

TEST(Bundle, WhatIsNotWholeIsAGap) {
  const Asked asked = asked_for({"AWS::SageMaker::Image", "AWS::SageMaker::Model"});
  const std::string whole = bundle(&asked);
  const std::string ok = seen_in(whole);
  const size_t end = whole.find("{\"end\"");
  const struct {
    std::string_view why;
    std::string text;
    std::string_view gap;  // the last, when there is one more than in the whole
  } cases[] = {
      {"whole", whole, ""},
      {"twice", whole + whole, ""},
      {"blank lines outside", "\n" + whole + "\n" + whole + "\n", ""},
      {"a value was changed", replaced(whole, "\"Owner\":\"ml\"", "\"Owner\":\"me\""), "CHANGED"},
      {"the header was changed", replaced(whole, "us-east-1", "us-east-2"), "CHANGED"},
      {"a blank line was added", replaced(whole, "\n", "\n\n"), "CHANGED"},
      {"lines end otherwise", replaced(whole, "\n", "\r\n"), "CHANGED"},
      {"another hash", replaced(whole, "sha256\":\"", "sha256\":\"0"), "CHANGED"},
      {"said to be of the version that needs no hash",
       replaced(whole, "\"sagewarden_inventory\":2", "\"sagewarden_inventory\":1"), "CHANGED"},
      {"no hash", replaced(whole, "sha256", "sha255"), "CHANGED"},
      {"another count", replaced(whole, "\"gaps\":3", "\"gaps\":2"), "TRUNCATED"},
      {"a count is missing", replaced(whole, "\"passed_over\":2,", ""), "TRUNCATED"},
      {"no end", whole.substr(0, end), "TRUNCATED"},
      {"cut off in the end", whole.substr(0, end + 20), "TRUNCATED"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const std::string seen = seen_in(c.text);
    const bool twice = c.text.size() > whole.size() + whole.size() / 2;
    std::string want = twice ? ok + ok : ok;
    if (c.gap.empty()) {
      EXPECT_EQ(seen, want);
      continue;
    }
    ASSERT_TRUE(seen.starts_with(want)) << seen;
    EXPECT_TRUE(seen.substr(want.size()).starts_with(fmt::format("gap {} ", c.gap))) << seen;
  }
}

TEST(Bundle, CoverageThatDoesNotAddUpIsNone) {
  const Asked asked = asked_for({"AWS::SageMaker::Image", "AWS::SageMaker::Model"});
  const std::string seen = seen_in(replaced(bundle(&asked), "\"listed\":3", "\"listed\":4"));
  EXPECT_NE(seen.find("gap INVALID "), std::string::npos);
  EXPECT_EQ(seen.find("covered "), std::string::npos);
}

TEST(Bundle, BrokenHeaders) {
  const struct {
    std::string_view asked;
    std::string_view want;
  } cases[] = {
      {"1", "line 1: \"asked\" needs a list \"types\""},
      {R"({"types":{}})", "line 1: \"asked\" needs a list \"types\""},
      {R"({"types":[{"type":"a"}]})", "line 1: \"asked\": each of the types"},
      {R"({"types":[{"tags":true}]})", "line 1: \"asked\": each of the types"},
  };
  for (const auto& c : cases) {
    const std::string seen =
        seen_in(fmt::format("{{\"sagewarden_inventory\":2,\"asked\":{}}}\n", c.asked));
    EXPECT_TRUE(seen.starts_with(c.want)) << seen;
  }
}

}  // namespace
}  // namespace sagewarden
