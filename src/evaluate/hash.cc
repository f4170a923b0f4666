#include "evaluate/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace sagewarden {

Hash hash_of(std::string_view text) {
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return {hash.low64, hash.high64};
}

Hash hash_of(std::string_view first, std::string_view second) {
  const XXH64_hash_t seed = XXH3_64bits(first.data(), first.size());
  const XXH128_hash_t hash = XXH3_128bits_withSeed(second.data(), second.size(), seed);
  return {hash.low64, hash.high64};
}

}  // namespace sagewarden
