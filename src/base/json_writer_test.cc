#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <limits>

namespace sagewarden::json {
namespace {

TEST(JsonWriter, Compact) {
  std::string out;
  Writer writer(out);
  writer.begin_object()
      .member("a", "x")
      .key("b")
      .begin_array()
      .integer(-1)
      .boolean(true)
      .null()
      .real(0.5);
  writer.end_array().key("c").begin_object().end_object().end_object();
  EXPECT_EQ(out, R"({"a":"x","b":[-1,true,null,0.5],"c":{}})");
}

TEST(JsonWriter, Indented) {
  std::string out;
  Writer writer(out, Writer::Style::Indented);
  writer.begin_object().key("a").begin_array().integer(1).end_array().end_object();
  EXPECT_EQ(out, "{\n  \"a\": [\n    1\n  ]\n}");
}

TEST(JsonWriter, WhatItWritesIsAlwaysJson) {
  const struct {
    std::string_view text, want;
  } cases[] = {{"a\"b\\c\n\r\t\x01\x7F", R"("a\"b\\c\n\r\t\u0001\u007f")"},
               {"\xFFx", "\"\xEF\xBF\xBDx\""},
               {"a\xE2\x80\xAE"
                "b",
                R"("a\u202eb")"},
               {"é", "\"é\""}};
  for (const auto& c : cases) {
    std::string out;
    append_quoted(out, c.text);
    EXPECT_EQ(out, c.want);
    EXPECT_TRUE(parse_document("[" + out + "]"));
  }
  std::string out;
  Writer(out).begin_array().real(std::numeric_limits<double>::infinity()).end_array();
  EXPECT_EQ(out, "[null]");
}

TEST(JsonWriter, CopiesValues) {
  constexpr std::string_view kText = R"({"a":[1,18446744073709551615,2.5,"x",null,true,{}]})";
  const Result<Document> document = parse_document(kText);
  ASSERT_TRUE(document);
  std::string out;
  Writer(out).value(document->root);
  EXPECT_EQ(out, kText);
}

}  // namespace
}  // namespace sagewarden::json
