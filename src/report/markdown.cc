// A comment for a pull request, in GitHub's Markdown: a verdict, a table by control, and the
// findings, the urgent ones first, as many as a comment holds. What comes from the input is shown
// as code or as plain words; it cannot make markup, links or mentions.
#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "report/coverage_table.h"
#include "report/escape.h"
#include "report/formats.h"
#include "report/summary.h"
#include "report/words.h"

namespace sagewarden {
namespace {

// GitHub refuses a comment of more characters (we count bytes, which are never fewer); the rest of
// the limit is for what stands around the findings.
constexpr size_t kMaxComment = 65'536;
constexpr size_t kTailBytes = 1500;
constexpr size_t kTableBytes = 20'000;
constexpr size_t kGapBytes = 8'000;
constexpr size_t kMaxText = 300;  // of one value
constexpr size_t kMaxMarkdownGaps = 20;
constexpr size_t kMaxMarkdownCoverage = 20;
constexpr size_t kNoticeBytes = 6'000;

constexpr size_t kOpenRank = 5;
constexpr size_t kSuppressedRank = 6;
constexpr size_t kPassedRank = 7;

std::string code(std::string_view text) {
  return markdown_code(shortened(text, kMaxText));
}
std::string words(std::string_view text) {
  return markdown_words(shortened(text, kMaxText));
}

// The entries of each rank, kept as long as they may still find room.
class Entries {
 public:
  void add(size_t rank, std::string_view entry) {
    ++counts_.at(rank);
    if (texts_.at(rank).size() + entry.size() > kMaxComment) full_.at(rank) = true;
    if (full_.at(rank)) return;  // a later, shorter one would break the order
    texts_.at(rank) += entry;
    ends_.at(rank).push_back(texts_.at(rank).size());
  }

  size_t count(size_t rank) const { return counts_.at(rank); }

  // As many whole entries as fit; how many there were comes back in `shown`.
  std::string_view fit(size_t rank, size_t bytes, size_t& shown) const {
    size_t end = 0;
    shown = 0;
    for (const size_t next : ends_.at(rank)) {
      if (next > bytes) break;
      end = next;
      ++shown;
    }
    return std::string_view(texts_.at(rank)).substr(0, end);
  }

