#include "publish/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/json_writer.h"
#include "base/text.h"
#include "report/escape.h"
#include "report/finding_json.h"
#include "report/summary.h"
#include "report/words.h"

namespace sagewarden::publish {
namespace {

constexpr std::string_view kSummaryFormat = "sagewarden-summary/1";
constexpr size_t kMost = 10;         // of each list
constexpr size_t kMaxText = 300;     // bytes of a name or message
constexpr size_t kMaxSubject = 100;  // SNS's limit

constexpr std::array<Severity, 5> kBySeverity = {
    Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Informational};

std::string short_line(std::string_view text) {
  return shortened(one_line(text), kMaxText);
}

bool is_failed(const Finding& finding) {
  return finding.compliance == Compliance::Failed && !finding.suppressed;
}

// Counts failures by resource. Only of the resources, not of the findings, there may be many.
class Ranking {
 public:
  void add(const Finding& finding) {
    TopResource& resource =
        resources_[finding.account + " " + finding.region + " " +
                   std::string(finding.arn.empty() ? name_text(finding) : finding.arn)];
    if (resource.failed++ == 0) {
      resource.type = finding.type;
      resource.name = name_text(finding);
      resource.arn = finding.arn;
      resource.account = finding.account;
      resource.region = finding.region;
    }
    resource.worst = std::max(resource.worst, finding.severity);
  }

  std::vector<TopResource> top() && {
    std::vector<TopResource> all;
    all.reserve(resources_.size());
    for (auto& [name, resource] : resources_) all.push_back(std::move(resource));
    // Those alike stay in the order of their names.
    std::ranges::stable_sort(all, [](const TopResource& a, const TopResource& b) {
      return std::pair(a.worst, a.failed) > std::pair(b.worst, b.failed);
    });
    if (all.size() > kMost) all.resize(kMost);
    return all;
  }

 private:
  std::map<std::string, TopResource> resources_;
};

void write_counts(json::Writer& writer, const Summary& summary) {
  writer.key("findings").begin_object();
  writer.key("failed").unsigned_integer(summary.findings.failed);
  writer.key("warning").unsigned_integer(summary.findings.warning);
  writer.key("not_available").unsigned_integer(summary.findings.not_available);
  writer.key("passed").unsigned_integer(summary.findings.passed);
  writer.key("suppressed").unsigned_integer(summary.findings.suppressed);
  // Left out of the report, as a baseline has them.
  const KnownCounts& known = summary.findings.known;
  writer.key("known").begin_object();
  writer.key("failed").unsigned_integer(known.failed);
  writer.key("not_judged").unsigned_integer(known.not_judged);
  writer.key("suppressed").unsigned_integer(known.suppressed);
  writer.key("passed").unsigned_integer(known.passed);
  writer.end_object();
  writer.end_object().key("failed_by_severity").begin_object();
  for (const Severity severity : kBySeverity)
    writer.key(name_of(severity))
        .unsigned_integer(summary.failed.at(static_cast<size_t>(severity)));
  writer.end_object();
}

void write_news(json::Writer& writer, const Summary& summary) {
  writer.key("new_failures");
  if (!summary.new_failed) {
    writer.null();
    return;
  }
  writer.begin_object().key("count").unsigned_integer(*summary.new_failed);
  writer.key("some").begin_array();
  for (const Finding& finding : summary.news) {
    writer.begin_object()
        .member("control", short_line(finding.control))
        .member("severity", name_of(finding.severity))
        .member("type", short_line(finding.type))
        .member("name", short_line(name_text(finding)))
        .member("account", short_line(finding.account))
        .member("region", short_line(finding.region))
        .end_object();
  }
  writer.end_array().end_object();
}

void write_gaps(json::Writer& writer, const Summary& summary) {
  writer.key("gaps").begin_object().key("count").unsigned_integer(summary.all_gaps);
  writer.key("some").begin_array();
  for (const Gap& gap : summary.gaps) {
    writer.begin_object()
        .member("code", short_line(gap.code))
        .member("place", short_line(gap_place_text(gap)))
        .member("message", short_line(gap.message))
        .end_object();
  }
  writer.end_array().end_object();
}

void write_resources(json::Writer& writer, const Summary& summary) {
  writer.key("top_resources").begin_array();
  for (const TopResource& resource : summary.resources) {
    writer.begin_object()
        .member("type", short_line(resource.type))
        .member("name", short_line(resource.name))
        .member("arn", short_line(resource.arn))
        .member("account", short_line(resource.account))
        .member("region", short_line(resource.region))
        .member("worst", name_of(resource.worst))
        .key("failed")
        .unsigned_integer(resource.failed)
        .end_object();
  }
  writer.end_array();
}

std::string place_of(std::string_view account, std::string_view region) {
  if (account.empty() && region.empty()) return "";
  return fmt::format(" ({}{}{})", account, account.empty() || region.empty() ? "" : " ", region);
}

std::string by_severity_text(const Summary& summary) {
  std::string out;
  for (const Severity severity : kBySeverity) {
    const size_t count = summary.failed.at(static_cast<size_t>(severity));
    if (count == 0) continue;
    if (!out.empty()) out += ", ";
    out += number_text(count) + " " + lower(name_of(severity));
  }
  return out;
}

}  // namespace

Result<Summary> summary_of(const ReportInput& report, const EachFinding& each,
                           const IsKnown& is_known) {
  Summary summary;
  summary.run = report.run;
  summary.verdict = verdict_text(report);
  summary.is_complete = is_complete(report);
  summary.is_part = report.interrupted || report.shortened;
  summary.findings = total_of(report.counts);
  summary.gaps = gaps_of(report);
  summary.all_gaps = summary.gaps.size();
  if (summary.gaps.size() > kMost) summary.gaps.resize(kMost);
  if (is_known) summary.new_failed = 0;
  Ranking ranking;
  TRY_DO(each([&](const Finding& finding) -> Result<void> {
    if (!is_failed(finding)) return {};
    ++summary.failed.at(static_cast<size_t>(finding.severity));
    ranking.add(finding);
    if (!is_known || is_known(finding)) return {};
    ++*summary.new_failed;
    // The most severe of them.
    summary.news.push_back(finding);
    std::ranges::stable_sort(summary.news, std::greater(), &Finding::severity);
    if (summary.news.size() > kMost) summary.news.pop_back();
    return {};
  }));
  summary.resources = std::move(ranking).top();
  return summary;
}

std::string summary_json(const Summary& summary) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().member("format", kSummaryFormat);
  writer.member("text", summary_text(summary));
  writer.member("version", summary.run.version)
      .member("started", summary.run.started)
      .member("finished", summary.run.finished)
      .member("verdict", summary.verdict)
      .key("complete")
      .boolean(summary.is_complete);
  write_counts(writer, summary);
  write_news(writer, summary);
  write_gaps(writer, summary);
  write_resources(writer, summary);
  writer.end_object();
  return out;
}

