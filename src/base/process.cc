#include "base/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>

#include "base/file.h"
#include "base/text.h"

namespace sagewarden {
namespace {

using Clock = std::chrono::steady_clock;

// How soon a stop or the end of the time is noticed.
constexpr std::chrono::milliseconds kTick{100};

// Both ends of a pipe, closed in the end.
class Pipe {
 public:
  Pipe() = default;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }

  Result<void> open() {
    if (pipe2(ends_.data(), O_CLOEXEC) == 0) return {};
    return fail(Error::Code::Io, "no pipe: " + system_message(errno));
  }
  int reading() const { return ends_[0]; }
  int writing() const { return ends_[1]; }
  void close_end(size_t end) {
    if (ends_[end] >= 0) close(ends_[end]);
    ends_[end] = -1;
  }

 private:
  std::array<int, 2> ends_ = {-1, -1};
};

// The program's process id.
Result<pid_t> start(const Program& program, const Pipe& output, const Pipe& errors) {
  std::vector<char*> arguments;
  arguments.reserve(program.words.size() + 1);
  for (const std::string& word : program.words)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output.writing(), STDOUT_FILENO);
  if (program.takes_errors) {
    posix_spawn_file_actions_adddup2(&actions, errors.writing(), STDERR_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  pid_t child = 0;
  const int error =
      posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0)
    return fail(Error::Code::NotFound, fmt::format("cannot run {}: {}", printable(program.words[0]),
                                                   system_message(error)));
  return child;
}

// What comes of one of its outputs.
struct Stream {
  Pipe& pipe;
  std::string& text;
};

// Takes what is there. False: the stream has ended, or is too long.
bool take(Stream& stream, size_t most, bool& too_long) {
  std::array<char, 4'096> buffer{};
  const ssize_t got = read(stream.pipe.reading(), buffer.data(), buffer.size());
  if (got < 0 && errno == EINTR) return true;
  if (got > 0) stream.text.append(buffer.data(), static_cast<size_t>(got));
  explicit_bzero(buffer.data(), buffer.size());
  too_long |= stream.text.size() > most;
  return got > 0 && !too_long;
}

// Whether nobody waits for the program any more.
bool is_over(const Program& program, Clock::time_point begun, Finished& finished) {
  finished.stopped |= program.stop != nullptr && *program.stop;
  finished.too_late |= program.most_time.count() > 0 && Clock::now() - begun >= program.most_time;
  return finished.stopped || finished.too_late || finished.too_long;
}

// Until both outputs have ended, or nobody waits for more.
void read_all(const Program& program, Clock::time_point begun, std::array<Stream, 2> streams,
              Finished& finished) {
  std::array<pollfd, 2> waiting = {pollfd{streams[0].pipe.reading(), POLLIN, 0},
                                   pollfd{streams[1].pipe.reading(), POLLIN, 0}};
  while (waiting[0].fd >= 0 || waiting[1].fd >= 0) {
    if (is_over(program, begun, finished)) return;
    if (poll(waiting.data(), waiting.size(), static_cast<int>(kTick.count())) <= 0) continue;
    for (size_t i = 0; i < streams.size(); ++i)
      if (waiting[i].fd >= 0 && waiting[i].revents != 0 &&
          !take(streams[i], program.most_output, finished.too_long))
        waiting[i].fd = -1;
  }
}

// Until it has ended, by itself or killed: it may go on after it has closed its outputs.
void wait_for_end(const Program& program, Clock::time_point begun, pid_t child,
                  Finished& finished) {
  std::chrono::milliseconds pause{1};  // most end along with their outputs
  int status = 0;
  pid_t ended = 0;
  while ((ended = waitpid(child, &status, WNOHANG)) == 0 && !is_over(program, begun, finished)) {
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, kTick);
  }
  if (ended == 0) {
    kill(child, SIGKILL);
    do {
      ended = waitpid(child, &status, 0);
    } while (ended < 0 && errno == EINTR);
  }
  if (ended == child && WIFEXITED(status)) finished.status = WEXITSTATUS(status);
}

}  // namespace

Result<Finished> run_program(const Program& program) {
  Pipe output;
  Pipe errors;
  TRY_DO(output.open());
  if (program.takes_errors) TRY_DO(errors.open());
  TRY_LET(const pid_t child, start(program, output, errors));
  output.close_end(1);
  errors.close_end(1);
  const Clock::time_point begun = Clock::now();
  Finished finished;
  read_all(program, begun, {Stream{output, finished.output}, Stream{errors, finished.errors}},
           finished);
  // Closed first, so that whoever prints on is told.
  output.close_end(0);
  errors.close_end(0);
  wait_for_end(program, begun, child, finished);
  return finished;
}

}  // namespace sagewarden
