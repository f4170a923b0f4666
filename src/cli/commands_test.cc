// The tables themselves: what holds for every command, so that none can be added half.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <set>

#include "base/terminal.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/run.h"

namespace sagewarden {
namespace {

std::string output_of(const std::vector<std::string_view>& words, int want_status = kExitPassed) {
  std::string text;
  const std::unique_ptr<Output> out = create_string_output(text);
  std::FILE* err = std::tmpfile();
  EXPECT_EQ(run(words, *out, fileno(err)), want_status);
  std::fclose(err);
  return text;
}

TEST(Commands, AreWholeAndFound) {
  for (const Command& command : commands()) {
    SCOPED_TRACE(command.name);
    EXPECT_EQ(find_command(command.name), &command);
    EXPECT_NE(command.run, nullptr);
    EXPECT_FALSE(command.summary.empty());
    EXPECT_FALSE(command.summary.ends_with('.'));
  }
  EXPECT_EQ(find_command("controls"), nullptr);
  EXPECT_EQ(find_command("zzz"), nullptr);
  EXPECT_EQ(find_command(""), nullptr);
}

TEST(Commands, OptionsAreUniqueAndExplained) {
  for (const Command& command : commands()) {
    std::set<std::string_view> names = {"help"};
    std::set<char> letters = {'h'};
    for (const Option& option : command.options) {
      SCOPED_TRACE(std::string(command.name) + " --" + std::string(option.name));
      EXPECT_TRUE(names.insert(option.name).second);
      if (option.letter != '\0') {
        EXPECT_TRUE(letters.insert(option.letter).second);
      }
      EXPECT_FALSE(option.help.empty());
      EXPECT_FALSE(option.help.ends_with('.'));
      // A switch can have no values, and need not be said twice.
      if (option.argument.empty()) {
        EXPECT_FALSE(option.repeatable);
        EXPECT_EQ(option.values, Values::Free);
      }
    }
  }
}

TEST(Commands, OnlyTheLastPositionalMayBeLeftOutOrRepeated) {
  for (const Command& command : commands()) {
    for (size_t i = 0; i + 1 < command.positionals.size(); ++i) {
      EXPECT_TRUE(command.positionals[i].required) << command.name;
      EXPECT_FALSE(command.positionals[i].repeatable) << command.name;
    }
  }
}

TEST(Commands, ExamplesUseOptionsThatExist) {
  for (const Command& command : commands()) {
    for (const Example& example : command.examples) {
      EXPECT_NE(example.command.find(std::string("sagewarden ") + std::string(command.name)),
                std::string_view::npos);
      for (const std::string_view word : split(example.command, ' ')) {
        if (!word.starts_with("--") || word.size() == 2) continue;
        const bool known = std::ranges::find(command.options, word.substr(2), &Option::name) !=
                           command.options.end();
        EXPECT_TRUE(known) << example.command;
      }
    }
  }
}

TEST(Help, NamesEveryCommandAndOption) {
  const std::string general = general_help(100);
  for (const Command& command : commands()) {
    EXPECT_NE(general.find(command.name), std::string::npos);
    const std::string help = command_help(command, 100);
    for (const Option& option : command.options)
      EXPECT_NE(help.find(spelling_of(option)), std::string::npos) << command.name << option.name;
    for (const Positional& positional : command.positionals)
      EXPECT_NE(help.find(positional.name), std::string::npos);
  }
}

TEST(Help, FitsTheWidth) {
  for (const size_t width : {60U, 80U, 120U}) {
    for (const Command& command : commands()) {
      const std::string help = command_help(command, width);
      // Examples are to be copied and stay in one line each.
      const std::string_view text = std::string_view(help).substr(0, help.find("Examples:"));
      for (const std::string_view line : split(text, '\n'))
        EXPECT_LE(display_width(line), width) << line;
    }
  }
}

TEST(Help, IsThereByEveryWay) {
  const std::string scan = output_of({"scan", "--help"});
  EXPECT_EQ(output_of({"scan", "-h"}), scan);
  EXPECT_EQ(output_of({"help", "scan"}), scan);
  EXPECT_EQ(output_of({"scan", "--unknown", "x", "--help"}), scan);
  EXPECT_EQ(output_of({"help"}), output_of({"--help"}));
  EXPECT_EQ(output_of({"controls", "--help"}), output_of({"help", "controls"}));
  EXPECT_EQ(output_of({"controls", "list", "--help"}), output_of({"help", "controls", "list"}));
}

TEST(Manual, NamesEveryCommandOptionAndStatus) {
  std::string page = output_of({"man"});
  EXPECT_TRUE(page.starts_with(".TH SAGEWARDEN 1"));
  std::erase(page, '\\');  // dashes are escaped
  for (const Command& command : commands()) {
    EXPECT_NE(page.find(usage_of(command)), std::string::npos) << command.name;
    for (const Option& option : command.options)
      EXPECT_NE(page.find("--" + std::string(option.name)), std::string::npos);
  }
  for (const Term& status : exit_statuses())
    EXPECT_NE(page.find(status.meaning), std::string::npos);
}

// How each shell's script writes an option; that the shells offer it is seen in tests/cli.
TEST(Completion, OffersEveryCommandAndOptionInEveryShell) {
  const struct {
    std::string_view shell;
    std::string_view option_format;
    std::string_view command_format;
  } cases[] = {
      {"bash", " --{}", "    '{}')"}, {"zsh", "'{}[", "    {})"}, {"fish", " -l {} ", " -a {} "}};
  for (const auto& c : cases) {
    const std::string script = output_of({"completion", c.shell});
    for (const Command& command : commands()) {
      const std::string_view last = command.name.substr(command.name.rfind(' ') + 1);
      const std::string_view name = c.shell == "bash" ? command.name : last;
      const std::string found = fmt::format(fmt::runtime(c.command_format), name);
      EXPECT_NE(script.find(found), std::string::npos) << c.shell << " lacks " << found;
      for (const Option& option : command.options) {
        std::string want = fmt::format(fmt::runtime(c.option_format), option.name);
        if (c.shell == "zsh")
          want = fmt::format("'{}--{}{}[", option.repeatable ? "*" : "", option.name,
                             option.argument.empty() ? "" : "=");
        EXPECT_NE(script.find(want), std::string::npos) << c.shell << " lacks " << want;
      }
    }
    for (const std::string_view format : values_of(Values::Report))
      EXPECT_NE(script.find(format), std::string::npos) << c.shell << " " << format;
  }
}

}  // namespace
}  // namespace sagewarden
