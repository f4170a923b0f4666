#include "cli/help.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "cli/verbs.h"
#include "report/report.h"

namespace sagewarden {
namespace {

// clang-format off
constexpr Term kExitStatuses[] = {
    {"0", "Nothing failed, or only below --fail-on, and all was evaluated. Suppressed findings and those that the "
          "baseline knows do not count, whether they failed or could not be judged"},
    {"1", "Findings failed, at or above --fail-on"},
    {"2", "Wrong usage, no readable input, a control file with an error, or a report that could not be written "
          "or published"},
    {"3", "As 0, but not everything could be evaluated: something was not readable, or not known"},
    {"129, 130, 143", "Stopped by SIGHUP, SIGINT or SIGTERM before all was read; the reports are written and marked as interrupted"},
    {"141", "Standard output was closed before the report was whole (by head, perhaps)"},
};
constexpr Term kEnvironment[] = {
    {"AWS_*", "With --aws and publish: AWS_PROFILE, AWS_ACCESS_KEY_ID and the others, as AWS's own tools read them; see docs/aws.md"},
    {"NO_COLOR", "When set to anything, no colour, unless --color always"},
    {"SAGEWARDEN_WEBHOOK_SECRET", "What 'publish webhook' signs its request with"},
    {"TMPDIR", "Where findings that do not fit the memory are kept during a run (default: /tmp)"},
};
// clang-format on

constexpr size_t kHelpColumn = 30;

// A row of a table: what it is about on the left, its help on the right or, where there is no room,
// below.
std::string row(std::string_view left, std::string_view help, size_t width, size_t column) {
  std::string out = "  " + std::string(left);
  const std::string right = wrap(help, width, std::string(column, ' '));
  if (out.size() + 2 > column) return out + "\n" + right;
  return out + (right.empty() ? "\n" : right.substr(out.size()));
}

std::string heading(std::string_view text) {
  return "\n" + std::string(text) + ":\n";
}

std::string argument_rows(const Command& command, size_t width) {
  std::string out;
  for (const Positional& positional : command.positionals)
    out += row(positional.name, positional.help, width, kHelpColumn);
  return out;
}

std::string option_rows(const Command& command, size_t width) {
  std::string out;
  for (const Option& option : command.options) {
    // Long forms stand below each other, with and without a short form before.
    const std::string left = (option.letter == '\0' ? "    " : "") + spelling_of(option);
    out += row(left, option.help, width, kHelpColumn);
  }
  return out + row("-h, --help", "Show this help", width, kHelpColumn);
}

// What can stand for FORMAT in `--output`; nothing for a command that writes no report.
std::string format_rows(const Command& command, size_t width) {
  std::string out;
  if (!takes_formats(command)) return out;
  for (const Format& format : formats()) out += row(format.name, format.summary, width, 14);
  return out;
}

std::string command_rows(std::string_view group, size_t width) {
  size_t longest = 0;
  for (const Command& command : commands()) longest = std::max(longest, command.name.size());
  std::string out;
  for (const Command& command : commands()) {
    if (command.name.starts_with(group))
      out += row(command.name, command.summary, width, longest + 6);
  }
  return out;
}

std::string statement_rows(std::span<const Term> statements, size_t width) {
  std::string out;
  for (const Term& statement : statements) out += row(statement.name, statement.meaning, width, 17);
  return out;
}

}  // namespace

std::span<const Term> exit_statuses() {
  return kExitStatuses;
}
std::span<const Term> environment_variables() {
  return kEnvironment;
}

std::string sentence(std::string_view summary) {
  std::string out = std::string(summary) + ".";
  if (out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

bool takes_formats(const Command& command) {
  return std::ranges::find(command.options, Values::Report, &Option::values) !=
         command.options.end();
}

std::string spelling_of(const Option& option) {
  std::string out;
  if (option.letter != '\0') out = fmt::format("-{}, ", option.letter);
  (out += "--") += option.name;
  if (!option.argument.empty()) (out += ' ') += option.argument;
  return out;
}

std::string usage_of(const Command& command) {
  std::string out = "sagewarden " + std::string(command.name);
  if (!command.options.empty()) out += " [OPTION]...";
  for (const Positional& positional : command.positionals) {
    out += positional.required ? fmt::format(" {}", positional.name)
                               : fmt::format(" [{}]", positional.name);
    if (positional.repeatable) out += "...";
  }
  return out;
}

bool is_group(std::string_view word) {
  return std::ranges::any_of(commands(), [&](const Command& command) {
    return command.name.size() > word.size() && command.name.starts_with(word) &&
           command.name[word.size()] == ' ';
  });
}

std::string general_help(size_t width) {
  std::string out = "Usage: sagewarden COMMAND [OPTION]... [ARGUMENT]...\n\n";
  out += wrap(
      "Finds insecure Amazon SageMaker resources in files: API output, AWS Config exports, "
      "CloudFormation templates, CDK assemblies and Terraform plans; or in AWS itself. Evaluates "
      "the "
      "controls of AWS Security Hub, and your own.",
      width, "");
  out += heading("Commands") + command_rows("", width);
  out += heading("Options");
  out += row("-h, --help", "Show this help, or that of a command", width, kHelpColumn);
  out += row("    --version", "Show the version", width, kHelpColumn);
  out += heading("Exit status of scan") + statement_rows(kExitStatuses, width);
  out += "\nStart with: sagewarden scan FILE, sagewarden explain SageMaker.1\n";
  return out;
}

std::string group_help(std::string_view group, size_t width) {
  return fmt::format("Usage: sagewarden {} COMMAND [OPTION]...\n", group) + heading("Commands") +
         command_rows(std::string(group) + " ", width);
}

std::string command_help(const Command& command, size_t width) {
  std::string out =
      fmt::format("Usage: {}\n\n", usage_of(command)) + wrap(sentence(command.summary), width, "");
  if (!command.description.empty()) out += "\n" + wrap(command.description, width, "");
  if (!command.positionals.empty()) out += heading("Arguments") + argument_rows(command, width);
  out += heading("Options") + option_rows(command, width);
  if (takes_formats(command)) out += heading("Formats") + format_rows(command, width);
  if (!command.examples.empty()) out += heading("Examples");
  for (const Example& example : command.examples)
    out += fmt::format("  # {}\n  {}\n", example.explanation, example.command);
  return out;
}

Result<int> run_help(const Arguments& arguments, Console& console) {
  std::string topic;
  for (const std::string& word : arguments.positionals())
    topic += (topic.empty() ? "" : " ") + word;
  if (topic.empty()) {
    TRY_DO(console.out.write(general_help(console.width)));
  } else if (const Command* command = find_command(topic)) {
    TRY_DO(console.out.write(command_help(*command, console.width)));
  } else if (is_group(topic)) {
    TRY_DO(console.out.write(group_help(topic, console.width)));
  } else {
    return fail(Error::Code::Invalid,
                fmt::format("there is no command {}{}; see 'sagewarden --help'", topic,
                            did_you_mean(topic, values_of(Values::Command))));
  }
  return kExitPassed;
}

}  // namespace sagewarden
