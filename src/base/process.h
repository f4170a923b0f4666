// Running another program: without a shell, its output bounded.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"

namespace sagewarden {

struct Program {
  std::vector<std::string> words;  // the program, looked for in PATH, and its arguments
  size_t most_output = 65'536;     // bytes, of each of its two outputs
  // Where not, standard input and error stay ours: it may have to ask its user something.
  bool takes_errors = false;
  std::chrono::seconds most_time{0};        // until it is killed; 0: as long as it takes
  const std::atomic<bool>* stop = nullptr;  // kills it too; may be null
};

struct Finished {
  std::string output;
  std::string errors;
  int status = -1;        // its exit status; -1: it was ended by a signal
  bool too_long = false;  // it printed more than is taken; the rest was not read
  bool too_late = false;  // it was killed when its time was over
  bool stopped = false;   // it was killed as the user wished
};

// Waits for its end. Error NotFound: there is no such program, or it cannot be started. What was
// read is wiped from memory that is given back on the way; the result is the caller's to wipe.
Result<Finished> run_program(const Program& program);

}  // namespace sagewarden
