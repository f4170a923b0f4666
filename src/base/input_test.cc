#include "base/input.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/gzip_for_tests.h"

namespace sagewarden {
namespace {

class InputTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "input_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string file(std::string_view name, std::string_view content) const {
    std::string path = folder_ + "/" + std::string(name);
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  std::string folder_;
};

struct Outcome {
  std::string text;
  std::string error;
  bool truncated = false;
  uint64_t on_disk = 0;
};

Outcome read_all(const std::string& path, size_t piece, std::unique_ptr<Gunzip> gunzip) {
  Outcome outcome;
  Result<InputStream> stream = InputStream::open(path, nullptr, std::move(gunzip));
  if (!stream) return {{}, stream.error().message};
  std::string buffer(piece, '\0');
  for (;;) {
    const Result<size_t> count = stream->read(buffer);
    outcome.on_disk = stream->bytes_read();
    outcome.truncated = stream->was_truncated();
    if (!count) outcome.error = count.error().message;
    if (!count || *count == 0) break;
    outcome.text.append(buffer, 0, *count);
  }
  EXPECT_EQ(stream->bytes_text(), outcome.text.size());
  return outcome;
}

const std::string kLong = std::string(300'000, 'x') + "end";

TEST_F(InputTest, ReadsPlainAndGzip) {
  const std::string two = gzip("first ") + gzip("second");
  const struct {
    std::string_view name;
    std::string content;
    std::string want;
    std::string error;
    bool truncated = false;
  } cases[] = {
      {"empty", "", "", ""},
      {"one byte", "x", "x", ""},
      {"half the magic", "\x1f", "\x1f", ""},
      {"plain", "hello", "hello", ""},
      {"plain, long", kLong, kLong, ""},
      {"gzip", gzip("hello"), "hello", ""},
      {"gzip, long", gzip(kLong), kLong, ""},
      {"gzip of nothing", gzip(""), "", ""},
      {"gzip, several members", two, "first second", ""},
      {"gzip, many empty members", gzip("") + gzip("") + gzip("a") + gzip(""), "a", ""},
      {"gzip, filled up with zeros", gzip("a") + std::string(1000, '\0'), "a", ""},
      {"gzip, zeros between", gzip("a") + std::string(9, '\0') + gzip("b"), "ab", ""},
      {"gzip, something behind", gzip("a") + "garbage", "a", "something else follows"},
      {"gzip, cut header", gzip("hello").substr(0, 5), "", "the file is truncated", true},
      {"gzip, cut trailer", gzip("hello").substr(0, gzip("hello").size() - 1), "hello",
       "the file is truncated", true},
      {"gzip, second member cut", two.substr(0, two.size() - 9), "first second",
       "the file is truncated", true},
      {"gzip, only the magic", "\x1f\x8b", "", "the file is truncated", true},
      {"gzip, no gzip behind the magic", "\x1f\x8b and so on, which is no header", "", "damaged"},
  };
  for (const auto& c : cases) {
    const std::string path = file("case", c.content);
    for (const size_t piece : {size_t{1}, size_t{10}, size_t{1'000'000}}) {
      if (piece == 1 && c.want.size() > 1000) continue;
      for (auto create : {create_zlib_gunzip, create_isal_gunzip}) {
        std::unique_ptr<Gunzip> gunzip = create();
        if (!gunzip) continue;
        SCOPED_TRACE(std::string(c.name) + " in pieces of " + std::to_string(piece));
        const Outcome outcome = read_all(path, piece, std::move(gunzip));
        // What stands before the damage may come out or not, but nothing else.
        EXPECT_TRUE(c.error.empty() ? outcome.text == c.want : c.want.starts_with(outcome.text));
        EXPECT_EQ(outcome.error.empty(), c.error.empty()) << outcome.error;
        EXPECT_NE(outcome.error.find(c.error), std::string::npos) << outcome.error;
        EXPECT_EQ(outcome.truncated, c.truncated);
        EXPECT_TRUE(!c.error.empty() || outcome.on_disk == c.content.size());
      }
    }
  }
}

TEST_F(InputTest, ErrorsNameFileAndPlace) {
  std::string damaged = gzip(kLong);
  damaged[damaged.size() - 7] = static_cast<char>(damaged[damaged.size() - 7] ^ 1);
  const std::string path = file("damaged.json.gz", damaged);
  const Outcome outcome = read_all(path, 1'000'000, create_gunzip());
  EXPECT_NE(outcome.error.find("damaged.json.gz: gzip: "), std::string::npos) << outcome.error;
  EXPECT_NE(outcome.error.find("near byte "), std::string::npos) << outcome.error;
  EXPECT_EQ(read_all(folder_ + "/none", 10, create_gunzip()).error,
            folder_ + "/none: No such file or directory");
  EXPECT_EQ(read_all(folder_, 10, create_gunzip()).error, folder_ + ": Is a directory");
}

TEST_F(InputTest, AnErrorComesAgain) {
  Result<InputStream> stream = InputStream::open(file("cut.gz", gzip("hello").substr(0, 15)));
  ASSERT_TRUE(stream);
  std::string buffer(100, '\0');
  for (int turn = 0; turn < 3; ++turn) {
    const Result<size_t> count = stream->read(buffer);
    EXPECT_TRUE(turn == 0 || !count);
  }
  EXPECT_TRUE(stream->was_truncated());
}

TEST_F(InputTest, PeeksWithoutTaking) {
  for (const std::string& content : {kLong, gzip(kLong)}) {
    Result<InputStream> stream = InputStream::open(file("peek", content));
    ASSERT_TRUE(stream);
    EXPECT_EQ(*stream->peek(3), "xxx");
    EXPECT_EQ(stream->peek(200'000)->size(), 200'000U);
    EXPECT_EQ(stream->is_gzip(), content != kLong);
    EXPECT_EQ(stream->bytes_text(), 0U);
    std::string buffer(400'000, '\0');
    const Result<size_t> count = stream->read(buffer);
    ASSERT_TRUE(count);
    EXPECT_TRUE(buffer.substr(0, *count) == kLong);
    EXPECT_EQ(*stream->read(buffer), 0U);
  }
  Result<InputStream> small = InputStream::open(file("small", "ab"));
  EXPECT_EQ(*small->peek(100), "ab");
  EXPECT_EQ(small->size_on_disk(), 2U);
}

TEST_F(InputTest, PeekGivesWhatStandsBeforeDamage) {
  const std::string packed = gzip("hello");
  Result<InputStream> stream =
      InputStream::open(file("cut.gz", packed.substr(0, packed.size() - 1)));
  EXPECT_EQ(stream->error(), nullptr);
  EXPECT_EQ(*stream->peek(100), "hello");
  ASSERT_NE(stream->error(), nullptr);
  EXPECT_NE(stream->error()->message.find("truncated"), std::string::npos);
  std::string buffer(100, '\0');
  EXPECT_EQ(*stream->read(buffer), 5U);
  EXPECT_FALSE(stream->read(buffer));
}

TEST_F(InputTest, ReadsFromAPipeThatDrips) {
  int ends[2] = {};
  ASSERT_EQ(::pipe(ends), 0);
  const std::string packed = gzip("dripping");
  std::thread writer([&] {
    for (const char byte : packed) ASSERT_EQ(::write(ends[1], &byte, 1), 1);
    ::close(ends[1]);
  });
  const Outcome outcome = read_all("/dev/fd/" + std::to_string(ends[0]), 1000, create_gunzip());
  writer.join();
  ::close(ends[0]);
  EXPECT_EQ(outcome.text, "dripping");
  EXPECT_EQ(outcome.error, "");
}

TEST_F(InputTest, ReadsWholeTextsUpToTheLimit) {
  for (const bool packed : {false, true}) {
    for (const size_t size : {size_t{0}, size_t{1}, size_t{65'535}, size_t{65'536}, size_t{65'537},
                              size_t{1'000'000}}) {
      const std::string content(size, 'y');
      const std::string path = file("whole", packed ? gzip(content) : content);
      for (const uint64_t limit : {uint64_t{999'999}, uint64_t{1'000'000}}) {
        SCOPED_TRACE(std::to_string(size) + " of " + std::to_string(limit));
        Result<InputStream> stream = InputStream::open(path);
        ASSERT_TRUE(stream->peek(10));
        const Result<Text> text = read_text(*stream, limit);
        ASSERT_EQ(text.has_value(), size <= limit);
        EXPECT_TRUE(text ? text->view() == content
                         : text.error().message.find("999999") != std::string::npos);
      }
    }
  }
}

}  // namespace
}  // namespace sagewarden
