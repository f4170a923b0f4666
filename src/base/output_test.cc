#include "base/output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace sagewarden {
namespace {

namespace fs = std::filesystem;

// A folder of its own for each test, removed in the end.
class OutputTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "sagewarden-output-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  static std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  void put(const std::string& name, std::string_view text) const {
    std::ofstream(path(name), std::ios::binary) << text;
  }

  // All names in the folder: a temporary file that stays behind shows here.
  size_t entries() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), {}));
  }

  fs::path folder_;
};

TEST_F(OutputTest, FileAppearsWholeOnCommit) {
  auto out = create_file_output(path("report"));
  ASSERT_TRUE(out) << out.error().message;
  ASSERT_TRUE((*out)->write("a"));
  ASSERT_TRUE((*out)->write(std::string(200'000, 'b')));
  EXPECT_FALSE(fs::exists(path("report")));
  ASSERT_TRUE((*out)->commit());
  EXPECT_EQ(read(path("report")), "a" + std::string(200'000, 'b'));
  out->reset();
  EXPECT_EQ(entries(), 1U);
}

TEST_F(OutputTest, WithoutCommitTheOldReportStays) {
  put("report", "old");
  {
    auto out = create_file_output(path("report"));
    ASSERT_TRUE(out);
    ASSERT_TRUE((*out)->write(std::string(100'000, 'x')));
  }
  EXPECT_EQ(read(path("report")), "old");
  EXPECT_EQ(entries(), 1U);
}

TEST_F(OutputTest, FailedWriteLeavesTheOldReport) {
  put("report", "old");
  // A limit on the size of files stands in for the full disk: the write fails half way.
  struct rlimit before = {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit small = before;
  small.rlim_cur = 100'000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);

  Result<void> written;
  {
    auto out = create_file_output(path("report"));
    ASSERT_TRUE(out);
    for (int i = 0; i < 10 && written; ++i) written = (*out)->write(std::string(40'000, 'x'));
  }
  ::setrlimit(RLIMIT_FSIZE, &before);
  (void)std::signal(SIGXFSZ, handler);

  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Error::Code::Io);
  EXPECT_NE(written.error().message.find(path("report")), std::string::npos);
  EXPECT_EQ(read(path("report")), "old");
  EXPECT_EQ(entries(), 1U);
}

TEST_F(OutputTest, FullDiskIsSaidSo) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  auto out = create_file_output("/dev/full");
  ASSERT_TRUE(out) << out.error().message;
  ASSERT_TRUE((*out)->write("x"));
  const Result<void> done = (*out)->commit();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Error::Code::Io);
  EXPECT_NE(done.error().message.find("the disk is full"), std::string::npos);
}

TEST_F(OutputTest, DevicesAreWrittenToAndNotReplaced) {
  auto out = create_file_output("/dev/null");
  ASSERT_TRUE(out);
  ASSERT_TRUE((*out)->write("x"));
  ASSERT_TRUE((*out)->commit());
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(OutputTest, ReaderThatWentAwayIsAnInterruption) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  const int reader = ::open(path("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  auto out = create_file_output(path("pipe"));
  ASSERT_TRUE(out) << out.error().message;
  ::close(reader);
  const auto handler = std::signal(SIGPIPE, SIG_IGN);
  ASSERT_TRUE((*out)->write("x"));
  const Result<void> done = (*out)->commit();
  (void)std::signal(SIGPIPE, handler);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Error::Code::Interrupted);
}

TEST_F(OutputTest, LinksStayLinks) {
  put("real", "old");
  fs::create_symlink(path("real"), path("link"));
  auto out = create_file_output(path("link"));
  ASSERT_TRUE(out);
  ASSERT_TRUE((*out)->write("new"));
  ASSERT_TRUE((*out)->commit());
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(read(path("real")), "new");
}

TEST_F(OutputTest, ModeIsTheOldFilesOrTheUmasks) {
  put("old", "x");
  fs::permissions(path("old"), fs::perms::owner_read | fs::perms::owner_write);
  const mode_t mask = ::umask(027);
  const struct {
    std::string name;
    unsigned want;
  } cases[] = {{"old", 0600}, {"new", 0640}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    auto out = create_file_output(path(c.name));
    ASSERT_TRUE(out);
    ASSERT_TRUE((*out)->commit());
    EXPECT_EQ(static_cast<unsigned>(fs::status(path(c.name)).permissions()), c.want);
  }
  ::umask(mask);
}

TEST_F(OutputTest, Errors) {
  fs::create_directory(path("folder"));
  const struct {
    std::string path;
    Error::Code code;
    std::string_view says;
  } cases[] = {
      {"", Error::Code::Invalid, "empty"},
      {path("folder"), Error::Code::Invalid, "it is a folder"},
      {path("missing/report"), Error::Code::NotFound, "the folder does not exist"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.path);
    const auto out = create_file_output(c.path);
    ASSERT_FALSE(out);
    EXPECT_EQ(out.error().code, c.code);
    EXPECT_NE(out.error().message.find(c.says), std::string::npos) << out.error().message;
  }
}

TEST(StringOutput, Appends) {
  std::string text = "a";
  const auto out = create_string_output(text);
  ASSERT_TRUE(out->write("b"));
  ASSERT_TRUE(out->commit());
  EXPECT_EQ(text, "ab");
}

}  // namespace
}  // namespace sagewarden
