// The shape of the command line, as data: help, completions, the man page, the reading of arguments
// and "did you mean" all come from these tables.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/output.h"
#include "base/result.h"
#include "base/terminal.h"

namespace sagewarden {

// What can stand for an argument: completions offer it, and the closed sets are checked.
enum class Values : uint8_t {
  Free,           // any text
  File,           // a file
  Folder,         // a folder
  Path,           // a file or a folder
  Control,        // ids are offered; users' controls and globs are right too
  Command,        // names of commands are offered, as words
  ControlFormat,  // of `controls list` and `controls show`; closed, as all below
  DiffFormat,     // of `diff`
  FailOn,         // a severity, any or none
  Partition,
  Platform,      // of CI
  Publish,       // where to
  RecordFormat,  // of published files
  Report,        // FORMAT or FORMAT=FILE; the format is checked
  Set,           // of controls
  Severity,
  Shell,
  When,  // for colour
};

struct Option {
  std::string_view name;           // without the dashes
  char letter = '\0';              // short form; '\0': none
  std::string_view argument = {};  // its name in the help; empty: the option is a switch
  bool repeatable = false;
  Values values = Values::Free;
  std::string_view help = {};
};

struct Positional {
  std::string_view name;
  bool required = true;
  bool repeatable = false;
  Values values = Values::Free;
  std::string_view help = {};
};

struct Example {
  std::string_view command;
  std::string_view explanation;
};

// Where a command's words go. The output is not committed by the commands but by their caller.
struct Console {
  Output& out;
  Log& log;
  size_t width = 80;         // columns to lay text out in
  bool is_terminal = false;  // whether a person reads along
  ColourWhen colour = ColourWhen::Auto;
};

class Arguments;

struct Command {
  std::string_view name;  // one word, or two: "controls list"
  std::string_view summary;
  std::string_view description;  // paragraphs
  std::span<const Positional> positionals;
  std::span<const Option> options;
  std::span<const Example> examples;
  Result<int> (*run)(const Arguments& arguments, Console& console);  // gives the exit status
};

// The exit statuses; after a signal it is 128 + its number, as shells have it.
inline constexpr int kExitPassed = 0;      // nothing failed
inline constexpr int kExitFailed = 1;      // findings failed at or above --fail-on
inline constexpr int kExitError = 2;       // wrong usage, no readable input, report not written
inline constexpr int kExitIncomplete = 3;  // nothing failed, but not everything was evaluated

// Sorted by name.
std::span<const Command> commands();
const Command* find_command(std::string_view name);

// The values that are offered for a kind of argument; empty where anything goes.
std::vector<std::string_view> values_of(Values values);
// Whether only those are right.
bool is_closed(Values values);

}  // namespace sagewarden
