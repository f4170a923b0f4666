// Help texts, made from the tables.
#pragma once

#include <string>

#include "cli/command.h"

namespace sagewarden {

std::string general_help(size_t width);
std::string command_help(const Command& command, size_t width);
// For a first word that has sub-commands ("controls"): what there is below it.
std::string group_help(std::string_view group, size_t width);

// "sagewarden scan [OPTION]... INPUT..."
std::string usage_of(const Command& command);
// "-o, --output FORMAT[=FILE]"
std::string spelling_of(const Option& option);
// A summary as a sentence: "List the controls."
std::string sentence(std::string_view summary);
// Whether the command writes reports, in one of formats().
bool takes_formats(const Command& command);
// Whether some command's first of two words is this one.
bool is_group(std::string_view word);

// Said by --help and by the man page.
struct Term {
  std::string_view name;
  std::string_view meaning;
};
std::span<const Term> exit_statuses();
std::span<const Term> environment_variables();

}  // namespace sagewarden
