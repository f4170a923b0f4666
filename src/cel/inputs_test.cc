#include "cel/inputs.h"

#include <gtest/gtest.h>

namespace sagewarden::cel {
namespace {

constexpr std::string_view kAudited[] = {"resource", "params"};
constexpr std::string_view kSame[] = {"params"};

struct Given {
  json::Document document;
  UnknownNode unknown;

  explicit Given(std::string_view json) : document(json::parse_document(json).value()) {}
  std::vector<Value> values() const {
    return {Value::json(document.root, unknown.empty() ? nullptr : &unknown), Value::integer(1)};
  }
};

// The text, or nothing where there is none.
std::optional<std::string> text_of(std::string_view expression, const Given& given) {
  const Result<Program> program = Program::compile(expression, kAudited);
  EXPECT_TRUE(program) << expression;
  Inputs inputs;
  inputs.add(*program, kSame);
  std::string text;
  if (!inputs.append(given.values(), text)) return std::nullopt;
  return text;
}

TEST(Inputs, TellApartWhatDecides) {
  struct Row {
    std::string_view expression;
    std::string_view one;
    std::string_view other;
    bool same;
  };
  const Row rows[] = {
      {"true", R"({"A": 1})", R"({"A": 2})", true},
      {"resource.A == 1", R"({"A": 1, "B": 1})", R"({"B": 2, "A": 1})", true},
      {"resource.A == 1", R"({"A": 1})", R"({"A": 2})", false},
      {"resource.A == 1", R"({"A": 1})", R"({"A": 1.0})", false},
      {"resource.A == 1", R"({"A": 1})", R"({})", false},
      {"resource.A == 1", R"({"A": null})", R"({})", false},
      {"resource.A == 1", R"({"A": "1"})", R"({"A": 1})", false},
      {"resource.A == ''", R"({"A": []})", R"({"A": {}})", false},
      {"resource.A == 'ab' && resource.B == 'c'", R"({"A": "ab", "B": "c"})",
       R"({"A": "a", "B": "bc"})", false},
      // Only the kind is asked.
      {"has(resource.A)", R"({"A": {"X": 1}})", R"({"A": {"X": 2}})", true},
      {"has(resource.A)", R"({"A": {"X": 1}})", R"({"A": [1]})", false},
      {"resource.A != null", R"({"A": {"X": 1}})", R"({"A": {"X": 2}})", true},
      {"null == resource.?A.orValue(null)", R"({"A": [1]})", R"({"A": [2, 3]})", true},
      {"null == resource.?A.orValue(null)", R"({"A": [1]})", R"({"A": null})", false},
      {"resource == null", R"({"A": 1})", R"([1])", false},
      {"size(resource.A) > 0", R"({"A": [1, 2]})", R"({"A": [2, 3]})", true},
      {"size(resource.A) > 0", R"({"A": [1, 2]})", R"({"A": [2]})", false},
      // All is asked.
      {"resource.A == {'X': 1}", R"({"A": {"X": 1}})", R"({"A": {"X": 2}})", false},
      {"resource.A.filter(x, x > 1).size() > 0", R"({"A": [1]})", R"({"A": [2]})", false},
      {"resource.A[1] > 1", R"({"A": [1, 2]})", R"({"A": [1, 3]})", false},
      {"resource.A.B == 1", R"({"A": {"B": 1, "C": 1}})", R"({"A": {"B": 1, "C": 2}})", true},
      {"resource.A.B == 1", R"({"A": {"B": 1}})", R"({"A": 1})", false},
      {"cel.bind(a, resource.A, a.B == 1)", R"({"A": {"B": 1}})", R"({"A": {"B": 2}})", false},
      // Elements, as far as they are looked at.
      {"resource.A.all(x, x.B == 1)", R"({"A": [{"B": 1, "C": 1}]})", R"({"A": [{"B": 1}]})", true},
      {"resource.A.all(x, x.B == 1)", R"({"A": [{"B": 1}]})", R"({"A": [{"B": 1}, {"B": 1}]})",
       false},
      {"resource.A.all(x, x.B == 1)", R"({"A": [{"B": 1}]})", R"({"A": [{"C": 1}]})", false},
      {"resource.A.all(x, x.B == 1)", R"({"A": {"B": 1}})", R"({"A": {"C": 1}})", false},
      {"resource.A.all(x, x.B.exists(y, y.C))", R"({"A": [{"B": [{"C": true, "D": 1}]}]})",
       R"({"A": [{"B": [{"C": true, "D": 2}]}]})", true},
      {"resource.A.all(x, x.B.exists(y, y.C && x.D))",
       R"({"A": [{"B": [{"C": true}], "D": true}]})",
       R"({"A": [{"B": [{"C": true}], "D": false}]})", false},
      {"resource.A.all(x, resource.A.exists(y, y.B == x.C))", R"({"A": [{"B": 1, "C": 1}]})",
       R"({"A": [{"B": 1, "C": 2}]})", false},
      {"resource.A.all(x, x > 0) && resource.A.exists(y, y.B)", R"({"A": [{"B": 1}]})",
       R"({"A": [{"B": 2}]})", false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string(row.expression) + " " + std::string(row.other));
    const auto one = text_of(row.expression, Given(row.one));
    const auto other = text_of(row.expression, Given(row.other));
    ASSERT_TRUE(one && other);
    EXPECT_EQ(*one == *other, row.same);
  }
}

TEST(Inputs, TellApartWhatIsNotKnown) {
  constexpr std::string_view kExpression = "resource.?A.?B.orValue('') == 'x'";
  const auto text = [&](auto mark) {
    Given given(R"({"A": {"C": 1}})");
    mark(given.unknown);
    return text_of(kExpression, given);
  };
  const auto at = [&](std::string_view path, Known known, UnknownCause cause, const char* why) {
    return text([=](UnknownNode& root) { mark_unknown(root, path, known, cause, why); });
  };
  const std::vector<std::optional<std::string>> texts = {
      text([](UnknownNode&) {}),
      at("A.B", Known::Nothing, UnknownCause::NotRecorded, "why"),
      at("A.B", Known::Nothing, UnknownCause::NotRecorded, "other"),
      at("A.B", Known::Nothing, UnknownCause::Denied, "why"),
      at("A.B", Known::Set, UnknownCause::NotRecorded, "why"),
      at("A.B", Known::Present, UnknownCause::NotRecorded, "why"),
      at("A", Known::Set, UnknownCause::NotRecorded, "why"),
      text([](UnknownNode& root) { root.open(UnknownCause::NotExported, "a part"); }),
  };
  for (size_t i = 0; i < texts.size(); ++i) {
    ASSERT_TRUE(texts[i]);
    for (size_t j = 0; j < i; ++j) EXPECT_NE(*texts[i], *texts[j]) << i << ' ' << j;
  }
  EXPECT_EQ(at("A.C", Known::Nothing, UnknownCause::Denied, "why"), texts[0]);
}

TEST(Inputs, LongOnesAreNotTold) {
  const std::string long_text(1000, 'x');
  EXPECT_FALSE(text_of("resource.A == ''", Given(R"({"A": ")" + long_text + R"("})")));
  EXPECT_TRUE(
      text_of("has(resource.A.B)", Given(R"({"A": {"B": {"C": ")" + long_text + R"("}}})")));
  std::string members = R"({"A": 1)";
  for (int i = 0; i < 100; ++i) members += ", \"m" + std::to_string(i) + "\": 1";
  EXPECT_FALSE(text_of("resource.A == 1", Given(members + "}")));
  std::string list = R"({"A": [1)";
  for (int i = 0; i < 1000; ++i) list += ", 1";
  EXPECT_FALSE(text_of("resource.A.all(x, x.B == 1)", Given(list + "]}")));
}

}  // namespace
}  // namespace sagewarden::cel
