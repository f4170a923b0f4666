// What a scan of AWS saw, folded to as many lines as people read.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/coverage.h"

namespace sagewarden {

// What a line stands for: one type in a Region, a whole Region, a whole account.
enum class CoverageBy : uint8_t { Type, Region, Account };

struct CoverageLine {
  std::string account;
  std::string region = {};  // empty below CoverageBy::Region, or where no Region is known
  std::string type = {};    // empty below CoverageBy::Type
  size_t listed = 0;
  size_t read = 0;
  size_t not_read = 0;
  size_t gone = 0;
  size_t not_listed = 0;  // types in a Region whose list is missing or not whole

  bool is_whole() const { return not_read == 0 && not_listed == 0; }
  // There is nothing, and that is known.
  bool is_empty() const { return listed == 0 && not_listed == 0; }
};

struct CoverageColumn {
  std::string_view title;
  size_t CoverageLine::*number;
};
inline constexpr std::array<CoverageColumn, 5> kCoverageColumns = {
    {{"Listed", &CoverageLine::listed},
     {"Read", &CoverageLine::read},
     {"Not read", &CoverageLine::not_read},
     {"Gone", &CoverageLine::gone},
     {"Not listed", &CoverageLine::not_listed}}};

// The rows (sorted) added up; empty lines too.
std::vector<CoverageLine> fold_coverage(std::span<const CoverageRow> rows, CoverageBy by);

struct CoverageTable {
  CoverageBy by = CoverageBy::Account;
  std::vector<CoverageLine> lines;  // without the empty ones
  size_t empty = 0;                 // how many those were
  size_t left_out = 0;              // lines for which there is no room; what is not whole has room
                                    // first
};
// As fine as fits into that many lines, but not finer than asked for.
CoverageTable coverage_table(std::span<const CoverageRow> rows, CoverageBy finest, size_t most);

// "not known" where there is none.
std::string_view region_text(const CoverageLine& line);
// "2 accounts", "34 Regions", "60 resources listed", "58 read", and what else there was.
std::vector<std::string> coverage_totals(std::span<const CoverageRow> rows);
// "12 Regions held nothing; 3 more accounts are not shown here"; empty when there is nothing to
// say.
std::string coverage_rest(const CoverageTable& table);

}  // namespace sagewarden
