#include "source/cloudformation/value.h"

#include <gtest/gtest.h>

#include "base/json_writer.h"
#include "source/cloudformation/render.h"

namespace sagewarden::cloudformation {
namespace {

TEST(Shown, NamesAreBoundedAndHarmless) {
  EXPECT_EQ(shown("Key"), "Key");
  EXPECT_EQ(shown("a\x1b[2J"), "a\\x1b[2J");
  EXPECT_EQ(shown(std::string(100, 'a')), std::string(100, 'a'));
  EXPECT_EQ(shown(std::string(101, 'a')), std::string(100, 'a') + "…");
  // A character is not cut in two.
  EXPECT_EQ(shown(std::string(99, 'a') + "éé"), std::string(99, 'a') + "é…");
  EXPECT_EQ(shown(std::string(100, '\xFF')).find('\xFF'), std::string::npos);
}

std::string written(std::string_view text, Value::Kind kind) {
  Value value = text_value(std::string(text), {1, 1});
  value.kind = kind;
  std::string out;
  json::Writer writer(out);
  write_json(value, writer);
  return out;
}

TEST(WriteJson, Numbers) {
  using Kind = Value::Kind;
  const struct {
    std::string_view text;
    Kind kind;
    std::string_view want;
  } rows[] = {
      {"0", Kind::Int, "0"},
      {"-12", Kind::Int, "-12"},
      {"+12", Kind::Int, "12"},
      {"0xff", Kind::Int, "255"},
      {"9223372036854775807", Kind::Int, "9223372036854775807"},
      {"-9223372036854775808", Kind::Int, "-9223372036854775808"},
      {"9223372036854775808", Kind::Double, "9223372036854775808"},
      {"1.5", Kind::Double, "1.5"},
      {".5", Kind::Double, "0.5"},
      {"+1e2", Kind::Double, "100"},
      {"1e999", Kind::Double, "\"1e999\""},
      {"--1", Kind::Int, "\"--1\""},
      {"", Kind::Int, "\"\""},
  };
  for (const auto& row : rows) {
    const std::string out = written(row.text, row.kind);
    ASSERT_TRUE(json::parse_document(out)) << row.text << " → " << out;
    const bool text = row.want[0] == '"';
    if (text || row.kind == Kind::Int) {
      EXPECT_EQ(out, row.want) << row.text;
    } else {
      EXPECT_DOUBLE_EQ(std::stod(out), std::stod(std::string(row.want))) << row.text;
    }
  }
}

TEST(MoveTo, GivesAllPartsThePlace) {
  Value list = absent({9, 9});
  list.kind = Value::Kind::List;
  list.items.push_back(text_value("a", {8, 8}));
  Value object = absent({7, 7});
  object.kind = Value::Kind::Object;
  object.members.push_back({"k", {6, 6}, list});
  move_to(object, {1, 2});
  EXPECT_EQ(object.mark, (Mark{1, 2}));
  EXPECT_EQ(object.members[0].key_mark, (Mark{1, 2}));
  EXPECT_EQ(object.members[0].value.items[0].mark, (Mark{1, 2}));
}

}  // namespace
}  // namespace sagewarden::cloudformation