 private:
  std::array<size_t, kRanks> counts_ = {};
  std::array<bool, kRanks> full_ = {};
  std::array<std::string, kRanks> texts_;
  std::array<std::vector<size_t>, kRanks> ends_;
};

std::string entry_of(const Finding& finding) {
  std::string out = "- **" + words(finding.control) + "** " + code(name_text(finding));
  const std::string where = where_text(finding);
  if (!where.empty()) out += " in " + code(where);
  const std::string file = file_text(finding);
  if (!file.empty()) out += ", " + code(file);
  out += "  \n  " + words(reason_text(finding)) + "\n";
  if (finding.suppressed) {
    out += "  Accepted: " + words(finding.suppressed->reason);
    if (!finding.suppressed->owner.empty()) out += ", " + words(finding.suppressed->owner);
    if (!finding.suppressed->expires.empty())
      out += ", until " + words(finding.suppressed->expires);
    out += "\n";
  }
  return out;
}

// Controls with nothing but PASSED are one number: the table is about what needs eyes.
std::string markdown_control_table(const ReportInput& input) {
  std::string rows;
  size_t left_out = 0;
  size_t quiet = 0;
  size_t known = 0;  // nothing new, and something bad that the baseline knows
  for (const ControlInfo& control : input.controls) {
    const ControlCounts counts = counts_of(input, control.id);
    const size_t open = not_judged_of(counts);
    if (counts.failed + open + counts.suppressed == 0) {
      if (open_of(counts.known) > 0)
        ++known;
      else if (counts.passed + counts.known.passed > 0)
        ++quiet;
      continue;
    }
    const std::string row = fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", words(control.id),
                                        words(control.title), plain_word(control.severity),
                                        counts.failed, open, counts.suppressed, counts.passed);
    if (rows.size() + row.size() > kTableBytes)
      ++left_out;
    else
      rows += row;
  }
  std::string out;
  if (!rows.empty()) {
    out += "| Control | | Severity | Failed | Not judged | Suppressed | Passed |\n";
    out += "|:--|:--|:--|--:|--:|--:|--:|\n" + rows + "\n";
  }
  if (left_out > 0) out += fmt::format("{} more controls have findings.\n\n", left_out);
  if (known > 0)
    out += fmt::format("{} with known failures and no new ones.\n\n", count_of(known, "control"));
  if (quiet > 0)
    out += fmt::format("{} with only passed findings.\n\n", count_of(quiet, "control"));
  return out;
}

std::string gap_list(const ReportInput& input) {
  const std::vector<Gap>& gaps = input.coverage.gaps;
  if (gaps.empty()) return "";
  std::string out = fmt::format("### Not read: {}\n\n", number_text(gaps.size()));
  size_t shown = 0;
  for (const Gap& gap : gaps) {
    std::string line = "- " + code(gap_place_text(gap)) + ": " + words(gap.message) + "\n";
    if (shown == kMaxMarkdownGaps || out.size() + line.size() > kGapBytes) break;
    out += line;
    ++shown;
  }
  if (shown < gaps.size()) out += fmt::format("- and {} more\n", number_text(gaps.size() - shown));
  return out + "\n";
}

// Of a scan of AWS: where was looked.
std::string aws_table(const ReportInput& input) {
  const std::vector<CoverageRow>& rows = input.coverage.rows;
  if (rows.empty()) return "";
  std::string out = fmt::format("<details>\n<summary><b>Coverage</b>: {}</summary>\n\n",
                                fmt::join(coverage_totals(rows), ", "));
  const CoverageTable table = coverage_table(rows, CoverageBy::Region, kMaxMarkdownCoverage);
  const bool regions = table.by == CoverageBy::Region;
  if (!table.lines.empty()) {
    std::string head = regions ? "| Account | Region |" : "| Account |";
    std::string rule = regions ? "|:--|:--|" : "|:--|";
    for (const CoverageColumn& column : kCoverageColumns) {
      head += fmt::format(" {} |", column.title);
      rule += "--:|";
    }
    out += head + "\n" + rule + "\n";
  }
  for (const CoverageLine& line : table.lines) {
    out += fmt::format("| {} |", words(line.account));
    if (regions) out += fmt::format(" {} |", words(region_text(line)));
    for (const CoverageColumn& column : kCoverageColumns)
      out += fmt::format(" {} |", line.*column.number);
    out += '\n';
  }
  const std::string rest = coverage_rest(table);
  if (!rest.empty()) out += (table.lines.empty() ? "" : "\n") + rest + ".\n";
  return out + "\n</details>\n\n";
}

std::string notice_list(const ReportInput& input) {
  std::string out;
  size_t shown = 0;
  for (const std::string& notice : input.notices) {
    const std::string line = "- Note: " + words(notice) + "\n";
    if (out.size() + line.size() > kNoticeBytes) break;
    out += line;
    ++shown;
  }
  const size_t rest = input.notices.size() - shown;
  if (rest > 0) out += fmt::format("- and {} more notes\n", rest);
  return out.empty() ? out : out + "\n";
}

std::string head_of(const ReportInput& input) {
  std::string out = "## Sagewarden\n\n";
  if (input.interrupted) out += fmt::format("> [!CAUTION]\n> {}\n\n", kInterrupted);
  out += "**" + words(verdict_text(input)) + "**\n\n";
  out += markdown_control_table(input);
  out += gap_list(input);
  out += aws_table(input);
  return out + notice_list(input);
}

std::string tail_of(const ReportInput& input, size_t left_out) {
  std::string out;
  if (left_out > 0) {
    out += fmt::format("**{} more** do not fit into a comment; the other formats hold all.\n\n",
                       number_text(left_out));
  }
  const Coverage& seen = input.coverage;
  const std::string where =
      seen.calls > 0 && seen.files == 0 ? "AWS" : count_of(seen.files, "file");
  out += fmt::format("<sub>sagewarden {} &#183; {} evaluated in {} &#183; {} controls</sub>\n",
                     words(input.run.version), count_of(resources_of(seen), "resource"), where,
                     input.controls.size());
  return out;
}

std::string title_of(size_t rank) {
  if (rank == kSuppressedRank) return "Suppressed";
  if (rank == kOpenRank) return "Could not be judged";
  return fmt::format("{}: failed", plain_word(static_cast<Severity>(4 - rank)));
}

}  // namespace

Result<void> write_markdown(const ReportInput& input, const EachFinding& each, const TextStyle&,
                            Output& out) {
  Entries entries;
  TRY_DO(each([&entries](const Finding& finding) -> Result<void> {
    const size_t rank = rank_of(finding);
    if (rank != kPassedRank) entries.add(rank, entry_of(finding));
    return {};
  }));

  std::string text = head_of(input);
  size_t left_out = 0;
  bool open = true;  // the most urgent section is unfolded
  for (size_t rank = 0; rank < kPassedRank; ++rank) {
    if (entries.count(rank) == 0) continue;
    const std::string start =
        fmt::format("<details{}>\n<summary><b>{}</b> ({})</summary>\n\n", open ? " open" : "",
                    title_of(rank), number_text(entries.count(rank)));
    constexpr std::string_view kEnd = "\n</details>\n\n";
    const size_t used = text.size() + start.size() + kEnd.size() + kTailBytes;
    size_t shown = 0;
    const std::string_view fitting =
        entries.fit(rank, used < kMaxComment ? kMaxComment - used : 0, shown);
    left_out += entries.count(rank) - shown;
    if (shown == 0) continue;
    ((text += start) += fitting) += kEnd;
    open = false;
  }
  return out.write(text += tail_of(input, left_out));
}

}  // namespace sagewarden
