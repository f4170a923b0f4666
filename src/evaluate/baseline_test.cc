#include "evaluate/baseline.h"

#include <gtest/gtest.h>

namespace sagewarden {
namespace {

Finding finding(std::string id, Compliance compliance, bool suppressed) {
  Finding out;
  out.id = std::move(id);
  out.compliance = compliance;
  if (suppressed) out.suppressed = Suppression{};
  return out;
}

TEST(Baseline, NewOrChanged) {
  const Result<Baseline> baseline = read_baseline("old.ndjson", R"({"id":"a","compliance":"FAILED"}
{"id":"b","compliance":"PASSED","suppressed":null}

{"id":"c","compliance":"WARNING","suppressed":{"reason":"r"}}
{"id":"d","compliance":"NOT_AVAILABLE","suppressed":false}
{"id":"e","compliance":"PASSED"}
{"id":"e","compliance":"FAILED","suppressed":true}
{"format":"sagewarden-coverage/1","account":"111122223333","region":"eu-west-1"}
{"format":"sagewarden-run/1","version":"1","controls":[]}
)");
  ASSERT_TRUE(baseline) << baseline.error().message;
  EXPECT_EQ(baseline->size(), 5U);
  using enum Compliance;
  const struct {
    std::string_view why;
    Finding finding;
    bool known;
  } cases[] = {
      {"as it was", finding("a", Failed, false), true},
      {"passed as it did", finding("b", Passed, false), true},
      {"suppressed as it was", finding("c", Warning, true), true},
      {"not suppressed as it was", finding("d", NotAvailable, false), true},
      {"the later line counts", finding("e", Failed, true), true},
      {"not the earlier one", finding("e", Passed, false), false},
      {"got worse", finding("b", Failed, false), false},
      {"got better", finding("a", Passed, false), false},
      {"could be read then", finding("a", NotAvailable, false), false},
      {"its exception ended", finding("c", Warning, false), false},
      {"its exception began", finding("a", Failed, true), false},
      {"new", finding("x", Failed, false), false},
      {"new and without id", finding("", Failed, false), false},
  };
  for (const auto& c : cases) EXPECT_EQ(baseline->is_known(c.finding), c.known) << c.why;
}

TEST(Baseline, NothingWasThere) {
  for (const std::string_view text :
       {"{\"format\":\"sagewarden-run/1\"}\n", "\n{\"format\":\"sagewarden-run/1\"} \r\n\n"}) {
    const Result<Baseline> baseline = read_baseline("old.ndjson", text);
    ASSERT_TRUE(baseline) << baseline.error().message;
    EXPECT_EQ(baseline->size(), 0U);
    EXPECT_FALSE(baseline->is_known(finding("a", Compliance::Failed, false)));
  }
}

TEST(Baseline, AWrongFileIsNeverAnEmptyOne) {
  const struct {
    std::string_view text;
    std::string_view want;
  } cases[] = {
      {"{\"id\":\"a\",\"compliance\":\"FAILED\"}\n{\"id\":\"b\",\"compl",
       "old: line 2: this is not"},
      {"{\n  \"findings\": []\n}\n", "old: line 1: this is not one JSON object"},
      {"[{\"id\":\"a\",\"compliance\":\"FAILED\"}]", "line 1: a finding needs"},
      {"{\"id\":\"a\"}\n", "line 1: a finding needs"},
      {"{\"compliance\":\"FAILED\"}\n", "line 1: a finding needs"},
      {"{\"id\":\"\",\"compliance\":\"FAILED\"}\n", "line 1: a finding needs"},
      {"{\"id\":\"a\",\"compliance\":\"failed\"}\n", "line 1: a finding needs"},
      {"{\"id\":7,\"compliance\":\"FAILED\"}\n", "line 1: a finding needs"},
      {"\n\nid,control\n", "line 3: this is not"},
      {"", "line 1: the line that ends a report is missing"},
      {"\n \n", "line 3: the line that ends"},
      {"{\"id\":\"a\",\"compliance\":\"FAILED\"}\n", "line 2: the line that ends"},
      {"{\"format\":\"sagewarden-run/1\"}\n{\"id\":\"a\",\"compliance\":\"FAILED\"}\n",
       "line 3: the line"},
      {"{\"id\":\"\xFF\",\"compliance\":\"FAILED\"}\n", "line 1: this is not"},
  };
  for (const auto& c : cases) {
    const Result<Baseline> baseline = read_baseline("old", c.text);
    ASSERT_FALSE(baseline) << c.text;
    EXPECT_EQ(baseline.error().code, Error::Code::Invalid);
    EXPECT_NE(baseline.error().message.find(c.want), std::string::npos) << baseline.error().message;
    EXPECT_NE(baseline.error().message.find("format ndjson"), std::string::npos);
  }
}

}  // namespace
}  // namespace sagewarden
