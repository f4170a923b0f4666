#include "evaluate/baseline.h"

#include <fmt/core.h>

#include <array>
#include <optional>

#include "base/json.h"
#include "base/text.h"

namespace sagewarden {
namespace {

// Of an NDJSON report: what was looked at, and no finding (docs/formats/ndjson.md).
constexpr std::string_view kCoverageFormat = "sagewarden-coverage/1";
constexpr std::string_view kRunFormat = "sagewarden-run/1";

uint8_t state_of(Compliance compliance, bool suppressed) {
  return static_cast<uint8_t>(static_cast<unsigned>(compliance) * 2 + (suppressed ? 1 : 0));
}

std::optional<Compliance> parse_compliance(std::string_view text) {
  for (const Compliance compliance :
       {Compliance::Passed, Compliance::Failed, Compliance::Warning, Compliance::NotAvailable}) {
    if (name_of(compliance) == text) return compliance;
  }
  return std::nullopt;
}

tl::unexpected<Error> no_finding(std::string_view file, size_t line, std::string_view why) {
  return fail(Error::Code::Invalid,
              fmt::format("{}: line {}: {}; a baseline is a report in the format ndjson, made by "
                          "`sagewarden scan … -o ndjson=FILE`",
                          file, line, why));
}

}  // namespace

bool Baseline::is_known(const Finding& finding) const {
  const auto found = states_.find(hash_of(finding.id));
  return found != states_.end() &&
         found->second == state_of(finding.compliance, finding.suppressed.has_value());
}

void Baseline::add(std::string_view id, Compliance compliance, bool suppressed) {
  states_.insert_or_assign(hash_of(id), state_of(compliance, suppressed));
}

Result<Baseline> read_baseline(std::string_view file, std::string_view text) {
  Baseline baseline;
  json::Parser parser;
  bool ended = false;  // a report tells last what was run
  size_t number = 1;
  for (; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty()) continue;
    const Result<json::Value> parsed = parser.parse(line);
    // The line within the line that the parser counts would only confuse.
    if (!parsed) return no_finding(file, number, "this is not one JSON object (cut off, perhaps)");
    const std::string_view format = (*parsed)["format"].string_or("");
    ended = format == kRunFormat;
    if (ended || format == kCoverageFormat) continue;
    const std::string_view id = (*parsed)["id"].string_or("");
    const auto compliance = parse_compliance((*parsed)["compliance"].string_or(""));
    if (id.empty() || !compliance)
      return no_finding(file, number, "a finding needs the members \"id\" and \"compliance\"");
    const json::Value suppressed = (*parsed)["suppressed"];
    const bool is_suppressed = suppressed.exists() && !suppressed.is_null() &&
                               !(suppressed.is_bool() && !suppressed.boolean());
    baseline.add(id, *compliance, is_suppressed);
  }
  if (!ended)
    return no_finding(file, number, "the line that ends a report is missing (cut off, perhaps)");
  return baseline;
}

}  // namespace sagewarden
