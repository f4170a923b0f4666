// What goes on beside a scan: signals are heard, and on a terminal its progress is shown.
#pragma once

#include <atomic>
#include <csignal>
#include <string>
#include <thread>

#include "base/log.h"
#include "source/source.h"

namespace sagewarden {

enum class ShowProgress : bool { No, Yes };

// The progress of a scan after that many seconds, in one line that fits the width.
std::string progress_line(const Progress& progress, double seconds, size_t width);

// From its construction until it goes away, SIGINT, SIGTERM and SIGHUP no longer end the process:
// the first sets progress.stop, so that the scan ends in good order; the second ends the process at
// once. To be made before other threads are, as they inherit which signals are blocked.
class Watch {
 public:
  Watch(Progress& progress, Log& log, ShowProgress show);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // The signal that came, 0 when none did.
  int signal() const { return signal_; }

 private:
  void listen(const std::stop_token& over);
  void hear(int number);

  Progress& progress_;
  Log& log_;
  ShowProgress show_;
  sigset_t signals_;  // those that are heard
  sigset_t before_ = {};
  std::atomic<int> signal_ = 0;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace sagewarden
