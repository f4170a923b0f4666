#include "cli/watch.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>

#include "base/terminal.h"

namespace sagewarden {
namespace {

constexpr auto kPatience = std::chrono::seconds(20);

bool eventually(const std::atomic<bool>& flag) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!flag && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  return flag;
}

TEST(Watch, TheFirstSignalAsksTheScanToStop) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    Log log(-1, Log::Level::Quiet, false);
    Progress progress;
    const Watch watch(progress, log, ShowProgress::No);
    EXPECT_EQ(watch.signal(), 0);
    ASSERT_EQ(kill(getpid(), number), 0);
    EXPECT_TRUE(eventually(progress.stop));
    EXPECT_EQ(watch.signal(), number);
  }
}

// A pipe that nobody writes to must not keep the program.
TEST(Watch, ASignalEndsAReadThatWaits) {
  int ends[2] = {-1, -1};
  ASSERT_EQ(pipe(ends), 0);
  Log log(-1, Log::Level::Quiet, false);
  Progress progress;
  const Watch watch(progress, log, ShowProgress::No);
  std::jthread reader([&] {
    char byte = 0;
    while (!progress.stop) {
      EXPECT_LT(::read(ends[0], &byte, 1), 0);
    }
  });
  ASSERT_EQ(kill(getpid(), SIGINT), 0);
  reader.join();
  EXPECT_TRUE(progress.stop);
  close(ends[0]);
  close(ends[1]);
}

// In a process of its own, which the second signal ends.
TEST(Watch, TheSecondSignalEndsTheProcess) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    Log log(-1, Log::Level::Quiet, false);
    Progress progress;
    const Watch watch(progress, log, ShowProgress::No);
    kill(getpid(), SIGINT);
    eventually(progress.stop);
    kill(getpid(), SIGTERM);
    // Only a signal ends this; the alarm is there so that a failure does not take forever.
    alarm(20);
    while (true) pause();
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 128 + SIGTERM);
}

// As under nohup, or in the background of a script.
TEST(Watch, AnIgnoredSignalStaysIgnored) {
  const auto before = std::signal(SIGHUP, SIG_IGN);
  Log log(-1, Log::Level::Quiet, false);
  Progress progress;
  {
    const Watch watch(progress, log, ShowProgress::No);
    kill(getpid(), SIGHUP);
    kill(getpid(), SIGINT);  // heard after the first, if that was heard at all
    EXPECT_TRUE(eventually(progress.stop));
    EXPECT_EQ(watch.signal(), SIGINT);
  }
  std::signal(SIGHUP, before);
}

TEST(Watch, SignalsAreAsBeforeAfterwards) {
  sigset_t before;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  {
    Log log(-1, Log::Level::Quiet, false);
    Progress progress;
    const Watch watch(progress, log, ShowProgress::Yes);
  }
  sigset_t after;
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  EXPECT_EQ(sigismember(&before, SIGINT), sigismember(&after, SIGINT));
}

TEST(ProgressLine, SaysWhatIsKnown) {
  const struct {
    uint64_t read, total, items;
    double seconds;
    size_t width;
    std::string_view want;
  } cases[] = {
      {0, 0, 0, 0, 100, "0 B · 0 resources"},
      {1'500, 0, 12, 1, 100, "1.5 kB · 12 resources · 12/s"},
      {250'000'000, 1'000'000'000, 5000, 10, 100,
       "250 MB of 1.0 GB (25 %) · 5000 resources · 500/s · 30 s left"},
      {1'000'000, 361'000'000, 1, 10, 100,
       "1.0 MB of 361 MB (0 %) · 1 resource · 0/s · 1:00 h left"},
      {1'000'000, 13'000'000, 1, 10, 100,
       "1.0 MB of 13.0 MB (8 %) · 1 resource · 0/s · 2:00 min left"},
      {2000, 1000, 1, 1, 100, "2.0 kB · 1 resource · 1/s"},  // a file that grew meanwhile
      {1000, 1000, 1, 1, 100, "1.0 kB of 1.0 kB (100 %) · 1 resource · 1/s"},
      {250'000'000, 1'000'000'000, 5000, 10, 60,
       "250 MB of 1.0 GB (25 %) · 5000 resources · 500/s"},
      {250'000'000, 1'000'000'000, 5000, 10, 30, "250 MB of 1.0 GB (25 %)"},
      {250'000'000, 1'000'000'000, 5000, 10, 10, ""},
  };
  for (const auto& c : cases) {
    Progress progress;
    progress.bytes_read = c.read;
    progress.bytes_total = c.total;
    progress.items = c.items;
    EXPECT_EQ(progress_line(progress, c.seconds, c.width), c.want);
  }
}

TEST(ProgressLine, OfAWS) {
  const struct {
    uint64_t accounts, accounts_total, regions, regions_total, calls, throttled;
    double seconds;
    size_t width;
    std::string_view want;
  } cases[] = {
      {0, 0, 0, 0, 2, 0, 0, 100, "2 calls · 7 resources"},
      {0, 1, 0, 1, 2, 0, 1, 100, "0 of 1 Region · 2 calls (2/s) · 7 resources"},
      {0, 1, 3, 17, 50, 0, 10, 100, "3 of 17 Regions · 50 calls (5/s) · 7 resources"},
      {3, 200, 41, 3400, 1204, 12, 10, 100,
       "3 of 200 accounts · 41 of 3400 Regions · 1204 calls (120/s) · 7 resources · 12 throttled"},
      {3, 200, 41, 3400, 1204, 12, 10, 80,
       "3 of 200 accounts · 41 of 3400 Regions · 1204 calls (120/s) · 7 resources"},
      {3, 200, 41, 3400, 1204, 12, 10, 30, "3 of 200 accounts"},
      {3, 200, 41, 3400, 1204, 12, 10, 12, ""},
  };
  for (const auto& c : cases) {
    Progress progress;
    progress.accounts = c.accounts;
    progress.accounts_total = c.accounts_total;
    progress.regions = c.regions;
    progress.regions_total = c.regions_total;
    progress.calls = c.calls;
    progress.throttled = c.throttled;
    progress.items = 7;
    EXPECT_EQ(progress_line(progress, c.seconds, c.width), c.want);
  }
}

// Files first, then AWS.
TEST(ProgressLine, OfFilesAndAWS) {
  Progress progress;
  progress.bytes_read = progress.bytes_total = 1000;
  progress.calls = 4;
  EXPECT_EQ(progress_line(progress, 2, 100),
            "1.0 kB of 1.0 kB (100 %) · 4 calls (2/s) · 0 resources");
}

}  // namespace
}  // namespace sagewarden
