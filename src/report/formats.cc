#include "report/formats.h"

#include <algorithm>
#include <array>

namespace sagewarden {
namespace {

// clang-format off
constexpr std::array<Format, 10> kFormats = {{
    {"asff", "application/json", "findings for AWS Security Hub (BatchImportFindings)", true, write_asff},
    {"csv", "text/csv", "one row per finding, safe to open in a spreadsheet", true, write_csv},
    {"html", "text/html", "one self-contained page for people and auditors", true, write_html},
    {"json", "application/json", "one document: run, summary, coverage, findings", true, write_json},
    {"junit", "application/xml", "test results for CI servers", true, write_junit},
    {"markdown", "text/markdown", "a pull request comment", false, write_markdown},
    {"ndjson", "application/x-ndjson", "one JSON finding per line; also the baseline of a later run", true, write_ndjson},
    {"ocsf", "application/json", "OCSF 1.5 Compliance Finding events", true, write_ocsf},
    {"sarif", "application/sarif+json", "SARIF 2.1.0 for GitHub code scanning", false, write_sarif},
    {"text", "text/plain", "a table for the terminal", false, write_text},
}};
// clang-format on
static_assert(std::ranges::is_sorted(kFormats, {}, &Format::name));

}  // namespace

std::span<const Format> formats() {
  return kFormats;
}

const Format* find_format(std::string_view name) {
  const auto* const found = std::ranges::lower_bound(kFormats, name, {}, &Format::name);
  return found != kFormats.end() && found->name == name ? found : nullptr;
}

}  // namespace sagewarden
