// Reports of findings, in the formats json and ndjson, as a side of a comparison.
#include <fmt/core.h>

#include <optional>
#include <set>
#include <tuple>

#include "app/diff_side.h"
#include "base/input.h"
#include "base/json.h"
#include "base/text.h"
#include "report/finding_json.h"
#include "report/finding_reader.h"
#include "source/inventory/lines.h"

namespace sagewarden {
namespace {

constexpr uint64_t kMaxComparedBytes = uint64_t{2} * 1000 * 1000 * 1000;
constexpr size_t kMaxLineBytes = size_t{16} * 1024 * 1024;

std::string text_of(json::Value value, std::string_view name) {
  return std::string(value[name].string_or(""));
}

std::string verdict_of(json::Value finding) {
  std::string verdict = text_of(finding, "compliance");
  if (finding["suppressed"].is_object()) verdict += " (suppressed)";
  return verdict;
}

bool is_positive(json::Value number) {
  return number.kind() == json::Kind::Int && number.integer() > 0;
}

class ReportSide : public DiffSideReader {
 public:
  ReportSide(std::string file, Progress& progress) : file_(std::move(file)), progress_(progress) {}

  Result<void> each(const std::function<void(DiffItem)>& take) override {
    seen_ = {};
    TRY_LET(InputStream input, InputStream::open(file_, &progress_.stop));
    TRY_LET(const std::string_view start, input.peek(64));
    return is_record(start) ? read_lines(input, take) : read_document(input, take);
  }

  bool looked_for(const DiffItem& item) const override {
    if (seen_.is_partial || seen_.is_shortened || !seen_.controls.contains(item.control))
      return false;
    // Which files there were, whoever ran it knows.
    if (!item.file.empty()) return seen_.gaps == 0;
    return seen_.complete.contains({item.account, item.region, item.type});
  }

  Difference compare(const DiffItem& before, const DiffItem& after) const override {
    Difference out;
    out.change = Change::Changed;
    out.control = after.control;
    out.type = after.type;
    out.name = after.name;
    out.arn = after.arn;
    out.account = after.account;
    out.region = after.region;
    out.before = before.verdict;
    out.after = after.verdict;
    return out;
  }

  std::vector<std::string> notes() const override {
    std::vector<std::string> out;
    if (seen_.is_partial)
      out.push_back(
          fmt::format("{} holds only a part: it was interrupted, or made with --baseline", file_));
    if (seen_.is_shortened)
      out.push_back(
          fmt::format("{} is not whole: records were taken out of it, or its end is lost", file_));
    if (seen_.gaps > 0)
      out.push_back(fmt::format("{} has {}: what could not be read is not compared", file_,
                                count_of(seen_.gaps, "gap")));
    return out;
  }

  DiffSide about() const override { return {file_, seen_.started}; }

 private:
  struct Seen {
    std::string started;
    bool is_partial = false;
    bool is_shortened = false;
    RecordCounts records = {};
    size_t gaps = 0;
    std::set<std::string, std::less<>> controls;
    std::set<std::tuple<std::string, std::string, std::string>> complete;
  };

  static bool is_record(std::string_view start) {
    return start.empty() || start.starts_with("{\"format\":\"sagewarden-finding/") ||
           start.starts_with("{\"format\":\"sagewarden-gap/") ||
           start.starts_with("{\"format\":\"sagewarden-coverage/") ||
           start.starts_with("{\"format\":\"sagewarden-run/");
  }

  tl::unexpected<Error> wrong(std::string_view why) const {
    return fail(Error::Code::Invalid, fmt::format("{}: {}", file_, why));
  }

