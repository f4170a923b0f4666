#include "source/config/splitter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace sagewarden::config {
namespace {

struct Outcome {
  std::vector<std::string> items;
  std::vector<std::string> problems;  // "code@offset#item"
  std::vector<std::string> messages;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// Feeds the text in pieces whose sizes come from `sizes`, over and over.
Outcome split_in(std::string_view text, Layout layout, std::vector<size_t> sizes,
                 const ScanKernel& kernel = scan_kernels().front(), size_t max_item = 1000) {
  Splitter splitter(layout, max_item, 0, kernel);
  Outcome outcome;
  Found found;
  const auto take = [&] {
    for (const FoundItem& item : found.items) {
      outcome.items.emplace_back(item.text);
      EXPECT_EQ(item.text, text.substr(item.offset, item.text.size()));
      EXPECT_EQ(item.backslash, item.text.find('\\') != std::string_view::npos);
    }
    for (const SplitProblem& problem : found.problems) {
      outcome.problems.push_back(std::string(problem.code) + "@" + std::to_string(problem.offset) +
                                 "#" + std::to_string(problem.item));
      outcome.messages.push_back(problem.message);
    }
  };
  size_t turn = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t size = std::min(sizes[turn++ % sizes.size()], text.size() - at);
    const std::string piece = std::string(text.substr(at, size)) + std::string(kScanPadding, '"');
    splitter.feed(std::string_view(piece).substr(0, size), found);
    take();
    at += size;
  }
  splitter.finish(found);
  take();
  return outcome;
}

struct Case {
  std::string_view name;
  Layout layout;
  std::string text;
  std::vector<std::string> items;
  std::vector<std::string> problems;
};

using enum Layout;
const std::vector<Case> kCases = {
    {"empty", Wrapped, "", {}, {}},
    {"no items", Wrapped, R"({"configurationItems":[]})", {}, {}},
    {"one", Wrapped, R"({"configurationItems":[{"a":1}]})", {R"({"a":1})"}, {}},
    {"spaces", Wrapped, " {\n\"configurationItems\" : [ {} , {}\n]\t} \r\n", {"{}", "{}"}, {}},
    {"before and behind",
     Wrapped,
     R"({"fileVersion":"1.0","x":{"configurationItems":[{"no":1}]},"n":-1.5e3,"t":true,)"
     R"("l":[[{}]],"configurationItems":[{"a":"\"]}"}],"z":null})",
     {R"({"a":"\"]}"})"},
     {}},
    {"escaped name", Wrapped, R"({"configurationItem\u0073":[{}]})", {"{}"}, {}},
    {"names with brackets", Wrapped, R"({"a{\"[":1,"configurationItems":[{}]})", {"{}"}, {}},
    {"a long name",
     Wrapped,
     "{\"" + std::string(999, 'n') + R"(":1,"configurationItems":[{}]})",
     {"{}"},
     {}},
    {"several wrappers",
     Wrapped,
     "{\"configurationItems\":[{}]}\n{\"configurationItems\":[{}]}",
     {"{}", "{}"},
     {}},
    {"two lists",
     Wrapped,
     R"({"configurationItems":[{"a":1}],"configurationItems":[{"b":2}]})",
     {R"({"a":1})", R"({"b":2})"},
     {"DUPLICATE_KEY@53#0"}},
    {"not a list",
     Wrapped,
     R"({"configurationItems":{"a":1}})",
     {},
     {"PARSE_ERROR@22#0", "PARSE_ERROR@29#0"}},
    {"no list", Wrapped, R"({"a":1})", {}, {"PARSE_ERROR@6#0"}},
    {"empty wrapper", Wrapped, "{}", {}, {"PARSE_ERROR@1#0"}},
    {"a page of many",
     Wrapped,
     R"({"configurationItems":[{}],"nextToken":"abc"})",
     {"{}"},
     {"INCOMPLETE@39#0"}},
    {"the last page", Wrapped, R"({"configurationItems":[{}],"nextToken":null})", {"{}"}, {}},
    {"odd items",
     Wrapped,
     R"({"configurationItems":[{},1,"x\"]",null,[{}],{"b":2}]})",
     {"{}", R"({"b":2})"},
     {"PARSE_ERROR@26#2", "PARSE_ERROR@28#3", "PARSE_ERROR@35#4", "PARSE_ERROR@40#5"}},
    {"comma too many", Wrapped, R"({"configurationItems":[{},]})", {"{}"}, {"PARSE_ERROR@26#0"}},
    {"comma missing",
     Wrapped,
     R"({"configurationItems":[{} {}]})",
     {"{}", "{}"},
     {"PARSE_ERROR@26#0"}},
    {"double comma",
     Wrapped,
     R"({"configurationItems":[{},,{}]})",
     {"{}"},
     {"PARSE_ERROR@26#2", "PARSE_ERROR@26#0"}},
    {"bracket too many",
     Wrapped,
     R"({"configurationItems":[{}}, {}]})",
     {"{}"},
     {"PARSE_ERROR@25#0"}},
    {"something behind", Wrapped, R"({"configurationItems":[{}]} x)", {"{}"}, {"PARSE_ERROR@28#0"}},
    {"cut in an item", Wrapped, R"({"configurationItems":[{},{"a":)", {"{}"}, {"TRUNCATED@26#2"}},
    {"cut in a string",
     Wrapped,
     R"({"configurationItems":[{},{"a":"}]})",
     {"{}"},
     {"TRUNCATED@26#2"}},
    {"cut behind an item", Wrapped, R"({"configurationItems":[{})", {"{}"}, {"TRUNCATED@25#0"}},
    {"cut behind the list", Wrapped, R"({"configurationItems":[{}])", {"{}"}, {"TRUNCATED@26#0"}},
    {"cut in a name", Wrapped, R"({"config)", {}, {"TRUNCATED@8#0"}},
    {"no JSON", Wrapped, "<html>", {}, {"PARSE_ERROR@0#0"}},
    {"a name without quotes", Wrapped, "{a:1}", {}, {"PARSE_ERROR@1#0"}},
    {"no colon", Wrapped, R"({"a" 1})", {}, {"PARSE_ERROR@5#0"}},
    {"no value", Wrapped, R"({"a":,"b":1})", {}, {"PARSE_ERROR@5#0"}},
    {"no comma", Wrapped, R"({"a":1 "b":1})", {}, {"PARSE_ERROR@7#0"}},
    {"lines", Items, "{\"a\":1}\n{\"b\":2}\n", {R"({"a":1})", R"({"b":2})"}, {}},
    {"over several lines", Items, "{\n\"a\":\n1}\n\n{}", {"{\n\"a\":\n1}", "{}"}, {}},
    {"a list", Items, R"([{"a":1}, {"b":[2]}])", {R"({"a":1})", R"({"b":[2]})"}, {}},
    {"lists and items", Items, "[{}]\n{\"a\":1}\n[]", {"{}", R"({"a":1})"}, {}},
    {"a broken line",
     Items,
     "{\"a\":1}\nERROR: denied {\n{\"b\":2}\n",
     {R"({"a":1})", R"({"b":2})"},
     {"PARSE_ERROR@8#2"}},
    {"a broken last line", Items, "{\"a\":1}\nERROR", {R"({"a":1})"}, {"PARSE_ERROR@8#2"}},
    {"a cut last line", Items, "{\"a\":1}\n{\"b\"", {R"({"a":1})"}, {"TRUNCATED@8#2"}},
};

