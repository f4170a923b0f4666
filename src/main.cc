#include <fmt/core.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "base/output.h"
#include "cli/command.h"
#include "cli/run.h"

namespace {

// Our own code does not throw; the standard library does, when memory runs out for example. That
// ends the program with a word and an error's status, and not as a crash.
[[noreturn]] void end_with(std::string_view why) {
  const std::string text = fmt::format("sagewarden: error: ended by {}\n", why);
  // Nothing better can be done where even this fails.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
  std::_Exit(sagewarden::kExitError);
}

std::string_view why_of(const std::exception& error) {
  const bool memory = dynamic_cast<const std::bad_alloc*>(&error) != nullptr;
  return memory ? "a lack of memory" : error.what();
}

// For the worker threads, out of which nothing can be thrown.
[[noreturn]] void end_of_thread() {
  try {
    if (const std::exception_ptr current = std::current_exception())
      std::rethrow_exception(current);
  } catch (const std::exception& error) {
    end_with(why_of(error));
  }
  end_with("an unexpected error (out of memory, perhaps)");
}

int run_program(int argc, char** argv) {
  const std::vector<std::string_view> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  const std::unique_ptr<sagewarden::Output> out = sagewarden::create_stdout_output();
  return sagewarden::run(words, *out, STDERR_FILENO);
}

}  // namespace

int main(int argc, char** argv) {
  // A reader that goes away and a limit on file sizes are errors of a write, not sudden deaths.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  std::set_terminate(end_of_thread);
  try {
    return run_program(argc, argv);
  } catch (const std::exception& error) {
    // Unwound, so that temporary files are gone.
    end_with(why_of(error));
  }
}
