// Reading a command's arguments by its tables.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/command.h"

namespace sagewarden {

class Arguments {
 public:
  bool has(std::string_view option) const;
  // The option's value, or `otherwise` when it was not given.
  std::string_view value(std::string_view option, std::string_view otherwise = {}) const;
  std::vector<std::string> all(std::string_view option) const;  // in the order given
  const std::vector<std::string>& positionals() const { return positionals_; }

 private:
  friend class ArgumentReader;
  struct Given {
    std::string_view option;
    std::string value;
  };
  std::vector<Given> given_;
  std::vector<std::string> positionals_;
};

// Options may stand anywhere: `--name VALUE`, `--name=VALUE`, `-n VALUE`, `-nVALUE`, `-ab` for two
// switches. After `--` everything is positional; `-` alone is too. Errors say what was meant.
Result<Arguments> read_arguments(const Command& command, std::span<const std::string_view> words);

// "a, b or c"
std::string alternatives(std::span<const std::string_view> values);
// " (did you mean x?)", or nothing when no candidate is near.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace sagewarden
