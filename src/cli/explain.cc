// `sagewarden explain CONTROL`: all there is to know about a control, to learn from.
#include <fmt/format.h>

#include <algorithm>

#include "app/controls.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "cli/verbs.h"

namespace sagewarden {
namespace {

constexpr std::string_view kIndent = "  ";
constexpr size_t kWidestText = 100;  // longer lines are hard to read, however wide the terminal

std::string section(std::string_view title, const std::string& body) {
  return body.empty() ? body : fmt::format("\n{}\n{}", title, body);
}

// Text as it is, with its own lines, each indented.
std::string verbatim(std::string_view text) {
  std::string out;
  for (const std::string_view line : split(trim(text), '\n'))
    out += fmt::format("{}{}\n", kIndent, line);
  return out;
}

// Folded YAML (`>`) keeps one line end between paragraphs, literal YAML (`|`) two and single ones
// inside.
std::string prose(std::string_view text, size_t width) {
  std::string paragraphs(text);
  if (text.find("\n\n") == std::string_view::npos) {
    paragraphs.clear();
    for (const std::string_view paragraph : split(text, '\n')) (paragraphs += paragraph) += "\n\n";
  }
  return wrap(paragraphs, width, kIndent);
}

std::string list(std::span<const std::string> items, size_t width) {
  std::string out;
  for (const std::string& item : items) out += wrap("- " + item, width, kIndent);
  return out;
}

std::string facts(const ControlInfo& info) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"Severity", name_of(info.severity)},
      {"Resource", info.resource_type},
      {"Set", info.set},
      {"Category", info.category},
      {"Config rule", info.config_rule},
      {"Schedule", info.schedule},
      {"Documentation", info.documentation}};
  std::string out;
  for (const auto& [name, value] : rows) {
    if (!value.empty()) out += fmt::format("{}{:<15}{}\n", kIndent, name, value);
  }
  return out;
}

std::string parameters(const ControlInfo& info, size_t width) {
  std::string out;
  for (const Parameter& parameter : info.parameters) {
    out += fmt::format("{}{} (default {})\n", kIndent, parameter.name, parameter.default_value);
    out += wrap(parameter.why, width, "      ");
    out += fmt::format("      --param {}.{}=VALUE\n", info.id, parameter.name);
  }
  return out;
}

// The first of the control's own tests that ends so, as an example of a resource.
std::string example(const Control& control, Verdict verdict) {
  const auto test = std::ranges::find(control.tests, verdict, &ControlTest::expect);
  if (test == control.tests.end()) return "";
  std::string text;
  json::Writer writer(text, json::Writer::Style::Indented);
  writer.begin_object();
  for (const auto& [name, member] :
       {std::pair("Properties", &test->given), std::pair("Tags", &test->tags),
        std::pair("Parameters", &test->params)}) {
    const Result<json::Document> document = json::parse_document(*member);
    if (document && document->root.size() > 0) writer.key(name).value(document->root);
  }
  writer.end_object();
  std::string out = fmt::format("{}# {}\n", kIndent, test->name) + verbatim(text);
  for (const std::string& path : test->unknown)
    out += fmt::format("{}# not known: {}\n", kIndent, path);
  return out;
}

std::string explanation(const Control& control, size_t width) {
  const ControlInfo& info = control.info;
  std::string out = wrap(fmt::format("{}: {}", info.id, info.title), width, "");
  out += section("What it is", facts(info));
  out += section("Why it matters", prose(info.why, width));
  out += section("How to fix it", prose(info.fix, width));
  out += section("Note", prose(info.note, width));
  out += section("It applies to a resource when (CEL)", verbatim(info.applies));
  out += section("The resource passes when (CEL)", verbatim(info.passes));
  out += section("Parameters", parameters(info, width));
  out += section("A resource that fails", example(control, Verdict::Failed));
  out += section("A resource that passes", example(control, Verdict::Passed));
  out += section("Standards", list(info.standards, width));
  out += section("Requirements", list(info.requirements, width));
  return out;
}

}  // namespace

Result<int> run_explain(const Arguments& arguments, Console& console) {
  const std::vector<std::string> folders = arguments.all("controls-dir");
  TRY_LET(const Control control, load_control(arguments.positionals().front(), folders));
  const size_t width = std::min(console.width, kWidestText);
  // A control of the user's may hold anything.
  TRY_DO(console.out.write(printable_lines(explanation(control, width))));
  return kExitPassed;
}

}  // namespace sagewarden
