// The table for the terminal: what failed, grouped by severity and control, then a line for each
// control, then what was and was not seen. One pass over the findings, of which as many are kept as
// are printed.
#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/coverage_table.h"
#include "report/escape.h"
#include "report/formats.h"
#include "report/summary.h"
#include "report/words.h"

namespace sagewarden {
namespace {

// Nobody reads more of one control in a terminal; the other formats hold all.
constexpr size_t kMaxRows = 100;
constexpr size_t kMaxTextGaps = 50;
constexpr size_t kMaxAccepted = 20;
constexpr size_t kMaxTextCoverage = 12;
constexpr size_t kMaxCell = 1000;  // of one value, before it is fitted
constexpr size_t kMinWidth = 60;
constexpr size_t kMaxName = 40;
constexpr size_t kMaxIdColumns = 20;  // so that the summary fits 80 columns
constexpr size_t kMaxWhere = 44;
constexpr size_t kMinReason = 60;  // with less, longer reasons go to lines of their own
constexpr size_t kIndent = 4;
constexpr size_t kSeverity = 8;  // columns
constexpr size_t kGap = 2;       // columns between columns

enum class Ink : uint8_t { Plain, Bold, Dim, Red, Yellow, Green, Blue };

class Pen {
 public:
  explicit Pen(bool colour) : colour_(colour) {}

  std::string operator()(Ink ink, std::string_view text) const {
    if (!colour_ || ink == Ink::Plain || text.empty()) return std::string(text);
    constexpr std::array<std::string_view, 7> kCodes = {
        "", "\x1b[1m", "\x1b[2m", "\x1b[1;31m", "\x1b[33m", "\x1b[32m", "\x1b[36m"};
    return fmt::format("{}{}\x1b[0m", kCodes.at(static_cast<size_t>(ink)), text);
  }

 private:
  bool colour_;
};

std::string cell(std::string_view text) {
  return printable(one_line(shortened(text, kMaxCell)));
}

Ink ink_of(Severity severity) {
  switch (severity) {
    case Severity::Critical:
    case Severity::High:
      return Ink::Red;
    case Severity::Medium:
      return Ink::Yellow;
    case Severity::Low:
    case Severity::Informational:
      return Ink::Blue;
  }
  return Ink::Plain;
}

struct FindingRow {
  Compliance compliance;
  std::string name;
  std::string where;
  std::string reason;
  std::string file;  // empty where `where` says it
};

// The findings of one control and severity that did not pass and are not suppressed.
struct Group {
  Severity severity = Severity::Medium;
  size_t place = 0;  // of the control in the list
  std::string control;
  size_t failed = 0;
  size_t open = 0;
  std::vector<FindingRow> failed_rows;
  std::vector<FindingRow> open_rows;

  size_t left_out() const { return failed + open - failed_rows.size() - open_rows.size(); }
};

// Severity, highest first, then the order of the controls.
bool comes_before(const Group& a, const Group& b) {
  if (a.severity != b.severity) return a.severity > b.severity;
  if (a.place != b.place) return a.place < b.place;
  return natural_less(a.control, b.control);
}

class Table {
 public:
  Table(const ReportInput& input, const TextStyle& style)
      : input_(input),
        style_(style),
        pen_(style.colour),
        width_(std::max(style.width, kMinWidth)) {}

  void add(const Finding& finding) {
    if (finding.suppressed) return add_accepted(finding);
    if (finding.compliance == Compliance::Passed) return;
    const auto found = std::ranges::find_if(groups_, [&](const Group& group) {
      return group.control == finding.control && group.severity == finding.severity;
    });
    Group& group = found != groups_.end() ? *found : new_group(finding);
    const bool failed = finding.compliance == Compliance::Failed;
    ++(failed ? group.failed : group.open);
    std::vector<FindingRow>& rows = failed ? group.failed_rows : group.open_rows;
    if (rows.size() == kMaxRows) return;
    rows.push_back({finding.compliance, cell(name_text(finding)), cell(where_text(finding)),
                    cell(reason_text(finding)), style_.files ? cell(file_text(finding)) : ""});
    name_columns_ = std::max(name_columns_, terminal_columns(rows.back().name));
    where_columns_ = std::max(where_columns_, terminal_columns(rows.back().where));
    reason_columns_ = std::max(reason_columns_, terminal_columns(rows.back().reason));
    mark_columns_ = std::max(mark_columns_, plain_word(finding.compliance).size());
  }