  Result<void> read_document(InputStream& input, const std::function<void(DiffItem)>& take) {
    TRY_LET(const Text text, read_text(input, kMaxComparedBytes));
    json::Parser parser;
    const Result<json::Value> parsed = parser.parse_padded(text.view());
    if (!parsed) return wrong(parsed.error().message);
    const json::Value root = *parsed;
    if (root["format"].string_or("") != kReportFormat || !root["findings"].is_array())
      return wrong(fmt::format("no report of the format {} or {}", kReportFormat, kFindingFormat));
    add_run(root["run"], root["summary"]["findings"]["known"], root["controls"]);
    seen_.gaps = root["coverage"]["gaps"].size();
    for (const json::Value row : root["coverage"]["aws"].elements()) add_row(row);
    for (const json::Value finding : root["findings"].elements()) TRY_DO(add(finding, take));
    seen_.records.gaps = seen_.gaps;
    seen_.records.coverage = root["coverage"]["aws"].size();
    const std::optional<RecordCounts> claimed = read_listed(root["summary"]);
    seen_.is_shortened = !claimed || !claimed->same_records(seen_.records);
    return {};
  }

  Result<void> read_lines(InputStream& input, const std::function<void(DiffItem)>& take) {
    Lines lines(input, progress_, kMaxLineBytes);
    json::Parser parser;
    std::optional<RecordCounts> claimed;
    for (size_t number = 1;; ++number) {
      TRY_LET(const Lines::Piece piece, lines.next());
      if (piece.kind == Lines::Piece::Kind::End) break;
      const Result<json::Value> parsed = parser.parse_padded(piece.text);
      // Never to be taken for "nothing was there".
      if (piece.kind != Lines::Piece::Kind::Line || !parsed || !piece.text.ends_with('\n'))
        return wrong(fmt::format("line {} is not one JSON object (cut off, perhaps)", number));
      const std::string_view format = (*parsed)["format"].string_or("");
      if (format == kFindingFormat) {
        TRY_DO(add(*parsed, take));
      } else if (format == kGapFormat) {
        ++seen_.gaps;
        ++seen_.records.gaps;
      } else if (format == kCoverageFormat) {
        ++seen_.records.coverage;
        add_row(*parsed);
      } else if (format == kRunFormat) {
        claimed = read_record_counts(*parsed);
        add_run(*parsed, (*parsed)["known"], (*parsed)["controls"]);
      } else {
        return wrong(fmt::format("line {} is no record of a report", number));
      }
    }
    seen_.is_shortened = !claimed || !claimed->same_records(seen_.records);
    return {};
  }

  void add_run(json::Value run, json::Value known, json::Value controls) {
    seen_.started = text_of(run, "started");
    const json::Value interrupted = run["interrupted"];
    seen_.is_partial = interrupted.is_bool() && interrupted.boolean();
    for (const auto& [name, number] : known.members())
      seen_.is_partial = seen_.is_partial || is_positive(number);
    for (const json::Value control : controls.elements())
      seen_.controls.insert(text_of(control, "id"));
  }

  void add_row(json::Value row) {
    if (!row["complete"].is_bool() || !row["complete"].boolean()) return;
    seen_.complete.emplace(text_of(row, "account"), text_of(row, "region"), text_of(row, "type"));
  }

  Result<void> add(json::Value finding, const std::function<void(DiffItem)>& take) {
    DiffItem item;
    item.key = text_of(finding, "id");
    item.verdict = verdict_of(finding);
    if (item.key.empty() || item.verdict.empty())
      return wrong("a finding has no id or no compliance");
    item.text = item.verdict;
    item.time = text_of(finding, "captured_at");
    item.control = text_of(finding, "control");
    item.type = text_of(finding, "type");
    item.name = text_of(finding, "name");
    item.arn = text_of(finding, "arn");
    item.account = text_of(finding, "account");
    item.region = text_of(finding, "region");
    item.file = text_of(finding["location"], "file");
    if (item.arn.empty())
      item.arn = fmt::format("{}#{}", item.file, text_of(finding["location"], "address"));
    seen_.controls.insert(item.control);
    ++seen_.records.findings;
    take(std::move(item));
    return {};
  }

  const std::string file_;
  Progress& progress_;
  Seen seen_;
};

}  // namespace

Result<std::unique_ptr<DiffSideReader>> open_report_side(const std::string& file,
                                                         Progress& progress) {
  return std::make_unique<ReportSide>(file, progress);
}

}  // namespace sagewarden
