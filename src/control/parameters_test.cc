#include "control/parameters.h"

#include <gtest/gtest.h>

namespace sagewarden {
namespace {

Parameter made(Parameter::Type type, std::string allowed = {}) {
  Parameter parameter;
  parameter.name = "p";
  parameter.type = type;
  parameter.allowed = std::move(allowed);
  return parameter;
}

TEST(Parameters, ReadTheCommandLine) {
  using Type = Parameter::Type;
  const struct {
    Type type;
    std::string_view text;
    std::string_view want;  // JSON, or the error's message
  } cases[] = {
      {Type::Bool, "true", "true"},
      {Type::Bool, "false", "false"},
      {Type::Bool, "yes", "the parameter p takes true or false"},
      {Type::Bool, "", "the parameter p takes true or false"},
      {Type::Int, "-7", "-7"},
      {Type::Int, "9223372036854775807", "9223372036854775807"},
      {Type::Int, "9223372036854775808", "the parameter p takes an integer of 64 bits"},
      {Type::Int, "1.5", "the parameter p takes an integer of 64 bits"},
      {Type::Int, " 1", "the parameter p takes an integer of 64 bits"},
      {Type::Int, "", "the parameter p takes an integer of 64 bits"},
      {Type::String, "a \"b\"", R"("a \"b\"")"},
      {Type::String, "", R"("")"},
      {Type::StringList, "a,b", R"(["a","b"])"},
      {Type::StringList, " a , b ,", R"(["a","b"])"},
      {Type::StringList, "", "[]"},
      {Type::StringList, R"(["a, b", "c"])", R"(["a, b","c"])"},
      {Type::StringList, R"([1])", "the parameter p takes a list of texts"},
      {Type::StringList, R"(["a")", "the parameter p takes a list of texts"},
  };
  for (const auto& row : cases) {
    const Result<std::string> got = parameter_value(made(row.type), row.text);
    EXPECT_EQ(got ? *got : got.error().message, row.want) << row.text;
  }
}

TEST(Parameters, TakeOnlyAllowedValues) {
  using Type = Parameter::Type;
  const Parameter word = made(Type::String, R"(["fail","ignore"])");
  EXPECT_EQ(parameter_value(word, "fail"), R"("fail")");
  EXPECT_EQ(parameter_value(word, "fial").error().message,
            R"(the parameter p takes one of "fail", "ignore")");
  const Parameter number = made(Type::Int, "[1,2]");
  EXPECT_EQ(parameter_value(number, "2"), "2");
  EXPECT_EQ(parameter_value(number, "3").error().message, "the parameter p takes one of 1, 2");
}

TEST(Parameters, AreFoundInExpressions) {
  const struct {
    std::string_view expression;
    std::vector<std::string> want;
    bool whole = false;
  } cases[] = {
      {"resource.A == params.limit", {"limit"}},
      {"params . limit > 1 && params.?other.orValue(1) == 2", {"limit", "other"}},
      {"params.limit", {"limit"}},
      {"params\n  .limit > 1", {"limit"}},
      // A member or a literal of that name is no parameter.
      {"resource.params.limit == 1 && resource.?params.x && resource . params.y", {}},
      {R"(resource.A == "params.limit" || resource.A == 'params.x')", {}},
      {R"(resource.A == """params.a " params.b""" && params.c)", {"c"}},
      {R"(r"\" + params.a)", {"a"}},
      {R"("\"params.b" + params.a)", {"a"}},
      {R"(rb'\' == b"params.b" && params.a)", {"a"}},
      {"true // params.limit\n && params.a", {"a"}},
      {"myparams.limit + params_x.y", {}},
      // What takes the map as a whole may use all of it.
      {R"(params["limit"] == 1)", {}, true},
      {"\"a\" in params", {}, true},
      {"params.all(k, k != '') && params.limit", {"limit"}, true},
      {"params", {}, true},
      {"\"unclosed params.a", {}},
      {"", {}},
  };
  for (const auto& row : cases) {
    ParameterUse use;
    find_parameter_use(row.expression, use);
    EXPECT_EQ(use.names, row.want) << row.expression;
    EXPECT_EQ(use.whole, row.whole) << row.expression;
  }
}

TEST(Parameters, MakeTheVariable) {
  Parameter first = made(Parameter::Type::Int);
  first.value = "2";
  Parameter second = made(Parameter::Type::StringList);
  second.name = "q";
  second.value = R"(["a"])";
  const Parameter both[] = {first, second};
  const Result<json::Document> document = parameters_document(both);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root["p"].integer(), 2);
  EXPECT_EQ(document->root["q"].at(0).string(), "a");
  EXPECT_EQ(parameters_document({})->root.size(), 0U);
}

}  // namespace
}  // namespace sagewarden
