// One JSON object per line (docs/formats/ndjson.md): first the findings, then what was not read,
// and of a scan of AWS what was looked at.
// The format that a later run takes as its baseline.
#include "report/finding_json.h"
#include "report/formats.h"
#include "report/words.h"

namespace sagewarden {
namespace {

Result<void> write_line(std::string_view format, const Finding& finding, Output& out) {
  std::string line;
  json::Writer writer(line);
  writer.begin_object().member("format", format);
  write_finding_members(writer, finding);
  writer.end_object();
  return out.write(line += '\n');
}

}  // namespace

Result<void> write_ndjson(const ReportInput& input, const EachFinding& each, const TextStyle&,
                          Output& out) {
  TRY_DO(each([&out](const Finding& finding) { return write_line(kFindingFormat, finding, out); }));
  // In a finding's shape, so that whoever counts what did not pass cannot overlook them.
  for (const Gap& gap : gaps_of(input)) TRY_DO(write_line(kGapFormat, gap_as_finding(gap), out));
  for (const CoverageRow& row : input.coverage.rows) {
    std::string line;
    json::Writer writer(line);
    writer.begin_object().member("format", kCoverageFormat);
    write_row_members(writer, row);
    writer.end_object();
    TRY_DO(out.write(line += '\n'));
  }
  return {};
}

}  // namespace sagewarden
