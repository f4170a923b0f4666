// One self-contained page for people and auditors. All of it is in the HTML and can be read without
// its script, which only adds the filter and the theme switch. Nothing is loaded from anywhere, and
// the page's Content-Security-Policy allows this style and this script alone, by their hashes: if
// an escape were ever forgotten, what slips through could not run.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/coverage_table.h"
#include "report/escape.h"
#include "report/formats.h"
#include "report/html_assets.h"
#include "report/html_chart.h"
#include "report/html_findings.h"
#include "report/summary.h"
#include "report/words.h"

namespace sagewarden {
namespace {

constexpr size_t kMaxHtmlGaps = 1000;
constexpr size_t kMaxHtmlCoverage = 500;
constexpr size_t kMaxInputs = 100;
constexpr size_t kMaxNotices = 200;

std::string head() {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>Sagewarden report</title>\n"
      "<style>{}</style>\n</head>\n",
      kHtmlStyleHash, kHtmlScriptHash, kHtmlStyle);
}

std::string top(const ReportInput& input) {
  const std::string time = input.run.finished.empty() ? input.run.started : input.run.finished;
  return fmt::format(
      "<body>\n<a class=\"skip\" href=\"#findings\">Skip to the findings</a>\n"
      "<header class=\"top\"><div class=\"wrap\">"
      "<svg width=\"30\" height=\"34\" viewBox=\"0 0 30 34\" aria-hidden=\"true\" fill=\"none\" "
      "stroke=\"currentColor\" stroke-width=\"2.4\" stroke-linejoin=\"round\" "
      "stroke-linecap=\"round\"><path d=\"M15 2 27 6.5V16c0 7.6-5 13.2-12 16C8 29.2 3 23.6 3 "
      "16V6.5Z\"/><path d=\"m9.8 16.6 3.8 3.9 6.8-7.6\"/></svg>"
      "<div class=\"grow\"><h1 class=\"title\">Sagewarden report</h1><div class=\"run\">"
      "<span class=\"data\">{}</span> &#183; version {}</div></div>"
      "<nav aria-label=\"Sections\"><a href=\"#findings\">Findings</a>"
      "<a href=\"#controls\">Controls</a><a href=\"#coverage\">Coverage</a></nav>"
      "<button type=\"button\" id=\"theme\" class=\"needs-js\" "
      "aria-label=\"Switch between light and dark\">Dark</button>"
      "</div></header>\n<main class=\"wrap\">\n",
      html_value(time), html_value(input.run.version));
}

std::string tile(size_t count, std::string_view label, std::string_view style) {
  return fmt::format("<li class=\"tile {}\"><b>{}</b><span>{}</span></li>", count == 0 ? "" : style,
                     number_text(count), label);
}

std::string summary(const ReportInput& input, const std::array<size_t, kRanks>& ranks) {
  const ControlCounts total = total_of(input.counts);
  const size_t gaps = gaps_of(input).size();
  const KnownCounts& known = total.known;
  std::string out = "<section aria-label=\"Summary\">\n";
  if (input.interrupted)
    out += fmt::format("<p class=\"alert failed\"><b>Interrupted.</b> {}</p>\n", kInterrupted);
  out += "<p class=\"verdict\">" + html_value(verdict_text(input)) + "</p>\n";
  // An interruption is said above.
  if (!input.coverage.gaps.empty()) {
    out += fmt::format(
        "<p class=\"alert open\"><b>{} not read.</b> What stands there was not "
        "judged; <a href=\"#coverage\">the list</a> says what and why.</p>\n",
        count_of(input.coverage.gaps.size(), "part of the input was", "parts of the input were"));
  }
  out += "<ul class=\"tiles\">";
  out += tile(total.failed, "failed", "failed");
  out += tile(total.warning + total.not_available, "could not be judged", "open");
  out += tile(total.suppressed, "suppressed", "suppressed");
  out += tile(total.passed, "passed", "passed");
  out += tile(resources_of(input.coverage), "resources evaluated", "");
  out += tile(gaps, "not read", "open");
  if (sum_of(known) > 0)
    out += tile(open_of(known), "known, left out", known.failed > 0 ? "failed" : "open");
  out += "</ul>\n<div class=\"charts\"><div class=\"card\"><h3>Controls</h3>";
  out += control_ring(tally_of(input));
  out += fmt::format("</div><div class=\"card\"><h3>{} by severity</h3>",
                     sum_of(known) > 0 ? "New failed findings" : "Failed findings");
  out += severity_bars(ranks);
  return out + "</div></div>\n</section>\n";
}

std::string option(std::string_view value, std::string_view label) {
  return fmt::format("<option value=\"{}\">{}</option>", html_value(value), html_value(label));
}

std::string filter(const std::vector<std::string_view>& controls) {
  std::string out =
      "<form class=\"filter needs-js\" role=\"search\" aria-label=\"Filter the findings\">"
      "<input type=\"search\" id=\"search\" placeholder=\"Filter by name, account, reason  ( / )\" "
      "aria-label=\"Filter by text\" autocomplete=\"off\" spellcheck=\"false\">"
      "<select id=\"severity\" aria-label=\"Severity\"><option value=\"\">Any severity</option>";
  for (size_t rank = 0; rank < 5; ++rank) {
    const auto severity = static_cast<Severity>(4 - rank);
    out += option(name_of(severity), plain_word(severity));
  }
  out +=
      "</select><select id=\"state\" aria-label=\"Result\"><option value=\"\">Any result</option>";
  out += option("failed", "Failed") + option("open", "Not judged");
  out += option("suppressed", "Suppressed") + option("passed", "Passed");
  out +=
      "</select><select id=\"control\" aria-label=\"Control\"><option value=\"\">Any control"
      "</option>";
  std::vector<std::string_view> sorted = controls;
  std::ranges::sort(sorted, natural_less);
  for (const std::string_view control : sorted) out += option(control, control);
  return out +
         "</select><button type=\"button\" id=\"reset\">Reset</button>"
         "<button type=\"button\" id=\"expand\">Open or close all</button>"
         "<output id=\"shown\" aria-live=\"polite\"></output></form>\n";
}

// A number in a table; zeros step back.
std::string number_cell(size_t count) {
  return fmt::format("<td class=\"n{}\">{}</td>", count == 0 ? " zero" : "", number_text(count));
}

std::string status_pill(ControlStatus status) {
  switch (status) {
    case ControlStatus::Failed:
      return "<span class=\"pill failed\">Failed</span>";
    case ControlStatus::Unknown:
      return "<span class=\"pill open\">Not fully judged</span>";
    case ControlStatus::Passed:
      return "<span class=\"pill passed\">Passed</span>";
    case ControlStatus::Suppressed:
      return "<span class=\"pill suppressed\">Suppressed</span>";
    case ControlStatus::NoData:
      return "<span class=\"pill idle\">No data</span>";
  }
  return "";
}

std::string html_control_table(const ReportInput& input) {
  std::string out =
      "<section id=\"controls\"><h2>Controls</h2><div class=\"card scroll\"><table><thead><tr>"
      "<th>Control</th><th>Title</th><th>Severity</th><th>Status</th><th class=\"n\">Failed</th>"
      "<th class=\"n\">Not judged</th><th class=\"n\">Suppressed</th><th class=\"n\">Passed</th>";
  const bool known = sum_of(total_of(input.counts).known) > 0;
  if (known) out += "<th>Known, left out</th>";
  out += "</tr></thead><tbody>\n";
  for (const ControlInfo& control : input.controls) {
    const ControlCounts counts = counts_of(input, control.id);
    const std::string id = html_value(control.id);
    const std::string link = sum_of(counts) == 0
                                 ? id
                                 : fmt::format("<a href=\"#{}\">{}</a>",
                                               uri_encoded(html_anchor("control", control.id)), id);
    out += "<tr><td>" + link + "</td><td class=\"data\">" + html_value(control.title) +
           "</td><td>" + html_badge(control.severity) + "</td><td>" +
           status_pill(status_of(counts)) + "</td>" + number_cell(counts.failed) +
           number_cell(not_judged_of(counts)) + number_cell(counts.suppressed) +
           number_cell(counts.passed);
    if (known) out += "<td>" + known_text(counts.known) + "</td>";
    out += "</tr>\n";
  }
  return out + "</tbody></table></div></section>\n";
}

std::string counter_card(std::string_view title, std::string_view first,
                         const std::map<std::string, size_t>& counters) {
  if (counters.empty()) return "";
  std::string out = fmt::format(
      "<div class=\"card\"><h3>{}</h3><table><thead><tr><th>{}</th>"
      "<th class=\"n\">Number</th></tr></thead><tbody>",
      title, first);
  for (const auto& [name, count] : counters)
    out += "<tr><td class=\"data\">" + html_value(name) + "</td>" + number_cell(count) + "</tr>";
  return out + "</tbody></table></div>\n";
}

std::string gap_card(const std::vector<Gap>& gaps) {
  if (gaps.empty())
    return "<div class=\"card\"><h3>Not read</h3><p>Everything that was given was "
           "read.</p></div>\n";
  std::string out =
      fmt::format("<div class=\"card\"><h3>Not read: {}</h3>\n", number_text(gaps.size()));
  for (size_t at = 0; at < std::min(gaps.size(), kMaxHtmlGaps); ++at) {
    const Gap& gap = gaps[at];
    out += "<div class=\"gap\"><b class=\"data\">" + html_value(gap_place_text(gap)) +
           "</b> <code class=\"data\">" + html_value(gap.code) +
           "</code><br><span class=\"data\">" + html_value(gap.message) + "</span></div>\n";
  }
  if (gaps.size() > kMaxHtmlGaps) {
    out += fmt::format("<p>and {} more, all of them in the JSON report.</p>\n",
                       number_text(gaps.size() - kMaxHtmlGaps));
  }
  return out + "</div>\n";
}

// Of a scan of AWS: where was looked.
std::string aws_card(const std::vector<CoverageRow>& rows) {
  if (rows.empty()) return "";
  const CoverageTable table = coverage_table(rows, CoverageBy::Type, kMaxHtmlCoverage);
  std::string out = fmt::format(
      "<div class=\"card scroll\"><h3>In AWS</h3>\n<p class=\"data\">{}</p>\n"
      "<table><thead><tr><th>Account</th>",
      html_value(fmt::format("{}", fmt::join(coverage_totals(rows), ", "))));
  if (table.by != CoverageBy::Account) out += "<th>Region</th>";
  if (table.by == CoverageBy::Type) out += "<th>Resource type</th>";
  for (const CoverageColumn& column : kCoverageColumns)
    out += fmt::format("<th class=\"n\">{}</th>", column.title);
  out += "</tr></thead><tbody>\n";
  for (const CoverageLine& line : table.lines) {
    out += "<tr><td class=\"data\">" + html_value(line.account) + "</td>";
    if (table.by != CoverageBy::Account)
      out += "<td class=\"data\">" + html_value(region_text(line)) + "</td>";
    if (table.by == CoverageBy::Type)
      out += "<td class=\"data\">" + html_value(line.type) + "</td>";
    for (const CoverageColumn& column : kCoverageColumns) out += number_cell(line.*column.number);
    out += "</tr>\n";
  }
  out += "</tbody></table>";
  const std::string rest = coverage_rest(table);
  if (!rest.empty()) out += "<p>" + html_value(rest) + ".</p>";
  return out + "</div>\n";
}

std::string text_items(const std::vector<std::string>& items, size_t most) {
  std::string out = "<ul>";
  for (size_t at = 0; at < std::min(items.size(), most); ++at)
    out += "<li class=\"data\">" + html_value(items[at]) + "</li>";
  if (items.size() > most)
    out += fmt::format("<li>and {} more</li>", number_text(items.size() - most));
  return out + "</ul>";
}

std::string run_card(const ReportInput& input) {
  std::string out = "<div class=\"card\"><h3>Run</h3><dl class=\"facts\">";
  const struct {
    std::string_view label;
    std::string value;
  } rows[] = {
      {"Started", input.run.started},
      {"Finished", input.run.finished},
      {"Read", read_text(input.coverage)},
      {"Superseded", input.coverage.superseded == 0 ? ""
                                                    : count_of(input.coverage.superseded, "state") +
                                                          " of resources that were seen again"}};
  for (const auto& row : rows) {
    if (!row.value.empty())
      out += fmt::format("<dt>{}</dt><dd class=\"data\">{}</dd>", row.label, html_value(row.value));
  }
  out += "</dl>";
  if (!input.run.inputs.empty())
    out += "<h3>Inputs</h3>" + text_items(input.run.inputs, kMaxInputs);
  if (!input.notices.empty()) out += "<h3>Notes</h3>" + text_items(input.notices, kMaxNotices);
  return out + "</div>\n";
}

std::string coverage(const ReportInput& input) {
  const Coverage& seen = input.coverage;
  std::string out = "<section id=\"coverage\"><h2>Coverage: what was seen</h2>\n";
  out += gap_card(gaps_of(input)) + aws_card(seen.rows);
  out += "<br><div class=\"two\">\n" + run_card(input);
  out += counter_card("Evaluated", "Resource type", seen.evaluated);
  out += counter_card("Read and rightly passed over", "Reason", seen.passed_over);
  out += counter_card("No selected control is about these", "Resource type", seen.without_control);
  return out + "</div></section>\n";
}

std::string foot(const ReportInput& input) {
  return fmt::format(
      "</main>\n<footer><div class=\"wrap\">Made by sagewarden {}. A finding passed only if what "
      "its control asks for was read and is so; what could not be read is listed as not "
      "judged.</div></footer>\n<script>{}</script>\n</body>\n</html>\n",
      html_value(input.run.version), kHtmlScript);
}

}  // namespace

