// The pipelines that `prevent ci` prints: well-formed, and with commands that this program takes.
#include "remediate/prevent.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "base/node.h"
#include "cli/arguments.h"

namespace sagewarden {
namespace {

Node pipeline(std::string_view platform) {
  const Result<Node> node = read_yaml(remediate::ci_gate(platform));
  EXPECT_TRUE(node) << node.error().message;
  return node ? *node : Node();
}

// Every text of the pipeline, a script's continued lines as one.
// NOLINTNEXTLINE(misc-no-recursion): as deep as the pipeline
void collect_texts(const Node& node, std::vector<std::string>& texts) {
  if (node.is_string()) texts.push_back(node.text);
  for (const Node& item : node.items) collect_texts(item, texts);
  for (const Node::Entry& entry : node.entries) collect_texts(entry.value, texts);
}

// The arguments of the one scan in it.
Arguments scan_in(const Node& node) {
  std::vector<std::string> texts;
  collect_texts(node, texts);
  std::vector<std::string> words;
  for (const std::string& text : texts) {
    if (!text.starts_with("sagewarden scan ")) continue;
    EXPECT_TRUE(words.empty()) << "a second scan: " << text;
    std::istringstream in(text);
    for (std::string word; in >> word;)
      if (word != "\\") words.push_back(word);
  }
  EXPECT_FALSE(words.empty());
  std::vector<std::string_view> arguments(words.begin(), words.end());
  const Result<Arguments> read =
      read_arguments(*find_command("scan"), std::span(arguments).subspan(2));
  EXPECT_TRUE(read) << read.error().message;
  return read ? *read : Arguments();
}

bool writes(const Arguments& arguments, const std::string& output) {
  const std::vector<std::string> all = arguments.all("output");
  return std::ranges::find(all, output) != all.end();
}

TEST(PreventCi, GitHub) {
  const Node root = pipeline("github");
  EXPECT_TRUE(root.find("on") != nullptr && root.find("permissions") != nullptr);
  const Node* jobs = root.find("jobs");
  ASSERT_NE(jobs, nullptr);
  for (const Node::Entry& job : jobs->entries) {
    EXPECT_NE(job.value.find("runs-on"), nullptr) << job.key;
    if (const Node* needs = job.value.find("needs"); needs != nullptr) {
      EXPECT_NE(jobs->find(needs->text), nullptr) << needs->text;
    }
    ASSERT_NE(job.value.find("steps"), nullptr) << job.key;
    for (const Node& step : job.value.find("steps")->items)
      EXPECT_NE(step.find("uses") != nullptr, step.find("run") != nullptr)
          << "a step either uses an action or runs a script, line " << step.mark.line;
  }
  const Arguments scan = scan_in(root);
  EXPECT_TRUE(writes(scan, "sarif=sagewarden.sarif"));
  EXPECT_TRUE(writes(scan, "markdown=sagewarden.md"));
  std::vector<std::string> texts;
  collect_texts(root, texts);
  EXPECT_NE(std::ranges::find(texts, "sagewarden.sarif"), texts.end()) << "nothing is uploaded";
}

TEST(PreventCi, GitLab) {
  const Node root = pipeline("gitlab");
  const Node* job = root.find("sagewarden");
  ASSERT_NE(job, nullptr);
  EXPECT_NE(job->find("image"), nullptr);
  const Arguments scan = scan_in(root);
  ASSERT_NE(job->find("artifacts"), nullptr);
  const Node* reports = job->find("artifacts")->find("reports");
  ASSERT_NE(reports, nullptr);
  EXPECT_TRUE(writes(scan, "junit=" + reports->find("junit")->text));
}

TEST(PreventCi, OtherPlatforms) {
  EXPECT_EQ(remediate::ci_gate("jenkins"), "");
}

}  // namespace
}  // namespace sagewarden
