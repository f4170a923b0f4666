// What the program says beside its results: errors, warnings, and a progress line that overwrites
// itself. All of it goes to one descriptor (standard error).
#pragma once

#include <mutex>
#include <string>
#include <string_view>

namespace sagewarden {

// May be used by several threads at once. Each message is one write, so that lines never mix. What
// a message holds is made printable: text out of files cannot steer the terminal.
class Log {
 public:
  enum class Level { Quiet, Normal, Verbose };  // errors only · warnings too · everything

  Log(int descriptor, Level level, bool colour)
      : descriptor_(descriptor), level_(level), colour_(colour) {}

  void error(std::string_view message);
  void warning(std::string_view message);
  void info(std::string_view message);  // Verbose only

  // Shows one line in place of the last such line; an empty one takes it away. For terminals only.
  void status(std::string_view line);

 private:
  void say(std::string_view label, std::string_view colour, std::string_view message);
  void write(std::string_view text) const;

  int descriptor_;
  Level level_;
  bool colour_;
  std::mutex mutex_;
  std::string status_;  // what stands in the terminal's last line; guarded by mutex_
};

}  // namespace sagewarden
