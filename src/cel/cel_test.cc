#include "cel/cel.h"

#include <gtest/gtest.h>

#include <array>

namespace sagewarden::cel {
namespace {

TEST(Cel, Evaluates) {
  const json::Document document = *json::parse_document(
      R"({"A": {"B": "x", "N": null}, "L": [1, 2, 3], "F": 1.5, "U": 18446744073709551615})");
  UnknownNode unknown;
  mark_unknown(unknown, "A.Maybe", Known::Nothing, UnknownCause::NotRecorded, "");
  mark_unknown(unknown, "A.Set", Known::Set, UnknownCause::NotRecorded, "");
  const std::array<std::string_view, 1> names = {"resource"};
  const struct {
    std::string_view expression;
    Truth want;
  } cases[] = {
      {"resource.A.B == 'x'", Truth::True},
      {"resource.A.B == 'y'", Truth::False},
      {"resource.A.C == 'y'", Truth::Error},
      {"has(resource.A.C)", Truth::False},
      {"has(resource.A.N) && resource.A.N == null", Truth::True},
      {"has(resource.A.Maybe)", Truth::Unknown},
      {"has(resource.A.Set)", Truth::True},
      {"resource.A.Set == 'x'", Truth::Unknown},
      {"resource.A.Set == 'x' && false", Truth::False},
      {"resource.A.Set == 'x' || 1/0 > 1", Truth::Unknown},
      {"resource.L.all(x, x > 0)", Truth::True},
      {"resource.L.exists(x, x == 2) && 3 in resource.L", Truth::True},
      {"resource.L.map(x, x * 2) == [2, 4, 6]", Truth::True},
      {"resource.L.filter(x, x > 1).size() == 2", Truth::True},
      {"resource.U > 5 && resource.F == 1.5", Truth::True},
      {"resource.?Z.?B.orValue('Platform') == 'Platform'", Truth::True},
      {"resource.?A.?B.orValue('Platform') == 'x'", Truth::True},
      {"resource.?A.?Maybe.orValue('Platform') == 'x'", Truth::Unknown},
      {"resource.?A.?Set.hasValue()", Truth::True},
      {"resource.?A.?Set.orValue('x') == 'x'", Truth::Unknown},
      {"resource.A.B.startsWith('x') ? true : false", Truth::True},
      {"1", Truth::Error},
  };
  Scratch scratch;
  for (const auto& row : cases) {
    SCOPED_TRACE(row.expression);
    const Result<Program> program = Program::compile(row.expression, names);
    ASSERT_TRUE(program) << program.error().message;
    const Value variables[] = {Value::json(document.root, &unknown)};
    EXPECT_EQ(evaluate_truth(*program, variables, scratch), row.want)
        << evaluate(*program, variables, scratch).text();
  }
}

TEST(Cel, SaysWhatDoesNotCompile) {
  const auto program = Program::compile("true &&\n  resouce.A == 1", {});
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().message,
            "line 2, column 3: undeclared reference to 'resouce'\n"
            "    resouce.A == 1\n"
            "    ^");
}

}  // namespace
}  // namespace sagewarden::cel
