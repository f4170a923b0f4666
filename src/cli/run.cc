#include "cli/run.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "app/version.h"
#include "base/log.h"
#include "base/terminal.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/help.h"

namespace sagewarden {
namespace {

// What a shell reports for a program that wrote to a pipe nobody reads any more.
constexpr int kExitPipe = 128 + SIGPIPE;
constexpr size_t kDefaultWidth = 100;

using Words = std::span<const std::string_view>;

bool asks_for_help(Words words) {
  for (const std::string_view word : words) {
    if (word == "--") return false;
    if (word == "--help" || word == "-h") return true;
  }
  return false;
}

// The command that the words begin with, which are cut off; null when they name none.
const Command* take_command(Words& words) {
  if (words.size() >= 2) {
    if (const Command* command = find_command(fmt::format("{} {}", words[0], words[1]))) {
      words = words.subspan(2);
      return command;
    }
  }
  const Command* command = words.empty() ? nullptr : find_command(words[0]);
  if (command != nullptr) words = words.subspan(1);
  return command;
}

Error unknown_command(Words words) {
  std::vector<std::string_view> names = values_of(Values::Command);
  names.insert(names.end(), {"--help", "--version"});
  if (is_group(words[0])) {
    if (words.size() == 1)
      return {Error::Code::Invalid,
              fmt::format("{0} needs a command; see 'sagewarden {0} --help'", words[0])};
    const std::string both = fmt::format("{} {}", words[0], words[1]);
    return {Error::Code::Invalid, fmt::format("unknown command '{}'{}; see 'sagewarden {} --help'",
                                              both, did_you_mean(both, names), words[0])};
  }
  for (const Command& command : commands()) {
    const size_t space = command.name.find(' ');
    if (space != std::string_view::npos) names.push_back(command.name.substr(0, space));
  }
  return {Error::Code::Invalid, fmt::format("unknown command '{}'{}; see 'sagewarden --help'",
                                            words[0], did_you_mean(words[0], names))};
}

Log::Level level_of(const Arguments& arguments) {
  if (arguments.has("quiet")) return Log::Level::Quiet;
  return arguments.has("verbose") ? Log::Level::Verbose : Log::Level::Normal;
}

ColourWhen colour_of(const Arguments& arguments) {
  const std::string_view when = arguments.value("color", "auto");
  if (when == "always") return ColourWhen::Always;
  return when == "never" ? ColourWhen::Never : ColourWhen::Auto;
}

int print(Output& out, Log& log, std::string_view text) {
  const Result<void> written = out.write(text);
  if (!written) log.error(written.error().message);
  return written ? kExitPassed : kExitError;
}

// A reader that went away (`| head`) wanted no more: that is not worth a word.
int report_error(const Error& error, Log& log) {
  if (error.code == Error::Code::Interrupted) return kExitPipe;
  log.error(error.message);
  return kExitError;
}

int run_command(const Command& command, Words words, Output& out, int error_descriptor) {
  const Result<Arguments> arguments = read_arguments(command, words);
  if (!arguments) {
    Log log(error_descriptor, Log::Level::Normal, wants_colour(ColourWhen::Auto, error_descriptor));
    log.error(
        fmt::format("{}; see 'sagewarden {} --help'", arguments.error().message, command.name));
    return kExitError;
  }
  const ColourWhen colour = colour_of(*arguments);
  Log log(error_descriptor, level_of(*arguments), wants_colour(colour, error_descriptor));
  Console console{out, log, terminal_width(STDOUT_FILENO, kDefaultWidth),
                  is_terminal(STDOUT_FILENO), colour};
  const Result<int> status = command.run(*arguments, console);
  return status ? *status : report_error(status.error(), log);
}

int dispatch(Words words, Output& out, int error_descriptor) {
  Log log(error_descriptor, Log::Level::Normal, wants_colour(ColourWhen::Auto, error_descriptor));
  const size_t width = terminal_width(STDOUT_FILENO, kDefaultWidth);
  if (words.empty()) {
    log.error("no command given; see 'sagewarden --help'");
    return kExitError;
  }
  if (words[0] == "--version")
    return print(out, log, fmt::format("sagewarden {}\n", program_version()));
  if (words[0] == "--help" || words[0] == "-h") return print(out, log, general_help(width));
  Words rest = words;
  const Command* command = take_command(rest);
  if (asks_for_help(rest)) {
    if (command != nullptr) return print(out, log, command_help(*command, width));
    if (is_group(words[0])) return print(out, log, group_help(words[0], width));
  }
  if (command == nullptr) return report_error(unknown_command(words), log);
  return run_command(*command, rest, out, error_descriptor);
}

}  // namespace

int run(std::span<const std::string_view> words, Output& out, int error_descriptor) {
  const int status = dispatch(words, out, error_descriptor);
  Log log(error_descriptor, Log::Level::Normal, wants_colour(ColourWhen::Auto, error_descriptor));
  if (const Result<void> last = out.commit(); !last) return report_error(last.error(), log);
  return status;
}

}  // namespace sagewarden
