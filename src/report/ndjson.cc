// One JSON object per line (docs/formats/ndjson.md): first the findings, then what was not read, of
// a scan of AWS what was looked at, and at last the run. The format that a later run takes as its
// baseline.
#include "report/finding_json.h"
#include "report/formats.h"
#include "report/words.h"

namespace sagewarden {

Result<void> write_ndjson(const ReportInput& input, const EachFinding& each, const TextStyle&,
                          Output& out) {
  RecordCounts counts;
  TRY_DO(each([&](const Finding& finding) {
    ++counts.findings;
    return out.write(finding_record(finding));
  }));
  // In a finding's shape, so that whoever counts what did not pass cannot overlook them.
  for (const Gap& gap : gaps_of(input)) {
    ++counts.gaps;
    TRY_DO(out.write(gap_record(gap)));
  }
  for (const CoverageRow& row : input.coverage.rows) TRY_DO(out.write(coverage_record(row)));
  counts.coverage = input.coverage.rows.size();
  counts.evaluated = input.coverage.evaluated;
  return out.write(run_record(input, counts));
}

}  // namespace sagewarden