  std::string text() {
    std::ranges::sort(groups_, comes_before);
    fit_columns();
    std::string out = head();
    for (size_t at = 0; at < groups_.size(); ++at) {
      if (at == 0 || groups_[at].severity != groups_[at - 1].severity)
        out += severity_line(groups_[at].severity);
      out += group_lines(groups_[at]);
    }
    return out + accepted_lines() + summary() + coverage() + foot();
  }

 private:
  // What an exception accepts stays visible, with the exception's reason instead of the finding's.
  void add_accepted(const Finding& finding) {
    if (++accepted_count_ > kMaxAccepted) return;
    const Suppression& by = *finding.suppressed;
    std::string why = by.reason;
    if (!by.owner.empty()) why += ", " + by.owner;
    if (!by.expires.empty()) why += ", until " + by.expires;
    accepted_.push_back(cell(finding.control) + "  " + cell(name_text(finding)) + "  " +
                        cell(where_text(finding)));
    accepted_.push_back(cell(why));
  }

  std::string accepted_lines() const {
    if (accepted_count_ == 0) return "";
    std::string out = fmt::format("{}  {}\n\n", pen_(Ink::Blue, "SUPPRESSED"),
                                  pen_(Ink::Bold, number_text(accepted_count_)));
    for (size_t at = 0; at < accepted_.size(); at += 2) {
      out += "  " + fit(accepted_[at], width_ - 2) + '\n';
      out += wrapped(accepted_[at + 1], kIndent, Ink::Dim);
    }
    if (accepted_count_ > kMaxAccepted) {
      out += fmt::format("  and {} more, all of them in the other formats (-o csv, -o html)\n",
                         number_text(accepted_count_ - kMaxAccepted));
    }
    return out + '\n';
  }

  Group& new_group(const Finding& finding) {
    const auto control = std::ranges::find(input_.controls, finding.control, &ControlInfo::id);
    Group group;
    group.severity = finding.severity;
    group.place = static_cast<size_t>(control - input_.controls.begin());
    group.control = finding.control;
    groups_.push_back(std::move(group));
    return groups_.back();
  }

  std::string fit(std::string_view text, size_t columns) const {
    return style_.is_terminal ? fitted(text, columns) : std::string(text);
  }

  // The same, filled up with blanks.
  std::string fill(std::string_view text, size_t columns) const {
    std::string out = fit(text, columns);
    const size_t used = terminal_columns(out);
    if (used < columns) out.append(columns - used, ' ');
    return out;
  }

  // Names and places get what they need up to a limit, reasons what is left. Where that is too
  // little for the longest of them and for a sentence, they all go below; otherwise only those that
  // do not fit.
  void fit_columns() {
    name_columns_ = std::min(name_columns_, kMaxName);
    where_columns_ = std::min(where_columns_, kMaxWhere);
    const size_t fixed = kIndent + mark_columns_ + name_columns_ + where_columns_ + 3 * kGap;
    one_line_ = fixed + std::min(reason_columns_, kMinReason) <= width_;
    reason_columns_ = one_line_ ? width_ - fixed : 0;
    if (one_line_) return;
    const size_t room = width_ - kIndent - mark_columns_ - 2 * kGap;
    if (name_columns_ + where_columns_ > room) {
      where_columns_ = std::min(where_columns_, room / 2);
      name_columns_ = std::min(name_columns_, room - where_columns_);
    }
  }

  std::string head() const {
    std::string out;
    if (input_.interrupted)
      out += pen_(Ink::Red, "INTERRUPTED: " + std::string(kInterrupted)) + "\n\n";
    return out;
  }

  std::string severity_line(Severity severity) const {
    size_t failed = 0;
    size_t open = 0;
    for (const Group& group : groups_) {
      if (group.severity != severity) continue;
      failed += group.failed;
      open += group.open;
    }
    std::string counts;
    if (failed > 0) counts = number_text(failed) + " failed";
    if (open > 0) counts += (counts.empty() ? "" : ", ") + number_text(open) + " not judged";
    return fmt::format("{}  {}\n\n", pen_(ink_of(severity), name_of(severity)),
                       pen_(Ink::Bold, counts));
  }

