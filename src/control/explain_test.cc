// What people are told about a verdict.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "control/control.h"

namespace sagewarden {
namespace {

class Explained {
 public:
  explicit Explained(std::string_view passes, std::string_view more = {}) {
    const std::string text = fmt::format(R"(
id: Acme.1
title: t
severity: LOW
resource: AWS::SageMaker::Model
why: w
fix: f
tests: [{{name: n, given: {{}}, expect: WARNING}}]
passes: |
  {}
{})",
                                         passes, more);
    Result<Control> control = parse_control("acme.yaml", text, "user");
    EXPECT_TRUE(control) << control.error().message;
    control_.push_back(std::move(*control));
    location_.file = "t.yaml";
    location_.line = 10;
    location_.column = 3;
  }

  // The properties, and the tags.
  Explained& of(std::string_view properties, std::string_view tags = "{}") {
    properties_ = *json::parse_document(properties);
    tags_ = *json::parse_document(tags);
    return *this;
  }
  Explained& unknown(std::string_view path, UnknownCause cause, std::string_view reason) {
    mark_unknown(unknown_, path, Known::Nothing, cause, std::string(reason));
    return *this;
  }
  Explained& defaulted(std::string path) {
    defaulted_.push_back(std::move(path));
    return *this;
  }
  Explained& lines(std::vector<PropertyLine> lines) {
    lines_ = std::move(lines);
    return *this;
  }
  Control& control() { return control_.front(); }

  Grounds grounds() {
    Resource resource;
    resource.type = "AWS::SageMaker::Model";
    resource.partition = "aws";
    resource.properties = properties_.root;
    resource.tags = tags_.root;
    resource.unknown_properties = unknown_.empty() ? nullptr : &unknown_;
    resource.location = &location_;
    resource.property_lines = &lines_;
    resource.defaulted = &defaulted_;
    cel::Scratch scratch;
    verdict = judge(control(), resource, scratch);
    return explain(control(), resource, verdict, scratch);
  }
  Verdict verdict = Verdict::NotApplicable;

