// The hash by which resources and findings are remembered in little room: XXH3 with 128 bits, at
// which even a thousand million names have no collision to speak of.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sagewarden {

using Hash = std::array<uint64_t, 2>;

Hash hash_of(std::string_view text);
// Of the two one after the other, without joining them; differs when the cut lies elsewhere.
Hash hash_of(std::string_view first, std::string_view second);

// For hash tables: the bits are spread already.
struct HashOfHash {
  size_t operator()(const Hash& hash) const { return hash[0]; }
};

}  // namespace sagewarden
