#include "source/config/scan.h"

#include <vector>

#if defined(__x86_64__)
#include <emmintrin.h>

#include "source/config/scan_kernel.h"
#include "source/config/scan_kernels.h"
#endif

namespace sagewarden::config {
namespace {

// One byte at a time: the definition that the others are tested against.
size_t scan_plain(ScanState& state, const char* text, size_t size) {
  for (size_t at = 0; at < size; ++at) {
    const char c = text[at];
    const bool escaped = state.escaped != 0;
    state.escaped = 0;
    if (c == '\\') {
      state.backslash = true;
      state.escaped = escaped ? 0 : 1;
    } else if (c == '"') {
      if (!escaped) state.in_string = ~state.in_string;
    } else if (state.in_string == 0) {
      if (c == '{' || c == '[') ++state.depth;
      if (c == '}' || c == ']') --state.depth;
      if (state.depth == 0 && (c == '}' || c == ']')) return at + 1;
    }
  }
  return size;
}

size_t find_plain(const char* text, size_t size, const Needle& needle) {
  static_assert(kNotFound == std::string_view::npos);
  return std::string_view(text, size).find(std::string_view(needle.text, needle.size));
}

#if defined(__x86_64__)
// What every x86-64 processor has.
struct Sse2 {
  static constexpr size_t kWidth = 16;
  using Bytes = __m128i;

  static Bytes all(char c) { return _mm_set1_epi8(c); }
  static Bytes at(const char* text) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
  }
  static uint64_t bits(Bytes bytes, size_t place) {
    return uint64_t{static_cast<uint32_t>(_mm_movemask_epi8(bytes))} << place;
  }
  static uint64_t both_equal(const char* a, Bytes in_a, const char* b, Bytes in_b) {
    uint64_t found = 0;
    for (size_t place = 0; place < 64; place += kWidth) {
      found |= bits(
          _mm_and_si128(_mm_cmpeq_epi8(at(a + place), in_a), _mm_cmpeq_epi8(at(b + place), in_b)),
          place);
    }
    return found;
  }
  static Masks load(const char* text) {
    Masks masks = {};
    for (size_t place = 0; place < 64; place += kWidth) {
      const Bytes bytes = at(text + place);
      // '[' and '{', ']' and '}' differ in one bit only, and no other byte meets them under it.
      const Bytes folded = _mm_or_si128(bytes, all(0x20));
      masks.backslash |= bits(_mm_cmpeq_epi8(bytes, all('\\')), place);
      masks.quote |= bits(_mm_cmpeq_epi8(bytes, all('"')), place);
      masks.open |= bits(_mm_cmpeq_epi8(folded, all('{')), place);
      masks.close |= bits(_mm_cmpeq_epi8(folded, all('}')), place);
    }
    return masks;
  }
  static uint64_t parity(uint64_t bits) {
    for (unsigned distance = 1; distance < 64; distance *= 2) bits ^= bits << distance;
    return bits;
  }
};
#endif

std::vector<ScanKernel> usable_kernels() {
  std::vector<ScanKernel> kernels;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") &&
      __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi"))
    kernels.push_back({"avx2", scan_avx2, find_avx2});
  kernels.push_back({"sse2", scan_value<Sse2>, find_needle<Sse2>});
#endif
  kernels.push_back({"plain", scan_plain, find_plain});
  return kernels;
}

// How common a byte is in JSON, roughly: small letters and what stands around strings most of all.
int commonness(char c) {
  if ((c >= 'a' && c <= 'z') || c == '"' || c == ':' || c == ',' || c == ' ') return 2;
  return c == '\\' ? 0 : 1;
}

}  // namespace

Needle make_needle(std::string_view text) {
  Needle needle{text.data(), text.size()};
  for (size_t place = 1; place < text.size(); ++place) {
    if (commonness(text[place]) < commonness(text[needle.first])) needle.first = place;
  }
  needle.second = needle.first == 0 ? text.size() - 1 : 0;
  for (size_t place = 0; place < text.size(); ++place) {
    const bool rarer = commonness(text[place]) < commonness(text[needle.second]);
    if (place != needle.first && rarer) needle.second = place;
  }
  return needle;
}

std::span<const ScanKernel> scan_kernels() {
  static const std::vector<ScanKernel> kKernels = usable_kernels();
  return kKernels;
}

}  // namespace sagewarden::config
