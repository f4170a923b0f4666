// SARIF 2.1.0, in the subset that GitHub code scanning reads:
// https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
// FAILED is a result of kind "fail"; what could not be judged is a result of kind "open" (SARIF's
// word for "not enough information"), and never left out; PASSED makes no result, because GitHub
// would show it as an alert. What was not read makes the invocation unsuccessful.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json_writer.h"
#include "base/text.h"
#include "report/coverage_table.h"
#include "report/escape.h"
#include "report/finding_json.h"
#include "report/formats.h"
#include "report/summary.h"
#include "report/words.h"

namespace sagewarden {
namespace {

// GitHub refuses a file with more results, and cuts the texts at these lengths.
constexpr size_t kMaxResults = 25'000;
constexpr size_t kMaxSarifDescription = 1024;
constexpr size_t kMaxSarifTags = 10;
constexpr size_t kMaxSarifMessage = 4000;
constexpr std::array<size_t, 1> kPassedRanks = {7};

struct Level {
  std::string_view level;
  std::string_view score;  // GitHub: from 9.0 critical, 7.0 high, 4.0 medium, 0.1 low
};
Level level_of(Severity severity) {
  switch (severity) {
    case Severity::Critical:
      return {"error", "9.5"};
    case Severity::High:
      return {"error", "8.0"};
    case Severity::Medium:
      return {"warning", "5.5"};
    case Severity::Low:
      return {"note", "2.5"};
    case Severity::Informational:
      return {"note", "1.0"};
  }
  return {"warning", "5.5"};
}

// GitHub follows a result over commits by this; a stable id needs no hash of the line's text.
std::string fingerprint(std::string_view id) {
  uint64_t hash = 0xCBF29CE484222325ULL;  // FNV-1a
  for (const char byte : id) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= 0x100000001B3ULL;
  }
  return fmt::format("{:016x}:1", hash);
}

// In a SARIF message "[text](target)" is a link, which no input may make.
std::string message_text(std::string_view text) {
  std::string out = shortened(directed(text), kMaxSarifMessage);
  for (size_t at = out.find("]("); at != std::string::npos; at = out.find("](", at + 2))
    out.insert(at + 1, " ");
  return out;
}

void write_message(json::Writer& writer, std::string_view name, std::string_view text) {
  writer.key(name).begin_object().member("text", text).end_object();
}

bool is_https(std::string_view address) {
  constexpr std::string_view kScheme = "https://";
  return address.starts_with(kScheme) &&
         std::ranges::all_of(address, [](char c) { return c > ' ' && c < 0x7F && c != '"'; });
}

std::string help_text(const ControlInfo& control) {
  std::string out = control.why;
  if (!control.fix.empty()) out += "\n\nHow to fix: " + control.fix;
  if (!control.note.empty()) out += "\n\nNote: " + control.note;
  return out.empty() ? control.title : out;
}

// A control's texts are paragraphs, with an empty line between.
std::string markdown_paragraphs(std::string_view text) {
  std::string out;
  for (const std::string_view line : split(text, '\n'))
    out += trim(line).empty() ? "\n" : markdown_words(line) + "\n";
  return out;
}

std::string help_markdown(const ControlInfo& control) {
  std::string out = "**" + markdown_words(control.title) + "**\n\n";
  out += markdown_paragraphs(control.why);
  if (!control.fix.empty()) out += "\n### How to fix\n\n" + markdown_paragraphs(control.fix);
  if (!control.note.empty()) out += "\n### Note\n\n" + markdown_paragraphs(control.note);
  if (!control.parameters.empty()) out += "\n### Parameters\n";
  for (const Parameter& parameter : control.parameters) {
    out += "\n- " + markdown_code(parameter.name) + " is " + markdown_code(parameter.value) + ": " +
           markdown_words(parameter.why);
  }
  if (!control.standards.empty()) out += "\n\n### Standards\n";
  for (const std::string& standard : control.standards) out += "\n- " + markdown_words(standard);
  return out + "\n";
}

// Each once, as the schema asks.
std::vector<std::string> tags_of(const ControlInfo& control) {
  std::vector<std::string> tags = {"security", "aws", "sagemaker"};
  for (const std::string& standard : control.standards) {
    if (tags.size() == kMaxSarifTags) break;
    if (std::ranges::find(tags, standard) == tags.end()) tags.push_back(standard);
  }
  return tags;
}

void write_rule(json::Writer& writer, const ControlInfo& control) {
  const Level level = level_of(control.severity);
  const std::string& title = control.title.empty() ? control.id : control.title;
  const std::string& why = control.why.empty() ? title : control.why;
  writer.begin_object().member("id", control.id);
  write_message(writer, "shortDescription", shortened(title, kMaxSarifDescription));
  write_message(writer, "fullDescription", shortened(why, kMaxSarifDescription));
  writer.key("help")
      .begin_object()
      .member("text", help_text(control))
      .member("markdown", help_markdown(control))
      .end_object();
  if (is_https(control.documentation)) writer.member("helpUri", control.documentation);
  writer.key("defaultConfiguration").begin_object().member("level", level.level).end_object();
  writer.key("properties").begin_object();
  writer.member("security-severity", level.score).member("precision", "very-high");
  writer.key("tags");
  write_strings(writer, tags_of(control));
  writer.end_object().end_object();
}

void write_driver(json::Writer& writer, const ReportInput& input) {
  writer.begin_object().key("driver").begin_object().member("name", "Sagewarden");
  if (!input.run.version.empty())
    writer.member("version", input.run.version).member("semanticVersion", input.run.version);
  writer.key("rules").begin_array();
  for (const ControlInfo& control : input.controls) write_rule(writer, control);
  writer.end_array().end_object().end_object();
}

// GitHub shows a result only in a file of the repository, by its path from the root.
void write_artifact(json::Writer& writer, std::string_view file) {
  // No file of the repository, and GitHub wants one: it gets a name that cannot be taken for one.
  if (file == "-") {
    writer.key("artifactLocation").begin_object().member("uri", "standard%20input").end_object();
    return;
  }
  while (file.starts_with("./")) file.remove_prefix(2);
  const bool absolute = file.starts_with('/');
  const std::string encoded = uri_encoded(file);
  writer.key("artifactLocation").begin_object();
  writer.member("uri", absolute ? "file://" + encoded : encoded);
  if (!absolute) writer.member("uriBaseId", "%SRCROOT%");
  writer.end_object();
}

void write_physical(json::Writer& writer, std::string_view file, Place place) {
  // Where a source has no lines (line 0), the first line stands for the whole file.
  const uint32_t line = std::max(place.line, 1U);
  const uint32_t column = std::max(place.column, 1U);
  writer.key("physicalLocation").begin_object();
  write_artifact(writer, file);
  writer.key("region").begin_object();
  writer.key("startLine").unsigned_integer(line).key("startColumn").unsigned_integer(column);
  writer.key("endLine").unsigned_integer(line).key("endColumn").unsigned_integer(column + 1);
  writer.end_object().end_object();
}

void write_location(json::Writer& writer, const Finding& finding) {
  writer.begin_object();
  // A result without any file would make GitHub refuse the whole upload.
  const std::string_view file =
      finding.location.file.empty() ? name_text(finding) : finding.location.file;
  write_physical(writer, file, place_of(finding));
  const std::string_view logical =
      finding.location.address.empty() ? std::string_view(finding.arn) : finding.location.address;
  if (!logical.empty()) {
    writer.key("logicalLocations").begin_array().begin_object();
    writer.member("fullyQualifiedName", logical).member("kind", "resource");
    writer.end_object().end_array();
  }
  writer.end_object();
}

void write_suppressions(json::Writer& writer, const Suppression& suppression) {
  std::string why = suppression.reason;
  if (!suppression.owner.empty()) why += " (owner: " + suppression.owner + ")";
  if (!suppression.expires.empty()) why += " until " + suppression.expires;
  const bool in_source = suppression.kind == Suppression::Kind::InSource;
  writer.key("suppressions").begin_array().begin_object();
  writer.member("kind", in_source ? "inSource" : "external").member("status", "accepted");
  writer.member("justification", directed(why));
  writer.end_object().end_array();
}

std::string result_text(const Finding& finding) {
  std::string text(name_text(finding));
  text += ": ";
  if (finding.compliance != Compliance::Failed)
    text = fmt::format("Could not be judged ({}). {}", plain_word(finding.compliance), text);
  const std::vector<std::string> reasons = reasons_of(finding);
  for (const std::string& reason : reasons)
    (text += reason) += &reason == &reasons.back() ? "" : "\n";
  for (const Evidence& evidence : finding.evidence) text += "\n" + evidence_text(evidence);
  // Which reading of AWS's pages was applied, and by which parameters.
  for (const Reason& reason : finding.reasons) {
    if (reason.code == "NOTE") text += "\nNote: " + reason.message;
  }
  return message_text(text);
}

void write_result(json::Writer& writer, const Finding& finding, const ReportInput& input) {
  const bool failed = finding.compliance == Compliance::Failed;
  writer.begin_object().member("ruleId", finding.control);
  if (const ControlInfo* control = find_control(input.controls, finding.control)) {
    writer.key("ruleIndex").integer(control - input.controls.data());
  }
  writer.member("kind", failed ? "fail" : "open");
  writer.member("level", failed ? level_of(finding.severity).level : "none");
  write_message(writer, "message", result_text(finding));
  writer.key("locations").begin_array();
  write_location(writer, finding);
  writer.end_array();
  writer.key("partialFingerprints")
      .begin_object()
      .member("primaryLocationLineHash", fingerprint(finding.id))
      .member("sagewardenFindingId/v1", finding.id)
      .end_object();
  if (finding.suppressed) write_suppressions(writer, *finding.suppressed);
  writer.key("properties").begin_object();
  writer.member("compliance", name_of(finding.compliance)).member("type", finding.type);
  if (!finding.account.empty()) writer.member("account", finding.account);
  if (!finding.region.empty()) writer.member("region", finding.region);
  writer.end_object().end_object();
}

void write_notification(json::Writer& writer, const Gap& gap) {
  writer.begin_object().member("level", "error");
  const std::string text = fmt::format("Not read: {}: {}", gap_place_text(gap), gap.message);
  write_message(writer, "message", message_text(text));
  if (!gap.code.empty())
    writer.key("descriptor").begin_object().member("id", gap.code).end_object();
  if (!gap.location.file.empty()) {
    writer.key("locations").begin_array().begin_object();
    write_physical(writer, gap.location.file, {gap.location.line, gap.location.column});
    writer.end_object().end_array();
  }
  writer.end_object();
}

void write_invocation(json::Writer& writer, const ReportInput& input, size_t most,
                      size_t left_out) {
  writer.begin_object().key("executionSuccessful").boolean(is_complete(input) && left_out == 0);
  if (!input.run.started.empty()) writer.member("startTimeUtc", input.run.started);
  if (!input.run.finished.empty()) writer.member("endTimeUtc", input.run.finished);
  writer.key("toolExecutionNotifications").begin_array();
  for (const Gap& gap : gaps_of(input)) write_notification(writer, gap);
  if (left_out > 0) {
    writer.begin_object().member("level", "error");
    write_message(writer, "message",
                  fmt::format("{} more results are left out, because GitHub accepts {}: the most "
                              "severe are here, and another format holds all.",
                              number_text(left_out), number_text(most)));
    writer.end_object();
  }
  std::vector<std::string> notes = {verdict_text(input)};
  notes.insert(notes.end(), input.notices.begin(), input.notices.end());
  for (const std::string& note : notes) {
    writer.begin_object().member("level", "note");
    write_message(writer, "message", message_text(note));
    writer.end_object();
  }
  writer.end_array().end_object();
}

// Where a scan of AWS looked: a line for each Region, as SARIF has no member of its own for it.
void write_aws(json::Writer& writer, const std::vector<CoverageRow>& rows) {
  writer.key("properties").begin_object().key("coverage").begin_array();
  for (const CoverageLine& line : fold_coverage(rows, CoverageBy::Region)) {
    writer.begin_object().member("account", line.account).member("region", line.region);
    writer.key("listed").unsigned_integer(line.listed).key("read").unsigned_integer(line.read);
    writer.key("notRead").unsigned_integer(line.not_read);
    writer.key("gone").unsigned_integer(line.gone);
    writer.key("notListed").unsigned_integer(line.not_listed).end_object();
  }
  writer.end_array().end_object();
}

}  // namespace

