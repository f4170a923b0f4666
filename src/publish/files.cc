#include "publish/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "aws/digest.h"
#include "base/iso_time.h"
#include "base/json_writer.h"
#include "base/time.h"
#include "report/finding_json.h"
#include "report/ocsf.h"
#include "report/summary.h"
#include "report/words.h"

namespace sagewarden::publish {
namespace {

constexpr std::string_view kManifestFormat = "sagewarden-manifest/1";
constexpr std::string_view kUnknown = "unknown";
constexpr size_t kNameDigits = 16;  // hexadecimal digits of it in a name

// They become names of folders: nothing but what an account and a Region can be.
std::string as_account(std::string_view text) {
  const bool is_one =
      text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
  return std::string(is_one ? text : kUnknown);
}
std::string as_region(std::string_view text) {
  const bool is_one =
      !text.empty() && text.size() <= 63 &&
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
  return std::string(is_one ? text : kUnknown);
}

struct Scope {
  std::string region;
  std::string account;

  friend bool operator<(const Scope& a, const Scope& b) {
    return std::tie(a.region, a.account) < std::tie(b.region, b.account);
  }
};

struct Part {
  std::string content;
  size_t records = 0;
  RecordCounts counts = {};
  std::string resource = {};  // the last finding's

  void add(std::string_view record) {
    content += record;
    ++records;
  }
  void count(const Finding& finding) {
    ++counts.findings;
    // In a report's order, the findings of a resource follow one another.
    std::string place = fmt::format("{} {} {} {}", finding.type, finding.arn, finding.location.file,
                                    finding.location.address);
    if (place == resource) return;
    ++counts.evaluated[finding.type];
    resource = std::move(place);
  }
};

std::string compact(std::string time) {
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  return time;
}

std::string file_name(std::string_view format, const std::string& time, std::string_view content,
                      std::string_view ending) {
  return fmt::format("sagewarden{}-{}-{}.{}", format, time,
                     aws::sha256_hex(content).substr(0, kNameDigits), ending);
}

std::string ocsf_line(const Finding& finding, const ReportInput& report) {
  std::string line;
  append_ocsf(line, finding, report);
  return line += '\n';
}

// What each place has, a report's findings and gaps as lines.
Result<std::map<Scope, Part>> parts_of(const ReportInput& report, const EachFinding& each,
                                       RecordFormat format) {
  std::map<Scope, Part> parts;
  const bool is_ocsf = format == RecordFormat::Ocsf;
  const auto part_of = [&](std::string_view region, std::string_view account) -> Part& {
    return parts[{as_region(region), as_account(account)}];
  };
  TRY_DO(each([&](const Finding& finding) -> Result<void> {
    Part& part = part_of(finding.region, finding.account);
    part.add(is_ocsf ? ocsf_line(finding, report) : finding_record(finding));
    part.count(finding);
    return {};
  }));
  for (const Gap& gap : gaps_of(report)) {
    Part& part = part_of(gap.region, gap.account);
    part.add(is_ocsf ? ocsf_line(gap_as_finding(gap), report) : gap_record(gap));
    ++part.counts.gaps;
  }
  if (is_ocsf) return parts;
  for (const CoverageRow& row : report.coverage.rows) {
    Part& part = part_of(row.region, row.account);
    part.add(coverage_record(row));
    ++part.counts.coverage;
  }
  for (auto& [place, part] : parts) part.add(run_record(report, part.counts));
  return parts;
}

std::string manifest_of(const ReportInput& report, const std::vector<ReportFile>& files) {
  std::string text;
  json::Writer writer(text, json::Writer::Style::Indented);
  writer.begin_object().member("format", kManifestFormat).key("run");
  write_run(writer, report);
  writer.member("verdict", verdict_text(report)).key("complete").boolean(is_complete(report));
  writer.key("files").begin_array();
  for (const ReportFile& file : files) {
    writer.begin_object().member("name", file.name);
    writer.key("bytes").unsigned_integer(file.content.size());
    writer.key("records").unsigned_integer(file.records);
    writer.member("sha256", aws::sha256_hex(file.content)).end_object();
  }
  writer.end_array().end_object();
  return text += '\n';
}

}  // namespace

Result<ReportFiles> files_of(const ReportInput& report, const EachFinding& each,
                             RecordFormat format) {
  const std::string& said = report.run.finished.empty() ? report.run.started : report.run.finished;
  const int64_t then = parse_iso_time(said) / 1'000;
  // Not the time of publishing: the same report has the same names whenever it comes.
  const std::string time = then == 0 ? std::string(kUnknown) : compact(iso_time(then));
  const std::string_view infix = format == RecordFormat::Ocsf ? "-ocsf" : "";
  TRY_LET(auto parts, parts_of(report, each, format));
  ReportFiles out;
  for (auto& [place, part] : parts) {
    out.files.push_back(
        {fmt::format("region={}/accountId={}/eventDay={}/{}", place.region, place.account,
                     time.substr(0, 8), file_name(infix, time, part.content, "ndjson")),
         std::move(part.content), part.records});
  }
  out.manifest.content = manifest_of(report, out.files);
  out.manifest.name = "_manifests/" + file_name(infix, time, out.manifest.content, "json");
  out.manifest.records = 1;
  return out;
}

}  // namespace sagewarden::publish
