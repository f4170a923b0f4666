// Finds where a JSON value that begins with a bracket ends, without parsing it: counts brackets
// outside strings, 64 bytes at a time. This runs over every byte of an export, so it is written
// for the widest instructions that the processor has; all kernels give the same answers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sagewarden::config {

// How far a value has been seen; carried from one block of the file to the next. A fresh one stands
// before the opening bracket.
struct ScanState {
  int64_t depth = 0;
  uint64_t in_string = 0;  // all bits set while inside a string
  uint64_t escaped = 0;    // 1 when the next byte follows a backslash that counts
  bool backslash = false;  // whether any backslash was seen

  friend bool operator==(const ScanState&, const ScanState&) = default;
};

inline constexpr size_t kScanPadding = 64;
inline constexpr size_t kMaxNeedle = 64;
inline constexpr size_t kNotFound = static_cast<size_t>(-1);

// A short text to look for, with the two of its bytes that are looked for first.
struct Needle {
  const char* text = nullptr;
  size_t size = 0;
  size_t first = 0;
  size_t second = 0;
};

// Chooses those that are rarest in JSON. The text (1 to kMaxNeedle bytes) must outlive the needle.
Needle make_needle(std::string_view text);

struct ScanKernel {
  std::string_view name;
  // Reads on until the bracket that opened the value is closed. Returns how many bytes belong to
  // the value: all of them while it goes on (depth > 0 then), otherwise up to and including the
  // closing bracket (depth == 0). kScanPadding bytes behind the text must be readable; what they
  // hold does not matter. Which kinds of brackets meet is not looked at: that is the parser's task.
  size_t (*scan)(ScanState& state, const char* text, size_t size);
  // Where the needle first stands in the text, or kNotFound; the same padding.
  size_t (*find)(const char* text, size_t size, const Needle& needle);
};

// Those that this processor can run, the fastest first; the last is the plain one.
std::span<const ScanKernel> scan_kernels();

}  // namespace sagewarden::config
