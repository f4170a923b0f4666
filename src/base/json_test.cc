#include "base/json.h"

#include <gtest/gtest.h>

namespace sagewarden::json {
namespace {

TEST(Json, FollowsPaths) {
  Parser parser;
  const Result<Value> root = parser.parse(
      R"({"a":{"b":[1,-2,18446744073709551615,2.5,true,null,"x\u0000y"]},"empty":{},"none":[]})");
  ASSERT_TRUE(root);
  const Value list = (*root)["a"]["b"];
  ASSERT_EQ(list.size(), 7U);
  EXPECT_EQ(list.at(0).integer(), 1);
  EXPECT_EQ(list.at(1).integer(), -2);
  EXPECT_EQ(list.at(2).unsigned_integer(), 18446744073709551615ULL);
  EXPECT_EQ(list.at(3).real(), 2.5);
  EXPECT_TRUE(list.at(4).boolean());
  EXPECT_TRUE(list.at(5).is_null());
  EXPECT_EQ(list.at(6).string(), std::string_view("x\0y", 3));
  EXPECT_FALSE(list.at(7).exists());
  EXPECT_FALSE((*root)["a"]["c"]["d"].exists());
  EXPECT_EQ((*root)["empty"].size(), 0U);
  EXPECT_EQ((*root)["none"].size(), 0U);
  std::string names;
  for (const auto& [key, value] : root->members()) names += std::string(key) + " ";
  EXPECT_EQ(names, "a empty none ");
}

TEST(Json, ErrorsSayWhere) {
  Parser parser;
  const struct {
    std::string text;
    std::string_view want;
  } cases[] = {
      {"{\n  \"a\": }", "line 2"},
      {"", "empty"},
      {R"({"a": 1} x)", "line 1, column 10"},
      {R"({"a": 18446744073709551616})", "does not fit 64 bits"},
      {"{\"a\": \"\xFF\"}", "line 1"},
      {R"({"a": "\ud800"})", "line 1"},
      {std::string(2000, '[') + std::string(2000, ']'), "levels deep"},
      {R"({"a": tru})", "line 1"},
  };
  for (const auto& c : cases) {
    const Result<Value> root = parser.parse(c.text);
    ASSERT_FALSE(root) << c.text;
    EXPECT_NE(root.error().message.find(c.want), std::string::npos) << root.error().message;
  }
  EXPECT_TRUE(parser.parse("{}")) << "a parser goes on after an error";
}

TEST(Json, DuplicateKeys) {
  EXPECT_EQ(duplicate_key(parse_document(R"({"a":1,"b":{"a":2}})")->root), "");
  EXPECT_EQ(duplicate_key(parse_document(R"({"b":[{"x":1,"x":2}]})")->root), "b[0].x");
}

TEST(Json, GrowsBeyondItsFirstSize) {
  Parser parser;
  ASSERT_TRUE(parser.parse("[1]"));
  const std::string large = "[\"" + std::string(100000, 'a') + "\"]";
  const Result<Value> root = parser.parse(large);
  ASSERT_TRUE(root);
  EXPECT_EQ(root->at(0).string().size(), 100000U);
}

}  // namespace
}  // namespace sagewarden::json
