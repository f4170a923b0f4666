#include "base/huge_pages.h"

#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <new>

namespace sagewarden {

void prefer_huge_pages(void* begin, size_t bytes) {
  constexpr uintptr_t kHugePage = uintptr_t{2} * 1024 * 1024;
  const auto address = reinterpret_cast<uintptr_t>(begin);
  const uintptr_t first = (address + kHugePage - 1) / kHugePage * kHugePage;
  const uintptr_t last = (address + bytes) / kHugePage * kHugePage;
  if (first >= last) return;
  static_cast<void>(
      madvise(static_cast<char*>(begin) + (first - address), last - first, MADV_HUGEPAGE));
}

void prepare_heap(size_t bytes) {
#ifdef M_TRIM_THRESHOLD
  // The C library takes larger blocks from the system each by itself, and gives what is free at the
  // heap's end back, unless told otherwise. A thread of its own has a heap of two such blocks.
  constexpr size_t kBlock = size_t{30} * 1024 * 1024;
  constexpr int kBlockLimit = 32 * 1024 * 1024;
  constexpr int kUsualLimit = 1024 * 1024;
  constexpr int kKept = 1024 * 1024 * 1024;
  std::array<std::unique_ptr<char[]>, 8> blocks;
  mallopt(M_MMAP_THRESHOLD, kBlockLimit);
  mallopt(M_TRIM_THRESHOLD, kKept);
  try {
    for (std::unique_ptr<char[]>& block : blocks) {
      const size_t size = std::min(bytes, kBlock);
      if (size == 0) break;
      block = std::make_unique_for_overwrite<char[]>(size);
      prefer_huge_pages(block.get(), size);
      bytes -= size;
    }
  } catch (const std::bad_alloc&) {
    // So be it: whoever needs the memory will see.
  }
  for (size_t i = blocks.size(); i > 0; --i) blocks[i - 1].reset();  // the heap's end last
  mallopt(M_MMAP_THRESHOLD, kUsualLimit);
#else
  static_cast<void>(bytes);
#endif
}

}  // namespace sagewarden
