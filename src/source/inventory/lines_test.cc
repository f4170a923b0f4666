#include "source/inventory/lines.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace sagewarden {
namespace {

namespace fs = std::filesystem;

constexpr size_t kLongest = 1'000'000;

// Each piece as a letter and its size; what is put together again must be the text.
std::string pieces_of(const std::string& text) {
  const std::string path = fs::temp_directory_path() / "sagewarden-lines-test";
  std::ofstream(path, std::ios::binary) << text;
  Result<InputStream> input = InputStream::open(path);
  EXPECT_TRUE(input);
  fs::remove(path);
  Progress progress;
  Lines lines(*input, progress, kLongest);
  std::string out, again;
  for (;;) {
    const Result<Lines::Piece> piece = lines.next();
    if (!piece) return piece.error().message;
    again += piece->text;
    const std::string size = std::to_string(piece->text.size()) + " ";
    switch (piece->kind) {
      case Lines::Piece::Kind::Line:
        out += "line " + size;
        break;
      case Lines::Piece::Kind::Start:
        EXPECT_GT(piece->text.size(), kLongest);
        out += "start ";
        break;
      case Lines::Piece::Kind::Rest:
        if (!out.ends_with("rest ")) out += "rest ";
        break;
      case Lines::Piece::Kind::End:
        EXPECT_EQ(again, text);
        EXPECT_EQ(progress.bytes_text, text.size());
        return out;
    }
  }
}

TEST(Lines, OfAnyLength) {
  const std::string block(300'000, 'x');  // longer than what is read at once
  const std::string long_one(kLongest + 1, 'x');
  const struct {
    std::string text;
    std::string_view want;
  } cases[] = {
      {"", ""},
      {"\n", "line 1 "},
      {"a\nbc\n", "line 2 line 3 "},
      {"a\nbc", "line 2 line 2 "},
      {block + "\n" + block + "\na\n", "line 300001 line 300001 line 2 "},
      {std::string(kLongest - 1, 'x') + "\na\n", "line 1000000 line 2 "},
      {long_one + "\na\n", "start line 2 "},
      {"a\n" + long_one + long_one + long_one + "\nb\n", "line 2 start rest line 2 "},
      {long_one + long_one, "start rest "},
  };
  for (const auto& c : cases) EXPECT_EQ(pieces_of(c.text), c.want);
}

TEST(Lines, EndWhenTheRunIsStopped) {
  const std::string path = fs::temp_directory_path() / "sagewarden-lines-test";
  std::ofstream(path) << "a\n";
  Result<InputStream> input = InputStream::open(path);
  ASSERT_TRUE(input);
  fs::remove(path);
  Progress progress;
  progress.stop = true;
  Lines lines(*input, progress, kLongest);
  const Result<Lines::Piece> piece = lines.next();
  ASSERT_TRUE(piece);
  EXPECT_EQ(piece->kind, Lines::Piece::Kind::End);
}

}  // namespace
}  // namespace sagewarden
