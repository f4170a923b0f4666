#include "source/api/pieces.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sagewarden::api {
namespace {

// "line:column kind text", one for each piece; kinds V, T(runcated) and X (text).
std::vector<std::string> cut(std::string_view text) {
  std::vector<std::string> out;
  Pieces pieces(text);
  while (const auto piece = pieces.next()) {
    const char kind = piece->kind == Piece::Kind::Value       ? 'V'
                      : piece->kind == Piece::Kind::Truncated ? 'T'
                                                              : 'X';
    out.push_back(std::to_string(piece->line) + ":" + std::to_string(piece->column) + " " + kind +
                  " " + std::string(piece->text));
    if (out.size() > 100) break;  // a test must not hang
  }
  return out;
}

TEST(Pieces, Cuts) {
  const struct {
    std::string_view text;
    std::vector<std::string> want;
  } cases[] = {
      {"", {}},
      {" \n\t", {}},
      {"{}", {"1:1 V {}"}},
      {"\xEF\xBB\xBF{}", {"1:4 V {}"}},
      {"\n  {\"a\":\n[1]}\n", {"2:3 V {\"a\":\n[1]}"}},
      {"{}{}\n{} {}", {"1:1 V {}", "1:3 V {}", "2:1 V {}", "2:4 V {}"}},
      {R"({"}":"]\"}\\"}{"b":1})", {R"(1:1 V {"}":"]\"}\\"})", R"(1:15 V {"b":1})"}},
      {"[{},\n {\"a\":[]}]", {"1:2 V {}", "2:2 V {\"a\":[]}"}},
      {"[]", {}},
      {"[] [{}]\n[{}]{}", {"1:5 V {}", "2:2 V {}", "2:5 V {}"}},
      {"[[{}]]", {"1:2 V [{}]"}},
      {"[1, \"a\"]", {"1:2 X 1", "1:5 X \"a\""}},
      // What is not whole is said, and what comes behind is still read.
      {"{\"a\":", {"1:1 T {\"a\":"}},
      {"{\"a\": \"b}", {"1:1 T {\"a\": \"b}"}},
      {"{\"a\\", {"1:1 T {\"a\\"}},
      {"[{}", {"1:2 V {}", "1:4 T "}},
      {"[{},", {"1:2 V {}", "1:5 X ", "1:5 T "}},
      {"[", {"1:2 T "}},
      {"[{} {}]\n{}", {"1:2 V {}", "1:5 X {}]\n", "2:1 V {}"}},
      {"[,{}]", {"1:2 X ", "1:3 V {}"}},
      {"An error occurred\nagain\n{}\n", {"1:1 X An error occurred\nagain\n", "3:1 V {}"}},
      {"{}\nno {} here", {"1:1 V {}", "2:1 X no {} here"}},
      {"}", {"1:1 X }"}},
  };
  for (const auto& c : cases) EXPECT_EQ(cut(c.text), c.want) << c.text;
}

TEST(Pieces, DeepNestingIsNoRecursion) {
  const std::string deep(1'000'000, '[');
  const std::vector<std::string> pieces = cut(deep);
  ASSERT_EQ(pieces.size(), 1U);
  EXPECT_EQ(pieces[0].substr(0, 6), "1:2 T ");
  std::string lists;
  for (int i = 0; i < 1'000'000; ++i) lists += "[]";
  EXPECT_TRUE(cut(lists).empty());
}

}  // namespace
}  // namespace sagewarden::api
