#include "source/config/scan.h"

#include <gtest/gtest.h>

#include <string>

namespace sagewarden::config {
namespace {

// Readable behind its end, with bytes that would disturb if they were looked at.
std::string padded(std::string_view text) {
  return std::string(text) + std::string(kScanPadding, '}');
}

// Scans the text in two pieces; the second only when the value did not end in the first.
size_t scan_in_two(const ScanKernel& kernel, std::string_view text, size_t cut, ScanState& state) {
  const std::string first = padded(text.substr(0, cut));
  const size_t count = kernel.scan(state, first.data(), cut);
  if (cut > 0 && state.depth == 0) return count;
  EXPECT_EQ(count, cut);
  const std::string second = padded(text.substr(cut));
  return cut + kernel.scan(state, second.data(), text.size() - cut);
}

TEST(Scan, FindsTheEndOfAValue) {
  const std::string filler(70, 'x');
  const struct {
    std::string text;
    size_t end;  // 0: it does not end
  } cases[] = {
      {"{}", 2},
      {"{},{}", 2},
      {"[[]] ]", 4},
      {R"({"a":"}"} )", 9},
      {R"({"a":"\"}"} )", 11},
      {R"({"a":"\\"} )", 10},
      {R"({"a":"\\\"}"} )", 13},
      {R"({"a":"\\\\"}})", 12},
      {R"({"[":["]"]}x)", 11},
      {R"({"a":1)", 0},
      {R"({"a":"})", 0},
      {R"({"a":"\)", 0},
      {"{\"" + filler + "}\":[" + filler + "]}}", 4 + 2 * filler.size() + 4},
      {"{\"" + filler + "\\\"" + filler + "}", 0},
      {std::string(200, '[') + std::string(200, ']') + "]", 400},
  };
  for (const ScanKernel& kernel : scan_kernels()) {
    for (const auto& c : cases) {
      for (size_t cut = 0; cut <= c.text.size(); ++cut) {
        SCOPED_TRACE(std::string(kernel.name) + " " + c.text + " cut at " + std::to_string(cut));
        ScanState state;
        const size_t count = scan_in_two(kernel, c.text, cut, state);
        EXPECT_EQ(count, c.end == 0 ? c.text.size() : c.end);
        EXPECT_EQ(state.depth == 0, c.end != 0);
      }
    }
  }
}

// A small generator of text that is full of what the kernels look at.
std::string noise(uint32_t seed, size_t size) {
  constexpr std::string_view kBytes = "\\\\\\\"\"{}[]{}ab \n\x7b\xfb\xdd";
  std::string text;
  for (size_t i = 0; i < size; ++i) {
    seed = seed * 1664525 + 1013904223;
    text += kBytes[(seed >> 16U) % kBytes.size()];
  }
  return text;
}

TEST(Scan, AllKernelsAgree) {
  const ScanKernel& plain = scan_kernels().back();
  ASSERT_EQ(plain.name, "plain");
  for (uint32_t seed = 0; seed < 3000; ++seed) {
    const std::string text = "{" + noise(seed, 1 + seed % 300);
    const size_t cut = (size_t{seed} * 7919) % (text.size() + 1);
    ScanState want;
    const size_t want_count = scan_in_two(plain, text, cut, want);
    for (const ScanKernel& kernel : scan_kernels()) {
      ScanState got;
      EXPECT_EQ(scan_in_two(kernel, text, cut, got), want_count) << kernel.name << " " << seed;
      EXPECT_EQ(got, want) << kernel.name << " " << seed << "\n" << text;
    }
  }
}

TEST(Scan, AllKernelsFindTheSame) {
  const std::string needles[] = {"x", "{\"", "\\u", "AWS::SageMaker::", std::string(64, 'q')};
  for (const std::string& word : needles) {
    const Needle needle = make_needle(word);
    for (size_t place = 0; place < 200; ++place) {
      const std::string before(place, word.size() % 2 == 0 ? 'A' : '"');
      const std::string text = before + word + "tail";
      const std::string held = padded(text);
      for (const ScanKernel& kernel : scan_kernels()) {
        SCOPED_TRACE(std::string(kernel.name) + " " + word + " at " + std::to_string(place));
        EXPECT_EQ(kernel.find(held.data(), text.size(), needle), place);
        // Cut by one byte it is not there, whatever stands behind.
        EXPECT_EQ(kernel.find(held.data(), place + word.size() - 1, needle), kNotFound);
        EXPECT_EQ(kernel.find(held.data(), 0, needle), kNotFound);
      }
    }
  }
}

TEST(Scan, NeedlesAreLookedForByTheirRarestBytes) {
  const struct {
    std::string_view text;
    char first;
    char second;
  } cases[] = {
      {"AWS::SageMaker::", 'A', 'W'},
      {"\"resourceType\"", 'T', '"'},
      {"\\u", '\\', 'u'},
      {"ab", 'a', 'b'},
      {"a", 'a', 'a'},
  };
  for (const auto& c : cases) {
    const Needle needle = make_needle(c.text);
    EXPECT_EQ(c.text[needle.first], c.first) << c.text;
    EXPECT_EQ(c.text[needle.second], c.second) << c.text;
  }
}

}  // namespace
}  // namespace sagewarden::config