TEST(Splitter, FindsItemsAndProblems) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    const Outcome outcome = split_in(c.text, c.layout, {100'000});
    EXPECT_EQ(outcome.items, c.items);
    EXPECT_EQ(outcome.problems, c.problems);
  }
}

TEST(Splitter, GivesTheSameInPiecesOfAnySize) {
  for (const Case& c : kCases) {
    const Outcome want = split_in(c.text, c.layout, {100'000}, scan_kernels().back());
    for (const ScanKernel& kernel : scan_kernels()) {
      for (const std::vector<size_t>& sizes :
           {std::vector<size_t>{1}, {2}, {3}, {7, 1, 13}, {63, 64, 65}}) {
        SCOPED_TRACE(std::string(c.name) + " " + std::string(kernel.name) + " " +
                     std::to_string(sizes.front()));
        EXPECT_EQ(split_in(c.text, c.layout, sizes, kernel), want);
      }
    }
  }
}

TEST(Splitter, ProblemsAreExplained) {
  const struct {
    Layout layout;
    std::string text;
    std::string_view want;
  } cases[] = {
      {Layout::Wrapped, "<html>", "expected {, found \"<\": nothing behind this place was read"},
      {Layout::Wrapped, "{\"a\"\x01", "expected a colon, found \"\\x01\""},
      {Layout::Wrapped, "{\"configurationItems\":[{}", "truncated"},
      {Layout::Wrapped, "{\"configurationItems\":[{", "truncated inside this item"},
      {Layout::Wrapped, "{\"configurationItems\":[7]}", "here stands \"7\""},
      {Layout::Items, "oh no", "the rest of the line was passed over"},
  };
  for (const auto& c : cases) {
    const Outcome outcome = split_in(c.text, c.layout, {1000});
    ASSERT_EQ(outcome.messages.size(), 1U) << c.text;
    EXPECT_NE(outcome.messages[0].find(c.want), std::string::npos) << outcome.messages[0];
  }
}

TEST(Splitter, ItemsBeyondTheLimitAreGapsAndTheNextGoesOn) {
  const auto item = [](size_t size) { return "{\"" + std::string(size - 6, 'x') + "\":1}"; };
  for (const size_t piece : {size_t{1}, size_t{50}, size_t{100'000}}) {
    for (const size_t size : {size_t{999}, size_t{1000}, size_t{1001}, size_t{5000}}) {
      SCOPED_TRACE(std::to_string(size) + " in pieces of " + std::to_string(piece));
      const Outcome outcome = split_in(
          R"({"configurationItems":[{},)" + item(size) + R"(,{"b":2}]})", Layout::Wrapped, {piece});
      const bool fits = size <= 1000;
      EXPECT_EQ(outcome.items.size(), fits ? 3U : 2U);
      EXPECT_EQ(outcome.items.back(), R"({"b":2})");
      EXPECT_EQ(outcome.problems,
                fits ? std::vector<std::string>{} : std::vector<std::string>{"OVERSIZED@26#2"});
    }
  }
  const Outcome outcome =
      split_in(item(3 << 20), Layout::Items, {1 << 20}, scan_kernels().front(), 2 << 20);
  ASSERT_EQ(outcome.messages.size(), 1U);
  EXPECT_NE(outcome.messages[0].find("larger than the 2 MB"), std::string::npos);
}

TEST(Splitter, DeepNestingIsLeftToTheParser) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  const std::string item = R"({"a":)" + deep + "}";
  const Outcome outcome = split_in(R"({"configurationItems":[)" + item + ",{}]}", Layout::Wrapped,
                                   {4096}, scan_kernels().front(), 1'000'000);
  ASSERT_EQ(outcome.items.size(), 2U);
  EXPECT_TRUE(outcome.items[0] == item);
  EXPECT_EQ(outcome.items[1], "{}");
}

TEST(Splitter, OffsetsCountFromWhereItBegan) {
  Splitter splitter(Layout::Items, 1000, 3);
  Found found;
  const std::string text = "{}\n{}" + std::string(kScanPadding, ' ');
  splitter.feed(std::string_view(text).substr(0, 5), found);
  ASSERT_EQ(found.items.size(), 2U);
  EXPECT_EQ(found.items[0].offset, 3U);
  EXPECT_EQ(found.items[1].offset, 6U);
  EXPECT_EQ(found.items[1].number, 2U);
  EXPECT_EQ(splitter.items(), 2U);
}

}  // namespace
}  // namespace sagewarden::config
