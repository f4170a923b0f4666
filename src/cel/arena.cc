#include "cel/arena.h"

#include <algorithm>
#include <cstring>

namespace sagewarden::cel {

Arena::Arena(size_t limit, size_t first_block)
    : limit_(limit),
      first_block_(first_block),
      first_(std::make_unique_for_overwrite<char[]>(first_block)) {
  reset();
}

void Arena::reset() {
  later_.clear();
  in_later_blocks_ = 0;
  next_ = first_.get();
  end_ = next_ + first_block_;
}

void* Arena::allocate_slow(size_t bytes) {
  if (bytes > limit_) return nullptr;
  const size_t rounded = (bytes + kAlignment - 1) & ~(kAlignment - 1);
  // Doubling blocks: few requests to the heap, and at most half of them unused.
  const size_t wanted = std::max({rounded, first_block_ * 2, in_later_blocks_});
  const size_t left = limit_ - std::min(limit_, in_later_blocks_);
  const size_t block = std::min(wanted, left);
  if (block < rounded) return nullptr;
  later_.push_back(std::make_unique_for_overwrite<char[]>(block));
  in_later_blocks_ += block;
  next_ = later_.back().get();
  end_ = next_ + block;
  char* const given = next_;
  next_ += rounded;
  return given;
}

std::string_view Arena::copy(std::string_view text) {
  char* const room = static_cast<char*>(allocate(std::max<size_t>(text.size(), 1)));
  if (room == nullptr) return {};
  std::memcpy(room, text.data(), text.size());
  return {room, text.size()};
}

}  // namespace sagewarden::cel
