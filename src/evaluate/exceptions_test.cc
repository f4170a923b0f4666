#include "evaluate/exceptions.h"

#include <gtest/gtest.h>

#include "base/file.h"

namespace sagewarden {
namespace {

constexpr std::string_view kWho = "    reason: r\n    owner: o\n";

std::string one_entry(std::string_view fields) {
  return "exceptions:\n  - " + std::string(fields) + std::string(kWho);
}

TEST(Exceptions, EveryField) {
  const Result<Exceptions> read = parse_exceptions("e.yaml", R"(version: 1
exceptions:
  - controls: [SageMaker.5, "SageMaker.1*"]
    resources: arn:aws:sagemaker:*:*:model/churn-*
    accounts: [111122223333, "012345678901"]
    tags: {Stage: "dev*", Cost Center: 42}
    reason: pilot
    owner: ml-platform@example.com
    expires: 2027-01-31
)");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->file, "e.yaml");
  const std::vector<PostureException> want = {{.controls = {"SageMaker.5", "SageMaker.1*"},
                                               .resources = {"arn:aws:sagemaker:*:*:model/churn-*"},
                                               .accounts = {"111122223333", "012345678901"},
                                               .tags = {{"Stage", "dev*"}, {"Cost Center", "42"}},
                                               .reason = "pilot",
                                               .owner = "ml-platform@example.com",
                                               .expires = "2027-01-31",
                                               .mark = {3, 5}}};
  EXPECT_EQ(read->entries, want);
}

TEST(Exceptions, MayBeJsonOrEmpty) {
  const Result<Exceptions> json = parse_exceptions(
      "e.json", R"({"exceptions": [{"controls": "X.1", "reason": "r", "owner": "o"}]})");
  ASSERT_TRUE(json) << json.error().message;
  ASSERT_EQ(json->entries.size(), 1U);
  EXPECT_EQ(json->entries[0].expires, "");
  const Result<Exceptions> none = parse_exceptions("e.yaml", "exceptions: []\n");
  ASSERT_TRUE(none) << none.error().message;
  EXPECT_TRUE(none->entries.empty());
}

TEST(Exceptions, ErrorsSayWhere) {
  const struct {
    std::string text;
    std::string_view want;
  } cases[] = {
      {"exceptions: [\n", "e.yaml: line 2"},
      {"", "e.yaml: the file must be a mapping"},
      {"- a\n", "the file must be a mapping"},
      {"version: 1\n", "the list \"exceptions\" is missing"},
      {"exception: []\n",
       "line 1, column 1: \"exception\" is not known here; did you mean "
       "\"exceptions\"?"},
      {"version: 2\nexceptions: []\n", "line 1, column 10: version \"2\""},
      {"exceptions: {a: b}\n", "line 1, column 13: \"exceptions\" must be a list"},
      {"exceptions: [x]\n", "an exception must be a mapping"},
      {one_entry("control: SageMaker.1\n"),
       "line 2, column 5: \"control\" is not known here; did "
       "you mean \"controls\"?"},
      {"exceptions:\n  - controls: SageMaker.1\n    owner: o\n",
       "line 2, column 5: the exception "
       "has no \"reason\""},
      {"exceptions:\n  - controls: SageMaker.1\n    reason: r\n", "has no \"owner\""},
      {"exceptions:\n  - controls: SageMaker.1\n    reason: ' '\n    owner: o\n",
       "line 3, column 13: \"reason\" must be a text"},
      {"exceptions:\n  - controls: SageMaker.1\n    reason: r\n    owner:\n", "\"owner\" must be"},
      {one_entry("controls: []\n"), "line 2, column 15: \"controls\" must be"},
      {one_entry("controls: {a: b}\n"), "\"controls\" must be"},
      {one_entry("controls: [[a]]\n"), "\"controls\" must be a text"},
      {one_entry("controls: !Ref a\n"), "the tag !Ref means nothing here"},
      {one_entry("accounts: 1111\n"), "\"1111\" is no account"},
      {one_entry("accounts: '*'\n"), "\"*\" is no account"},
      {one_entry("tags: [a]\n"), "\"tags\" must be a mapping"},
      {one_entry("tags: {}\n"), "\"tags\" must be a mapping"},
      {one_entry("tags: {a: [b]}\n"), "a tag's pattern must be a text"},
      {one_entry("tags: {a: }\n"), "a tag's pattern must be a text"},
      {one_entry("controls: A.1\n    expires: 31.01.2027\n"),
       "line 3, column 14: \"31.01.2027\" is "
       "no date"},
      {one_entry("controls: A.1\n    expires: 2027-02-29\n"), "is no date"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const Result<Exceptions> read = parse_exceptions("e.yaml", c.text);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Error::Code::Invalid);
    EXPECT_EQ(read.error().message.substr(0, 8), "e.yaml: ");
    EXPECT_NE(read.error().message.find(c.want), std::string::npos) << read.error().message;
  }
}

TEST(Exceptions, WhatAcceptsEverythingIsRefused) {
  const struct {
    std::string_view fields;
    bool accepted;
  } cases[] = {
      {"controls: '*'\n", false},
      {"controls: SageMaker.*\n", false},
      {"controls: [SageMaker.1, SageMaker.*]\n", false},
      {"resources: '*'\n", false},
      {"resources: 'arn:*'\n", false},
      {"resources: arn:aws:sagemaker:*:*:*\n", false},
      {"resources: [churn, '*:sagemaker:*']\n", false},
      {"expires: 2027-01-01\n", false},
      {"controls: SageMaker.1\n", true},
      {"resources: '*:model/*'\n", true},
      {"resources: 'arn:aws:sagemaker:eu-west-1:*'\n", true},
      {"resources: churn-*\n", true},
      {"controls: '*'\n    accounts: '111122223333'\n", true},
      {"controls: '*'\n    tags: {Sandbox: '*'}\n", true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.fields);
    const Result<Exceptions> read = parse_exceptions("e.yaml", one_entry(c.fields));
    EXPECT_EQ(read.has_value(), c.accepted);
    if (c.accepted || read) continue;
    EXPECT_NE(read.error().message.find("line 2, column 5: the exception accepts everything"),
              std::string::npos)
        << read.error().message;
  }
}

TEST(Exceptions, Limits) {
  const auto with_pattern = [](size_t bytes) {
    return one_entry("resources: " + std::string(bytes, 'a') + "\n");
  };
  EXPECT_TRUE(parse_exceptions("e", with_pattern(kMaxPatternBytes)));
  EXPECT_FALSE(parse_exceptions("e", with_pattern(kMaxPatternBytes + 1)));
  const auto with_tag = [](size_t bytes) {
    return one_entry("tags: {a: " + std::string(bytes, 'a') + "}\n");
  };
  EXPECT_TRUE(parse_exceptions("e", with_tag(kMaxPatternBytes)));
  EXPECT_FALSE(parse_exceptions("e", with_tag(kMaxPatternBytes + 1)));

  std::string text = "exceptions:\n";
  for (size_t i = 0; i < kMaxExceptions; ++i) text += "- {controls: A.1, reason: r, owner: o}\n";
  const Result<Exceptions> most = parse_exceptions("e", text);
  ASSERT_TRUE(most) << most.error().message;
  EXPECT_EQ(most->entries.size(), kMaxExceptions);
  text += "- {controls: A.1, reason: r, owner: o}\n";
  EXPECT_FALSE(parse_exceptions("e", text));
}

TEST(Exceptions, Example) {
  const Result<std::string> text =
      read_file(SAGEWARDEN_SOURCE_DIR "/examples/exceptions.yaml", 1 << 20);
  ASSERT_TRUE(text) << text.error().message;
  const Result<Exceptions> read = parse_exceptions("exceptions.yaml", *text);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->entries.size(), 5U);
  EXPECT_EQ(read->entries.back().expires, "2026-03-31");
}

}  // namespace
}  // namespace sagewarden
