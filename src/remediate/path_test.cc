#include "remediate/path.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/json_writer.h"

namespace sagewarden::remediate {
namespace {

std::string text_of(json::Value value) {
  if (!value.exists()) return "missing";
  std::string text;
  json::Writer(text).value(value);
  return text;
}

TEST(Path, FindsPlaces) {
  const json::Document document = *json::parse_document(
      R"({"A":{"B":[{"C":1},{"C":2}]},"Tags":[{"Key":"Owner","Value":"ml"},{"Key":"a.b","Value":"x"}],"S":"t",
          "L":[{"T":["a"]},{"T":["b","c"]},{"U":3}]})");
  const struct {
    const char* path;
    const char* found;
  } rows[] = {
      {"S", R"("t")"},
      {"A.B[1].C", "2"},
      {"A.B[2].C", "missing"},
      {"A.X", "missing"},
      {"S.X", "missing"},
      {"Tags[Key=Owner].Value", R"("ml")"},
      {"Tags[Key=a.b].Value", R"("x")"},
      {"Tags[Key=owner].Value", "missing"},
      {"A.B[x]", "missing"},
      {"L[1].T[=c]", R"("c")"},
      {"L[1].T[=a]", "missing"},
      {"L[*].T[=c]", R"("c")"},
      {"L[*].T[=d]", "missing"},
      {"L[*].U", "3"},
      {"S[*].U", "missing"},
      {"Tags[=Owner]", "missing"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(text_of(at_path(document.root, row.path)), row.found) << row.path;
}

TEST(Path, Edits) {
  const struct {
    const char* object;
    std::vector<Edit> edits;
    const char* wanted;
  } rows[] = {
      {R"({"a":1,"b":{"c":2}})", {}, R"({"a":1,"b":{"c":2}})"},
      {R"({"a":1,"b":{"c":2}})", {{"b.c", "3"}}, R"({"a":1,"b":{"c":3}})"},
      {R"({"a":1,"b":{"c":2}})", {{"a", ""}}, R"({"b":{"c":2}})"},
      {R"({"a":1})", {{"b.c.d", "true"}, {"b.e", "4"}}, R"({"a":1,"b":{"c":{"d":true},"e":4}})"},
      {R"({"a":[{"b":1},{"b":2}]})", {{"a[1].b", "5"}}, R"({"a":[{"b":1},{"b":5}]})"},
      {R"({"a":[{"b":1},{"b":2}]})", {{"a[0]", ""}}, R"({"a":[{"b":2}]})"},
      {R"({"a":1})", {{"x", ""}}, R"({"a":1})"},
      {R"({"a":{"b":1}})", {{"a", R"({"z":0})"}}, R"({"a":{"z":0}})"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(edited(json::parse_document(row.object)->root, row.edits), row.wanted);
}

TEST(Path, SortsMembersForComparison) {
  const auto canonical_of = [](const char* text) {
    return canonical(json::parse_document(text)->root);
  };
  EXPECT_EQ(canonical_of(R"({"b":[{"d":1,"c":2}],"a":null})"), R"({"a":null,"b":[{"c":2,"d":1}]})");
  EXPECT_NE(canonical_of("[1,2]"), canonical_of("[2,1]"));
}

TEST(Path, FindsTheFirstDifference) {
  const struct {
    const char* a;
    const char* b;
    std::vector<std::string> ignore;
    const char* wanted;
  } rows[] = {
      {R"({"a":1,"b":2})", R"({"b":2,"a":1})", {}, ""},
      {R"({"a":{"b":1}})", R"({"a":{"b":2}})", {}, "a.b"},
      {R"({"a":{"b":1}})", R"({"a":{"b":2}})", {"a.b"}, ""},
      {R"({"a":{"b":1}})", R"({"a":{"b":2}})", {"a"}, ""},
      {R"({"ab":1})", R"({"ab":2})", {"a"}, "ab"},
      {R"({"a":1})", R"({"a":1,"n":1})", {}, "n"},
      {R"({"a":1,"n":1})", R"({"a":1})", {}, "n"},
      {R"({"a":1})", R"({"a":1,"n":1})", {"n"}, ""},
      {R"({"v":[{"t":1,"n":"x"}]})", R"({"v":[{"t":2,"n":"x"}]})", {"v[*].t"}, ""},
      {R"({"v":[{"t":1,"n":"x"}]})", R"({"v":[{"t":2,"n":"y"}]})", {"v[*].t"}, "v[0].n"},
      {R"({"ab":1,"ac":1})", R"({"ab":2,"ac":2})", {"abc", "ab", "ac"}, ""},
      {R"({"v":[1]})", R"({"v":[1,2]})", {}, "v"},
      {R"({"v":[]})", R"({"v":{}})", {}, "v"},
      {"[1]", "[2]", {}, "[0]"},
      {"1", "2", {}, "the whole"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(difference(json::parse_document(row.a)->root, json::parse_document(row.b)->root,
                         row.ignore),
              row.wanted)
        << row.a << row.b;
}

}  // namespace
}  // namespace sagewarden::remediate
