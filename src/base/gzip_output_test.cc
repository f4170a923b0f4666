#include "base/gzip_output.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "base/gunzip.h"

namespace sagewarden {
namespace {

std::string unpacked(std::string_view packed) {
  const std::unique_ptr<Gunzip> gunzip = create_gunzip();
  std::string text;
  for (;;) {
    std::array<char, 4096> piece{};
    const Result<Gunzip::Step> step = gunzip->step(packed, piece);
    if (!step) return step.error().message;
    packed.remove_prefix(step->taken);
    text.append(piece.data(), step->made);
    if (step->member_ended) return packed.empty() ? text : "something stands behind the end";
    if (step->taken == 0 && step->made == 0) return "cut off";
  }
}

std::string packed(std::string_view text, size_t piece) {
  std::string out;
  const std::unique_ptr<Output> gzip = create_gzip_output(create_string_output(out));
  for (size_t at = 0; at < text.size(); at += piece)
    EXPECT_TRUE(gzip->write(text.substr(at, piece)));
  EXPECT_TRUE(gzip->commit());
  return out;
}

TEST(GzipOutput, WhatGoesInComesOut) {
  std::string lines;
  for (int i = 0; i < 50'000; ++i) lines += std::to_string(i * 7919) + "\n";
  for (const std::string& text : {std::string(), std::string("a"), lines}) {
    for (const size_t piece : {size_t{1} + text.size(), size_t{777}})
      EXPECT_EQ(unpacked(packed(text, piece)), text);
    EXPECT_EQ(packed(text, 777), packed(text, 777));
  }
  EXPECT_LT(packed(lines, 777).size(), lines.size() / 2);
}

class FullDisk : public Output {
 public:
  Result<void> write(std::string_view text) override {
    if (text.empty()) return {};
    return fail(Error::Code::Io, "the disk is full");
  }
  Result<void> commit() override { return {}; }
};

TEST(GzipOutput, ErrorsComeThrough) {
  const std::unique_ptr<Output> gzip = create_gzip_output(std::make_unique<FullDisk>());
  const Result<void> written = gzip->write("the header goes out at once");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, "the disk is full");
  EXPECT_FALSE(gzip->commit());
}

}  // namespace
}  // namespace sagewarden
