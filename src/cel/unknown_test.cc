// Errors and what is not known: what absorbs them, and that the latter never passes for something
// absent or harmless.
#include <gtest/gtest.h>

#include "cel/outcome.h"

namespace sagewarden::cel {
namespace {

constexpr std::string_view kError = "error: division by zero";

TEST(Absorption, AndOrConditional) {
  // Each operand of: true, false, unknown (u), error (1 / 0 > 0).
  constexpr std::string_view kOperands[] = {"true", "false", "u", "1 / 0 > 0"};
  constexpr std::string_view kAnd[4][4] = {{"true", "false", "unknown", kError},
                                           {"false", "false", "false", "false"},
                                           {"unknown", "false", "unknown", "unknown"},
                                           {kError, "false", "unknown", kError}};
  constexpr std::string_view kOr[4][4] = {{"true", "true", "true", "true"},
                                          {"true", "false", "unknown", kError},
                                          {"true", "unknown", "unknown", "unknown"},
                                          {"true", kError, "unknown", kError}};
  const UnknownNode node;
  const Variable variables[] = {{"u", Value::unknown(&node)}};
  for (size_t i = 0; i < 4; ++i) {
    for (size_t j = 0; j < 4; ++j) {
      const std::string left(kOperands[i]);
      const std::string right(kOperands[j]);
      SCOPED_TRACE(left + " and " + right);
      EXPECT_EQ(outcome(left + " && " + right, variables), kAnd[i][j]);
      EXPECT_EQ(outcome(left + " || " + right, variables), kOr[i][j]);
      // As a comprehension: all and exists absorb as && and || do.
      EXPECT_EQ(outcome("[1, 2].all(x, x == 1 ? " + left + " : " + right + ")", variables),
                kAnd[i][j]);
      EXPECT_EQ(outcome("[1, 2].exists(x, x == 1 ? " + left + " : " + right + ")", variables),
                kOr[i][j]);
      // A function of both: unknown before error.
      const bool unknown = i == 2 || j == 2;
      const bool error = i == 3 || j == 3;
      const std::string equal = outcome("(" + left + ") == (" + right + ")", variables);
      EXPECT_EQ(equal, unknown ? "unknown" : error ? kError : i == j ? "true" : "false");
    }
  }
}

TEST(Absorption, EverythingElse) {
  const UnknownNode node;
  const Variable variables[] = {{"u", Value::unknown(&node)}};
  const Row rows[] = {
      {"u ? 1 : 2", "unknown"},
      {"1 / 0 > 0 ? 1 : 2", kError},
      {"true ? 1 : u", "1"},
      {"false ? 1 / 0 : 2", "2"},
      {"'a' ? 1 : 2", "error: no such overload: ?:(string)"},
      {"!u", "unknown"},
      {"-u", "unknown"},
      {"u.a", "unknown"},
      {"u[0]", "unknown"},
      {"u.?a", "unknown"},
      {"has(u.a)", "unknown"},
      {"size(u)", "unknown"},
      {"'abc'.substring(1 / 0, u)", "unknown"},
      {"math.greatest(1, 2, 3, 4, u, 1 / 0)", "unknown"},
      {"u.all(x, true)", "unknown"},
      {"u.map(x, x)", "unknown"},
      {"[1, 2].filter(x, x == 1 || u)", "unknown"},
      {"[1, 2].exists_one(x, x == 1 || u)", "unknown"},
      {"[1, 2, 3].exists_one(x, x < 3 || u)", "false"},
      {"[1].exists_one(x, 1 / 0 > 0)", kError},
      {"[1, u].exists(x, x == 1)", "true"},
      {"[1, u].exists(x, x == 2)", "unknown"},
      {"1 in [u, 1]", "true"},
      {"2 in [u, 1]", "unknown"},
      {"[1, u] == [2, 3]", "false"},
      {"[1, u] == [1, 3]", "unknown"},
      {"[1, u] == [1]", "false"},
      {"{'a': u} == {'a': 1}", "unknown"},
      {"{'a': u} == {'b': 1}", "false"},
      {"{'a': u, 'b': 1} == {'a': 1, 'b': 2}", "false"},
      {"size([u, u])", "2"},
      {"[u, 1][1]", "1"},
      {"[u, 1][0]", "unknown"},
      {"['a', u].join()", "unknown"},
      {"'%s'.format([[1, u]])", "unknown"},
      {"math.least([1, u])", "unknown"},
      {"[1 / 0]", kError},
      {"{'a': 1 / 0}", kError},
      {"{u: 1}", "unknown"},
      {"[?u]", "unknown"},
      {"{?'a': u}", "unknown"},
      {"optional.of(u)", "unknown"},
      {"u.orValue(1)", "unknown"},
      {"optional.none().orValue(u)", "unknown"},
      {"optional.of(1).optMap(x, u)", "unknown"},
      {"cel.bind(a, u, a || true)", "true"},
      {"'a'.matches(u)", "unknown"},
      {"u.matches('a')", "unknown"},
      {"[1, 2].all(x, x > 0 || 1)", "true"},
      {"[1, 2].all(x, x > 1 && 1 / 0 > 0)", "false"},
      {"1 && true", "error: no such overload: &&(int)"},
      {"'a' || false", "error: no such overload: ||(string)"},
      {"'a' || true", "true"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.expression);
    EXPECT_EQ(outcome(row.expression, variables), row.want);
  }
}

class UnknownPlaces : public testing::Test {
 protected:
  void expect_all(std::span<const Row> rows) {
    const Variable variables[] = {{"r", Value::json(document_.root, &unknown_)}};
    for (const Row& row : rows) {
      SCOPED_TRACE(row.expression);
      EXPECT_EQ(outcome(row.expression, variables), row.want);
    }
  }
  void mark(std::string_view path, Known known) {
    mark_unknown(unknown_, path, known, UnknownCause::NotRecorded, "");
  }

