// Why verdicts came out as they did: each row is one expression over one document.
#include <gtest/gtest.h>

#include <array>

#include "cel/cel.h"

namespace sagewarden::cel {
namespace {

constexpr std::string_view kDocument = R"({
  "Name": "n1", "Root": "Enabled", "Public": true, "Count": 1, "Empty": [], "Nothing": null,
  "Primary": {"Image": "x", "ImageConfig": {"RepositoryAccessMode": "Platform"}},
  "Containers": [{"Image": "a", "ImageConfig": {"Mode": "Vpc"}}, {"Image": "b", "ImageConfig": {"Mode": "Platform"}},
                 {"Image": "c"}],
  "Variants": [{"Name": "s", "ServerlessConfig": {}}, {"Name": "i", "InitialInstanceCount": 1}],
  "Subnets": ["subnet-1", "vpc-2"], "a key": {"b c": 1},
  "Role": null, "List": [1, null, 3], "Map": {"k": 1, "u": null}})";

struct ExplainRow {
  std::string_view expression;
  std::string_view want;
};

class Explain : public testing::Test {
 protected:
  Explain() {
    mark_unknown(unknown_, "Role", Known::Nothing, UnknownCause::NotResolved, "role");
    mark_unknown(unknown_, "Key", Known::Set, UnknownCause::NotResolved, "key");
    mark_unknown(unknown_, "List[1]", Known::Set, UnknownCause::NotResolved, "element");
    mark_unknown(unknown_, "Map.u", Known::Nothing, UnknownCause::NotResolved, "entry");
  }

  // "path: found; wanted" for each observation, joined by " | ".
  std::string explain_text(std::string_view expression) {
    constexpr std::array<std::string_view, 2> kNames = {"resource", "params"};
    const auto program = Program::compile(expression, kNames);
    if (!program) return program.error().message;
    const Value variables[] = {Value::json(document_.root, &unknown_), Value::json(params_.root)};
    const Explanation explanation = explain(*program, variables, scratch_);
    std::string text;
    for (const Observation& one : explanation.observations) {
      if (!text.empty()) text += " | ";
      text += one.path + ": " + one.found + "; " + one.wanted;
      if (one.unknown != nullptr) text += " (" + one.unknown->reason + ")";
    }
    error_ = explanation.error;
    return text;
  }

  json::Document document_ = *json::parse_document(kDocument);
  json::Document params_ = *json::parse_document(R"({"minimum": 2, "allowed": ["a", "b"]})");
  UnknownNode unknown_;
  Scratch scratch_;
  std::string error_;
};

TEST_F(Explain, Leaves) {
  const ExplainRow rows[] = {
      {R"(resource.Root == "Disabled")", R"(resource.Root: "Enabled"; "Disabled")"},
      {R"("Disabled" == resource.Root)", R"(resource.Root: "Enabled"; "Disabled")"},
      {R"(resource.Root != "Enabled")", R"(resource.Root: "Enabled"; not "Enabled")"},
      {R"(!(resource.Root == "Enabled"))", R"(resource.Root: "Enabled"; not "Enabled")"},
      {R"(resource.Count > 1)", "resource.Count: 1; > 1"},
      {R"(!(resource.Count <= 1))", "resource.Count: 1; > 1"},
      {R"(2 <= resource.Count)", "resource.Count: 1; >= 2"},
      {R"(resource.Count >= params.minimum)", "resource.Count: 1; >= 2"},
      {R"(params.minimum <= resource.Count)", "resource.Count: 1; >= 2"},
      {R"(resource.Root in ["a", "b"])", R"(resource.Root: "Enabled"; one of ["a","b"])"},
      {R"(resource.Root in params.allowed)", R"(resource.Root: "Enabled"; one of ["a","b"])"},
      {R"(!(resource.Root in ["Enabled"]))", R"(resource.Root: "Enabled"; none of ["Enabled"])"},
      {R"("subnet-3" in resource.Subnets)",
       R"(resource.Subnets: ["subnet-1","vpc-2"]; contains "subnet-3")"},
      {R"(has(resource.Missing))", "resource.Missing: not set; set"},
      {R"((resource.Public ? resource.Root : resource.Name) == "x")",
       R"(resource.Root: "Enabled"; "x")"},
      {R"((has(resource.Primary) ? [resource.Primary] : resource.Containers).all(c, c.Image == "y"))",
       R"(resource.Primary.Image: "x"; "y")"},
      {R"((has(resource.Missing) ? [resource.Missing] : resource.Containers).all(c, c.Image != "b"))",
       R"(resource.Containers[1].Image: "b"; not "b")"},
      {R"(!has(resource.Name))", R"(resource.Name: "n1"; not set)"},
      {R"(!resource.Public)", "resource.Public: true; false"},
      {R"(resource.Name.startsWith("x"))", R"(resource.Name: "n1"; starts with "x")"},
      {R"(!resource.Name.startsWith("n"))", R"(resource.Name: "n1"; does not start with "n")"},
      {R"(resource.Name.matches("^x"))", R"(resource.Name: "n1"; matches "^x")"},
      {R"(size(resource.Empty) > 0)", "resource.Empty: []; not empty"},
      {R"(resource.Empty.size() >= 2)", "resource.Empty: []; size >= 2"},
      {R"(resource["a key"]["b c"] == 2)", R"(resource["a key"]["b c"]: 1; 2)"},
      {R"(resource.Containers[1].Image == "z")", R"(resource.Containers[1].Image: "b"; "z")"},
      {R"(resource.?Primary.?ImageConfig.?RepositoryAccessMode.orValue("Platform") == "Vpc")",
       R"(resource.Primary.ImageConfig.RepositoryAccessMode: "Platform"; "Vpc")"},
      {R"(resource.?Primary.?Other.?Mode.orValue("Platform") == "Vpc")",
       R"(resource.Primary.Other.Mode: not set; "Vpc")"},
      {R"(resource.?Flag.orValue(false))", "resource.Flag: not set; true"},
      {R"(resource.?Flag.hasValue())", "resource.Flag: not set; set"},
      {R"(resource.?Primary.optMap(p, p.Image == "y").orValue(false))",
       R"(resource.Primary.Image: "x"; "y")"},
      {R"(resource.?Flag.optMap(p, p == "y").orValue(false))", "resource.Flag: not set; set"},
      {R"(resource.Count + resource.Containers[0].size() > 9)",
       R"(resource.Count: 1; resource.Count + resource.Containers[0].size() > 9 | )"
       R"(resource.Containers[0]: {"Image":"a","ImageConfig":{"Mode":"Vpc"}}; )"
       R"(resource.Count + resource.Containers[0].size() > 9)"},
  };
  for (const ExplainRow& row : rows) {
    SCOPED_TRACE(row.expression);
    EXPECT_EQ(explain_text(row.expression), row.want);
  }
}