 private:
  std::vector<Control> control_;
  json::Document properties_ = *json::parse_document("{}");
  json::Document tags_ = *json::parse_document("{}");
  UnknownNode unknown_;
  Location location_;
  std::vector<PropertyLine> lines_;
  std::vector<std::string> defaulted_;
};

std::string reasons_of(const Grounds& grounds) {
  std::string text;
  for (const Reason& reason : grounds.reasons)
    text += fmt::format("{}: {}\n", reason.code, reason.message);
  return text;
}

TEST(Explain, NamesWhatFailed) {
  const struct {
    std::string_view passes;
    std::string_view properties;
    std::string_view tags;
    std::string_view want;
  } cases[] = {
      {"resource.A == 'x'", R"({"A": "y"})", "{}", "SETTING_INSECURE: A is \"y\", wanted \"x\"\n"},
      {"resource.?A.?B.orValue('') == 'x'", "{}", "{}",
       "SETTING_MISSING: A.B is not set, wanted \"x\"\n"},
      {"has(resource.A)", "{}", "{}", "SETTING_MISSING: A is not set, wanted set\n"},
      // Each way to ask for something reads the same.
      {"resource.?A.orValue('') != null && resource.?A.orValue('') > ''", R"({"A": null})", "{}",
       "SETTING_MISSING: A is null, wanted set\n"},
      {"resource.?A.orValue('') != null && resource.?A.orValue('') > ''", R"({"A": ""})", "{}",
       "SETTING_MISSING: A is \"\", wanted set\n"},
      {"resource.?A.orValue('') != ''", "{}", "{}", "SETTING_MISSING: A is not set, wanted set\n"},
      {"resource.?A.orValue({}) != {}", R"({"A": {}})", "{}",
       "SETTING_INSECURE: A is {}, wanted set\n"},
      {"resource.A != null && resource.A", R"({"A": false})", "{}",
       "SETTING_INSECURE: A is false, wanted true\n"},
      // Both of an or, the failing ones of an and.
      {"resource.A == 1 || resource.B == 1", R"({"A": 2, "B": 3})", "{}",
       "SETTING_INSECURE: A is 2, wanted 1\nSETTING_INSECURE: B is 3, wanted 1\n"},
      {"resource.A == 2 && resource.B == 1", R"({"A": 2, "B": 3})", "{}",
       "SETTING_INSECURE: B is 3, wanted 1\n"},
      {"resource.L.all(x, x.N > 1)", R"({"L": [{"N": 2}, {"N": 1}]})", "{}",
       "SETTING_INSECURE: L[1].N is 1, wanted > 1\n"},
      {"'Owner' in tags", "{}", R"({"Team": "x"})",
       "TAG_MISSING: tags is {\"Team\":\"x\"}, wanted contains \"Owner\"\n"},
      {"tags.?Owner.orValue('') == 'me'", "{}", R"({"Owner": "you"})",
       "TAG_MISSING: tags.Owner is \"you\", wanted \"me\"\n"},
      // Where nothing was looked at.
      {"false", "{}", "{}",
       "SETTING_INSECURE: the resource as a whole does not meet the control\n"},
      // A terminal gets no control characters.
      {"resource.all(k, resource[k] == 1)", R"({"a\u001b": 2})", "{}",
       "SETTING_INSECURE: [\"a\\u001b\"] is 2, wanted 1\n"},
  };
  for (const auto& row : cases) {
    Explained explained(row.passes);
    const Grounds grounds = explained.of(row.properties, row.tags).grounds();
    EXPECT_EQ(explained.verdict, Verdict::Failed) << row.passes;
    EXPECT_EQ(reasons_of(grounds), row.want) << row.passes;
    EXPECT_FALSE(grounds.evidence.empty()) << row.passes;
  }
}

TEST(Explain, NamesWhatIsNotKnown) {
  const struct {
    UnknownCause cause;
    Verdict verdict;
    std::string_view code;
  } cases[] = {
      {UnknownCause::NotRecorded, Verdict::Warning, "NOT_RECORDED"},
      {UnknownCause::NotResolved, Verdict::Warning, "NOT_RESOLVED"},
      {UnknownCause::AfterApply, Verdict::Warning, "KNOWN_AFTER_APPLY"},
      {UnknownCause::NotExported, Verdict::Warning, "NOT_EXPORTED"},
      {UnknownCause::Denied, Verdict::NotAvailable, "ACCESS_DENIED"},
      {UnknownCause::Failed, Verdict::NotAvailable, "READ_FAILED"},
  };
  for (const auto& row : cases) {
    Explained explained("resource.A.B == 'x'");
    const Grounds grounds =
        explained.of(R"({"A": {}})").unknown("A.B", row.cause, "said so\n").grounds();
    EXPECT_EQ(explained.verdict, row.verdict);
    EXPECT_EQ(reasons_of(grounds), fmt::format("{}: A.B is not known: said so\\x0a\n", row.code));
    ASSERT_EQ(grounds.evidence.size(), 1U);
    EXPECT_EQ(grounds.evidence[0], (Evidence{"A.B", "not known", "\"x\"", 10, 3}));
  }
}

TEST(Explain, NamesWhatWasNotUnderstood) {
  Explained explained("resource.A");
  EXPECT_EQ(reasons_of(explained.of(R"({"A": "true"})").grounds()),
            "CONFIGURATION_NOT_UNDERSTOOD: A is \"true\", wanted true\n"
            "CONFIGURATION_NOT_UNDERSTOOD: \"passes\" of the control gives no answer: line 1, "
            "column 1: this is neither true nor false\n");
  EXPECT_EQ(explained.verdict, Verdict::Warning);

  Explained number("resource.A > 1");
  EXPECT_EQ(reasons_of(number.of(R"({"A": "2"})").grounds()),
            "CONFIGURATION_NOT_UNDERSTOOD: A is \"2\", wanted > 1\n"
            "CONFIGURATION_NOT_UNDERSTOOD: \"passes\" of the control gives no answer: line 1, "
            "column 12: no such overload: comparison(string, int)\n");

  // Where `applies` has no answer, it is what is explained.
  Explained applies("true", "applies: resource.A > 1");
  EXPECT_EQ(reasons_of(applies.of("{}").grounds()),
            "CONFIGURATION_NOT_UNDERSTOOD: A is not set, wanted > 1\n"
            "CONFIGURATION_NOT_UNDERSTOOD: \"applies\" of the control gives no answer: line 1, "
            "column 10: no such key: A\n");
}

TEST(Explain, SaysWhatTheServiceFillsIn) {
  Explained explained("resource.A.B == 'x'");
  const Grounds grounds = explained.of(R"({"A": {"B": "y"}})").defaulted("A.B").grounds();
  EXPECT_EQ(reasons_of(grounds), "SETTING_MISSING: A.B is not set (default \"y\"), wanted \"x\"\n");
  EXPECT_EQ(grounds.evidence.at(0).found, "not set (default \"y\")");
}

TEST(Explain, PointsToTheLine) {
  const struct {
    std::string_view what;
    std::vector<PropertyLine> lines;
    uint32_t line;
    uint32_t column;
  } cases[] = {
      {"the property's own", {{"A", 11, 5}, {"A.B", 12, 7}, {"A.C", 13, 7}}, 12, 7},
      {"its parent's", {{"A", 11, 5}, {"A.BC", 12, 7}}, 11, 5},
      {"the resource's", {{"B", 14, 5}}, 10, 3},
      {"the resource's without any", {}, 10, 3},
  };
  for (const auto& row : cases) {
    Explained explained("resource.?A.?B.orValue('') == 'x'");
    const Grounds grounds = explained.of("{}").lines(row.lines).grounds();
    EXPECT_EQ(grounds.evidence.at(0).line, row.line) << row.what;
    EXPECT_EQ(grounds.evidence.at(0).column, row.column) << row.what;
  }
  Explained tags("'Owner' in tags");
  const Grounds of_tags = tags.of("{}", "{}").lines({{"tags", 15, 5}}).grounds();
  EXPECT_EQ(of_tags.evidence.at(0).path, "tags");
  EXPECT_EQ(of_tags.evidence.at(0).line, 15U);

  Explained element("resource.L.all(x, x.N > 1)");
  const Grounds grounds =
      element.of(R"({"L": [{"N": 1}]})").lines({{"L", 11, 5}, {"L[0]", 12, 7}}).grounds();
  EXPECT_EQ(grounds.evidence.at(0).line, 12U);
}

TEST(Explain, ShowsNoSecrets) {
  Explained explained(
      "resource.Environment.all(k, resource.Environment[k] == '') && resource.MyPassword == 'x'");
  const Grounds grounds =
      explained.of(R"({"Environment": {"KEY": "hunter2"}, "MyPassword": "hunter2"})").grounds();
  EXPECT_EQ(reasons_of(grounds).find("hunter2"), std::string::npos) << reasons_of(grounds);
  ASSERT_EQ(grounds.evidence.size(), 2U);
  for (const Evidence& evidence : grounds.evidence) EXPECT_EQ(evidence.found, "(hidden)");

  // Neither where it is compared with something harmless …
  Explained wish("resource.Name == resource.ApiToken");
  const Grounds other = wish.of(R"({"Name": "a", "ApiToken": "hunter2"})").grounds();
  EXPECT_EQ(reasons_of(other).find("hunter2"), std::string::npos) << reasons_of(other);
  // … nor where it makes an error.
  Explained error("int(resource.ApiToken) > 1");
  const Grounds broken = error.of(R"({"ApiToken": "hunter2"})").grounds();
  EXPECT_EQ(error.verdict, Verdict::Warning);
  EXPECT_EQ(reasons_of(broken).find("hunter2"), std::string::npos) << reasons_of(broken);
}

// A block that is too long to be shown whole is searched for secrets before it is cut.
TEST(Explain, ShowsLargeBlocks) {
  Explained explained("resource.A.B[1] == {}");
  const std::string filler(500, 'x');
  const Grounds grounds =
      explained
          .of(fmt::format(R"({{"A": {{"B": [0, {{"N": 1, "Password": "hunter2", "Z": "{}"}}]}}}})",
                          filler))
          .grounds();
  const std::string& found = grounds.evidence.at(0).found;
  EXPECT_TRUE(found.starts_with(R"_({"N":1,"Password":"(hidden)","Z":"xxx)_")) << found;
  EXPECT_TRUE(found.ends_with("…"));
}

TEST(Explain, CutsLongValues) {
  Explained explained("resource.A == 'x'");
  const std::string euros = [] {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "€";
    return text;
  }();
  const Grounds grounds = explained.of(fmt::format(R"({{"A": "{}"}})", euros)).grounds();
  // A quote, 66 characters of three bytes, and the mark.
  EXPECT_EQ(grounds.evidence.at(0).found, "\"" + euros.substr(0, 198) + "…");
}

TEST(Explain, ShowsTheFirstOfMany) {
  Explained explained("resource.L.all(x, x > 1)");
  std::string list = "1";
  for (int i = 1; i < 20; ++i) list += ",1";
  Grounds grounds = explained.of(fmt::format(R"({{"L": [{}]}})", list)).grounds();
  EXPECT_EQ(grounds.evidence.size(), 20U);
  EXPECT_EQ(grounds.reasons.size(), 20U);
  grounds = explained.of(fmt::format(R"({{"L": [{},1]}})", list)).grounds();
  EXPECT_EQ(grounds.evidence.size(), 20U);
  EXPECT_EQ(grounds.reasons.back().message, "and others; the first 20 are shown");
}

TEST(Explain, SaysWhichReadingWasApplied) {
  Explained explained("resource.A > params.limit || 'x' in params.words", R"(note: Pages disagree.
params:
  limit: {type: int, default: 2, why: w}
  words: {type: list, default: [a], why: w})");
  EXPECT_EQ(reasons_of(explained.of(R"({"A": 1})").grounds()),
            "SETTING_INSECURE: A is 1, wanted > 2\n"
            "NOTE: Pages disagree. (limit = 2, words = [\"a\"])\n");
  ASSERT_TRUE(set_parameter(explained.control(), "limit", "3"));
  EXPECT_EQ(reasons_of(explained.grounds()),
            "SETTING_INSECURE: A is 1, wanted > 3\n"
            "NOTE: Pages disagree. (limit = 3, words = [\"a\"])\n");

  Explained plain("resource.A", "note: Pages agree.");
  EXPECT_EQ(reasons_of(plain.of(R"({"A": false})").grounds()),
            "SETTING_INSECURE: A is false, wanted true\nNOTE: Pages agree.\n");
}

}  // namespace
}  // namespace sagewarden
