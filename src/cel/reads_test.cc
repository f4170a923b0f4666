#include <gtest/gtest.h>

#include "cel/cel.h"

namespace sagewarden::cel {
namespace {

TEST(Reads, WhatAnExpressionLooksAt) {
  constexpr std::string_view kWhole = "*";
  struct Row {
    std::string_view expression;
    std::vector<std::string> resource;  // "*": more than members
    std::vector<std::string> tags;
  };
  const Row rows[] = {
      {"true", {}, {}},
      {"resource.A.B == 1 && resource.A.C == 2", {"A"}, {}},
      {"resource.?B.orValue(1) == 1 || has(resource.A)", {"A", "B"}, {}},
      {"has(resource.A.B)", {"A"}, {}},
      {"'Owner' in tags", {}, {"*"}},
      {"tags.exists(key, key.startsWith(resource.Name))", {"Name"}, {"*"}},
      {"[1].all(resource, resource > 0)", {}, {}},
      {"resource['A'] == 1", {"A"}, {}},
      {"resource[tags.A] == 1", {"*"}, {"A"}},
      {"resource.List.all(x, x.A == resource.B)", {"B", "List"}, {}},
      {"size(resource) > 0 && tags.Owner == ''", {"*"}, {"Owner"}},
      {"cel.bind(r, resource, r.A == 1)", {"*"}, {}},
  };
  constexpr std::string_view kVariables[] = {"resource", "tags"};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.expression);
    const Result<Program> program = Program::compile(row.expression, kVariables);
    ASSERT_TRUE(program) << program.error().message;
    for (const std::string_view variable : kVariables) {
      Reads reads = reads_of(*program, variable);
      if (reads.whole) reads.members = {std::string(kWhole)};
      EXPECT_EQ(reads.members, variable == "tags" ? row.tags : row.resource) << variable;
    }
  }
}

}  // namespace
}  // namespace sagewarden::cel
