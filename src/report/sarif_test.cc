#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.h"
#include "report/formats.h"
#include "report/sample.h"

namespace sagewarden {
namespace {

json::Document sarif(const Sample& sample) {
  const auto text = render("sarif", sample);
  EXPECT_TRUE(text) << text.error().message;
  auto document = json::parse_document(text.value_or("{}"));
  EXPECT_TRUE(document) << document.error().message;
  return std::move(*document);
}

Sample clean_run_with(Finding finding) {
  Sample sample = clean_sample();
  sample.findings = {std::move(finding)};
  return sample;
}

Finding failed_model() {
  for (const Finding& finding : usual_sample().findings) {
    if (finding.name == "ScoringModel") return finding;
  }
  return {};
}

json::Value result(const json::Document& document) {
  return document.root["runs"].at(0)["results"].at(0);
}

TEST(Sarif, LevelAndKind) {
  using enum Severity;
  const struct {
    Compliance compliance;
    Severity severity;
    std::string_view kind;
    std::string_view level;
  } cases[] = {
      {Compliance::Failed, Critical, "fail", "error"},
      {Compliance::Failed, High, "fail", "error"},
      {Compliance::Failed, Medium, "fail", "warning"},
      {Compliance::Failed, Low, "fail", "note"},
      {Compliance::Failed, Informational, "fail", "note"},
      {Compliance::Warning, Critical, "open", "none"},
      {Compliance::NotAvailable, High, "open", "none"},
      {Compliance::Passed, High, "", ""},
  };
  for (const auto& c : cases) {
    Finding finding = failed_model();
    finding.compliance = c.compliance;
    finding.severity = c.severity;
    const auto document = sarif(clean_run_with(finding));
    EXPECT_EQ(result(document)["kind"].string_or(""), c.kind);
    EXPECT_EQ(result(document)["level"].string_or(""), c.level);
  }
}

TEST(Sarif, PlacesAreWhatGitHubCanShow) {
  const struct {
    std::string_view file;
    uint32_t line, column;
    std::string_view uri;
    std::string_view base;
    uint64_t start_line, start_column;
  } cases[] = {
      {"infra/a b.yaml", 3, 7, "infra/a%20b.yaml", "%SRCROOT%", 3, 7},
      {"./x.json", 0, 0, "x.json", "%SRCROOT%", 1, 1},
      {"././x.json", 2, 0, "x.json", "%SRCROOT%", 2, 1},
      {"../x.json", 2, 1, "../x.json", "%SRCROOT%", 2, 1},
      {"/abs/x.json", 2, 1, "file:///abs/x.json", "", 2, 1},
      {"-", 1, 1, "standard%20input", "", 1, 1},
      {"a:b", 1, 1, "a%3Ab", "%SRCROOT%", 1, 1},  // no scheme
      {"", 0, 0, "ScoringModel", "%SRCROOT%", 1, 1},
  };
  for (const auto& c : cases) {
    Finding finding = failed_model();
    finding.evidence.clear();
    finding.location = {std::string(c.file), c.line, c.column, "ScoringModel"};
    const auto document = sarif(clean_run_with(finding));
    const json::Value place = result(document)["locations"].at(0)["physicalLocation"];
    EXPECT_EQ(place["artifactLocation"]["uri"].string_or("none"), c.uri);
    EXPECT_EQ(place["artifactLocation"]["uriBaseId"].string_or(""), c.base);
    EXPECT_EQ(place["region"]["startLine"].integer(), static_cast<int64_t>(c.start_line));
    EXPECT_EQ(place["region"]["startColumn"].integer(), static_cast<int64_t>(c.start_column));
  }
}

TEST(Sarif, FingerprintStaysWhenTheLineMoves) {
  Finding finding = failed_model();
  const auto before = sarif(clean_run_with(finding));
  finding.location.line += 10;
  finding.evidence[0].line += 10;
  const auto after = sarif(clean_run_with(finding));
  finding.id += "x";
  const auto other = sarif(clean_run_with(finding));
  const auto hash = [](const json::Document& document) {
    return std::string(
        result(document)["partialFingerprints"]["primaryLocationLineHash"].string_or(""));
  };
  EXPECT_EQ(hash(before), hash(after));
  EXPECT_NE(hash(before), hash(other));
}

TEST(Sarif, NoInputMakesALink) {
  Finding finding = failed_model();
  finding.reasons[0].message = "see [this](https://example.invalid) and ![that](x)";
  const auto document = sarif(clean_run_with(finding));
  const std::string_view text = result(document)["message"]["text"].string();
  EXPECT_EQ(text.find("]("), std::string_view::npos) << text;
  EXPECT_NE(text.find("[this] (https"), std::string_view::npos) << text;
}

TEST(Sarif, GapsMakeTheInvocationUnsuccessful) {
  const auto clean = sarif(clean_sample());
  const auto usual = sarif(usual_sample());
  const auto interrupted = sarif(empty_sample());
  const auto invocation = [](const json::Document& document) {
    return document.root["runs"].at(0)["invocations"].at(0);
  };
  EXPECT_TRUE(invocation(clean)["executionSuccessful"].boolean());
  EXPECT_FALSE(invocation(usual)["executionSuccessful"].boolean());
  EXPECT_FALSE(invocation(interrupted)["executionSuccessful"].boolean());
  EXPECT_EQ(invocation(usual)["toolExecutionNotifications"].size(), 4U);  // 2 gaps, verdict, notice
}

TEST(Sarif, LimitsOfGitHub) {
  constexpr size_t kMost = 10;  // GitHub's is in the case report-limits of the program
  for (const size_t extra : {size_t{0}, size_t{5}}) {
    // The most severe comes last and must have its place all the same.
    Sample sample = clean_sample();
    sample.findings.assign(kMost + extra, failed_model());
    sample.findings.back().severity = Severity::Critical;
    sample.findings.back().name = "LastModel";
    std::string text;
    ASSERT_TRUE(write_sarif_up_to(kMost, sample.input, each_of(sample.findings),
                                  *create_string_output(text)));
    const auto document = json::parse_document(text);
    ASSERT_TRUE(document);
    const json::Value run = document->root["runs"].at(0);
    EXPECT_EQ(run["results"].size(), kMost);
    const json::Value last = run["results"].at(kMost - 1);
    EXPECT_TRUE(last["message"]["text"].string().starts_with("LastModel"));
    const json::Value invocation = run["invocations"].at(0);
    EXPECT_EQ(invocation["executionSuccessful"].boolean(), extra == 0);
    EXPECT_EQ(invocation["toolExecutionNotifications"].size(),
              extra == 0 ? 1U : 2U);  // the verdict
  }
}

}  // namespace
}  // namespace sagewarden
