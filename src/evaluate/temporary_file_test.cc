#include "evaluate/temporary_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

namespace sagewarden {
namespace {

std::string read_all(const TemporaryFile& file, uint64_t offset, size_t size) {
  std::string bytes(size, '\0');
  const Result<void> done = file.read(offset, bytes);
  return done ? bytes : done.error().message;
}

TEST(TemporaryFile, GivesBackWhatItWasGiven) {
  Result<TemporaryFile> file = TemporaryFile::create(testing::TempDir());
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_TRUE(file->append("abc"));
  ASSERT_TRUE(file->append(""));
  ASSERT_TRUE(file->append("defg"));
  EXPECT_EQ(file->size(), 7U);
  EXPECT_EQ(read_all(*file, 0, 7), "abcdefg");
  EXPECT_EQ(read_all(*file, 2, 3), "cde");
  EXPECT_EQ(read_all(*file, 7, 0), "");
  TemporaryFile moved = std::move(*file);
  ASSERT_TRUE(moved.append("h"));
  EXPECT_EQ(read_all(moved, 6, 2), "gh");
  std::string beyond(9, '\0');
  EXPECT_FALSE(moved.read(0, beyond));
}

TEST(TemporaryFile, HasNoName) {
  const std::string folder = testing::TempDir() + "/sagewarden-temporary-file-test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  const Result<TemporaryFile> file = TemporaryFile::create(folder);
  ASSERT_TRUE(file);
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove_all(folder);
}

TEST(TemporaryFile, NoSuchFolder) {
  const Result<TemporaryFile> file = TemporaryFile::create("/nowhere/at/all");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, Error::Code::Io);
  EXPECT_NE(file.error().message.find("/nowhere/at/all: No such file"), std::string::npos);
  EXPECT_NE(file.error().message.find("TMPDIR"), std::string::npos);
}

// A limit on the size of files fails as a full disk does: in the middle of a write.
TEST(TemporaryFile, FullDisk) {
  Result<TemporaryFile> file = TemporaryFile::create(testing::TempDir());
  ASSERT_TRUE(file);
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 4096;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const Result<void> fits = file->append(std::string(4096, 'a'));
  const Result<void> full = file->append("b");
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_TRUE(fits);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, Error::Code::Io);
  EXPECT_NE(full.error().message.find("cannot write a temporary file in"), std::string::npos);
  EXPECT_EQ(file->size(), 4096U);
}

}  // namespace
}  // namespace sagewarden
