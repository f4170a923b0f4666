// Where a report goes: a file that appears whole or not at all, standard output, or a string.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sagewarden {

class Output {
 public:
  virtual ~Output() = default;
  // Errors: the disk is full, the pipe's reader went away (Error::Code::Interrupted), …
  virtual Result<void> write(std::string_view text) = 0;
  // Makes it last. A file that is not committed leaves what stood there before untouched.
  virtual Result<void> commit() = 0;
};

// Who may read a file that is made; one that is there already keeps what it has.
enum class Readers : uint8_t { Usual, Owner };

// Writes beside the file, and on commit() fsyncs and renames over it.
Result<std::unique_ptr<Output>> create_file_output(const std::string& path,
                                                   Readers readers = Readers::Usual);
// Buffered standard output.
std::unique_ptr<Output> create_stdout_output();
// Appends to a string that the caller keeps.
std::unique_ptr<Output> create_string_output(std::string& text);

}  // namespace sagewarden
