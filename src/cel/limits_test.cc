// Hostile expressions and documents: an error in bounded time and memory, at each limit.
#include <gtest/gtest.h>

#include "cel/outcome.h"

namespace sagewarden::cel {
namespace {

constexpr std::string_view kTooDeep = "nested more than 128 levels deep";
constexpr std::string_view kSteps =
    "error: the expression takes more steps over lists and maps than an evaluation may";
constexpr std::string_view kWork =
    "error: the expression looks at more data than an evaluation may";
constexpr std::string_view kMemory = "error: the expression makes more data than an evaluation may";

std::string repeated(std::string_view text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(Limits, ExpressionSize) {
  Limits limits;
  limits.expression_bytes = 5;
  EXPECT_EQ(outcome("1 + 1", {}, limits), "2");
  EXPECT_EQ(outcome("1 + 11", {}, limits), "error: the expression is longer than 5 bytes");
}

TEST(Limits, NestingAtTheLimit) {
  // Each written with so many levels that one more is refused.
  const struct {
    std::string_view before, inner, after;
    size_t levels;
  } rows[] = {
      {"(", "1", ")", 127},
      {"[", "1", "]", 127},
      {"{1: ", "1", "}", 127},
      {"-", "'a'", "", 127},
      {"!", "true", "", 127},
      {"size(", "''", ")", 127},
      {"", "1", " + 1", 127},
      {"", "[]", ".map(x, x)", 127},
      {"[1].all(x, ", "true", ")", 126},
      {"true ? 1 : ", "1", "", 127},
      {"", "{}", ".?a", 127},
      {"", "{}", "[?1]", 127},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.before) + row.inner.data());
    const auto nested = [&](size_t levels) {
      return repeated(row.before, levels) + std::string(row.inner) + repeated(row.after, levels);
    };
    EXPECT_EQ(outcome(nested(row.levels)).find(kTooDeep), std::string::npos)
        << outcome(nested(row.levels));
    EXPECT_NE(outcome(nested(row.levels + 1)).find(kTooDeep), std::string::npos)
        << outcome(nested(row.levels + 1));
    // Far beyond the limit, up to the size limit: still an error, and the stack holds.
    const size_t most = 60'000 / (row.before.size() + row.after.size());
    EXPECT_NE(outcome(nested(most)).find(kTooDeep), std::string::npos);
  }
}

TEST(Limits, LongChainsAreNotDeep) {
  EXPECT_EQ(outcome("true" + repeated(" && true", 5000)), "true");
  EXPECT_EQ(outcome("false" + repeated(" || false", 5000)), "false");
  EXPECT_EQ(outcome("size([" + repeated("1,", 20'000) + "])"), "20000");
  EXPECT_EQ(outcome("'" + std::string(60'000, 'a') + "' == ''"), "false");
}

TEST(Limits, Iterations) {
  Limits limits;
  limits.iterations = 12;
  EXPECT_EQ(outcome("[1, 2, 3].all(x, [1, 2, 3].all(y, true))", {}, limits), "true");
  limits.iterations = 11;
  EXPECT_EQ(outcome("[1, 2, 3].all(x, [1, 2, 3].all(y, true))", {}, limits), kSteps);
  for (const std::string_view macro :
       {"all(x, true)", "exists(x, false)", "exists_one(x, false)", "map(x, x)", "filter(x, true)",
        "transformMap(k, v, v)", "transformList(k, v, v)"}) {
    limits.iterations = 3;
    const std::string expression = "[1, 2, 3]." + std::string(macro);
    EXPECT_NE(outcome(expression, {}, limits), kSteps) << expression;
    limits.iterations = 2;
    EXPECT_EQ(outcome(expression, {}, limits), kSteps) << expression;
  }
}

TEST(Limits, TheDefaultsEndAHostileExpression) {
  const std::string list = "[" + repeated("1,", 100) + "]";
  const std::string loops = repeated(list + ".all(x, ", 10) + "true" + repeated(")", 10);
  EXPECT_EQ(outcome(loops), kSteps);
  // Absorbed or not, what is exhausted stays so.
  EXPECT_EQ(outcome(loops + " || true"), "true");
  EXPECT_EQ(outcome("[" + loops + "]"), kSteps);
}

TEST(Limits, Memory) {
  const auto doubled = [](std::string_view start, size_t times) {
    return repeated("cel.bind(s, ", times) + std::string(start) + repeated(", s + s)", times);
  };
  EXPECT_EQ(outcome("size(" + doubled("'aaaaaaaa'", 20) + ")"), "8388608");
  EXPECT_EQ(outcome("size(" + doubled("'aaaaaaaa'", 40) + ")"), kMemory);
  EXPECT_EQ(outcome("size(" + doubled("b'aaaaaaaa'", 40) + ")"), kMemory);
  EXPECT_EQ(outcome("size(" + doubled("[1, 2, 3, 4]", 40) + ")"), kMemory);
  EXPECT_EQ(outcome("size(" + doubled("'aaaaaaaa'", 20) + ".replace('a', 'aaaaaaaaaaaaaaaa'))"),
            kMemory);
  Limits limits;
  limits.arena_bytes = 100'000;  // beyond the first block
  EXPECT_EQ(outcome("size(" + doubled("'aaaaaaaa'", 12) + ")", {}, limits), "32768");
  EXPECT_EQ(outcome("size(" + doubled("'aaaaaaaa'", 14) + ")", {}, limits), kMemory);
}

// One step of a comprehension may look at much: that is counted too.
TEST(Limits, Work) {
  Limits limits;
  limits.work = 10'000;
  const std::string text(300, 'a');
  const json::Document document =
      *json::parse_document("{\"list\": [" + repeated("1,", 299) + "1], \"map\": {" + [] {
        std::string members;
        for (size_t i = 0; i < 300; ++i)
          members += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\": 1";
        return members;
      }() + "}}");
  const Variable variables[] = {{"text", Value::string(text)}, {"r", Value::json(document.root)}};
  for (const std::string_view step : {"text == text.lowerAscii()",
                                      "text.contains('b')",
                                      "text.matches('b$')",
                                      "size(text) == 0",
                                      "text < text + 'b'",
                                      "2 in r.list",
                                      "r.list == r.list + []",
                                      "r.map == r.map",
                                      "r.list[299] == 1",
                                      "'x' in r.map",
                                      "has(r.map.x)",
                                      "r.map.k0 == 1",
                                      "text.indexOf('b') < 0",
                                      "text.lastIndexOf('bbbbbbbbbbbbbbbbbbbb') < 0",
                                      "text.split('') == []",
                                      "text.trim() == ''",
                                      "text.reverse() == ''",
                                      "text.replace('a', '') == ''",
                                      "strings.quote(text) == ''",
                                      "text.substring(1) == ''",
                                      "text.charAt(299) == ''",
                                      "[text].join() == ''",
                                      "'%s'.format([text]) == ''",
                                      "base64.encode(bytes(text)) == ''",
                                      "string(bytes(text)) == ''",
                                      "math.greatest(r.list) == 0",
                                      "timestamp(size(text)).getHours('Europe/Berlin') == 0",
                                      "text.matches(text)"}) {
    const std::string loop = "r.list.exists(x, (" + std::string(step) + ") && false)";
    EXPECT_EQ(outcome(loop, variables, limits), kWork) << step;
    Limits enough = limits;
    enough.work = 3'000'000'000;
    if (step == "text.matches(text)" || step.starts_with("timestamp")) continue;  // slow in truth
    EXPECT_EQ(outcome(loop, variables, enough), "false") << step;
  }
}

TEST(Limits, ManyUnknownPlacesAreCounted) {
  UnknownNode unknown;
  for (size_t i = 0; i < 1000; ++i)
    mark_unknown(unknown, "list[" + std::to_string(i) + "]", Known::Set, UnknownCause::NotResolved,
                 "");
  const json::Document document =
      *json::parse_document("{\"list\": [" + repeated("1,", 999) + "1]}");
  const Variable variables[] = {{"r", Value::json(document.root, &unknown)}};
  Limits limits;
  limits.work = 900'000;
  EXPECT_EQ(outcome("r.list.exists(x, false)", variables, limits), kWork);
  limits.work = 1'100'000;
  EXPECT_EQ(outcome("r.list.exists(x, false)", variables, limits), "false");
}

// A regular expression takes time linear in the text, whatever it is.
TEST(Limits, RegularExpressions) {
  const std::string text(10'000, 'a');
  const Variable variables[] = {{"text", Value::string(text)}};
  EXPECT_EQ(outcome("text.matches('^(a|a)*(a|aa)+$b')", variables), "false");
  EXPECT_EQ(outcome("text.matches('(((a{100}){100}){100}){100}')", variables),
            "error: line 1, column 14: invalid regular expression: invalid repetition size: "
            "{100}");
  EXPECT_EQ(outcome("text.matches('((((\\\\pL{10}){10}){10}))')", variables),
            "error: line 1, column 14: invalid regular expression: pattern too large - compile "
            "failed");
  const std::string one = "text.matches('b') || ";
  EXPECT_EQ(outcome(repeated(one, 32) + "true", variables), "true");
  EXPECT_EQ(outcome(repeated(one, 33) + "true", variables),
            "error: line 1, column 678: more than 32 regular expressions in one expression");
}

}  // namespace
}  // namespace sagewarden::cel
