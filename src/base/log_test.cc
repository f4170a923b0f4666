#include "base/log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <functional>
#include <thread>
#include <vector>

#include "base/text.h"

namespace sagewarden {
namespace {

// What a log writes.
std::string written(Log::Level level, bool colour, const std::function<void(Log&)>& talk) {
  std::FILE* file = std::tmpfile();
  EXPECT_NE(file, nullptr);
  Log log(fileno(file), level, colour);
  talk(log);
  std::string text(static_cast<size_t>(lseek(fileno(file), 0, SEEK_END)), '\0');
  EXPECT_EQ(pread(fileno(file), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  std::fclose(file);
  return text;
}

TEST(Log, SaysWhatItsLevelAllows) {
  const auto talk = [](Log& log) {
    log.error("broken");
    log.warning("odd");
    log.info("fine");
  };
  EXPECT_EQ(written(Log::Level::Quiet, false, talk), "sagewarden: error: broken\n");
  EXPECT_EQ(written(Log::Level::Normal, false, talk),
            "sagewarden: error: broken\nsagewarden: warning: odd\n");
  EXPECT_EQ(written(Log::Level::Verbose, false, talk),
            "sagewarden: error: broken\nsagewarden: warning: odd\nsagewarden: fine\n");
}

TEST(Log, ColoursTheLabelOnly) {
  EXPECT_EQ(written(Log::Level::Normal, true, [](Log& log) { log.error("broken"); }),
            "sagewarden: \x1b[31merror: \x1b[0mbroken\n");
}

TEST(Log, KeepsLinesButNoControlCharacters) {
  EXPECT_EQ(written(Log::Level::Normal, false, [](Log& log) { log.error("a\nb\x1b[2J\rc"); }),
            "sagewarden: error: a\nb\\x1b[2J\\x0dc\n");
}

TEST(Log, AMessageStandsAboveTheProgressLine) {
  EXPECT_EQ(written(Log::Level::Normal, false,
                    [](Log& log) {
                      log.status("10 %");
                      log.status("10 %");  // unchanged: nothing is written
                      log.error("broken");
                      log.status("20 %");
                      log.status("");
                    }),
            "\r\x1b[K10 %\r\x1b[Ksagewarden: error: broken\n10 %\r\x1b[K20 %\r\x1b[K");
}

TEST(Log, ThreadsDoNotMixLines) {
  const std::string text = written(Log::Level::Normal, false, [](Log& log) {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&log] {
        for (int j = 0; j < 50; ++j) log.error("0123456789");
      });
    }
  });
  const auto lines = split(text, '\n');
  ASSERT_EQ(lines.size(), 201U);  // the last one is empty
  for (size_t i = 0; i < 200; ++i) EXPECT_EQ(lines[i], "sagewarden: error: 0123456789");
}

}  // namespace
}  // namespace sagewarden
