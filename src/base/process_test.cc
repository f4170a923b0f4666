#include "base/process.h"

#include <gtest/gtest.h>

namespace sagewarden {
namespace {

Program shell(const std::string& script) {
  return {.words = {"sh", "-c", script}, .takes_errors = true};
}

TEST(Process, TakesOutputAndStatus) {
  const Result<Finished> done = run_program(shell("echo out; echo err >&2; exit 3"));
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->output, "out\n");
  EXPECT_EQ(done->errors, "err\n");
  EXPECT_EQ(done->status, 3);
  EXPECT_FALSE(done->too_long || done->too_late || done->stopped);
}

TEST(Process, GivesWordsAsTheyAre) {
  const Result<Finished> done =
      run_program({.words = {"printf", "%s|", "a b", "$(id)", "'\"", ""}});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->output, "a b|$(id)|'\"||");
}

TEST(Process, HasNothingToAsk) {
  EXPECT_EQ(run_program(shell("cat"))->status, 0);
}

TEST(Process, SaysThatThereIsNone) {
  const Result<Finished> done = run_program({.words = {"/nowhere/to be\x1b found"}});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Error::Code::NotFound);
  EXPECT_EQ(done.error().message.find('\x1b'), std::string::npos);
}

TEST(Process, TakesNoMoreThanAllowed) {
  Program program = shell("while :; do echo yes; done");
  program.most_output = 1'000;
  const Result<Finished> done = run_program(program);
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->too_long);
  EXPECT_GT(done->output.size(), 1'000U);
  EXPECT_LE(done->output.size(), 1'000U + 4'096U);
  program = shell("printf 123");
  program.most_output = 3;
  EXPECT_FALSE(run_program(program)->too_long);
}

TEST(Process, EndsWhenTheTimeIsOver) {
  Program program = shell("exec sleep 60");
  program.most_time = std::chrono::seconds(1);
  const Result<Finished> done = run_program(program);
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->too_late);
  EXPECT_EQ(done->status, -1);
}

// Nothing is left to read from them.
TEST(Process, EndsAlsoWithItsOutputsClosed) {
  Program program = shell("exec >&- 2>&-; exec sleep 60");
  program.most_time = std::chrono::seconds(1);
  const Result<Finished> late = run_program(program);
  ASSERT_TRUE(late);
  EXPECT_TRUE(late->too_late);
  EXPECT_EQ(late->status, -1);

  const Result<Finished> done = run_program(shell("exec >&- 2>&-; sleep 0.2; exit 3"));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->status, 3);
}

TEST(Process, EndsWhenTheUserStops) {
  const std::atomic<bool> stop = true;
  Program program = shell("exec sleep 60");
  program.stop = &stop;
  const Result<Finished> done = run_program(program);
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->stopped);
}

}  // namespace
}  // namespace sagewarden
