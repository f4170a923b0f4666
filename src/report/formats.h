// Each format's writer, for the table in formats.cc. Everyone else uses report/report.h.
#pragma once

#include "report/report.h"

namespace sagewarden {

// Findings for Security Hub's BatchImportFindings. Fails, before anything is written, when a
// finding has no account or Region: Security Hub could not import it, and leaving it out would look
// like compliance.
Result<void> write_asff(const ReportInput& input, const EachFinding& each, const TextStyle& style,
                        Output& out);
Result<void> write_csv(const ReportInput& input, const EachFinding& each, const TextStyle& style,
                       Output& out);
Result<void> write_html(const ReportInput& input, const EachFinding& each, const TextStyle& style,
                        Output& out);
Result<void> write_json(const ReportInput& input, const EachFinding& each, const TextStyle& style,
                        Output& out);
Result<void> write_junit(const ReportInput& input, const EachFinding& each, const TextStyle& style,
                         Output& out);
Result<void> write_markdown(const ReportInput& input, const EachFinding& each,
                            const TextStyle& style, Output& out);
Result<void> write_ndjson(const ReportInput& input, const EachFinding& each, const TextStyle& style,
                          Output& out);
Result<void> write_ocsf(const ReportInput& input, const EachFinding& each, const TextStyle& style,
                        Output& out);
Result<void> write_sarif(const ReportInput& input, const EachFinding& each, const TextStyle& style,
                         Output& out);
// As GitHub takes it, but with so many results at most: for tests.
Result<void> write_sarif_up_to(size_t most, const ReportInput& input, const EachFinding& each,
                               Output& out);
Result<void> write_text(const ReportInput& input, const EachFinding& each, const TextStyle& style,
                        Output& out);

}  // namespace sagewarden
