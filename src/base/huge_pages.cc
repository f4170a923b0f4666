#include "base/huge_pages.h"

#include <sys/mman.h>

#include <cstdint>

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

}  // namespace sagewarden
