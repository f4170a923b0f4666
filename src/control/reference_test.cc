#include "control/reference.h"

#include <gtest/gtest.h>

#include "control/control.h"

namespace sagewarden {
namespace {

TEST(Reference, HasASectionForEachControl) {
  const Result<std::vector<Control>> controls = load_builtin_controls();
  ASSERT_TRUE(controls) << controls.error().message;
  std::vector<ControlInfo> infos;
  for (const Control& control : *controls) infos.push_back(control.info);
  const std::string page = controls_reference_markdown(infos);
  EXPECT_EQ(page, controls_reference_markdown(infos));
  size_t last = 0;
  for (const ControlInfo& info : infos) {
    const size_t at = page.find("### " + info.id + "\n");
    ASSERT_NE(at, std::string::npos) << info.id;
    EXPECT_GT(at, last) << info.id;
    last = at;
    EXPECT_NE(page.find(info.passes, at), std::string::npos) << info.id;
    EXPECT_NE(page.find("`" + info.config_rule + "`", at), std::string::npos) << info.id;
    for (const Parameter& parameter : info.parameters)
      EXPECT_NE(page.find("| `" + parameter.name + "` |", at), std::string::npos) << info.id;
  }
  EXPECT_NE(page.find("| [SageMaker.16](#sagemaker16) | MEDIUM | `AWS::SageMaker::Model` |"),
            std::string::npos);
  EXPECT_EQ(page.back(), '\n');
  EXPECT_NE(page[page.size() - 2], '\n');
}

TEST(Reference, KeepsMarkdownOutOfTexts) {
  ControlInfo info;
  info.id = "Acme.1";
  info.set = "user";
  info.title = "a | b <script> *x* `y`";
  info.why = "first\nsecond [link](x)";
  info.fix = "do";
  info.applies = "true";
  info.passes = "false";
  const std::string page = controls_reference_markdown({&info, 1});
  EXPECT_NE(page.find("a \\| b \\<script\\> \\*x\\* \\`y\\`"), std::string::npos) << page;
  EXPECT_NE(page.find("first\n\nsecond \\[link\\](x)\n\n"), std::string::npos) << page;
  EXPECT_NE(page.find("## Your own controls"), std::string::npos);
  EXPECT_EQ(page.find("## Further controls"), std::string::npos);
}

}  // namespace
}  // namespace sagewarden
