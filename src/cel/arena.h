// Memory that is given out piece by piece and taken back all at once, with a limit: what one
// evaluation makes (or what one program holds) lives here, so that nothing is freed singly.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sagewarden::cel {

class Arena {
 public:
  // Takes its first block at once, so that small evaluations never ask the heap.
  explicit Arena(size_t limit, size_t first_block = kFirstBlock);

  // Null when the limit is reached. Aligned for everything.
  void* allocate(size_t bytes) {
    const size_t rounded = (bytes + kAlignment - 1) & ~(kAlignment - 1);
    if (rounded >= bytes && rounded <= static_cast<size_t>(end_ - next_)) {
      char* const given = next_;
      next_ += rounded;
      return given;
    }
    return allocate_slow(bytes);
  }

  // Room for `count` objects, not initialised; empty when the limit is reached.
  template <class T>
  T* array(size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    // T may well be a pointer.
    constexpr size_t kSize = sizeof(T);  // NOLINT(bugprone-sizeof-expression)
    if (count > limit_ / kSize) return nullptr;
    return static_cast<T*>(allocate(count * kSize));
  }

  // A copy of the text that lives as long as the arena; its data is null when the limit is reached.
  std::string_view copy(std::string_view text);

  // Takes everything back, and keeps the first block for what comes next.
  void reset();
  size_t limit() const { return limit_; }
  void set_limit(size_t limit) { limit_ = limit; }

 private:
  static constexpr size_t kAlignment = 16;
  static constexpr size_t kFirstBlock = size_t{16} * 1024;  // bytes

  void* allocate_slow(size_t bytes);

  size_t limit_;
  size_t first_block_;
  size_t in_later_blocks_ = 0;
  char* next_;
  char* end_;
  std::unique_ptr<char[]> first_;
  std::vector<std::unique_ptr<char[]>> later_;
};

}  // namespace sagewarden::cel