  json::Document document_ = *json::parse_document(R"({
    "Null": null, "A": {"Known": 1, "Null": null}, "List": [1, null, 3], "Certain": [1, null],
    "Objects": [{"X": 1}, {"X": 2}]})");
  UnknownNode unknown_;
};

TEST_F(UnknownPlaces, MembersOfWhichNothingIsKnown) {
  mark("Null", Known::Nothing);  // null in the document: what is not known counts, not the null
  mark("A.Gone", Known::Nothing);
  const Row rows[] = {
      {"r.Null == null", "unknown"},
      {"has(r.Null)", "unknown"},
      {"'Null' in r", "unknown"},
      {"'Gone' in r.A", "unknown"},
      {"has(r.A.Gone)", "unknown"},
      {"r.A.Gone == 1", "unknown"},
      {"r.A['Gone'] == 1", "unknown"},
      {"r.?A.?Gone.hasValue()", "unknown"},
      {"r.?A[?'Gone'].hasValue()", "unknown"},
      {"r.?A.?Gone.orValue(1)", "unknown"},
      {"r.?A.?Gone.?Deeper.orValue(1)", "unknown"},
      {"has(r.?A.Gone)", "unknown"},
      {"r.A.Gone.Deeper", "unknown"},
      {"has(r.A.Gone.Deeper)", "unknown"},
      {"has(r.A.Known) && r.A.Known == 1", "true"},
      {"has(r.A.Other)", "false"},
      {"r.?A.?Other.orValue(7)", "7"},
      {"'Other' in r.A", "false"},
      {"size(r.A)", "unknown"},
      {"r.A == {'Known': 1, 'Null': null}", "unknown"},
      {"r.A == {'Known': 2, 'Null': null}", "false"},
      {"r.A == {'Known': 1}", "false"},
      {"{'Known': 1, 'Null': null} == r.A", "unknown"},
      {"{'Known': 2} == r.A", "false"},
      {"r.A.all(k, k != 'x')", "unknown"},
      {"r.A.all(k, k != 'Known')", "false"},
      {"r.A.exists(k, k == 'Known')", "true"},
      {"r.A.exists(k, k == 'Gone')", "unknown"},
      {"r.A.exists(k, true)", "true"},
      {"r.A.map(k, k)", "unknown"},
      {"r.A.filter(k, k == 'Known')", "unknown"},
      {"r.A.transformMap(k, v, v)", "unknown"},
      {"r.A.exists_one(k, k == 'Known')", "unknown"},
      {"r.A.exists_one(k, k != 'Gone')", "false"},
      {"optional.ofNonZeroValue(r.A)", "unknown"},
      {"r.A.Known", "1"},
  };
  expect_all(rows);
}

TEST_F(UnknownPlaces, MembersThatAreSet) {
  mark("Null", Known::Set);
  mark("A.There", Known::Set);
  const Row rows[] = {
      {"has(r.Null) && 'Null' in r", "true"},
      {"r.Null == null", "false"},
      {"has(r.A.There) && 'There' in r.A", "true"},
      {"r.A.There == 1", "unknown"},
      {"r.?A.?There.hasValue()", "true"},
      {"r.?A.?There.orValue(1)", "unknown"},
      {"r.?A.?There.value()", "unknown"},
      {"r.?A.?There.?Deeper.hasValue()", "unknown"},
      {"r.?A.?There.optMap(v, v == 1)", "unknown"},
      {"r.?A.?There == optional.of(1)", "unknown"},
      {"r.?A.?There == optional.none()", "false"},
      {"has(r.A.There.Deeper)", "unknown"},
      {"size(r.A)", "3"},
      {"r.A.exists(k, k == 'There')", "true"},
      {"r.A.exists(k, v, k == 'There' && v == 1)", "unknown"},
      {"r.A.map(k, k)", R"(["Known","Null","There"])"},
      {"r.A == {'Known': 1, 'Null': null, 'There': 5}", "unknown"},
      {"r.A == {'Known': 1, 'Null': null}", "false"},
      {"[?r.?A.?There] == [1]", "unknown"},
      {"size([?r.?A.?There])", "1"},
  };
  expect_all(rows);
}

// It is there, but may be empty: a comparison with nothing is not answered, as it is of what is
// set.
TEST_F(UnknownPlaces, MembersThatArePresent) {
  mark("Null", Known::Present);
  mark("A.There", Known::Present);
  const Row rows[] = {
      {"has(r.Null) && 'Null' in r", "true"},
      {"r.Null == null", "unknown"},
      {"has(r.A.There) && 'There' in r.A", "true"},
      {"r.?A.?There.hasValue()", "true"},
      {"r.A.There == ''", "unknown"},
      {"r.A.There != ''", "unknown"},
      {"r.A.There > ''", "unknown"},
      {"r.A.There == []", "unknown"},
      {"r.A.There != {}", "unknown"},
      {"r.?A.?There.orValue('') != ''", "unknown"},
      {"r.?A.?There.?Deeper.hasValue()", "unknown"},
      {"has(r.A.There.Deeper)", "unknown"},
      {"size(r.A)", "3"},
      {"size(r.A.There)", "unknown"},
      {"r.A == {'Known': 1, 'Null': null}", "false"},
      {"size([?r.?A.?There])", "1"},
  };
  expect_all(rows);
}

TEST_F(UnknownPlaces, Elements) {
  mark("List[1]", Known::Nothing);
  mark("Certain[1]", Known::Set);
  mark("Certain[2]", Known::Set);
  mark("Objects[1].X", Known::Nothing);
  const Row rows[] = {
      {"r.List[0]", "1"},
      {"r.List[1]", "unknown"},
      {"r.List[?1].hasValue()", "unknown"},
      {"size(r.List)", "unknown"},
      {"r.List.all(x, x > 0)", "unknown"},
      {"r.List.all(x, x > 1)", "false"},
      {"r.List.exists(x, x == 3)", "true"},
      {"r.List.exists(x, x == 4)", "unknown"},
      {"r.List.exists(x, true)", "true"},
      {"r.List.filter(x, true)", "unknown"},
      {"3 in r.List", "true"},
      {"4 in r.List", "unknown"},
      {"r.List == [1, 2, 3]", "unknown"},
      {"r.List + [4]", "unknown"},
      {"size(r.Certain)", "3"},
      {"r.Certain[1] == null", "unknown"},
      {"r.Certain[2] == 1", "unknown"},
      {"r.Certain[?2].hasValue()", "true"},
      {"r.Certain == [1, 2, 3]", "unknown"},
      {"r.Certain == [2, 2, 3]", "false"},
      {"r.Certain == [1, 2]", "false"},
      {"r.Certain.all(x, x == 1)", "unknown"},
      {"size(r.Certain.map(x, x))", "3"},
      {"size(r.Certain + [4])", "4"},
      {"r.Objects.all(o, o.X == 1)", "unknown"},
      {"r.Objects.all(o, o.X == 2)", "false"},
      {"r.Objects.filter(o, o.X == 1)", "unknown"},
      {"r.Objects.map(o, o.X).exists(x, x == 1)", "true"},
      {"r.Objects[0] == {'X': 1} && size(r.Objects) == 2", "true"},
      {"r.Objects == [{'X': 1}, {'X': 2}]", "unknown"},
      {"r.Objects == [{'X': 3}, {'X': 2}]", "false"},
  };
  expect_all(rows);
}

// Only a part of the object was read, so that nothing can be said of what is absent.
TEST_F(UnknownPlaces, OpenObjects) {
  unknown_.open(UnknownCause::NotExported, "a part");
  mark("A.There", Known::Set);
  unknown_.child("Closed").close();
  const Row rows[] = {
      {"r.A.Known", "1"},
      {"has(r.A.Known)", "true"},
      {"has(r.Other)", "unknown"},
      {"r.?Other.orValue(1)", "unknown"},
      {"r.?Other.?Deeper.orValue(1)", "unknown"},
      {"has(r.A.Other)", "unknown"},
      {"'Other' in r.A", "unknown"},
      {"r.A['Other']", "unknown"},
      {"r.A[?'Other'].hasValue()", "unknown"},
      {"has(r.A.There)", "true"},
      {"has(r.A.There.Deeper)", "unknown"},
      {"has(r.Objects[0].Y)", "unknown"},
      {"r.Objects.all(o, has(o.X))", "true"},
      {"r.Objects.all(o, has(o.Y))", "unknown"},
      {"r.Objects.exists(o, o.X == 2)", "true"},
      // Null is what absence is.
      {"r.Null == null", "unknown"},
      {"has(r.A.Null)", "unknown"},
      {"r.A.exists(k, v, k == 'Null' && v == null)", "unknown"},
      // What is closed is not open, nor is what a list holds.
      {"has(r.Closed)", "false"},
      {"size(r.List)", "3"},
      {"r.List == [1, null, 3]", "true"},
      {"r.List[?3].hasValue()", "false"},
      {"size(r.Objects)", "2"},
      {"size(r)", "unknown"},
      {"r.A.all(k, k != 'x')", "unknown"},
      {"r.A.exists(k, k == 'Known')", "true"},
      {"r.A.map(k, k)", "unknown"},
      {"r.A == {'Known': 1}", "false"},
      {"r.A == {'Known': 1, 'There': 2}", "unknown"},
      {"r.A == {'Known': 2, 'There': 2}", "false"},
      {"r.Objects[0] == {'X': 1}", "unknown"},
      {"{'X': 1} == r.Objects[0]", "unknown"},
  };
  expect_all(rows);
}

// A place beyond what the document holds is not known to be absent, also where only something
// below it was marked.
TEST_F(UnknownPlaces, BelowElementsThatAreNotThere) {
  mark("Objects[2].X", Known::Nothing);
  mark("A.Gone.X", Known::Nothing);
  const Row rows[] = {
      {"r.Objects.all(o, o.X > 0)", "unknown"},
      {"r.Objects.all(o, o.X > 1)", "false"},
      {"r.Objects.exists(o, o.X == 5)", "unknown"},
      {"size(r.Objects)", "unknown"},
      {"r.Objects[2].X", "unknown"},
      {"r.Objects[1].X", "2"},
      {"r.Objects[?3].hasValue()", "unknown"},
      {"r.Objects == [{'X': 1}, {'X': 2}]", "unknown"},
      {"r.Objects.map(o, o.X)", "unknown"},
      {"has(r.A.Gone)", "unknown"},
      {"r.A.all(k, k != 'x')", "unknown"},
      {"size(r.A)", "unknown"},
  };
  expect_all(rows);
}

TEST_F(UnknownPlaces, BehindElementsThatMayBeMissing) {
  mark("Objects[0]", Known::Nothing);
  mark("Certain[0]", Known::Set);
  const Row rows[] = {
      {"r.Objects[0]", "unknown"},
      {"r.Objects[1].X", "unknown"},
      {"r.Objects[?1].hasValue()", "unknown"},
      {"r.Objects[?2].hasValue()", "unknown"},
      {"r.Certain[0]", "unknown"},
      {"r.Certain[1]", "null"},
      {"r.Certain[?2].hasValue()", "false"},
  };
  expect_all(rows);
}

TEST(Unknown, NamesThePlace) {
  UnknownNode unknown;
  mark_unknown(unknown, "A.B", Known::Nothing, UnknownCause::Denied, "why");
  const json::Document document = *json::parse_document(R"({"A": {}})");
  const Value variables[] = {Value::json(document.root, &unknown)};
  constexpr std::string_view kNames[] = {"r"};
  const auto program = Program::compile("r.A.B == 1 || r.A.B == 2", kNames);
  ASSERT_TRUE(program);
  Scratch scratch;
  const Value value = evaluate(*program, variables, scratch);
  ASSERT_TRUE(value.is_unknown());
  EXPECT_EQ(value.unknown_node()->reason, "why");
  EXPECT_EQ(evaluate_truth(*program, variables, scratch), Truth::Unknown);
}

TEST(Unknown, AVariableMayBeUnknownItself) {
  UnknownNode node;
  node.unknown = true;
  const Variable variables[] = {{"tags", Value::json({}, &node)},
                                {"none", Value::unknown(nullptr)}};
  const Row rows[] = {
      {"has(tags.Owner)", "unknown"}, {"tags == {} || true", "true"},
      {"none == 1", "unknown"},       {"[none].exists(x, x == 1)", "unknown"},
      {"has(none.a)", "unknown"},     {"none.?a.hasValue()", "unknown"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.expression);
    EXPECT_EQ(outcome(row.expression, variables), row.want);
  }
}

}  // namespace
}  // namespace sagewarden::cel
