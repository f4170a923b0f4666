#include "cli/arguments.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"

namespace sagewarden {

bool Arguments::has(std::string_view option) const {
  return std::ranges::find(given_, option, &Given::option) != given_.end();
}

std::string_view Arguments::value(std::string_view option, std::string_view otherwise) const {
  const auto found = std::ranges::find(given_, option, &Given::option);
  return found == given_.end() ? otherwise : std::string_view(found->value);
}

std::vector<std::string> Arguments::all(std::string_view option) const {
  std::vector<std::string> values;
  for (const Given& given : given_) {
    if (given.option == option) values.push_back(given.value);
  }
  return values;
}

std::string alternatives(std::span<const std::string_view> values) {
  std::string out;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += i + 1 == values.size() ? " or " : ", ";
    out += values[i];
  }
  return out;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  const std::string_view near = nearest(word, candidates);
  return near.empty() ? std::string() : fmt::format(" (did you mean {}?)", near);
}

// Taken for "not given", it would change what is judged without a word.
constexpr std::string_view kEmpty = "is empty (an unset variable, perhaps)";

// One pass over the words, with the place it is at.
class ArgumentReader {
 public:
  ArgumentReader(const Command& command, std::span<const std::string_view> words)
      : command_(command), words_(words) {}

  Result<Arguments> read() {
    while (next_ < words_.size()) {
      const std::string_view word = words_[next_++];
      if (only_positionals_ || word == "-" || !word.starts_with('-')) {
        TRY_DO(take_positional(word));
      } else if (word == "--") {
        only_positionals_ = true;
      } else if (word.starts_with("--")) {
        TRY_DO(take_long(word.substr(2)));
      } else {
        TRY_DO(take_letters(word.substr(1)));
      }
    }
    const size_t count = arguments_.positionals_.size();
    if (count < command_.positionals.size() && command_.positionals[count].required)
      return fail(Error::Code::Invalid,
                  fmt::format("{} is missing", command_.positionals[count].name));
    return std::move(arguments_);
  }

 private:
  Result<void> take_positional(std::string_view word) {
    const auto& table = command_.positionals;
    const size_t place = arguments_.positionals_.size();
    if (place >= table.size() && (table.empty() || !table.back().repeatable))
      return fail(Error::Code::Invalid, fmt::format("unexpected argument '{}'", word));
    const Positional& positional = table[std::min(place, table.size() - 1)];
    if (word.empty())
      return fail(Error::Code::Invalid, fmt::format("{} {}", positional.name, kEmpty));
    TRY_LET(std::string value, checked(positional.name, positional.values, word));
    arguments_.positionals_.push_back(std::move(value));
    return {};
  }

  Result<void> take_long(std::string_view text) {
    const size_t equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    const auto option = std::ranges::find(command_.options, name, &Option::name);
    if (option == command_.options.end()) {
      std::vector<std::string_view> names = {"help"};
      for (const Option& known : command_.options) names.push_back(known.name);
      const std::string_view near = nearest(name, names);
      return fail(Error::Code::Invalid,
                  fmt::format("unknown option --{}{}", name,
                              near.empty() ? "" : fmt::format(" (did you mean --{}?)", near)));
    }
    if (equals == std::string_view::npos) return take_value(*option);
    if (option->argument.empty())
      return fail(Error::Code::Invalid, fmt::format("--{} takes no value", name));
    return take(*option, text.substr(equals + 1));
  }

  // "-o json", "-ojson", "-qv"
  Result<void> take_letters(std::string_view letters) {
    for (size_t i = 0; i < letters.size(); ++i) {
      const auto option = std::ranges::find(command_.options, letters[i], &Option::letter);
      if (option == command_.options.end())
        return fail(Error::Code::Invalid, fmt::format("unknown option -{}", letters.substr(i, 1)));
      const std::string_view rest = letters.substr(i + 1);
      if (!option->argument.empty() && !rest.empty())
        return take(*option, rest.starts_with('=') ? rest.substr(1) : rest);
      TRY_DO(take_value(*option));
    }
    return {};
  }

  // The option's value is the next word, if it takes one.
  Result<void> take_value(const Option& option) {
    if (option.argument.empty()) return take(option, "");
    // A value that begins with two dashes is more likely the next option, and the value forgotten.
    if (next_ >= words_.size() || words_[next_].starts_with("--"))
      return fail(Error::Code::Invalid, fmt::format("--{} needs a value: --{} {}", option.name,
                                                    option.name, option.argument));
    return take(option, words_[next_++]);
  }

  Result<void> take(const Option& option, std::string_view value) {
    if (!option.repeatable && arguments_.has(option.name))
      return fail(Error::Code::Invalid, fmt::format("--{} is given twice", option.name));
    if (!option.argument.empty() && trim(value).empty())
      return fail(Error::Code::Invalid, fmt::format("--{} {}", option.name, kEmpty));
    TRY_LET(std::string right, checked(fmt::format("--{}", option.name), option.values, value));
    arguments_.given_.push_back({option.name, std::move(right)});
    return {};
  }

  // The word; out of a closed set in lower case. (Behind FORMAT=, a file's name is left alone.)
  static Result<std::string> checked(std::string_view what, Values values, std::string_view text) {
    if (!is_closed(values)) return std::string(text);
    const size_t end = values == Values::Report ? text.find('=') : std::string_view::npos;
    const std::string_view word = text.substr(0, end);
    const std::vector<std::string_view> right = values_of(values);
    if (std::ranges::find(right, lower(word)) != right.end())
      return lower(word) + std::string(text.substr(word.size()));
    return fail(Error::Code::Invalid, fmt::format("{}: '{}' is not {}{}", what, word,
                                                  alternatives(right), did_you_mean(word, right)));
  }

  const Command& command_;
  std::span<const std::string_view> words_;
  size_t next_ = 0;
  bool only_positionals_ = false;
  Arguments arguments_;
};

Result<Arguments> read_arguments(const Command& command, std::span<const std::string_view> words) {
  return ArgumentReader(command, words).read();
}

}  // namespace sagewarden