Result<void> write_sarif(const ReportInput& input, const EachFinding& each, const TextStyle&,
                         Output& out) {
  return write_sarif_up_to(kMaxResults, input, each, out);
}

Result<void> write_sarif_up_to(size_t most, const ReportInput& input, const EachFinding& each,
                               Output& out) {
  TRY_LET(const auto ranks, count_ranks(each));
  Ration ration(ranks, most, kPassedRanks);

  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  writer.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  writer.member("version", "2.1.0");
  writer.key("runs").begin_array().begin_object();
  writer.key("tool");
  write_driver(writer, input);
  writer.key("columnKind").string("unicodeCodePoints");
  writer.key("originalUriBaseIds").begin_object().key("%SRCROOT%").begin_object();
  write_message(writer, "description", "The folder in which sagewarden was started");
  writer.end_object().end_object();
  writer.key("invocations").begin_array();
  write_invocation(writer, input, most, ration.left_out());
  writer.end_array();
  writer.key("results").begin_array();
  TRY_DO(each([&](const Finding& finding) -> Result<void> {
    if (!ration.take(rank_of(finding))) return {};
    text += '\n';  // between values: a result is a line, for people who compare files
    write_result(writer, finding, input);
    TRY_DO(out.write(text));
    text.clear();
    return {};
  }));
  writer.end_array();
  if (!input.coverage.rows.empty()) write_aws(writer, input.coverage.rows);
  writer.end_object().end_array().end_object();
  return out.write(text += '\n');
}

}  // namespace sagewarden
