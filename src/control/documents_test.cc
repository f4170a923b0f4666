// What users learn from must be right: the examples, and every block in the documentation.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "control/control.h"
#include "control/variables.h"

namespace sagewarden {
namespace {

std::filesystem::path source_folder() {
  return SAGEWARDEN_SOURCE_DIR;
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  EXPECT_TRUE(stream) << file;
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void expect_good(std::string_view name, std::string_view text) {
  const Result<Control> control = parse_control(name, text, "user");
  ASSERT_TRUE(control) << control.error().message;
  for (const TestOutcome& outcome : run_tests(*control))
    EXPECT_EQ(outcome.message, "") << name << " " << outcome.test->name;
}

// The texts between ```language and ```.
std::vector<std::string> blocks(std::string_view text, std::string_view language) {
  std::vector<std::string> found;
  const std::string fence = fmt::format("```{}\n", language);
  for (size_t at = text.find(fence); at != text.npos; at = text.find(fence, at)) {
    at += fence.size();
    const size_t end = text.find("\n```", at);
    EXPECT_NE(end, text.npos);
    found.emplace_back(text.substr(at, end - at));
  }
  return found;
}

TEST(Documents, ExamplesProveThemselves) {
  std::vector<Control> controls;
  for (const auto& entry :
       std::filesystem::directory_iterator(source_folder() / "examples/controls")) {
    const std::string name = entry.path().filename().string();
    const std::string text = text_of(entry.path());
    expect_good(name, text);
    Result<Control> control = parse_control(name, text, "user");
    ASSERT_TRUE(control);
    EXPECT_EQ(name, control->info.id + ".yaml");
    controls.push_back(std::move(*control));
  }
  EXPECT_EQ(controls.size(), 2U);
  EXPECT_TRUE(check_unique_ids(controls));
}

TEST(Documents, ControlsInTheGuideProveThemselves) {
  const std::string guide = text_of(source_folder() / "docs/writing-controls.md");
  const std::vector<std::string> controls = blocks(guide, "yaml");
  EXPECT_GE(controls.size(), 4U);
  for (size_t i = 0; i < controls.size(); ++i)
    expect_good(fmt::format("writing-controls.md, block {}", i + 1), controls[i]);
}

// A block of CEL holds one expression after another, with a blank line between.
TEST(Documents, ExpressionsInTheGuideCompile) {
  const std::string guide = text_of(source_folder() / "docs/writing-controls.md");
  size_t count = 0;
  for (const std::string& block : blocks(guide, "cel")) {
    for (size_t start = 0; start < block.size();) {
      const size_t end = std::min(block.find("\n\n", start), block.size());
      const std::string expression = block.substr(start, end - start);
      start = end + 2;
      const Result<cel::Program> program = cel::Program::compile(expression, kVariableNames);
      EXPECT_TRUE(program) << program.error().message;
      ++count;
    }
  }
  EXPECT_GT(count, 20U);
}

// The codes of reasons are what machines read: the guide lists all of them.
TEST(Documents, GuideNamesEveryReason) {
  const std::string guide = text_of(source_folder() / "docs/writing-controls.md");
  for (const std::string_view code :
       {"SETTING_INSECURE", "SETTING_MISSING", "TAG_MISSING", "NOT_RECORDED", "NOT_RESOLVED",
        "KNOWN_AFTER_APPLY", "NOT_EXPORTED", "ACCESS_DENIED", "READ_FAILED",
        "CONFIGURATION_NOT_UNDERSTOOD", "NOTE"})
    EXPECT_NE(guide.find(fmt::format("`{}`", code)), std::string::npos) << code;
}

}  // namespace
}  // namespace sagewarden
