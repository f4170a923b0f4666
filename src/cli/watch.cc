#include "cli/watch.h"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <csignal>
#include <filesystem>

#include "base/terminal.h"

namespace sagewarden {
namespace {

using Clock = std::chrono::steady_clock;

// Short scans show nothing: a line that flashes by is worse than none.
constexpr auto kFirstLine = std::chrono::milliseconds(500);
constexpr timespec kTick = {.tv_sec = 0, .tv_nsec = 100'000'000};
constexpr int kWakeUp = SIGUSR1;     // sent by ourselves to end the wait
constexpr int kInterrupt = SIGUSR2;  // sent by ourselves to end a read that waits for input

// The signals to listen to. One that is ignored stays so: that is how nohup and shells protect what
// runs in the background.
sigset_t signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, kWakeUp);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action = {};
    if (sigaction(number, nullptr, &action) == 0 && action.sa_handler != SIG_IGN)
      sigaddset(&set, number);
  }
  return set;
}

// Ends what the other threads wait for (a pipe that nobody writes to): the read comes back, and the
// worker sees that it is to stop.
void interrupt_others() {
  const pid_t self = gettid();
  std::error_code error;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", error)) {
    const std::string name = thread.path().filename().string();
    pid_t other = 0;
    std::from_chars(name.data(), name.data() + name.size(), other);
    if (other != 0 && other != self) tgkill(getpid(), other, kInterrupt);
  }
}

std::string bytes_text(double bytes) {
  constexpr std::string_view kUnits[] = {"B", "kB", "MB", "GB", "TB"};
  size_t unit = 0;
  while (bytes >= 999.5 && unit + 1 < std::size(kUnits)) {
    bytes /= 1000;
    ++unit;
  }
  const int decimals = unit > 0 && bytes < 99.5 ? 1 : 0;
  return fmt::format("{:.{}f} {}", bytes, decimals, kUnits[unit]);
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<int64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
  return fmt::format("{}:{:02} h", whole / 3600, whole % 3600 / 60);
}

// "3 of 200 accounts · 41 of 3400 Regions · 1204 calls (85/s) · 60 resources · 12 throttled"
std::vector<std::string> aws_parts(const Progress& progress, double seconds) {
  std::vector<std::string> parts;
  const struct {
    uint64_t done;
    uint64_t total;
    std::string_view what;
    uint64_t least;  // of one account nobody needs to hear
  } rows[] = {{progress.accounts, progress.accounts_total, "accounts", 2},
              {progress.regions, progress.regions_total, "Regions", 1}};
  for (const auto& row : rows) {
    if (row.total < row.least) continue;
    parts.push_back(
        fmt::format("{} of {} {}", row.done, row.total, row.total == 1 ? "Region" : row.what));
  }
  const auto calls = static_cast<double>(progress.calls.load());
  parts.push_back(seconds > 0 ? fmt::format("{:.0f} calls ({:.0f}/s)", calls, calls / seconds)
                              : fmt::format("{:.0f} calls", calls));
  return parts;
}

std::string resources_text(uint64_t items) {
  return fmt::format("{} {}", items, items == 1 ? "resource" : "resources");
}

}  // namespace

std::string progress_line(const Progress& progress, double seconds, size_t width) {
  const auto read = static_cast<double>(progress.bytes_read.load());
  const auto total = static_cast<double>(progress.bytes_total.load());
  const uint64_t items = progress.items;
  const bool asks_aws = progress.calls > 0;
  std::vector<std::string> parts;
  if (read > 0 || !asks_aws) {
    parts.push_back(bytes_text(read));
    // A file that grows while it is read has more than its size said.
    if (total > 0 && read <= total)
      parts.back() += fmt::format(" of {} ({:.0f} %)", bytes_text(total), 100 * read / total);
  }
  if (asks_aws) {
    for (std::string& part : aws_parts(progress, seconds)) parts.push_back(std::move(part));
  }
  parts.push_back(resources_text(items));
  if (seconds > 0 && !asks_aws)
    parts.push_back(fmt::format("{:.0f}/s", static_cast<double>(items) / seconds));
  if (progress.throttled > 0)
    parts.push_back(fmt::format("{} throttled", progress.throttled.load()));
  if (total > read && read > 0)
    parts.push_back(fmt::format("{} left", duration_text(seconds * (total - read) / read)));
  std::string line = fmt::format("{}", fmt::join(parts, " · "));
  // A line that wraps cannot be overwritten. Cut at a part, so that no character is cut in two.
  while (display_width(line) >= width) {
    const size_t part = line.rfind(" · ");
    if (part == std::string::npos) return "";
    line.resize(part);
  }
  return line;
}

Watch::Watch(Progress& progress, Log& log, ShowProgress show)
    : progress_(progress), log_(log), show_(show), signals_(signals()) {
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  // Without SA_RESTART, so that a read ends.
  struct sigaction interrupt = {};
  interrupt.sa_handler = [](int) {};
  sigaction(kInterrupt, &interrupt, nullptr);
  thread_ = std::jthread([this](const std::stop_token& over) { listen(over); });
}

Watch::~Watch() {
  thread_.request_stop();
  pthread_kill(thread_.native_handle(), kWakeUp);
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void Watch::listen(const std::stop_token& over) {
  const Clock::time_point start = Clock::now();
  while (!over.stop_requested()) {
    // With nothing to draw and nobody to interrupt there is nothing to wake up for.
    const bool ticks = show_ == ShowProgress::Yes || signal_ != 0;
    const int number =
        ticks ? sigtimedwait(&signals_, nullptr, &kTick) : sigwaitinfo(&signals_, nullptr);
    if (number == SIGINT || number == SIGTERM || number == SIGHUP) hear(number);
    // Again and again, as the signal may come just before the read begins.
    if (signal_ != 0) interrupt_others();
    const auto passed = Clock::now() - start;
    // Before anything was read, a question for an MFA code may stand in this line.
    const bool begun = progress_.bytes_read > 0 || progress_.calls > 0;
    if (show_ == ShowProgress::Yes && begun && passed >= kFirstLine && signal_ == 0) {
      const double seconds = std::chrono::duration<double>(passed).count();
      log_.status(progress_line(progress_, seconds, terminal_width(STDERR_FILENO, 80)));
    }
  }
  log_.status("");
}

void Watch::hear(int number) {
  if (signal_ != 0) _exit(128 + number);
  signal_ = number;
  progress_.stop = true;
  log_.status("");
  log_.warning("stopping; what has been read is still reported (once more to stop at once)");
}

}  // namespace sagewarden
