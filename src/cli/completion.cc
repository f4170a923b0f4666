// Completion scripts for bash, zsh and fish, made from the tables. They hold all they offer and
// never run the program.
#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "cli/help.h"
#include "cli/verbs.h"

namespace sagewarden {
namespace {

std::string join(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) (out += out.empty() ? "" : " ") += word;
  return out;
}

// The words that may be the first, or follow the first word `group`, each once.
std::vector<std::string_view> words_after(std::string_view group) {
  std::vector<std::string_view> words;
  for (const Command& command : commands()) {
    std::string_view name = command.name;
    if (!group.empty()) {
      if (!name.starts_with(group) || name.size() <= group.size() || name[group.size()] != ' ')
        continue;
      name.remove_prefix(group.size() + 1);
    }
    name = name.substr(0, name.find(' '));
    if (words.empty() || words.back() != name) words.push_back(name);
  }
  return words;
}

// What can stand for an argument, as words: of a command of two, either.
std::vector<std::string_view> offered_words(Values values) {
  if (values != Values::Command) return values_of(values);
  std::vector<std::string_view> words;
  for (const Command& command : commands()) {
    for (const std::string_view word : split(command.name, ' ')) {
      if (std::ranges::find(words, word) == words.end()) words.push_back(word);
    }
  }
  return words;
}

std::string summary_of(std::string_view word) {
  if (const Command* command = find_command(word)) return std::string(command->summary);
  return fmt::format("{} of {}", join(words_after(word)), word);
}

// Text inside '…' of a shell.
std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

// ---- bash ----

// The functions' names are long, as they end up among the user's own.
constexpr std::string_view kBashStart = R"(# bash completion for sagewarden
_sagewarden_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }
_sagewarden_files() { mapfile -t COMPREPLY < <(compgen "$1" -- "$current"); compopt -o filenames 2> /dev/null; }
_sagewarden() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
  local equals=no
  COMPREPLY=()
  # An equals sign is a word of its own: "--fail-on = high", "-o html = report.html".
  if [[ $current == = ]]; then
    current='' equals=yes
  elif [[ $previous == = ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]} equals=yes
  fi
  if [[ $equals == yes && $previous != -* ]]; then _sagewarden_files -f; return; fi
)";

std::string bash_values(Values values) {
  switch (values) {
    case Values::Free:
      return ":";
    case Values::File:
    case Values::Path:
      return "_sagewarden_files -f";
    case Values::Folder:
      return "_sagewarden_files -d";
    default:
      return fmt::format("_sagewarden_words {}", in_quotes(join(offered_words(values))));
  }
}

std::string bash_command(const Command& command) {
  std::string options = "--help";
  std::string out = fmt::format("    {})\n      case $previous in\n", in_quotes(command.name));
  for (const Option& option : command.options) {
    options += fmt::format(" --{}", option.name);
    if (option.argument.empty()) continue;
    const std::string letter = option.letter == '\0' ? "" : fmt::format(" | -{}", option.letter);
    out += fmt::format("        --{}{}) {}; return ;;\n", option.name, letter,
                       bash_values(option.values));
  }
  out += "      esac\n";
  const std::string otherwise =
      command.positionals.empty() ? ":" : bash_values(command.positionals[0].values);
  return out +
         fmt::format("      if [[ $current == -* ]]; then _sagewarden_words {}; else {}; fi ;;\n",
                     in_quotes(options), otherwise);
}

std::string bash_script() {
  std::string out(kBashStart);
  out += fmt::format("  if ((COMP_CWORD == 1)); then _sagewarden_words {}; return; fi\n",
                     in_quotes(join(words_after("")) + " --help --version"));
  out += "  case $command in\n";
  for (const std::string_view word : words_after("")) {
    if (!is_group(word)) continue;
    out += fmt::format(
        "    {})\n      if ((COMP_CWORD == 2)); then _sagewarden_words {}; return; fi\n"
        "      command+=\" ${{COMP_WORDS[2]}}\" ;;\n",
        word, in_quotes(join(words_after(word))));
  }
  out += "  esac\n  case $command in\n";
  for (const Command& command : commands()) out += bash_command(command);
  return out + "  esac\n}\ncomplete -F _sagewarden sagewarden\n";
}

// ---- zsh ----

// Brackets and colons divide the parts of an _arguments specification.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_values(Values values) {
  switch (values) {
    case Values::Free:
      return " ";
    case Values::File:
    case Values::Path:
      return "_files";
    case Values::Folder:
      return "_files -/";
    default:
      return fmt::format("({})", join(offered_words(values)));
  }
}

std::string zsh_option(const Option& option, std::string_view spelling) {
  std::string specification = option.repeatable ? "*" : "";
  (specification += spelling) += option.argument.empty() || !spelling.starts_with("--") ? "" : "=";
  specification += fmt::format("[{}]", zsh_text(option.help));
  if (!option.argument.empty())
    specification += fmt::format(":{}:{}", zsh_text(option.argument), zsh_values(option.values));
  return in_quotes(specification);
}

