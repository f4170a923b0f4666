#include <unistd.h>

#include <csignal>
#include <string_view>
#include <vector>

#include "base/output.h"
#include "cli/run.h"

int main(int argc, char** argv) {
  // A reader that goes away and a limit on file sizes are errors of a write, not sudden deaths.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  const std::vector<std::string_view> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  const std::unique_ptr<sagewarden::Output> out = sagewarden::create_stdout_output();
  return sagewarden::run(words, *out, STDERR_FILENO);
}
