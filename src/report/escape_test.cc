#include "report/escape.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace sagewarden {
namespace {

using namespace std::string_literals;

constexpr std::string_view kMended = "\xEF\xBF\xBD";

struct Case {
  std::string given;
  std::string want;
};

template <class Function, size_t Size>
void check(const Case (&cases)[Size], Function function) {
  for (const Case& c : cases) {
    SCOPED_TRACE(printable(c.given));
    EXPECT_EQ(printable(function(c.given)), printable(c.want));
    EXPECT_TRUE(is_utf8(function(c.given)));
  }
}

TEST(Escape, BrokenUtf8IsMended) {
  const Case cases[] = {
      {"", ""},
      {"na\xC3\xAFve", "na\xC3\xAFve"},
      {"a\xFFz", "a" + std::string(kMended) + "z"},
      {"\xED\xA0\x80", std::string(kMended) + std::string(kMended) + std::string(kMended)},
  };
  check(cases, as_utf8);
}

TEST(Escape, ShortenedCutsBetweenCharacters) {
  const struct {
    std::string given;
    size_t bytes;
    std::string want;
  } cases[] = {
      {"abcdef", 6, "abcdef"},
      {"abcdefg", 6, "abc\xE2\x80\xA6"},
      {"\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4", 8, "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"},
      {"\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4", 7, "\xC3\xA4\xC3\xA4\xE2\x80\xA6"},
      {"\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4", 6, "\xC3\xA4\xE2\x80\xA6"},
      {"\xFF\xFF\xFF", 8, std::string(kMended) + "\xE2\x80\xA6"},  // mending made it longer
      {"abcdef", 2, ""},
      {"abcdef", 0, ""},
  };
  for (const auto& c : cases) {
    const std::string got = shortened(c.given, c.bytes);
    EXPECT_EQ(got, c.want) << c.given << " in " << c.bytes;
    EXPECT_LE(got.size(), c.bytes);
  }
}

TEST(Escape, OneLine) {
  const Case cases[] = {
      {"a\r\n b\t\tc  d", "a b c d"},
      {"\n a", "a"},
      {"\x1b[31m", std::string(kMended) + "[31m"},
      {"a\0b"s, "a" + std::string(kMended) + "b"},
  };
  check(cases, one_line);
}

TEST(Escape, Html) {
  const Case cases[] = {
      {"</script><b a=\"x\" c='y'>&`",
       "&#60;/script&#62;&#60;b a=&#34;x&#34; c=&#39;y&#39;&#62;&#38;&#96;"},
      {"<!-- -->", "&#60;!-- --&#62;"},
      {"two\nlines\tand\x07", "two\nlines\tand" + std::string(kMended)},
      {"\xFF", std::string(kMended)},
  };
  check(cases, html_escaped);
}

TEST(Escape, Xml) {
  const Case cases[] = {
      {"<a b=\"c\">&]]>", "&lt;a b=&quot;c&quot;&gt;&amp;]]&gt;"},
      {"\t\r\n", "&#9;&#13;&#10;"},
      {"\x01\x1b\x7f", std::string(kMended) + std::string(kMended) + std::string(kMended)},
      {"\xEF\xBF\xBE\xEF\xBF\xBF", std::string(kMended) + std::string(kMended)},  // U+FFFE, U+FFFF
      {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
  };
  check(cases, xml_escaped);
}

TEST(Escape, Uri) {
  const Case cases[] = {
      {"infra/a-b_c.~1.yaml", "infra/a-b_c.~1.yaml"},
      {"a b%20#?:&", "a%20b%2520%23%3F%3A%26"},
      {"\xC3\xA4\xFF", "%C3%A4%FF"},
  };
  check(cases, uri_encoded);
}

TEST(Escape, CsvCells) {
  const Case cases[] = {
      {"plain", "plain"},
      {"", ""},
      {"a,b", "\"a,b\""},
      {"a;b", "\"a;b\""},
      {"say \"hi\"", "\"say \"\"hi\"\"\""},
      {"two\r\nlines", "two  lines"},
      {"=1+1", "'=1+1"},
      {"+1", "'+1"},
      {"-1", "'-1"},
      {"@a", "'@a"},
      {"\t=1", "\"'\t=1\""},
      {"\r=1", "' =1"},
      {"  =1", "'  =1"},
      {"\"=1\"", "\"'\"\"=1\"\"\""},
      {"'=1", "''=1"},
      {"\xEF\xBC\x9D"
       "1",
       "'\xEF\xBC\x9D"
       "1"},                          // a full-width equals sign
      {"\xC2\xA0=1", "'\xC2\xA0=1"},  // a no-break space
      {"a=1", "a=1"},
      {"2026-01-01", "2026-01-01"},
      {"nul\0"s, "nul" + std::string(kMended)},
      {" ends ", "\" ends \""},
  };
  check(cases, csv_cell);
}

TEST(Escape, MarkdownCode) {
  const Case cases[] = {
      {"name", "`name`"},
      {"a`b", "``a`b``"},
      {"`a", "`` `a ``"},
      {"``` a", "```` ``` a ````"},
      {"two\nlines", "`two lines`"},
      {"", ""},
      {"\n", ""},
  };
  check(cases, markdown_code);
}

TEST(Escape, MarkdownWords) {
  const Case cases[] = {
      {"Two words, a 'quote' and 5%", "Two words, a 'quote' and 5%"},
      {"<b>*x*</b>", "&#60;b&#62;&#42;x&#42;&#60;/b&#62;"},
      {"a | b", "a &#124; b"},
      {"SageMaker.1 is (not) set-up? a=\"b\"", "SageMaker.1 is (not) set-up? a=\"b\""},
      {"====", "&#61;==="},  // would underline a heading
      {"---", "&#45;--"},
      {"- item", "&#45; item"},
      {"12. item", "12&#46; item"},
      {"1) item", "1&#41; item"},
      {"see 1. and 1)", "see 1. and 1)"},
      {"www.example.invalid", "www&#46;example.invalid"},
      {"(a)[b](c)", "&#40;a)&#91;b&#93;(c)"},
      {"@someone", "&#64;&#8288;someone"},
      {"#12", "&#35;&#8288;12"},
      {"https://x.y", "https&#58;//x.y"},
      {"AWS::SageMaker: denied", "AWS::SageMaker: denied"},
      {"one\n\n# two", "one &#35;&#8288; two"},
  };
  check(cases, markdown_words);
}

// "wanted" and what was found stand in one sentence: turned around, they change places.
TEST(Escape, NothingTurnsTheDirectionOfText) {
  for (const std::string_view mark :
       {"\xD8\x9C", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xAA", "\xE2\x80\xAB", "\xE2\x80\xAC",
        "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA7", "\xE2\x81\xA8",
        "\xE2\x81\xA9"}) {
    const std::string given = "a" + std::string(mark) + "b";
    const std::string want = printable(given);
    ASSERT_TRUE(want.starts_with("a\\u")) << want;
    EXPECT_EQ(directed(given), want);
    EXPECT_EQ(one_line(given), want);
    EXPECT_EQ(html_escaped(given), want);
    EXPECT_EQ(xml_escaped(given), want);
    EXPECT_EQ(csv_cell(given), want);
    EXPECT_EQ(markdown_code(given), "`" + want + "`");
    EXPECT_EQ(markdown_words(given), "a&#92;" + want.substr(2));
  }
  // Their neighbours mean nothing of the kind.
  for (const std::string_view other : {"\xE2\x80\x8D", "\xE2\x80\x90", "\xE2\x80\xA9",
                                       "\xE2\x80\xAF", "\xE2\x81\xA5", "\xE2\x81\xAA", "\xD8\x9B"})
    EXPECT_EQ(html_escaped(other), other) << printable(other);
}

TEST(Escape, ColumnsOfATerminal) {
  const struct {
    std::string_view text;
    size_t columns;
  } cases[] = {
      {"", 0},
      {"abc", 3},
      {"na\xC3\xAFve", 5},
      {"\xE6\xA8\xA1\xE5\x9E\x8B", 4},  // two CJK characters
      {"e\xCC\x81", 1},                 // a combining accent
      {"\xF0\x9F\x98\x80", 2},
  };
  for (const auto& c : cases) EXPECT_EQ(terminal_columns(c.text), c.columns) << c.text;
}

TEST(Escape, FittedAndFilled) {
  const struct {
    std::string_view text;
    size_t columns;
    std::string_view fitted;
    std::string_view filled;
  } cases[] = {
      {"abc", 3, "abc", "abc"},
      {"abc", 5, "abc", "abc  "},
      {"abcd", 3, "ab\xE2\x80\xA6", "ab\xE2\x80\xA6"},
      {"\xE6\xA8\xA1\xE5\x9E\x8B", 3, "\xE6\xA8\xA1\xE2\x80\xA6", "\xE6\xA8\xA1\xE2\x80\xA6"},
      {"\xE6\xA8\xA1\xE5\x9E\x8B", 2, "\xE2\x80\xA6", "\xE2\x80\xA6 "},
      {"abc", 0, "", ""},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(fitted(c.text, c.columns), c.fitted) << c.text << " in " << c.columns;
    EXPECT_EQ(filled(c.text, c.columns), c.filled) << c.text << " in " << c.columns;
  }
}

}  // namespace
}  // namespace sagewarden