std::string summary_text(const Summary& summary) {
  std::string out = "Sagewarden: " + summary.verdict + "\n";
  const ControlCounts& counts = summary.findings;
  out += fmt::format("{} failed", number_text(counts.failed));
  if (counts.failed > 0) out += " (" + by_severity_text(summary) + ")";
  out += fmt::format(", {} not judged, {} suppressed, {} passed\n",
                     number_text(counts.warning + counts.not_available),
                     number_text(counts.suppressed), number_text(counts.passed));
  if (summary.new_failed) {
    out += fmt::format("New since the baseline: {}\n", number_text(*summary.new_failed));
    for (const Finding& finding : summary.news)
      out += fmt::format("- {} {} {}{}\n", plain_word(finding.severity),
                         short_line(finding.control), short_line(name_text(finding)),
                         place_of(short_line(finding.account), short_line(finding.region)));
  }
  if (!summary.resources.empty()) out += "Most urgent:\n";
  for (const TopResource& resource : summary.resources)
    out += fmt::format("- {} {}{}: {} failed, {} at worst\n", type_label(short_line(resource.type)),
                       short_line(resource.name),
                       place_of(short_line(resource.account), short_line(resource.region)),
                       number_text(resource.failed), lower(name_of(resource.worst)));
  if (summary.all_gaps > 0)
    out += fmt::format("Not read: {}\n", count_of(summary.all_gaps, "place"));
  for (const Gap& gap : summary.gaps)
    out += fmt::format("- {}: {}\n", short_line(gap_place_text(gap)), short_line(gap.message));
  return out;
}

std::string summary_line(const Summary& summary) {
  std::string line = fmt::format("Sagewarden: {} failed", number_text(summary.findings.failed));
  if (summary.new_failed) line += fmt::format(", {} new", number_text(*summary.new_failed));
  if (summary.findings.known.failed > 0)
    line += fmt::format(", {} known failed", number_text(summary.findings.known.failed));
  if (summary.all_gaps > 0) line += fmt::format(", {} not read", number_text(summary.all_gaps));
  if (summary.is_part) line += ", only a part";
  line.resize(std::min(line.size(), kMaxSubject));
  return line;
}

}  // namespace sagewarden::publish
