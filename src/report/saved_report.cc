#include "report/saved_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "base/json_writer.h"
#include "base/text.h"
#include "report/finding_json.h"
#include "report/finding_reader.h"
#include "report/summary.h"
#include "report/words.h"

namespace sagewarden {
namespace {

tl::unexpected<Error> no_report(std::string_view file, std::string_view why) {
  return fail(
      Error::Code::Invalid,
      fmt::format("{}: {}; what is wanted is a report in the format json or ndjson, made by "
                  "`sagewarden scan … -o json=FILE`",
                  file, why));
}

// NDJSON's records each have a format; a document has it once, and begins on a line of its own.
bool is_document(std::string_view text) {
  const std::string_view first = trim(text.substr(0, text.find('\n')));
  if (first == "{") return true;
  if (first.find("\"sagewarden-report/") == std::string_view::npos) return false;
  // A record may hold the same words, in a tag.
  json::Parser parser;
  const Result<json::Value> line = parser.parse(first);
  return !line || (*line)["format"].string_or("").starts_with("sagewarden-report/");
}

}  // namespace

Result<SavedReport> SavedReport::read(std::string_view file, std::string_view text) {
  SavedReport report;
  report.file_ = file;
  report.text_ = text;
  if (trim(text).empty()) return no_report(file, "it is empty");
  report.is_document_ = is_document(trim(text));
  TRY_DO(report.is_document_ ? report.read_document() : report.read_lines());
  std::unordered_set<std::string> seen;
  TRY_DO(report.each([&](const Finding& finding) -> Result<void> {
    // Which of the two is true nobody knows.
    if (!seen.insert(finding.id).second)
      return no_report(file, fmt::format("the finding {} is there twice: take reports one by one",
                                         printable(finding.id)));
    report.count(finding);
    return {};
  }));
  report.input_.shortened = !report.is_whole();
  return report;
}

size_t SavedReport::left_out() const {
  return sum_of(total_of(input_.counts).known);
}

Result<void> SavedReport::read_document() {
  Result<json::Document> document = json::parse_document(text_);
  if (!document) return no_report(file_, document.error().message + " (cut off, perhaps)");
  document_ = std::move(*document);
  const json::Value root = document_.root;
  const std::string_view format = root["format"].string_or("");
  if (format != kReportFormat)
    return no_report(file_,
                     fmt::format("its format is '{}', not {}", printable(format), kReportFormat));
  if (!root["run"].is_object() || !root["findings"].is_array())
    return no_report(file_, "the run or the findings are missing");
  has_run_ = true;
  TRY_DO(read_run(root["run"]));
  input_.controls = read_controls(root["controls"]);
  const json::Value coverage = root["coverage"];
  for (const json::Value gap : coverage["gaps"].elements())
    input_.coverage.gaps.push_back(read_gap(gap));
  for (const json::Value row : coverage["aws"].elements())
    input_.coverage.rows.push_back(read_coverage_row(row));
  input_.coverage.evaluated = read_evaluated(coverage["evaluated"]);
  claimed_ = read_listed(root["summary"]);
  for (const json::Value control : root["summary"]["controls"].elements())
    input_.counts[std::string(control["id"].string_or(""))].known = read_known(control["known"]);
  return {};
}

Result<void> SavedReport::read_run(json::Value run) {
  input_.run.version = run["version"].string_or("");
  input_.run.started = run["started"].string_or("");
  input_.run.finished = run["finished"].string_or("");
  const json::Value live = run["live"];
  input_.run.live = live.is_bool() && live.boolean();
  const json::Value interrupted = run["interrupted"];
  input_.interrupted = interrupted.is_bool() && interrupted.boolean();
  for (const json::Value input : run["inputs"].elements())
    input_.run.inputs.emplace_back(input.string_or(""));
  for (const json::Value notice : run["notices"].elements())
    input_.notices.emplace_back(notice.string_or(""));
  return {};
}

Result<void> SavedReport::each_line(
    const std::function<Result<void>(size_t number, json::Value record)>& take) const {
  json::Parser parser;
  std::string_view text = text_;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty()) continue;
    const Result<json::Value> record = parser.parse(line);
    if (!record || !record->is_object())
      return no_report(
          file_, fmt::format("line {}: this is not one JSON object (cut off, perhaps)", number));
    TRY_DO(take(number, *record));
  }
  return {};
}

Result<void> SavedReport::read_lines() {
  return each_line([this](size_t number, json::Value record) -> Result<void> {
    Result<void> taken = take_record(record);
    if (!taken) return no_report(file_, fmt::format("line {}: {}", number, taken.error().message));
    return {};
  });
}

Result<void> SavedReport::take_record(json::Value record) {
  const std::string_view format = record["format"].string_or("");
  if (format == kFindingFormat) return {};  // each() reads them
  if (format == kGapFormat) {
    ++gaps_;
    Gap gap = read_gap_record(record);
    // The run says that it was interrupted, too.
    if (gap.code == kInterruptedCode)
      input_.interrupted = true;
    else
      input_.coverage.gaps.push_back(std::move(gap));
    return {};
  }
  if (format == kCoverageFormat) {
    input_.coverage.rows.push_back(read_coverage_row(record));
    return {};
  }
  if (format != kRunFormat)
    return fail(Error::Code::Invalid,
                fmt::format("'{}' is no format of a record that is known here", printable(format)));
  if (has_run_)
    return fail(Error::Code::Invalid, "here a second report begins: take them one by one");
  has_run_ = true;
  TRY_DO(read_run(record));
  claimed_ = read_record_counts(record);
  input_.coverage.evaluated = read_evaluated(record["evaluated"]);
  input_.controls = read_controls(record["controls"]);
  const KnownCounts known = read_known(record["known"]);
  if (sum_of(known) > 0) input_.counts[""].known = known;
  return {};
}

Result<void> SavedReport::each(const std::function<Result<void>(const Finding&)>& take) const {
  const auto read_one = [&](size_t number, json::Value record) -> Result<void> {
    Result<Finding> finding = read_finding(record);
    if (!finding)
      return no_report(file_, fmt::format("{} {}: {}", is_document_ ? "finding" : "line", number,
                                          finding.error().message));
    return take(*finding);
  };
  if (!is_document_) {
    return each_line([&](size_t number, json::Value record) -> Result<void> {
      if (record["format"].string_or("") != kFindingFormat) return {};
      return read_one(number, record);
    });
  }
  size_t number = 0;
  for (const json::Value record : document_.root["findings"].elements())
    TRY_DO(read_one(++number, record));
  return {};
}

bool SavedReport::is_whole() const {
  const size_t gaps = is_document_ ? input_.coverage.gaps.size() : gaps_;
  return claimed_ && claimed_->same_records({findings_, gaps, input_.coverage.rows.size()});
}

void SavedReport::count(const Finding& finding) {
  ++findings_;
  count_in(input_.counts[finding.control], finding);
}

}  // namespace sagewarden