Result<void> write_html(const ReportInput& input, const EachFinding& each, const TextStyle&,
                        Output& out) {
  return write_html_page(input, each, {}, out);
}

Result<void> write_html_page(const ReportInput& input, const EachFinding& each,
                             HtmlFindings::Limits limits, Output& out) {
  TRY_LET(const auto ranks, count_ranks(each));
  HtmlFindings findings(input, ranks, limits);
  TRY_DO(each([&findings](const Finding& finding) -> Result<void> {
    findings.add(finding);
    return {};
  }));

  TRY_DO(out.write(head() + top(input) + summary(input, ranks)));
  TRY_DO(out.write("<section id=\"findings\"><h2>Findings</h2>\n" + filter(findings.controls())));
  if (findings.left_out() > 0) {
    TRY_DO(out.write(fmt::format(
        "<p class=\"alert open\"><b>{} findings are not listed.</b> A page holds {} at most, the "
        "most urgent first; the JSON and CSV reports hold all.</p>\n",
        number_text(findings.left_out()), number_text(limits.rows))));
  }
  TRY_DO(findings.write(out));
  TRY_DO(out.write("<p class=\"none\" id=\"nothing\" hidden>No finding matches the filter.</p>\n"));
  if (findings.controls().empty())
    TRY_DO(out.write(fmt::format("<p class=\"none card\">There are no {}findings.</p>\n",
                                 sum_of(total_of(input.counts).known) > 0 ? "new " : "")));
  TRY_DO(out.write("</section>\n" + html_control_table(input)));
  return out.write(coverage(input) + foot(input));
}

}  // namespace sagewarden
