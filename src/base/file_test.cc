#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <thread>

namespace sagewarden {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "sagewarden-file-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(std::string_view name) const { return folder_ + "/" + std::string(name); }
  std::string write(std::string_view name, std::string_view text) const {
    fs::create_directories(fs::path(path(name)).parent_path());
    std::ofstream(path(name)) << text;
    return path(name);
  }

  std::string folder_;
};

TEST_F(Files, AreReadWholeUpToTheLimit) {
  const std::string big(200'000, 'x');
  const struct {
    std::string_view text;
    size_t limit;
    bool fits;
  } cases[] = {
      {"", 0, true},     {"", 10, true},          {"abc", 3, true},
      {"abc", 2, false}, {big, big.size(), true}, {big, big.size() - 1, false},
  };
  for (const auto& c : cases) {
    const Result<std::string> got = read_file(write("f", c.text), c.limit);
    ASSERT_EQ(got.has_value(), c.fits) << c.text.size() << " of " << c.limit;
    if (c.fits) {
      EXPECT_EQ(*got, c.text);
    } else {
      EXPECT_NE(got.error().message.find("larger than the"), std::string::npos);
    }
  }
}

TEST_F(Files, APipeIsReadToItsEnd) {
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  std::thread writer([this] { std::ofstream(path("pipe")) << std::string(100'000, 'y'); });
  const Result<std::string> got = read_file(path("pipe"), 1 << 20);
  writer.join();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->size(), 100'000U);
}

TEST_F(Files, ErrorsNameThePathAndTheReason) {
  const Result<std::string> missing = read_file(path("none"), 10);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Error::Code::NotFound);
  EXPECT_EQ(missing.error().message, "cannot read " + path("none") + ": No such file or directory");
  const Result<std::string> folder = read_file(folder_, 10);
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().message, "cannot read " + folder_ + ": Is a directory");
}

TEST_F(Files, AreListedSortedAndBelow) {
  write("b.yaml", "");
  write("a.yml", "");
  write("sub/c.yaml", "");
  write("sub/d.json", "");
  write(".hidden/e.yaml", "");
  write(".f.yaml", "");
  fs::create_directory_symlink(folder_, path("loop"));
  fs::create_symlink(path("nowhere"), path("dangling.yaml"));
  fs::create_directory(path("folder.yaml"));
  constexpr std::array<std::string_view, 2> kSuffixes = {".yaml", ".yml"};
  const auto found = list_files(folder_, kSuffixes);
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, (std::vector<std::string>{path("a.yml"), path("b.yaml"), path("sub/c.yaml")}));
}

TEST_F(Files, AFolderThatIsNoneIsAnError) {
  const auto found = list_files(path("none"), {});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message,
            "cannot read the folder " + path("none") + ": No such file or directory");
}

TEST_F(Files, WritingIsForeseen) {
  write("there", "old");
  EXPECT_TRUE(check_writable(path("new")));
  EXPECT_TRUE(check_writable(path("there")));
  EXPECT_TRUE(check_writable("relative-name"));
  EXPECT_EQ(
      check_writable(path("none/new")).error().message,
      "cannot write " + path("none/new") + ": the folder " + path("none") + " does not exist");
  EXPECT_TRUE(check_writable("/dev/null"));  // though nobody can make files in /dev
  EXPECT_FALSE(check_writable(folder_));
  EXPECT_FALSE(check_writable(path("there/below-a-file")));
}

}  // namespace
}  // namespace sagewarden
