#include "base/node.h"

#include <gtest/gtest.h>

namespace sagewarden {
namespace {

TEST(Yaml, KindsOfScalars) {
  const struct {
    std::string_view text;
    Node::Kind want;
  } cases[] = {{"~", Node::Kind::Null},
               {"null", Node::Kind::Null},
               {"true", Node::Kind::Bool},
               {"False", Node::Kind::Bool},
               {"yes", Node::Kind::String},
               {"12", Node::Kind::Int},
               {"-3", Node::Kind::Int},
               {"0x1F", Node::Kind::Int},
               {"012345678901", Node::Kind::String},
               {"1.5", Node::Kind::Double},
               {"1e3", Node::Kind::Double},
               {".", Node::Kind::String},
               {"'12'", Node::Kind::String},
               {"1.2.3", Node::Kind::String},
               {"!Ref Key", Node::Kind::String},
               {"[a]", Node::Kind::Sequence},
               {"{a: b}", Node::Kind::Mapping}};
  for (const auto& c : cases) {
    const Result<Node> node = read_yaml(c.text);
    ASSERT_TRUE(node) << c.text << ": " << node.error().message;
    EXPECT_EQ(node->kind, c.want) << c.text;
  }
}

TEST(Yaml, PositionsAndTags) {
  const Result<Node> node = read_yaml("a:\n  b: !GetAtt Key.Arn\n  c: [1, é, !Ref X]\n");
  ASSERT_TRUE(node);
  const Node* a = node->find("a");
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(a->entry("b")->key_mark, (Mark{2, 3}));
  EXPECT_EQ(a->find("b")->tag, "!GetAtt");
  EXPECT_EQ(a->find("b")->text, "Key.Arn");
  EXPECT_EQ(a->find("c")->items[2].mark, (Mark{3, 13}));
  EXPECT_EQ(a->find("c")->items[2].tag, "!Ref");
}

TEST(Json, PositionsOfWhatComesFirst) {
  const Result<Node> node = read_json_nodes("[[\n  1], {\n  \"é\": {\"b\": []}}]");
  ASSERT_TRUE(node) << node.error().message;
  EXPECT_EQ(node->mark, (Mark{1, 1}));
  EXPECT_EQ(node->items[0].mark, (Mark{1, 2}));
  EXPECT_EQ(node->items[0].items[0].mark, (Mark{2, 3}));
  EXPECT_EQ(node->items[1].mark, (Mark{2, 7}));
  EXPECT_EQ(node->items[1].entries[0].key_mark, (Mark{3, 3}));
  EXPECT_EQ(node->items[1].entries[0].value.entries[0].key_mark, (Mark{3, 9}));
  EXPECT_EQ(node->items[1].entries[0].value.entries[0].value.mark, (Mark{3, 14}));
}

TEST(Yaml, AnchorsAndMergeKeys) {
  const Result<Node> node = read_yaml("base: &b {x: 1, y: 2}\nown: {<<: *b, y: 3}\ncopy: *b\n");
  ASSERT_TRUE(node) << node.error().message;
  EXPECT_EQ(node->find("own")->find("x")->text, "1");
  EXPECT_EQ(node->find("own")->find("y")->text, "3");
  EXPECT_EQ(node->find("copy")->find("y")->text, "2");
}

TEST(Yaml, ErrorsSayWhere) {
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c < 'j'; ++c) {
    const std::string previous = "*" + std::string(1, static_cast<char>(c - 1));
    bomb += std::string(1, c) + ": &" + c + " [" + previous;
    for (int i = 0; i < 9; ++i) bomb += "," + previous;
    bomb += "]\n";
  }
  // 250 anchors, each of which would keep what is in the innermost one.
  std::string nested = "a: ";
  for (int i = 0; i < 250; ++i) nested += "&n" + std::to_string(i) + " [";
  for (int i = 0; i < 1000; ++i) nested += "x,";
  nested += std::string(250, ']') + "\n";
  std::string texts = "a: &a [&b [&c " + std::string(3'000'000, 'x') + "]]\n";
  const struct {
    std::string text;
    std::string_view want;
  } cases[] = {{"a: 1\na: 2\n", "line 2, column 1: \"a\" is given twice"},
               {"a: [1\n", "line 2"},
               {"a: 1\n---\nb: 2\n", "a second YAML document"},
               {"a: *nothing\n", "no anchor"},
               {std::string(100000, '['), "levels deep"},
               {"a: {<<: 3}\n", "takes a mapping"},
               {"? [a]\n: 1\n", "a name must be a scalar"},
               {std::string("a: \0b\n", 6), "line 1"},
               {"a: \xFF\n", "line 1"},
               {bomb, "aliases repeat more than"},
               {nested, "anchors and aliases repeat more than 100000 values"},
               {texts, "anchors and aliases repeat more than"}};
  for (const auto& c : cases) {
    const Result<Node> node = read_yaml(c.text);
    ASSERT_FALSE(node) << c.text.substr(0, 80);
    EXPECT_NE(node.error().message.find(c.want), std::string::npos) << node.error().message;
  }
}

TEST(JsonNodes, Positions) {
  const Result<Node> node =
      read_json_nodes("{\n\t\"a\": {\"b\" : [1, \"é\", true, null, 2.5]},\n\t\"c\": \"\"}");
  ASSERT_TRUE(node) << node.error().message;
  const Node* list = node->find("a")->find("b");
  EXPECT_EQ(list->mark, (Mark{2, 14}));
  EXPECT_EQ(list->items[0].kind, Node::Kind::Int);
  EXPECT_EQ(list->items[1].mark, (Mark{2, 18}));
  EXPECT_EQ(list->items[2].mark, (Mark{2, 23}));
  EXPECT_TRUE(list->items[2].boolean);
  EXPECT_EQ(list->items[4].text, "2.5");
  EXPECT_EQ(node->entry("c")->key_mark, (Mark{3, 2}));
}

TEST(JsonNodes, ErrorsSayWhere) {
  const struct {
    std::string text;
    std::string_view want;
  } cases[] = {{"{\"a\": 1,\n \"a\": 2}", "line 2, column 2: \"a\" is given twice"},
               {"{\"a\": }", "line 1"},
               {std::string(100000, '['), "levels deep"},
               {"{\"a\":\n ", "line 2, column 2: the text ends in the middle of the JSON"},
               {"{\"a\": \"\xFF\"}", "line 1"}};
  for (const auto& c : cases) {
    const Result<Node> node = read_json_nodes(c.text);
    ASSERT_FALSE(node);
    EXPECT_NE(node.error().message.find(c.want), std::string::npos) << node.error().message;
  }
}

TEST(YamlOrJson, EitherByItsFirstCharacter) {
  EXPECT_TRUE(read_yaml_or_json("{\"a\":\t1}")) << "tabs are fine in JSON";
  EXPECT_TRUE(read_yaml_or_json("{a: 1}")) << "YAML's flow style";
  EXPECT_TRUE(read_yaml_or_json("a: 1"));
  EXPECT_FALSE(read_yaml_or_json("{\"a\": }}"));
}

}  // namespace
}  // namespace sagewarden
