#include <fmt/format.h>
#include <gtest/gtest.h>

#include "report/html_assets.h"
#include "report/html_chart.h"
#include "report/html_findings.h"
#include "report/sample.h"

namespace sagewarden {
namespace {

std::string html(const Sample& sample) {
  const auto text = render("html", sample);
  EXPECT_TRUE(text) << text.error().message;
  return text.value_or("");
}

TEST(Html, AssetsCannotEndTheirElement) {
  for (const std::string_view asset : {kHtmlStyle, kHtmlScript}) {
    EXPECT_FALSE(asset.empty());
    EXPECT_EQ(asset.find("</"), std::string_view::npos);
    EXPECT_EQ(asset.find("<!--"), std::string_view::npos);
  }
  for (const std::string_view hash : {kHtmlStyleHash, kHtmlScriptHash}) {
    EXPECT_TRUE(hash.starts_with("sha256-"));
    EXPECT_EQ(hash.size(), 51U);
    EXPECT_TRUE(hash.ends_with('='));
  }
}

// The cards alone, with limits that are quickly reached.
std::string cards(const Sample& sample, HtmlFindings::Limits limits, size_t& left_out) {
  const auto ranks = count_ranks(each_of(sample.findings));
  HtmlFindings findings(sample.input, ranks.value(), limits);
  for (const Finding& finding : sample.findings) findings.add(finding);
  std::string text;
  EXPECT_TRUE(findings.write(*create_string_output(text)));
  left_out = findings.left_out();
  return text;
}

TEST(Html, RowsAreLimitedAndWhatIsLeftOutIsSaid) {
  constexpr size_t kMost = 10;
  for (const size_t extra : {size_t{0}, size_t{3}}) {
    // The failed one comes last and must be there all the same.
    Sample sample = clean_sample();
    sample.findings.assign(kMost + extra, sample.findings.front());
    sample.findings.back().compliance = Compliance::Failed;
    sample.findings.back().name = "the-last-one";
    size_t left_out = 0;
    const std::string text = cards(sample, {.rows = kMost}, left_out);
    EXPECT_EQ(left_out, extra);
    EXPECT_EQ(count_of_text(text, "<details class=\"f\""), kMost);
    EXPECT_NE(text.find("the-last-one"), std::string::npos);
    EXPECT_EQ(text.find("3 more findings of this control") != std::string::npos, extra > 0);
  }
}

TEST(Html, BytesAreLimitedToo) {
  Sample sample = clean_sample();
  Finding finding = sample.findings.front();
  const std::string value(2000, '<');  // grows fivefold
  finding.evidence.assign(60, {value, value, value, 1, 1});
  finding.compliance = Compliance::Failed;
  sample.findings.assign(5, finding);
  size_t left_out = 0;
  const std::string text = cards(sample, {.bytes = 2'000'000}, left_out);
  EXPECT_EQ(left_out, 3U);  // the second row goes over it
  EXPECT_LT(text.size(), 4'000'000U);
  EXPECT_NE(text.find("and 10 more"), std::string::npos) << "evidence beyond the 50th";
}

TEST(Html, ThePageSaysThatFindingsAreLeftOut) {
  const Sample sample = large_sample(1003);
  std::string text;
  ASSERT_TRUE(write_html_page(sample.input, each_of(sample.findings), {.rows = 1000},
                              *create_string_output(text)));
  EXPECT_NE(text.find("<b>3 findings are not listed.</b> A page holds 1,000 at most"),
            std::string::npos);
  EXPECT_EQ(html(sample).find("findings are not listed"), std::string::npos);
}

TEST(Html, LongValuesAreCut) {
  const std::string value = html_value(std::string(100'000, 'A'));
  EXPECT_EQ(value.size(), 2000U);
  EXPECT_TRUE(value.ends_with("\xE2\x80\xA6"));
}

TEST(Html, AnchorsAreSafe) {
  const struct {
    std::string_view control;
    std::string_view want;
  } cases[] = {{"SageMaker.16", "fix-SageMaker.16"},
               {"Custom<b>\" x.1", "fix-Custom_b___x.1"},
               {"", "fix-"}};
  for (const auto& c : cases) EXPECT_EQ(html_anchor("fix", c.control), c.want);
}

TEST(Html, OnlyWebAddressesBecomeLinks) {
  Sample sample = clean_sample();
  for (const std::string_view address :
       {"javascript:alert(1)", "http://example.invalid", "data:text/html,x", " https://x"}) {
    for (ControlInfo& control : sample.input.controls) control.documentation = address;
    EXPECT_EQ(html(sample).find("Documentation</h4>"), std::string::npos) << address;
  }
  for (ControlInfo& control : sample.input.controls) control.documentation = "https://x/\"onx=y";
  EXPECT_NE(html(sample).find("href=\"https://x/&#34;onx=y\""), std::string::npos);
}

TEST(Html, WhatWasNotReadIsNeverCalledRead) {
  EXPECT_NE(html(clean_sample()).find("Everything that was given was read"), std::string::npos);
  for (const Sample& sample : {usual_sample(), empty_sample()})
    EXPECT_EQ(html(sample).find("Everything that was given was read"), std::string::npos);
}

TEST(Chart, TheScoreIsAHundredOnlyWhenAllPassed) {
  const struct {
    ControlTally tally;
    std::string_view score;
  } cases[] = {
      {{.passed = 3}, ">100%<"},
      {{.failed = 1, .passed = 999}, ">99%<"},
      {{.failed = 3}, ">0%<"},
      {{.failed = 33, .passed = 2}, ">6%<"},
      {{.failed = 199, .passed = 1}, ">1%<"},
      {{.unknown = 2, .no_data = 3}, ">\xE2\x80\x93<"},
      {{}, ">\xE2\x80\x93<"},
  };
  for (const auto& c : cases)
    EXPECT_NE(control_ring(c.tally).find(c.score), std::string::npos) << c.score;
}

TEST(Chart, BarsAreShares) {
  const std::string bars = severity_bars({0, 4, 1, 0, 0, 9, 9, 9});
  EXPECT_NE(bars.find("width=\"100.00%\""), std::string::npos);
  EXPECT_NE(bars.find("width=\"25.00%\""), std::string::npos);
  EXPECT_EQ(bars.find(">9<"), std::string::npos) << "only what failed";
  EXPECT_EQ(count_of_text(severity_bars({}), "width=\"0.00%\""), 5U);
}

}  // namespace
}  // namespace sagewarden
