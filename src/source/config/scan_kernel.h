// What the kernels of scan.h share; each gives a struct `Simd` with how it loads and compares 64
// bytes. Included by one file for each instruction set, and everything here has internal linkage
// and uses no inline function of the library: code that was compiled for AVX must not be the copy
// that the linker picks for the whole program.
#pragma once

#include "source/config/scan.h"

namespace sagewarden::config {
namespace {

// Which of 64 bytes are what; bit 0 is the first byte.
struct Masks {
  uint64_t backslash;
  uint64_t quote;
  uint64_t open;
  uint64_t close;
};

inline constexpr uint64_t kEvenBits = 0x5555'5555'5555'5555ULL;

[[gnu::always_inline]] inline int64_t count_bits(uint64_t bits) {
  return __builtin_popcountll(bits);
}

// The bytes that follow a backslash that counts. A run of backslashes escapes the byte behind it
// when its length is odd: adding the run's start to the run carries out at its end, at an even or
// an odd place (after Langdale and Lemire, "Parsing Gigabytes of JSON per Second").
[[gnu::always_inline]] inline uint64_t escaped_bytes(uint64_t backslash, uint64_t first_escaped) {
  backslash &= ~first_escaped;
  const uint64_t follows = (backslash << 1U) | first_escaped;
  const uint64_t odd_starts = backslash & ~kEvenBits & ~follows;
  const uint64_t even_ends = odd_starts + backslash;
  return (kEvenBits ^ (even_ends << 1U)) & follows;
}

// The place behind the bracket that brings the depth to 0, or 0 when none of these does.
[[gnu::always_inline]] inline size_t end_within(int64_t depth, uint64_t open, uint64_t close) {
  for (; close != 0; close &= close - 1, --depth) {
    const auto place = static_cast<size_t>(__builtin_ctzll(close));
    const uint64_t before = (uint64_t{1} << place) - 1;
    if (depth + count_bits(open & before) == 1) return place + 1;
  }
  return 0;
}

// Goes on by the first `count` of 64 bytes. Returns the value's end, or 0.
template <class Simd>
[[gnu::always_inline]] inline size_t scan_chunk(ScanState& state, const Masks& masks,
                                                size_t count) {
  uint64_t quotes = masks.quote & ~state.escaped;
  uint64_t escapes_next = 0;
  if (masks.backslash != 0) {
    const uint64_t escaped = escaped_bytes(masks.backslash, state.escaped);
    quotes = masks.quote & ~escaped;
    escapes_next = (masks.backslash & ~escaped) >> (count - 1);
  }
  const uint64_t in_string = Simd::parity(quotes) ^ state.in_string;
  const uint64_t open = masks.open & ~in_string;
  const uint64_t close = masks.close & ~in_string;
  const int64_t closed = count_bits(close);
  // Only then can the depth have come to 0; for most chunks this is all that is asked.
  if (closed >= state.depth) {
    const size_t end = end_within(state.depth, open, close);
    if (end != 0) {
      const uint64_t behind = end < 64 ? ~uint64_t{0} << end : 0;
      state.depth = 0;
      state.in_string = 0;
      state.escaped = 0;
      state.backslash = state.backslash || (masks.backslash & ~behind) != 0;
      return end;
    }
  }
  state.backslash = state.backslash || masks.backslash != 0;
  state.depth += count_bits(open) - closed;
  state.in_string = uint64_t{0} - ((in_string >> (count - 1)) & 1U);
  state.escaped = escapes_next & 1U;
  return 0;
}

template <class Simd>
size_t scan_value(ScanState& shared, const char* text, size_t size) {
  ScanState state = shared;  // a copy that no store can alias, so that it stays in registers
  size_t at = 0;
  size_t end = 0;
  for (; at + 64 <= size && end == 0; at += 64)
    end = scan_chunk<Simd>(state, Simd::load(text + at), 64);
  if (end != 0) {
    at = at - 64 + end;
  } else if (at < size) {
    const size_t count = size - at;
    const uint64_t kept = (uint64_t{1} << count) - 1;
    const Masks all = Simd::load(text + at);
    const Masks masks = {all.backslash & kept, all.quote & kept, all.open & kept, all.close & kept};
    end = scan_chunk<Simd>(state, masks, count);
    at = end != 0 ? at + end : size;
  }
  shared = state;
  return at;
}

// Compares two bytes of the needle at 64 places at once, and all of it where both are there.
template <class Simd>
size_t find_needle(const char* text, size_t size, const Needle& needle) {
  if (needle.size > size) return kNotFound;
  const typename Simd::Bytes first = Simd::all(needle.text[needle.first]);
  const typename Simd::Bytes second = Simd::all(needle.text[needle.second]);
  const size_t places = size - needle.size + 1;
  for (size_t at = 0; at < places; at += 64) {
    uint64_t found =
        Simd::both_equal(text + at + needle.first, first, text + at + needle.second, second);
    if (places - at < 64) found &= (uint64_t{1} << (places - at)) - 1;
    for (; found != 0; found &= found - 1) {
      const size_t place = at + static_cast<size_t>(__builtin_ctzll(found));
      if (__builtin_memcmp(text + place, needle.text, needle.size) == 0) return place;
    }
  }
  return kNotFound;
}

}  // namespace
}  // namespace sagewarden::config
