#include "base/text.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "report/escape.h"
#include "report/sample.h"

namespace sagewarden {
namespace {

std::string text_of(const Sample& sample, const TextStyle& style = {}) {
  const auto text = render("text", sample, style);
  EXPECT_TRUE(text) << text.error().message;
  return text.value_or("");
}

TEST(Text, FitsTheTerminal) {
  for (const Sample& sample : {usual_sample(), hostile_sample(), large_sample(400)}) {
    for (const size_t width : {80U, 100U, 132U, 200U}) {
      const std::string text =
          text_of(sample, {.colour = false, .width = width, .is_terminal = true});
      size_t over = 0;
      for (const std::string_view line : split(text, '\n')) over += terminal_columns(line) > width;
      // Verdict, hint and interruption are sentences that the terminal may wrap.
      EXPECT_LE(over, 2U) << sample.name << " at " << width << "\n" << text.substr(0, 3000);
    }
  }
}

// The end of a reason says what was wanted, and what to do.
TEST(Text, ReasonsAreNeverCut) {
  Sample sample = clean_sample();
  sample.findings.resize(1);
  Finding& finding = sample.findings.front();
  finding.compliance = Compliance::Failed;
  finding.name = std::string(60, 'n') + "END-OF-NAME";
  const std::string path = "MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig." +
                           std::string(100, 'x') + "END-OF-PATH";
  finding.reasons = {{"SETTING_INSECURE", path + " is false, wanted true or whatever it takes"}};
  for (const bool is_terminal : {false, true}) {
    for (const size_t width : {60U, 80U, 120U, 200U, 400U}) {
      std::string text =
          text_of(sample, {.colour = false, .width = width, .is_terminal = is_terminal});
      EXPECT_EQ(text.find("END-OF-NAME") == std::string::npos, is_terminal);
      // Broken lines are one text again.
      std::erase_if(text, [](char c) { return c == '\n' || c == ' '; });
      std::string want = path + "isfalse,wantedtrueorwhateverittakes";
      EXPECT_NE(text.find(want), std::string::npos) << width << "\n" << text;
    }
  }
}

TEST(Text, FilesAreNamedWhenAsked) {
  const std::string line = "in export/notebooks.json\n";
  EXPECT_EQ(text_of(usual_sample()).find(line), std::string::npos);
  EXPECT_NE(text_of(usual_sample(), {.files = true}).find(line), std::string::npos);
}

TEST(Text, ColourOnlyWhenAsked) {
  const std::string plain = text_of(hostile_sample());
  EXPECT_EQ(plain.find('\x1b'), std::string::npos);
  const std::string coloured =
      text_of(usual_sample(), {.colour = true, .width = 100, .is_terminal = true});
  EXPECT_NE(coloured.find("\x1b[1;31mHIGH\x1b[0m"), std::string::npos);
  // Each colour is ended on its line.
  for (const std::string_view line : split(coloured, '\n')) {
    size_t starts = 0;
    size_t ends = 0;
    for (size_t at = line.find('\x1b'); at != std::string_view::npos;
         at = line.find('\x1b', at + 1))
      ++(line.substr(at).starts_with("\x1b[0m") ? ends : starts);
    EXPECT_EQ(starts, ends) << printable(line);
  }
}

TEST(Text, ManyFindingsOfOneControlAreCounted) {
  for (const size_t failed : {size_t{100}, size_t{101}, size_t{1334}}) {
    Sample sample = clean_sample();
    Finding finding = usual_sample().findings.back();
    finding.suppressed.reset();
    finding.compliance = Compliance::Failed;
    finding.reasons = {{"CODE", "reason"}};
    sample.findings.assign(failed, finding);
    const std::string text = text_of(sample);
    const std::string more =
        fmt::format("and {} more", failed == 1334 ? "1,234" : std::to_string(failed - 100));
    EXPECT_EQ(text.find("more, all of them") != std::string::npos, failed > 100) << failed;
    if (failed > 100) {
      EXPECT_NE(text.find(more), std::string::npos) << text.substr(0, 500);
    }
  }
}

TEST(Text, GapsAreListedUpToALimit) {
  for (const size_t gaps : {size_t{50}, size_t{51}}) {
    Sample sample = clean_sample();
    for (size_t at = 0; at < gaps; ++at) {
      Gap gap;
      gap.location.file = fmt::format("file{}.json", at);
      gap.message = "do this";
      sample.input.coverage.gaps.push_back(gap);
    }
    const std::string text = text_of(sample);
    EXPECT_NE(text.find(fmt::format("NOT READ  {}", gaps)), std::string::npos);
    EXPECT_NE(text.find("file49.json"), std::string::npos);
    EXPECT_EQ(text.find("file50.json"), std::string::npos);
    EXPECT_EQ(text.find("and 1 more, all of them") != std::string::npos, gaps > 50);
  }
}

TEST(Text, SuppressedOnesAreListedUpToALimit) {
  const std::string usual = text_of(usual_sample());
  EXPECT_NE(usual.find("SUPPRESSED  2\n\n  SageMaker.5  LegacyModel  infra/ml platform.yaml:90\n"
                       "    pulls weights from S3 until Q3, until 2026-09-30\n"),
            std::string::npos)
      << usual;
  for (const size_t count : {size_t{20}, size_t{21}}) {
    Sample sample = clean_sample();
    sample.findings.assign(count, sample.findings.front());
    for (Finding& finding : sample.findings) finding.suppressed = Suppression{};
    const std::string text = text_of(sample);
    EXPECT_NE(text.find(fmt::format("SUPPRESSED  {}", count)), std::string::npos);
    EXPECT_EQ(text.find("and 1 more, all of them") != std::string::npos, count > 20);
  }
}

TEST(Text, AllIsWellOnlyWhenItIs) {
  EXPECT_NE(text_of(clean_sample()).find("\nNothing failed, 2 passed.\n"), std::string::npos);
  EXPECT_TRUE(text_of(empty_sample()).starts_with("INTERRUPTED: "));
  Sample sample = clean_sample();
  sample.input.coverage.gaps.resize(1);
  EXPECT_NE(text_of(sample).find("Nothing failed among what could be judged"), std::string::npos);
}

TEST(Text, SeveritiesAreGroupedHighestFirst) {
  const std::string text = text_of(usual_sample());
  EXPECT_LT(text.find("HIGH  2 failed, 1 not judged"), text.find("MEDIUM  2 failed, 1 not judged"));
  EXPECT_LT(text.find("MEDIUM  "), text.find("LOW  1 not judged"));
}

TEST(Text, HostileNamesCannotMoveTheCursor) {
  const std::string text = text_of(hostile_sample(), {.colour = false, .width = 200});
  EXPECT_NE(text.find("right\\u202Etfel to left"), std::string::npos);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
  EXPECT_LT(text.size(), 100'000U) << "long values are cut";
}

}  // namespace
}  // namespace sagewarden
