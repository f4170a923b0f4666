#include <fmt/format.h>
#include <gtest/gtest.h>

#include "report/sample.h"

namespace sagewarden {
namespace {

constexpr size_t kMaxComment = 65'536;

std::string markdown(const Sample& sample) {
  const auto text = render("markdown", sample);
  EXPECT_TRUE(text) << text.error().message;
  return text.value_or("");
}

TEST(Markdown, LeavesOutHonestlyWhatACommentDoesNotHold) {
  for (const size_t findings : {size_t{10}, size_t{200}, size_t{5000}}) {
    const Sample sample = large_sample(findings);
    const std::string text = markdown(sample);
    EXPECT_LE(text.size(), kMaxComment);
    size_t open = 0;
    for (const Finding& finding : sample.findings) open += finding.compliance != Compliance::Passed;
    const size_t shown = count_of_text(text, "\n- **");
    if (shown == open) {
      EXPECT_EQ(text.find("do not fit"), std::string::npos) << findings;
    } else {
      std::string more = std::to_string(open - shown);
      if (more.size() > 3) more.insert(more.size() - 3, ",");
      EXPECT_NE(text.find("**" + more + " more** do not fit"), std::string::npos) << findings;
      EXPECT_GT(text.size(), kMaxComment * 9 / 10) << "room is left unused";
    }
  }
}

TEST(Markdown, TheUrgentComeFirst) {
  const std::string text = markdown(usual_sample());
  const std::string_view order[] = {"## Sagewarden",
                                    "| Control |",
                                    "### Not read: 2",
                                    "<b>High: failed</b> (2)",
                                    "<b>Medium: failed</b> (2)",
                                    "<b>Could not be judged</b> (3)",
                                    "<b>Suppressed</b> (2)"};
  size_t last = 0;
  for (const std::string_view part : order) {
    const size_t at = text.find(part);
    ASSERT_NE(at, std::string::npos) << part;
    EXPECT_GT(at + 1, last) << part;
    last = at;
  }
  EXPECT_EQ(count_of_text(text, "<details open>"), 1U);
}

TEST(Markdown, HostileTextsStayBelowTheLimit) {
  // Everything that is listed at the top, as many and as long as it can be.
  Sample sample = hostile_sample();
  const std::string punctuation(5000, '@');
  sample.input.notices.assign(200, punctuation);
  for (Gap& gap : sample.input.coverage.gaps) gap.message = punctuation;
  const ControlInfo control = sample.input.controls.back();
  for (size_t at = 0; at < 500; ++at) {
    sample.input.controls.push_back(control);
    sample.input.controls.back().id = fmt::format("{}{}", punctuation, at);
    sample.input.counts[sample.input.controls.back().id].failed = 1;
  }
  const std::string text = markdown(sample);
  EXPECT_LE(text.size(), kMaxComment);
  EXPECT_NE(text.find("more controls have findings"), std::string::npos);
  EXPECT_NE(text.find("more notes"), std::string::npos);
}

TEST(Markdown, AnInterruptionIsAtTheTop) {
  EXPECT_TRUE(markdown(empty_sample()).starts_with("## Sagewarden\n\n> [!CAUTION]\n> The run was"));
}

}  // namespace
}  // namespace sagewarden
