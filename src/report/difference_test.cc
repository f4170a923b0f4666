#include "report/difference.h"

#include <gtest/gtest.h>

namespace sagewarden {
namespace {

Diff resources() {
  Diff diff;
  diff.before = {"a.ndjson", "2026-03-01T12:00:00Z"};
  diff.after = {"b|.ndjson", ""};
  diff.same = 1234;
  diff.notes = {"b has 1 gap"};
  const auto add = [&](Change change, std::string name) -> Difference& {
    Difference& added = diff.differences.emplace_back();
    added.change = change;
    added.type = "AWS::SageMaker::Model";
    added.name = std::move(name);
    added.arn = "arn:aws:sagemaker:eu-west-1:111122223333:model/" + added.name;
    added.account = "111122223333";
    added.region = "eu-west-1";
    return added;
  };
  add(Change::Appeared, "new");
  add(Change::Changed, "m\x1b[2J").values = {{"A.B[0]", "not set", "\"a|b`c\""}};
  add(Change::NotSeenAfter, "unseen");
  add(Change::Unclear, "denied").values = {{"all properties", "{}", "not known", true}};
  return diff;
}

Diff verdicts() {
  Diff diff;
  diff.subject = Diff::Subject::Verdicts;
  Difference& added = diff.differences.emplace_back();
  added.change = Change::Went;
  added.control = "SageMaker.3";
  added.type = "AWS::SageMaker::NotebookInstance";
  added.arn = "app.yaml#Lab";
  added.before = "FAILED (suppressed)";
  return diff;
}

std::string written(std::string_view format, const Diff& diff) {
  return find_diff_format(format)->write(diff);
}

TEST(Difference, Text) {
  EXPECT_EQ(written("text", resources()),
            "before  a.ndjson (2026-03-01T12:00:00Z)\n"
            "after   b|.ndjson\n"
            "\n"
            "appeared  model new  111122223333 eu-west-1\n"
            "changed   model m\\x1b[2J  111122223333 eu-west-1\n"
            "          A.B[0]: not set → \"a|b`c\"\n"
            "not seen  model unseen  111122223333 eu-west-1\n"
            "          it is in the first; the second did not look there, or could not\n"
            "unclear   model denied  111122223333 eu-west-1\n"
            "          all properties: {} → not known\n"
            "\n"
            "1 appeared, 1 changed, 1 not seen afterwards, 1 not comparable, 1,234 the same\n"
            "note: b has 1 gap\n");
  EXPECT_EQ(written("text", verdicts()),
            "before  \nafter   \n\n"
            "went      SageMaker.3 notebook instance app.yaml#Lab  app.yaml#Lab\n"
            "          FAILED (suppressed) → none\n"
            "\n1 went, 0 the same\n");
}

// What a file says must not be able to end a table's row or its code.
TEST(Difference, MarkdownStaysInItsTable) {
  const std::string text = written("markdown", resources());
  for (size_t begin = text.find("\n| "); begin != std::string::npos;
       begin = text.find("\n| ", begin + 1)) {
    const std::string line = text.substr(begin + 1, text.find('\n', begin + 1) - begin - 1);
    EXPECT_TRUE(line.ends_with(" |")) << line;
    EXPECT_EQ(line.find('\x1b'), std::string::npos);
    EXPECT_EQ(std::count(line.begin(), line.end(), '|'), 6) << line;
  }
  EXPECT_EQ(written("markdown", Diff{}).find('|'), std::string::npos);
}

TEST(Difference, Json) {
  const std::string text = written("json", verdicts());
  for (const std::string_view part :
       {"\"format\": \"sagewarden-diff/1\"", "\"subject\": \"verdicts\"", "\"change\": \"went\"",
        "\"not-seen-before\": 0", "\"before\": \"FAILED (suppressed)\"", "\"after\": \"\""})
    EXPECT_NE(text.find(part), std::string::npos) << part << text;
}

}  // namespace
}  // namespace sagewarden
