// The kernels of scan.h for AVX2. This file alone is compiled with -mavx2 (see CMakeLists.txt).
#include <immintrin.h>

#include "source/config/scan_kernel.h"
#include "source/config/scan_kernels.h"

namespace sagewarden::config {
namespace {

struct Avx2 {
  using Bytes = __m256i;

  static Bytes all(char c) { return _mm256_set1_epi8(c); }
  static Bytes at(const char* text) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
  }
  static uint64_t bits(Bytes low, Bytes high) {
    return static_cast<uint32_t>(_mm256_movemask_epi8(low)) |
           (uint64_t{static_cast<uint32_t>(_mm256_movemask_epi8(high))} << 32U);
  }
  static uint64_t equal(Bytes low, Bytes high, char c) {
    return bits(_mm256_cmpeq_epi8(low, all(c)), _mm256_cmpeq_epi8(high, all(c)));
  }
  static uint64_t both_equal(const char* a, Bytes in_a, const char* b, Bytes in_b) {
    return bits(
        _mm256_and_si256(_mm256_cmpeq_epi8(at(a), in_a), _mm256_cmpeq_epi8(at(b), in_b)),
        _mm256_and_si256(_mm256_cmpeq_epi8(at(a + 32), in_a), _mm256_cmpeq_epi8(at(b + 32), in_b)));
  }
  static Masks load(const char* text) {
    const Bytes low = at(text);
    const Bytes high = at(text + 32);
    // '[' and '{', ']' and '}' differ in one bit only, and no other byte meets them under it.
    const Bytes low_folded = _mm256_or_si256(low, all(0x20));
    const Bytes high_folded = _mm256_or_si256(high, all(0x20));
    return {equal(low, high, '\\'), equal(low, high, '"'), equal(low_folded, high_folded, '{'),
            equal(low_folded, high_folded, '}')};
  }
  static uint64_t parity(uint64_t bits) {
    const __m128i product =
        _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<int64_t>(bits)), _mm_set1_epi8(-1), 0);
    return static_cast<uint64_t>(_mm_cvtsi128_si64(product));
  }
};

}  // namespace

size_t scan_avx2(ScanState& state, const char* text, size_t size) {
  return scan_value<Avx2>(state, text, size);
}

size_t find_avx2(const char* text, size_t size, const Needle& needle) {
  return find_needle<Avx2>(text, size, needle);
}

}  // namespace sagewarden::config
