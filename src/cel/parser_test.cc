// What is an expression and what is not, and what is said about the latter.
#include "cel/parser.h"

#include <gtest/gtest.h>

#include "cel/outcome.h"

namespace sagewarden::cel {
namespace {

TEST(Parser, ReadsLiterals) {
  const Row rows[] = {
      {"42", "42"},
      {"-42", "-42"},
      {"0x2A", "42"},
      {"-0x2a", "-42"},
      {"42u", "42"},
      {"0x2AU", "42"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"18446744073709551615u", "18446744073709551615"},
      {"1.5", "1.5"},
      {".5", "0.5"},
      {"1e3", "1000"},
      {"-2.5E-1", "-0.25"},
      {"1e-400", "0"},
      {"true", "true"},
      {"null", "null"},
      {R"("a\tb\n\x41\u00e9\U0001F431\101\"\'\\\?\`")", R"("a\tb\nAé🐱A\"'\\?`")"},
      {R"('it"s')", R"("it\"s")"},
      {R"(r"a\n")", R"("a\\n")"},
      {"\"\"\"two\nlines \"quoted\" \"\"\"", R"("two\nlines \"quoted\" ")"},
      {"R'''a\\'''", R"("a\\")"},
      {R"(size(b"\xff\000é") == 4)", "true"},
      {R"(br"\x" == b"\\x" && rb'a' == B"a")", "true"},
      {"[1, 2,]", "[1,2]"},
      {"{'a': 1, 'b': [2],}", R"({"a":1,"b":[2]})"},
      {"[]", "[]"},
      {"{}", "{}"},
      {"1 // a remark\n+ 2 // another", "3"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.expression);
    EXPECT_EQ(outcome(row.expression), row.want);
  }
}

TEST(Parser, GroupsByStrengthAndFromTheLeft) {
  const Row rows[] = {
      {"1 + 2 * 3", "7"},
      {"(1 + 2) * 3", "9"},
      {"10 - 4 - 3", "3"},
      {"100 / 10 / 2", "5"},
      {"7 % 4 * 2", "6"},
      {"1 + 1 == 2 && 3 > 2", "true"},
      {"true || false && false", "true"},
      {"(true || false) && false", "false"},
      {"!false && false", "false"},
      {"-2 - -3", "1"},
      {"--2", "2"},
      {"!!true", "true"},
      {"false ? 1 : true ? 2 : 3", "2"},
      {"true ? (false ? 1 : 2) : 3", "2"},
      {"1 in [1] == true", "true"},
      {"[1, 2][1] + {'a': {'b': 3}}.a.b", "5"},
      {"{'in-out': 1}.`in-out`", "1"},
      {"-1.5 < -1.0", "true"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.expression);
    EXPECT_EQ(outcome(row.expression), row.want);
  }
}

TEST(Parser, SaysWhatIsWrong) {
  const Row rows[] = {
      {"", "line 1, column 1: the expression ends where a value should be"},
      {"1 +", "line 1, column 4: the expression ends where a value should be"},
      {"1 2", "line 1, column 3: expected the end of the expression, found '2'"},
      {"(1", "line 1, column 3: the expression ends where ')' should be"},
      {"[1 2]", "line 1, column 4: expected ',' or ']', found '2'"},
      {"{1}", "line 1, column 3: expected ':', found '}'"},
      {"{1: 2 3}", "line 1, column 7: expected ',' or '}', found '3'"},
      {"size(1", "line 1, column 7: the expression ends where ',' or ')' should be"},
      {"[1][0", "line 1, column 6: the expression ends where ']' should be"},
      {"true ? 1", "line 1, column 9: the expression ends where ':' should be"},
      {"true ? false ? 1 : 2 : 3", "line 1, column 14: expected ':', found '?'"},
      {"'a'.1", "line 1, column 4: expected the end of the expression, found '.1'"},
      {"'a'.(", "line 1, column 5: expected a member's name, found '('"},
      {"true = false", "line 1, column 6: '=' is no operator; did you mean '=='?"},
      {"1 & 2", "line 1, column 3: unexpected character '&'"},
      {"\x01", "line 1, column 1: unexpected character '\\x01'"},
      {"ö", "line 1, column 1: unexpected character 'ö'"},
      {"'abc", "line 1, column 1: this string does not end"},
      {"'a\nb'",
       "line 1, column 1: this string does not end on its line; use three quotes for several "
       "lines"},
      {"'''a", "line 1, column 1: this string does not end"},
      {R"('a\q')", "line 1, column 3: no such escape"},
      {R"('\x4')", "line 1, column 2: this escape wants 2 digits"},
      {R"('\ud800')", "line 1, column 2: no such character"},
      {R"('\U00110000')", "line 1, column 2: no such character"},
      {R"('\400')", "line 1, column 2: no such escape"},
      {R"(b'\u0041')", "line 1, column 3: \\u and \\U name a character: not in bytes"},
      {"'\xff'", "line 1, column 1: this string is not valid UTF-8"},
      {"9223372036854775808", "line 1, column 1: this number does not fit a 64-bit int"},
      {"-9223372036854775809", "line 1, column 2: this number does not fit a 64-bit int"},
      {"18446744073709551616u", "line 1, column 1: this number does not fit a 64-bit uint"},
      {"1e999", "line 1, column 1: this number does not fit a double"},
      {"12abc", "line 1, column 3: a number ends here, and a letter follows"},
      {"while", "line 1, column 1: 'while' is a reserved word"},
      {"`a`", "line 1, column 1: a name in backticks only stands behind a '.'"},
      {"{}.`a`b", "line 1, column 7: expected the end of the expression, found 'b'"},
      {"{}.``",
       "line 1, column 4: a name in backticks may hold letters, digits and _ . - / and blanks"},
      {"a.B{c: 1}", "line 1, column 4: messages (Name{field: value}) are not part of this dialect"},
      {"nothing", "line 1, column 1: undeclared reference to 'nothing'"},
      {"1 + nothing.a", "line 1, column 5: undeclared reference to 'nothing'"},
      {"nothing()", "line 1, column 1: unknown function 'nothing'"},
      {"'a'.nothing()", "line 1, column 5: unknown function 'nothing'"},
      {"size()", "line 1, column 1: no such overload of 'size' with that many arguments"},
      {"'a'.matches('(')", "line 1, column 13: invalid regular expression: missing ): ("},
      {"has(1)", "line 1, column 1: has() wants one member, as in has(a.b): invalid argument"},
      {"[1].all(x.y, true)",
       "line 1, column 9: here a macro wants a simple name: invalid variable name"},
      {"[1].all(x, x, true)",
       "line 1, column 12: the two variables of a macro need different names"},
      {"[1].all(x, true) && x", "line 1, column 21: undeclared reference to 'x'"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.expression);
    EXPECT_EQ(outcome(row.expression), "error: " + std::string(row.want));
  }
}

TEST(Parser, PointsAtThePlace) {
  const Row rows[] = {
      {"true &&\n\t\xC3\xA4 == 1", "line 2, column 2: unexpected character 'ä'\n  \tä == 1\n  \t^"},
      {"'\xC3\xA4\xC3\xA4' == x\r\n && true",
       "line 1, column 11: undeclared reference to 'x'\n  'ää' == x\n          ^"},
      {"(1 +\n", "line 2, column 1: the expression ends where a value should be\n  \n  ^"},
  };
  for (const Row& row : rows) {
    const auto program = Program::compile(row.expression, {});
    ASSERT_FALSE(program);
    EXPECT_EQ(program.error().message, row.want);
  }
}

TEST(Parser, CutsALongLineAroundThePlace) {
  const std::string expression = std::string(300, ' ') + "x" + std::string(300, ' ');
  const auto program = Program::compile(expression, {});
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().message,
            "line 1, column 301: undeclared reference to 'x'\n"
            "  …" +
                std::string(100, ' ') + "x" + std::string(59, ' ') + "…\n" + "   " +
                std::string(100, ' ') + "^");
}

}  // namespace
}  // namespace sagewarden::cel
