#include "report/coverage_table.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sagewarden {
namespace {

using Lines = std::vector<std::string>;
using Rows = std::vector<CoverageRow>;

// `many` accounts, each with two Regions and two types; of the second Region nothing is there.
Rows accounts(size_t many) {
  Rows rows;
  for (size_t at = 0; at < many; ++at) {
    const std::string account = fmt::format("{:012}", at);
    rows.push_back({account, "eu-west-1", "A", 3, 3, 0, 0, true});
    rows.push_back({account, "eu-west-1", "B", 4, 2, 1, 1, true});
    rows.push_back({account, "us-east-1", "A", 0, 0, 0, 0, true});
    rows.push_back({account, "us-east-1", "B", 0, 0, 0, 0, true});
  }
  return rows;
}

std::string text_of(const CoverageLine& line) {
  std::string out = fmt::format("{}|{}|{}", line.account, line.region, line.type);
  for (const CoverageColumn& column : kCoverageColumns)
    out += fmt::format(" {}", line.*column.number);
  return out;
}
Lines text_of(const CoverageTable& table) {
  Lines out;
  for (const CoverageLine& line : table.lines) out.push_back(text_of(line));
  return out;
}

TEST(CoverageTable, IsAsFineAsThereIsRoom) {
  const Rows rows = accounts(2);
  const struct {
    CoverageBy finest;
    size_t most;
    Lines lines;
    std::string_view rest;
  } cases[] = {
      {CoverageBy::Type,
       4,
       {"000000000000|eu-west-1|A 3 3 0 0 0", "000000000000|eu-west-1|B 4 2 1 1 0",
        "000000000001|eu-west-1|A 3 3 0 0 0", "000000000001|eu-west-1|B 4 2 1 1 0"},
       "4 lists held nothing"},
      {CoverageBy::Type,
       3,
       {"000000000000|eu-west-1| 7 5 1 1 0", "000000000001|eu-west-1| 7 5 1 1 0"},
       "2 Regions held nothing"},
      {CoverageBy::Region,
       4,
       {"000000000000|eu-west-1| 7 5 1 1 0", "000000000001|eu-west-1| 7 5 1 1 0"},
       "2 Regions held nothing"},
      {CoverageBy::Region, 1, {"000000000000|| 7 5 1 1 0"}, "1 more account is not shown here"},
      {CoverageBy::Account, 9, {"000000000000|| 7 5 1 1 0", "000000000001|| 7 5 1 1 0"}, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.most);
    const CoverageTable table = coverage_table(rows, c.finest, c.most);
    EXPECT_EQ(text_of(table), c.lines);
    EXPECT_EQ(coverage_rest(table), c.rest);
  }
}

TEST(CoverageTable, WhatIsNotWholeIsShownFirst) {
  Rows rows;
  for (const std::string_view account : {"1", "2", "3", "4"})
    rows.push_back({std::string(account), "eu-west-1", "A", 5, 5, 0, 0, true});
  rows[2].complete = false;
  rows[3].read = 4;
  rows[3].not_read = 1;
  const CoverageTable table = coverage_table(rows, CoverageBy::Region, 3);
  EXPECT_EQ(text_of(table), (Lines{"3|| 5 5 0 0 1", "4|| 5 4 1 0 0", "1|| 5 5 0 0 0"}));
  EXPECT_EQ(coverage_rest(table), "1 more account is not shown here");
}

TEST(CoverageTable, AListThatIsMissingIsNotEmpty) {
  const Rows rows = {{"1", "", "A", 0, 0, 0, 0, false}, {"2", "eu-west-1", "A", 0, 0, 0, 0, true}};
  const CoverageTable table = coverage_table(rows, CoverageBy::Type, 9);
  EXPECT_EQ(text_of(table), (Lines{"1||A 0 0 0 0 1"}));
  EXPECT_EQ(table.empty, 1U);
}

TEST(CoverageTable, Totals) {
  EXPECT_EQ(coverage_totals(accounts(1)), (Lines{"1 account", "2 Regions", "7 resources listed",
                                                 "5 read", "1 not read", "1 gone meanwhile"}));
  const Rows unknown = {{"1", "", "A", 0, 0, 0, 0, false}};
  EXPECT_EQ(coverage_totals(unknown),
            (Lines{"1 account", "0 Regions", "0 resources listed", "0 read", "1 list not whole"}));
}

// 500 accounts in 30 Regions: a line each for people, and none of the numbers is lost.
TEST(CoverageTable, AnOrganisation) {
  const CoverageTable table = coverage_table(accounts(500), CoverageBy::Type, 300);
  EXPECT_EQ(table.lines.size(), 300U);
  EXPECT_EQ(table.left_out, 200U);
  EXPECT_EQ(coverage_rest(table), "200 more accounts are not shown here");
  EXPECT_EQ(coverage_totals(accounts(500)).at(2), "3,500 resources listed");
}

}  // namespace
}  // namespace sagewarden
