// Decompressing gzip (RFC 1952) piece by piece. Two libraries do it: ISA-L, which is twice as fast
// and exists for amd64 and arm64 only, and zlib. Both check the checksum and the length at the end.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"

namespace sagewarden {

class Gunzip {
 public:
  struct Step {
    size_t taken = 0;           // bytes of the input that were used up
    size_t made = 0;            // bytes of text that were written
    bool member_ended = false;  // the text is complete, its checksum right
  };

  virtual ~Gunzip() = default;
  // Goes on from where the last step ended. Takes and makes nothing only when the input is empty
  // or the output full. Errors say what is wrong, not where.
  virtual Result<Step> step(std::span<const char> input, std::span<char> output) = 0;
  // Ready for the next member: a gzip file may be several, one behind the other.
  virtual void reset() = 0;
};

inline constexpr std::string_view kGzipMagic = "\x1f\x8b";

std::unique_ptr<Gunzip> create_zlib_gunzip();
// Null where the program was built without ISA-L, or where it is not installed.
std::unique_ptr<Gunzip> create_isal_gunzip();
// The fastest that there is.
std::unique_ptr<Gunzip> create_gunzip();

}  // namespace sagewarden
