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
  mark_unknown(unknown, "Block.Maybe", Known::Nothing, UnknownCause::NotRecorded, "");
  mark_unknown(unknown, "Other.Set", Known::Set, UnknownCause::NotRecorded, "");
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
      // A place that is set is neither null nor empty; nothing else is known of its value …
      {"resource.A.Set != null && resource.A.Set != '' && resource.A.Set > ''", Truth::True},
      {"null == resource.A.Set || '' == resource.A.Set || [] == resource.A.Set", Truth::False},
      {"resource.?A.?Set.orValue('') > '' && {} != resource.?A.?Set.orValue({})", Truth::True},
      {"'' < resource.A.Set", Truth::True},
      {"resource.A.Set > 'a'", Truth::Unknown},
      {"resource.A.Set < ''", Truth::Unknown},
      {"resource.A.Set >= ''", Truth::Unknown},
      {"resource.A.Set != 'x'", Truth::Unknown},
      {"resource.A.Set != false", Truth::Unknown},
      // … nor of what is below it, or of what is made of it.
      {"resource.A.Set.B != ''", Truth::Unknown},
      {"resource.?A.?Set.?B.orValue('') != ''", Truth::Unknown},
      {"resource.A.Set + 'x' != ''", Truth::Unknown},
      {"resource.A.Maybe != ''", Truth::Unknown},
      {"resource.?A.?Maybe.orValue('') != ''", Truth::Unknown},
      {"resource.?A.?C.orValue(resource.A.Set) != ''", Truth::Unknown},
      // What is absent, with something below it that is not known, is not absent.
      {"has(resource.Block)", Truth::Unknown},
      {"resource.?Block.?Maybe.orValue('') == ''", Truth::Unknown},
      {"has(resource.Other)", Truth::True},
      {"resource.?Other.?Set.orValue('') == 'x'", Truth::Unknown},
      // Null has no members: asked for one that need not be there, it gives none.
      {"resource.?A.?N.?B.orValue('none') == 'none'", Truth::True},
      {"resource.A.N.?B.hasValue()", Truth::False},
      {"resource.A['N'].?B.hasValue()", Truth::False},
      {"resource.?A.?N.B.hasValue()", Truth::Error},
      {"resource.A.N.B == 'x'", Truth::Error},
      {"has(resource.A.N.B)", Truth::Error},
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