TEST_F(Explain, LogicAndComprehensions) {
  const ExplainRow rows[] = {
      {"resource.Public && resource.Count > 1", "resource.Count: 1; > 1"},
      {R"(resource.Name == "a" || resource.Count > 1)",
       R"(resource.Name: "n1"; "a" | resource.Count: 1; > 1)"},
      {R"(resource.Name == "a" || resource.Name == "b")", R"(resource.Name: "n1"; "a" or "b")"},
      {"!(resource.Public || resource.Count == 1)",
       "resource.Public: true; false | resource.Count: 1; not 1"},
      {R"(has(resource.Missing) ? resource.Missing == 1 : false)",
       "resource.Missing: not set; set"},
      {R"(has(resource.Name) ? resource.Name == "z" : true)", R"(resource.Name: "n1"; "z")"},
      {R"(resource.Containers.all(c, has(c.ImageConfig) && c.ImageConfig.Mode == "Vpc"))",
       R"(resource.Containers[1].ImageConfig.Mode: "Platform"; "Vpc" | )"
       R"(resource.Containers[2].ImageConfig: not set; set)"},
      {R"(resource.Variants.filter(v, !has(v.ServerlessConfig)).all(v, v.InitialInstanceCount > 1))",
       "resource.Variants[1].InitialInstanceCount: 1; > 1"},
      {R"(resource.Containers.map(c, c.Image).all(i, i != "b"))",
       R"(resource.Containers[1].Image: "b"; not "b")"},
      {R"(resource.Subnets.exists(s, s == "z"))",
       R"(resource.Subnets[0]: "subnet-1"; "z" | resource.Subnets[1]: "vpc-2"; "z")"},
      {R"(!resource.Subnets.exists(s, s.startsWith("vpc")))",
       R"(resource.Subnets[1]: "vpc-2"; does not start with "vpc")"},
      {"resource.Empty.exists(e, e == 1)", "resource.Empty: []; not empty"},
      {R"([resource.Root, resource.Name].all(x, x == "n1"))", R"(resource.Root: "Enabled"; "n1")"},
      {R"(resource.Primary.all(k, k != "Image"))",
       R"(resource.Primary.Image: "Image"; not "Image")"},
      {"cel.bind(p, resource.Primary, p.Image == 'y')", R"(resource.Primary.Image: "x"; "y")"},
  };
  for (const ExplainRow& row : rows) {
    SCOPED_TRACE(row.expression);
    EXPECT_EQ(explain_text(row.expression), row.want);
  }
}

TEST_F(Explain, Unknown) {
  const ExplainRow rows[] = {
      {R"(resource.Role == "r")", R"(resource.Role: not known; "r" (role))"},
      {R"(has(resource.Role))", "resource.Role: not known; set (role)"},
      {R"(resource.Key == "k" && resource.Public)", R"(resource.Key: not known; "k" (key))"},
      {R"(resource.Key == "k" || resource.Count > 1)", R"(resource.Key: not known; "k" (key))"},
      {R"(resource.?Role.?Deep.orValue("d") == "x")",
       R"(resource.Role.Deep: not known; "x" (role))"},
      {"resource.List.all(n, n > 0)", "resource.List[1]: not known; > 0 (element)"},
      {"size(resource.Map) > 1", "resource.Map: not known; size > 1 (entry)"},
      {"resource.List == [1, 2, 3]", "resource.List: not known; [1,2,3] (element)"},
      {"resource.Count > resource.Key", "resource.Key: not known; set (key)"},
  };
  for (const ExplainRow& row : rows) {
    SCOPED_TRACE(row.expression);
    EXPECT_EQ(explain_text(row.expression), row.want);
    EXPECT_EQ(error_, "");
  }
}

TEST_F(Explain, Errors) {
  EXPECT_EQ(explain_text(R"(resource.Primary.Other.Mode == "Vpc")"),
            R"(resource.Primary.Other.Mode: not set; "Vpc")");
  EXPECT_EQ(error_,
            "line 1, column 18: no such key: Other\n"
            "  resource.Primary.Other.Mode == \"Vpc\"\n"
            "                   ^");
  EXPECT_EQ(explain_text("has(resource.A.B)"), "resource.A.B: not set; set");
  EXPECT_EQ(explain_text("1 + 1"), "");
  EXPECT_EQ(error_, "line 1, column 1: this is neither true nor false\n  1 + 1\n  ^");
  EXPECT_EQ(explain_text("true"), "");
  EXPECT_EQ(error_, "");
}

}  // namespace
}  // namespace sagewarden::cel