std::string zsh_command(const Command& command, std::string_view last_word) {
  std::string out = fmt::format("    {})\n      _arguments {{-h,--help}}'[Show help]'", last_word);
  for (const Option& option : command.options) {
    out += " \\\n        " + zsh_option(option, fmt::format("--{}", option.name));
    if (option.letter != '\0')
      out += " \\\n        " + zsh_option(option, fmt::format("-{}", option.letter));
  }
  for (const Positional& positional : command.positionals) {
    out += " \\\n        " +
           in_quotes(fmt::format("{}:{}:{}", positional.repeatable ? "*" : "1",
                                 zsh_text(positional.name), zsh_values(positional.values)));
  }
  return out + " ;;\n";
}

std::string zsh_describe(std::string_view group) {
  std::string out = "    local -a words_here=(";
  for (const std::string_view word : words_after(group)) {
    const std::string name = group.empty() ? std::string(word) : fmt::format("{} {}", group, word);
    out += "\n      " + in_quotes(fmt::format("{}:{}", word, zsh_text(summary_of(name))));
  }
  if (group.empty()) out += "\n      '--help:Show help'\n      '--version:Show the version'";
  return out + ")\n    _describe command words_here\n    return\n";
}

std::string zsh_script() {
  std::string out = "#compdef sagewarden\n_sagewarden() {\n  if ((CURRENT == 2)); then\n" +
                    zsh_describe("") + "  fi\n  shift words; ((CURRENT--))\n  case $words[1] in\n";
  for (const std::string_view word : words_after("")) {
    if (is_group(word)) {
      out += fmt::format("    {}) _sagewarden_{} ;;\n", word, word);
    } else {
      out += zsh_command(*find_command(word), word);
    }
  }
  out += "  esac\n}\n";
  for (const std::string_view group : words_after("")) {
    if (!is_group(group)) continue;
    out += fmt::format("_sagewarden_{}() {{\n  if ((CURRENT == 2)); then\n", group);
    out += zsh_describe(group) + "  fi\n  shift words; ((CURRENT--))\n  case $words[1] in\n";
    for (const std::string_view word : words_after(group))
      out += zsh_command(*find_command(fmt::format("{} {}", group, word)), word);
    out += "  esac\n}\n";
  }
  // Autoloaded from fpath the file is the function's body; sourced, it has to be announced.
  return out +
         "if [[ ${funcstack[1]} == _sagewarden ]]; then _sagewarden \"$@\"; "
         "else compdef _sagewarden sagewarden; fi\n";
}

// ---- fish ----

std::string fish_values(Values values) {
  switch (values) {
    case Values::Free:
      return " -x";
    case Values::File:
    case Values::Path:
      return " -r -F";
    case Values::Folder:
      return " -x -a '(__fish_complete_directories)'";
    default:
      return " -x -a " + in_quotes(join(offered_words(values)));
  }
}

// The condition under which a command's lines hold.
std::string fish_seen(const Command& command) {
  const size_t space = command.name.find(' ');
  std::string condition =
      "__fish_seen_subcommand_from " + std::string(command.name.substr(0, space));
  if (space != std::string_view::npos)
    condition += "; and __fish_seen_subcommand_from " + std::string(command.name.substr(space + 1));
  return in_quotes(condition);
}

std::string fish_script() {
  std::string out = "# fish completion for sagewarden\ncomplete -c sagewarden -f\n";
  for (const std::string_view option :
       {"-s h -l help -d 'Show help'", "-l version -d 'Show the version'"})
    out += fmt::format("complete -c sagewarden -n __fish_use_subcommand {}\n", option);
  for (const std::string_view word : words_after("")) {
    out += fmt::format("complete -c sagewarden -n __fish_use_subcommand -a {} -d {}\n", word,
                       in_quotes(summary_of(word)));
    if (!is_group(word)) continue;
    for (const std::string_view below : words_after(word)) {
      const std::string condition =
          fmt::format("__fish_seen_subcommand_from {}; and not __fish_seen_subcommand_from {}",
                      word, join(words_after(word)));
      out += fmt::format("complete -c sagewarden -n {} -a {} -d {}\n", in_quotes(condition), below,
                         in_quotes(summary_of(fmt::format("{} {}", word, below))));
    }
  }
  for (const Command& command : commands()) {
    const std::string line = "complete -c sagewarden -n " + fish_seen(command);
    out += line + " -s h -l help -d 'Show help'\n";
    for (const Option& option : command.options) {
      const std::string letter = option.letter == '\0' ? "" : fmt::format(" -s {}", option.letter);
      out += fmt::format("{} -l {}{}{} -d {}\n", line, option.name, letter,
                         option.argument.empty() ? "" : fish_values(option.values),
                         in_quotes(option.help));
    }
    for (const Positional& positional : command.positionals) {
      if (positional.values == Values::File || positional.values == Values::Path)
        out += line + " -F\n";
      else if (positional.values != Values::Free)
        out += line + " -a " + in_quotes(join(offered_words(positional.values))) + "\n";
    }
  }
  return out;
}

}  // namespace

Result<int> run_completion(const Arguments& arguments, Console& console) {
  const std::string shell = arguments.positionals().front();
  const std::string script = shell == "bash"  ? bash_script()
                             : shell == "zsh" ? zsh_script()
                                              : fish_script();
  TRY_DO(console.out.write(script));
  return kExitPassed;
}

}  // namespace sagewarden
