// The manual page, made from the tables, in the man(7) macros.
#include <fmt/core.h>

#include "app/version.h"
#include "base/text.h"
#include "cli/help.h"
#include "cli/verbs.h"
#include "report/report.h"

namespace sagewarden {
namespace {

// Text for troff: backslashes and dashes would be read as something else, and so would a line that
// begins with a dot or an apostrophe.
std::string escape(std::string_view text) {
  std::string out;
  if (text.starts_with('.') || text.starts_with('\'')) out += "\\&";
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string tagged(std::string_view tag, std::string_view text) {
  return fmt::format(".TP\n{}\n{}\n", tag, escape(text));
}

std::string bold(std::string_view text) {
  return "\\fB" + escape(text) + "\\fR";
}

std::string option_tag(const Option& option) {
  std::string tag;
  if (option.letter != '\0') tag = bold(fmt::format("-{}", option.letter)) + ", ";
  tag += bold(fmt::format("--{}", option.name));
  if (!option.argument.empty()) tag += fmt::format(" \\fI{}\\fR", escape(option.argument));
  return tag;
}

std::string paragraphs(std::string_view text) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) {
    if (!line.empty()) out += ".PP\n" + escape(line) + "\n";
  }
  return out;
}

std::string command_section(const Command& command) {
  std::string out = fmt::format(".SS {}\n", bold(usage_of(command)));
  out += escape(sentence(command.summary)) + "\n" + paragraphs(command.description);
  for (const Positional& positional : command.positionals)
    out += tagged(fmt::format("\\fI{}\\fR", escape(positional.name)), positional.help);
  for (const Option& option : command.options) out += tagged(option_tag(option), option.help);
  if (!takes_formats(command)) return out;
  out += ".PP\nFormats:\n";
  for (const Format& format : formats()) out += tagged(bold(format.name), format.summary);
  return out;
}

std::string statements(std::string_view title, std::span<const Term> all) {
  std::string out = fmt::format(".SH {}\n", title);
  for (const Term& statement : all) out += tagged(bold(statement.name), statement.meaning);
  return out;
}

std::string manual_page() {
  std::string out =
      fmt::format(".TH SAGEWARDEN 1 \"\" \"sagewarden {}\" \"User Commands\"\n", program_version());
  out += ".SH NAME\nsagewarden \\- find and explain insecure Amazon SageMaker resources\n";
  out += ".SH SYNOPSIS\n.B sagewarden\n\\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIARGUMENT\\fR]...\n";
  out += ".SH DESCRIPTION\n";
  out += escape(
      "Evaluates the SageMaker controls of AWS Security Hub, and controls of your own, over files "
      "in which SageMaker resources are described.");
  out += "\n.SH COMMANDS\n";
  for (const Command& command : commands()) out += command_section(command);
  out += statements("EXIT STATUS", exit_statuses());
  out += statements("ENVIRONMENT", environment_variables());
  out += ".SH EXAMPLES\n";
  for (const Command& command : commands()) {
    for (const Example& example : command.examples)
      out += tagged(escape(fmt::format("{}:", example.explanation)), example.command);
  }
  return out;
}

}  // namespace

Result<int> run_man(const Arguments& /*arguments*/, Console& console) {
  TRY_DO(console.out.write(manual_page()));
  return kExitPassed;
}

}  // namespace sagewarden