  std::string group_lines(const Group& group) const {
    const ControlInfo* control = find_control(input_.controls, group.control);
    const std::string id = cell(group.control);
    std::string out = "  " + pen_(Ink::Bold, id);
    const size_t used = 2 + terminal_columns(id) + 2;
    if (control != nullptr && used < width_) out += "  " + fit(cell(control->title), width_ - used);
    out += '\n';
    for (const FindingRow& row : group.failed_rows) out += row_lines(row);
    for (const FindingRow& row : group.open_rows) out += row_lines(row);
    if (group.left_out() > 0) {
      out += std::string(kIndent, ' ') +
             fmt::format("and {} more, all of them in the other formats (-o csv, -o html)\n",
                         number_text(group.left_out()));
    }
    return out + '\n';
  }

  std::string row_lines(const FindingRow& row) const {
    const Ink ink = row.compliance == Compliance::Failed ? Ink::Red : Ink::Yellow;
    const std::string_view word = plain_word(row.compliance);
    std::string out(kIndent, ' ');
    out += pen_(ink, word) + std::string(mark_columns_ - word.size() + 2, ' ');
    out += fill(row.name, name_columns_) + "  ";
    const size_t below = kIndent + mark_columns_ + 2;
    const bool beside = one_line_ && terminal_columns(row.reason) <= reason_columns_;
    if (beside) {
      if (where_columns_ > 0) out += pen_(Ink::Dim, fill(row.where, where_columns_)) + "  ";
      out += row.reason + '\n';
    } else {
      out += pen_(Ink::Dim, fit(row.where, where_columns_)) + '\n';
      out += wrapped(row.reason, below);
    }
    return row.file.empty() ? out : out + wrapped("in " + row.file, below, Ink::Dim);
  }

  struct Count {
    std::string_view name;
    size_t ControlCounts::*member;
    Ink ink;
  };
  static constexpr std::string_view kKnown = "known";  // from the baseline, failed or not judged
  static constexpr std::array<Count, 5> kCounts = {
      {{"failed", &ControlCounts::failed, Ink::Red},
       {"warning", &ControlCounts::warning, Ink::Yellow},
       {"not avail.", &ControlCounts::not_available, Ink::Yellow},
       {"suppressed", &ControlCounts::suppressed, Ink::Blue},
       {"passed", &ControlCounts::passed, Ink::Green}}};

  // Whether a control has something to say in the summary: findings, or bad ones that the baseline
  // knows.
  static bool is_worth_a_line(const ControlCounts& counts) {
    return sum_of(counts) + open_of(counts.known) > 0;
  }

  // A line for each control that has findings, with the columns that any of them needs.
  std::string summary() const {
    const ControlCounts total = total_of(input_.counts);
    size_t id_columns = 7;
    size_t without = 0;
    for (const ControlInfo& control : input_.controls) {
      const ControlCounts counts = counts_of(input_, control.id);
      if (is_worth_a_line(counts))
        id_columns = std::max(id_columns, terminal_columns(cell(control.id)));
      else if (sum_of(counts.known) == 0)
        ++without;
    }
    if (sum_of(total) + sum_of(total.known) == 0) return "";
    id_columns = std::min(id_columns, kMaxIdColumns);
    std::string header = fill("CONTROL", id_columns) + "  " + fill("SEVERITY", kSeverity);
    size_t used = id_columns + 2 + kSeverity;
    for (const Count& count : kCounts) {
      if (total.*count.member == 0) continue;
      header += "  " + std::string(count.name);
      used += 2 + count.name.size();
    }
    if (open_of(total.known) > 0) {
      header += fmt::format("  {}", kKnown);
      used += 2 + kKnown.size();
    }
    std::string out;
    if (is_worth_a_line(total)) out = pen_(Ink::Dim, header) + "\n";
    for (const ControlInfo& control : input_.controls)
      out += summary_line(control, total, id_columns, width_ > used + 2 ? width_ - used - 2 : 0);
    if (without > 0) {
      out +=
          pen_(Ink::Dim, fmt::format("{} had no resource to judge", count_of(without, "control")));
      out += '\n';
    }
    return out + '\n';
  }

