#include "base/text.h"

#include <gtest/gtest.h>

#include <array>

namespace sagewarden {
namespace {

TEST(Text, Utf8Length) {
  const struct {
    std::string_view text;
    size_t want;
  } cases[] = {{"a", 1},
               {"\xC3\xA9", 2},
               {"\xE2\x82\xAC", 3},
               {"\xF0\x9F\x98\x80", 4},
               {"", 0},
               {"\x80", 0},
               {"\xC3", 0},
               {"\xC0\xAF", 0},
               {"\xED\xA0\x80", 0},
               {"\xF5\x80\x80\x80", 0},
               {"\xE0\x80\x80", 0}};
  for (const auto& c : cases) EXPECT_EQ(utf8_length(c.text), c.want);
  EXPECT_TRUE(is_utf8("naïve €"));
  EXPECT_FALSE(is_utf8("a\xFF"));
}

TEST(Text, LineAndColumn) {
  using Pair = std::pair<size_t, size_t>;
  EXPECT_EQ(line_and_column("ab\ncd", 0), (Pair{1, 1}));
  EXPECT_EQ(line_and_column("ab\ncd", 4), (Pair{2, 2}));
  EXPECT_EQ(line_and_column("ab\ncd", 99), (Pair{2, 3}));
}

TEST(Text, NaturalOrder) {
  EXPECT_TRUE(natural_less("SageMaker.2", "SageMaker.10"));
  EXPECT_FALSE(natural_less("SageMaker.10", "SageMaker.2"));
  EXPECT_TRUE(natural_less("SageMaker.9", "Sagewarden.1"));
  EXPECT_FALSE(natural_less("a", "a"));
  EXPECT_TRUE(natural_less("a", "a1"));
  EXPECT_FALSE(natural_less("a01", "a1"));
}

TEST(Text, Glob) {
  const struct {
    std::string_view pattern, text;
    bool want;
  } cases[] = {{"*", "", true},
               {"a*c", "abbbc", true},
               {"a?c", "abc", true},
               {"a?c", "ac", false},
               {"", "a", false},
               {"*b*", "abc", true},
               {"a", "A", false},
               {"**a", "ba", true},
               {"arn:*:model/x", "arn:aws:sagemaker:r:1:model/x", true}};
  for (const auto& c : cases)
    EXPECT_EQ(glob_match(c.pattern, c.text), c.want) << c.pattern << " " << c.text;
}

TEST(Text, GlobIsNotExponential) {
  const std::string text(20000, 'a');
  EXPECT_FALSE(glob_match("*a*a*a*a*a*a*a*a*b", text));
}

TEST(Text, Nearest) {
  constexpr std::array<std::string_view, 3> kWords = {"scan", "controls", "explain"};
  EXPECT_EQ(nearest("scna", kWords), "scan");
  EXPECT_EQ(nearest("contrls", kWords), "controls");
  EXPECT_EQ(nearest("deploy", kWords), "");
}

TEST(Text, PrintableKeepsTheCursorWhereItIs) {
  EXPECT_EQ(printable("a\x1b[2Jb\n"), "a\\x1b[2Jb\\x0a");
  EXPECT_EQ(printable("é€"), "é€");
  EXPECT_EQ(printable("\xC2\x9B"), "\\xc2\\x9b");
  EXPECT_EQ(printable("\xFF"), "\\xff");
  EXPECT_EQ(printable("a\xE2\x80\xAE"), "a\\u202E");  // right-to-left override
}

TEST(Text, DirectionMarks) {
  EXPECT_EQ(direction_mark("\xE2\x80\x8E"), 0x200EU);
  EXPECT_EQ(direction_mark("\xE2\x80\xAAx"), 0x202AU);
  EXPECT_EQ(direction_mark("\xE2\x81\xA9"), 0x2069U);
  EXPECT_EQ(direction_mark("\xD8\x9C"), 0x061CU);
  for (const std::string_view other :
       {"", "a", "\xE2", "\xE2\x80", "\xE2\x80\x8D", "\xE2\x80\xAF", "€"})
    EXPECT_EQ(direction_mark(other), 0U) << printable(other);
}

TEST(Text, Counts) {
  EXPECT_EQ(count_of(1, "file"), "1 file");
  EXPECT_EQ(count_of(2, "file"), "2 files");
  EXPECT_EQ(count_of(0, "policy", "policies"), "0 policies");
}

TEST(Text, Split) {
  EXPECT_EQ(split("a,,b", ',').size(), 3U);
  EXPECT_EQ(split("", ',').size(), 1U);
  EXPECT_EQ(trim(" \ta b\r\n"), "a b");
}

}  // namespace
}  // namespace sagewarden
