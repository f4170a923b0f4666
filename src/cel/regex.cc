#include "cel/regex.h"

namespace sagewarden::cel {

RE2::Options regex_options() {
  constexpr int64_t kMemory = int64_t{2} * 1024 * 1024;
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(kMemory);
  return options;
}

Value search(Context& context, std::string_view text, const RE2& regex) {
  // A pattern that has too many states for a table is looked for with all of them at once: a byte
  // of text then costs as much as the pattern is large.
  constexpr size_t kStatesOfAByte = 32;
  const size_t cost = 1 + static_cast<size_t>(regex.ProgramSize()) / kStatesOfAByte;
  if (!context.charge_if_large(text.size() * cost)) return context.exhausted();
  return Value::boolean(RE2::PartialMatch({text.data(), text.size()}, regex));
}

}  // namespace sagewarden::cel