  std::string summary_line(const ControlInfo& control, const ControlCounts& total,
                           size_t id_columns, size_t title_columns) const {
    const ControlCounts counts = counts_of(input_, control.id);
    if (!is_worth_a_line(counts)) return "";
    // The long form stands above, where anything of it failed.
    const bool is_long = control.severity == Severity::Informational;
    const std::string severity = fill(is_long ? "Info" : plain_word(control.severity), kSeverity);
    std::string out =
        fill(cell(control.id), id_columns) + "  " + pen_(ink_of(control.severity), severity);
    for (const Count& count : kCounts) {
      if (total.*count.member == 0) continue;
      const size_t number = counts.*count.member;
      const std::string text =
          fmt::format("{:>{}}", number == 0 ? "-" : number_text(number), count.name.size());
      out += "  " + pen_(number == 0 ? Ink::Dim : count.ink, text);
    }
    if (open_of(total.known) > 0) {
      const size_t known = open_of(counts.known);
      const std::string number = known == 0 ? "-" : number_text(known);
      out += "  " + pen_(known == 0 ? Ink::Dim : Ink::Yellow,
                         fmt::format("{:>{}}", number, kKnown.size()));
    }
    constexpr size_t kWorthShowing = 20;
    if (title_columns >= kWorthShowing)
      out += "  " + pen_(Ink::Dim, fit(cell(control.title), title_columns));
    return out + '\n';
  }

  // "label: a, b, c", broken into lines that stay below the label.
  std::string list_lines(std::string_view label, const std::vector<std::string>& items) const {
    constexpr size_t kLabel = 13;
    std::string out;
    std::string line;
    for (size_t at = 0; at < items.size(); ++at) {
      const std::string item = items[at] + (at + 1 < items.size() ? "," : "");
      const size_t room = width_ - kLabel;
      if (!line.empty() && terminal_columns(line) + 1 + terminal_columns(item) > room) {
        out += fill(out.empty() ? label : "", kLabel) + line + '\n';
        line.clear();
      }
      line += (line.empty() ? "" : " ") + fit(item, room);
    }
    if (line.empty()) return out;
    return out + fill(out.empty() ? label : "", kLabel) + line + '\n';
  }

  static std::vector<std::string> counted(const std::map<std::string, size_t>& counters) {
    std::vector<std::string> items;
    items.reserve(counters.size());
    for (const auto& [name, count] : counters) items.push_back(cell(passed_over_text(count, name)));
    return items;
  }

  std::string coverage() const {
    const Coverage& seen = input_.coverage;
    std::string out = list_lines("Read", {read_text(seen)});
    std::vector<std::string> evaluated;
    for (const auto& [type, count] : seen.evaluated)
      evaluated.push_back(cell(count_of_type(count, type)));
    if (evaluated.empty()) evaluated = {"no resource"};
    out += list_lines("Evaluated", evaluated);
    out += list_lines("Passed over", counted(seen.passed_over));
    std::vector<std::string> without;
    for (const auto& [type, count] : seen.without_control)
      without.push_back(cell(count_of_type(count, type)));
    out += list_lines("No control", without);
    if (seen.superseded > 0)
      out += list_lines("Superseded", {count_of(seen.superseded, "state") +
                                       " of resources that were seen again"});
    return out + aws_lines() + gap_lines();
  }

  // Of a scan of AWS. One place that was wholly read needs no table.
  std::string aws_lines() const {
    const std::vector<CoverageRow>& rows = input_.coverage.rows;
    if (rows.empty()) return "";
    std::string out = list_lines("Coverage", coverage_totals(rows));
    const CoverageTable table = coverage_table(rows, CoverageBy::Region, kMaxTextCoverage);
    const std::string rest = coverage_rest(table);
    if (!rest.empty()) out += list_lines("", {rest});
    if (table.lines.size() < 2 && std::ranges::all_of(table.lines, &CoverageLine::is_whole))
      return out;
    return out + '\n' + aws_table(table);
  }

