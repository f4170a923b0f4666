#include "cli/arguments.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace sagewarden {
namespace {

constexpr Option kOptions[] = {
    {.name = "output", .letter = 'o', .argument = "FORMAT", .repeatable = true},
    {.name = "color", .argument = "WHEN", .values = Values::When},
    {.name = "quiet", .letter = 'q'},
    {.name = "verbose", .letter = 'v'},
};
constexpr Positional kOneAndMore[] = {{.name = "SHELL", .values = Values::Shell},
                                      {.name = "INPUT", .required = false, .repeatable = true}};
constexpr Command kCommand = {"try", "", "", kOneAndMore, kOptions, {}, nullptr};
constexpr Command kBare = {"bare", "", "", {}, {}, {}, nullptr};

// The arguments of a line (words divided by blanks) as one text: options in the order of the table,
// then positionals.
std::string read(const Command& command, std::string_view line) {
  std::vector<std::string_view> words;
  if (!line.empty()) words = split(line, ' ');
  const Result<Arguments> got = read_arguments(command, words);
  if (!got) return "error: " + got.error().message;
  std::string out;
  for (const Option& option : command.options) {
    for (const std::string& value : got->all(option.name)) {
      EXPECT_TRUE(got->has(option.name));
      out += std::string(option.name) + "=" + value + " ";
    }
  }
  for (const std::string& word : got->positionals()) out += word + " ";
  return out;
}

TEST(Arguments, AreReadInEverySpelling) {
  const struct {
    std::string_view line;
    std::string_view want;
  } cases[] = {
      {"bash", "bash "},
      {"bash a - b", "bash a - b "},
      {"bash --output json", "output=json bash "},
      {"bash --output=json", "output=json bash "},
      {"bash -o json", "output=json bash "},
      {"bash -ojson", "output=json bash "},
      {"bash -o=json", "output=json bash "},
      {"bash -o json=a=b", "output=json=a=b bash "},
      {"-o a bash -o b c", "output=a output=b bash c "},
      {"bash -qv", "quiet= verbose= bash "},
      {"bash -qo json", "output=json quiet= bash "},
      {"bash -o -", "output=- bash "},
      {"bash --output=--x", "output=--x bash "},
      {"bash -- --quiet -o", "bash --quiet -o "},
      {"BASH --color ALWAYS", "color=always bash "},  // closed sets are read in any case
  };
  for (const auto& c : cases) EXPECT_EQ(read(kCommand, c.line), c.want) << c.line;
}

TEST(Arguments, ErrorsSayWhatWasMeant) {
  const struct {
    std::string_view line;
    std::string_view want;
  } cases[] = {
      {"bash --output= x", "--output is empty (an unset variable, perhaps)"},
      {"bash ", "INPUT is empty (an unset variable, perhaps)"},
      {"", "SHELL is missing"},
      {"bsh", "SHELL: 'bsh' is not bash, zsh or fish (did you mean bash?)"},
      {"powershell", "SHELL: 'powershell' is not bash, zsh or fish"},
      {"bash --quite", "unknown option --quite (did you mean --quiet?)"},
      {"bash --hepl", "unknown option --hepl (did you mean --help?)"},
      {"bash --something", "unknown option --something"},
      {"bash -x", "unknown option -x"},
      {"bash -qx", "unknown option -x"},
      {"bash --quiet=yes", "--quiet takes no value"},
      {"bash --output", "--output needs a value: --output FORMAT"},
      {"bash --output --quiet", "--output needs a value: --output FORMAT"},
      {"bash -q -q", "--quiet is given twice"},
      {"bash --color sometimes", "--color: 'sometimes' is not auto, always or never"},
      {"bash --color never --color never", "--color is given twice"},
  };
  for (const auto& c : cases)
    EXPECT_EQ(read(kCommand, c.line), "error: " + std::string(c.want)) << c.line;
}

TEST(Arguments, ACommandWithoutAnyTakesNone) {
  EXPECT_EQ(read(kBare, ""), "");
  EXPECT_EQ(read(kBare, "x"), "error: unexpected argument 'x'");
  EXPECT_EQ(read(kBare, "-x"), "error: unknown option -x");
}

TEST(Arguments, WhatWasNotGivenHasADefault) {
  const std::vector<std::string_view> words = {"bash", "--color", "never"};
  const Result<Arguments> got = read_arguments(kCommand, words);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->value("color", "auto"), "never");
  EXPECT_EQ(got->value("output", "text"), "text");
  EXPECT_EQ(got->value("output"), "");
  EXPECT_FALSE(got->has("quiet"));
  EXPECT_TRUE(got->all("output").empty());
}

TEST(Arguments, AlternativesAreAPhrase) {
  const std::string_view words[] = {"a", "b", "c"};
  EXPECT_EQ(alternatives(std::span(words, 1)), "a");
  EXPECT_EQ(alternatives(std::span(words, 2)), "a or b");
  EXPECT_EQ(alternatives(words), "a, b or c");
  EXPECT_EQ(did_you_mean("bb", words), " (did you mean b?)");
  EXPECT_EQ(did_you_mean("xyz", words), "");
}

}  // namespace
}  // namespace sagewarden
