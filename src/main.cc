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

// Our own code does not throw; the standard library does, when memory runs out for example. What
// ends a thread that way ends the program, with a word and an error's status and not as a crash.
[[noreturn]] void end_with_exception() {
  std::string why = "an unexpected error (out of memory, perhaps)";
  try {
    if (const std::exception_ptr current = std::current_exception())
      std::rethrow_exception(current);
  } catch (const std::bad_alloc&) {
    why = "a lack of memory";
  } catch (const std::exception& error) {
    why = error.what();
  } catch (...) {
  }
  const std::string text = fmt::format("sagewarden: error: ended by {}\n", why);
  // Nothing better can be done where even this fails.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
  std::_Exit(sagewarden::kExitError);
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
  std::set_terminate(end_with_exception);  // for the worker threads
  try {
    return run_program(argc, argv);
  } catch (...) {
    // Unwound, so that temporary files are gone.
    end_with_exception();
  }
}