  std::string aws_table(const CoverageTable& table) const {
    constexpr size_t kAccount = 12;
    constexpr size_t kNumber = 7;
    const bool regions = table.by == CoverageBy::Region;
    size_t region_columns = 0;
    for (const CoverageLine& line : table.lines)
      region_columns = std::max(region_columns, terminal_columns(cell(region_text(line))));
    region_columns = std::min(region_columns, kMaxName);
    const auto place = [&](std::string_view account, std::string_view region) {
      const std::string first = "  " + fill(account, kAccount);
      return regions ? first + "  " + fill(region, region_columns) : first;
    };
    std::string header = place("ACCOUNT", "REGION");
    for (const CoverageColumn& column : kCoverageColumns)
      header +=
          fmt::format("  {:>{}}", lower(column.title), std::max(column.title.size(), kNumber));
    std::string out = pen_(Ink::Dim, header) + '\n';
    for (const CoverageLine& line : table.lines) {
      out += place(cell(line.account), cell(region_text(line)));
      for (const CoverageColumn& column : kCoverageColumns) {
        const size_t number = line.*column.number;
        out += fmt::format("  {:>{}}", number == 0 ? "-" : number_text(number),
                           std::max(column.title.size(), kNumber));
      }
      out += '\n';
    }
    return out;
  }

  std::string gap_lines() const {
    const std::vector<Gap>& gaps = input_.coverage.gaps;
    if (gaps.empty()) return "";
    std::string out = "\n" + pen_(Ink::Red, "NOT READ") + "  " +
                      pen_(Ink::Bold, number_text(gaps.size())) + "\n\n";
    for (size_t at = 0; at < std::min(gaps.size(), kMaxTextGaps); ++at) {
      const Gap& gap = gaps[at];
      out += "  " + pen_(Ink::Bold, fit(cell(gap_place_text(gap)), width_ - 2)) + "\n";
      out += wrapped(cell(gap.message), kIndent);
    }
    if (gaps.size() > kMaxTextGaps) {
      out += fmt::format("  and {} more, all of them in the other formats (-o json, -o html)\n",
                         number_text(gaps.size() - kMaxTextGaps));
    }
    return out;
  }

  // Broken between words, and on a terminal within one that is longer than a line. Neither a reason
  // nor a gap's message is cut: their ends say what was wanted and what to do.
  std::string wrapped(std::string_view text, size_t indent, Ink ink = Ink::Plain) const {
    const size_t room = width_ - indent;
    std::string out;
    std::string line;
    const auto end_line = [&] {
      if (line.empty()) return;
      out += std::string(indent, ' ') + pen_(ink, line) + '\n';
      line.clear();
    };
    for (std::string_view word : split(text, ' ')) {
      if (terminal_columns(line) + 1 + terminal_columns(word) > room) end_line();
      while (style_.is_terminal && terminal_columns(word) > room) {
        line = word.substr(0, bytes_of_columns(word, room));
        word.remove_prefix(line.size());
        end_line();
      }
      (line += line.empty() ? "" : " ") += word;
    }
    end_line();
    return out;
  }

  std::string foot() const {
    std::string out = "\n";
    for (const std::string& notice : input_.notices) out += wrapped("Note: " + cell(notice), 0);
    const ControlCounts total = total_of(input_.counts);
    const bool open = not_judged_of(total) + open_of(total.known) > 0 || !is_complete(input_);
    Ink ink = open ? Ink::Yellow : Ink::Green;
    if (total.failed > 0 || resources_of(input_.coverage) == 0) ink = Ink::Red;
    // One line for whoever looks for it in a log.
    out += style_.is_terminal ? wrapped(verdict_text(input_), 0, ink)
                              : pen_(ink, verdict_text(input_)) + '\n';
    if (!groups_.empty()) {
      const std::string hint = fmt::format("sagewarden explain {}", cell(groups_.front().control));
      out += pen_(Ink::Dim, "Why it matters and how to fix it: " + hint) + '\n';
    }
    return out;
  }

  const ReportInput& input_;
  TextStyle style_;
  Pen pen_;
  size_t width_;
  std::vector<Group> groups_;
  std::vector<std::string> accepted_;  // two lines for each
  size_t accepted_count_ = 0;
  size_t name_columns_ = 0;
  size_t where_columns_ = 0;
  size_t mark_columns_ = 0;
  size_t reason_columns_ = 0;  // the longest, then what it gets
  bool one_line_ = true;
};

}  // namespace

Result<void> write_text(const ReportInput& input, const EachFinding& each, const TextStyle& style,
                        Output& out) {
  Table table(input, style);
  TRY_DO(each([&table](const Finding& finding) -> Result<void> {
    table.add(finding);
    return {};
  }));
  return out.write(table.text());
}

}  // namespace sagewarden
