#include "report/coverage_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/words.h"

namespace sagewarden {
namespace {

CoverageLine line_of(const CoverageRow& row, CoverageBy by) {
  CoverageLine line;
  line.account = row.account;
  if (by != CoverageBy::Account) line.region = row.region;
  if (by == CoverageBy::Type) line.type = row.type;
  return line;
}

bool is_same(const CoverageLine& a, const CoverageLine& b) {
  return a.account == b.account && a.region == b.region && a.type == b.type;
}

std::string counted(size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", number_text(count), noun, count == 1 ? "" : "s");
}

std::string_view noun_of(CoverageBy by) {
  switch (by) {
    case CoverageBy::Type:
      return "list";
    case CoverageBy::Region:
      return "Region";
    case CoverageBy::Account:
      return "account";
  }
  return "";
}

// What is not whole first, when there is no room for all.
void cut(CoverageTable& table, size_t most) {
  if (table.lines.size() <= most) return;
  std::ranges::stable_sort(table.lines, {}, &CoverageLine::is_whole);
  table.left_out = table.lines.size() - most;
  table.lines.resize(most);
}

}  // namespace

std::vector<CoverageLine> fold_coverage(std::span<const CoverageRow> rows, CoverageBy by) {
  std::vector<CoverageLine> lines;
  for (const CoverageRow& row : rows) {
    CoverageLine line = line_of(row, by);
    if (lines.empty() || !is_same(lines.back(), line)) lines.push_back(std::move(line));
    CoverageLine& sum = lines.back();
    sum.listed += row.listed;
    sum.read += row.read;
    sum.not_read += row.not_read;
    sum.gone += row.gone;
    sum.not_listed += row.complete ? 0U : 1U;
  }
  return lines;
}

CoverageTable coverage_table(std::span<const CoverageRow> rows, CoverageBy finest, size_t most) {
  CoverageTable table;
  for (const CoverageBy by : {CoverageBy::Type, CoverageBy::Region, CoverageBy::Account}) {
    if (by < finest) continue;
    table.by = by;
    table.lines = fold_coverage(rows, by);
    table.empty = std::erase_if(table.lines, [](const CoverageLine& l) { return l.is_empty(); });
    if (table.lines.size() <= most) break;
  }
  cut(table, most);
  return table;
}

std::string_view region_text(const CoverageLine& line) {
  return line.region.empty() ? std::string_view("not known") : std::string_view(line.region);
}

std::vector<std::string> coverage_totals(std::span<const CoverageRow> rows) {
  CoverageLine sum;
  for (const CoverageLine& line : fold_coverage(rows, CoverageBy::Account)) {
    for (const CoverageColumn& column : kCoverageColumns) sum.*column.number += line.*column.number;
  }
  const std::vector<CoverageLine> regions = fold_coverage(rows, CoverageBy::Region);
  const auto known =
      std::ranges::count_if(regions, [](const CoverageLine& line) { return !line.region.empty(); });
  std::vector<std::string> out = {
      counted(fold_coverage(rows, CoverageBy::Account).size(), "account"),
      counted(static_cast<size_t>(known), "Region"), counted(sum.listed, "resource") + " listed",
      number_text(sum.read) + " read"};
  if (sum.not_read > 0) out.push_back(number_text(sum.not_read) + " not read");
  if (sum.gone > 0) out.push_back(number_text(sum.gone) + " gone meanwhile");
  if (sum.not_listed > 0) out.push_back(counted(sum.not_listed, "list") + " not whole");
  return out;
}

std::string coverage_rest(const CoverageTable& table) {
  std::string out;
  if (table.empty > 0) out = counted(table.empty, noun_of(table.by)) + " held nothing";
  if (table.left_out == 0) return out;
  if (!out.empty()) out += "; ";
  return out + fmt::format("{} more {} not shown here", number_text(table.left_out),
                           table.left_out == 1 ? "account is" : "accounts are");
}

}  // namespace sagewarden
