// Large pages behind large amounts of memory. With pages of 4 KB, the faults of their first use
// take about as long as reading a file into them does.
#pragma once

#include <cstddef>

namespace sagewarden {

// Advice to the system, which may not follow it. Blocks that hold no large page are left alone.
void prefer_huge_pages(void* begin, size_t bytes);

// Makes the heap of the calling thread ready for so many bytes in small blocks, at once and with
// large pages, in place of page by page. Nothing but time depends on it.
void prepare_heap(size_t bytes);

}  // namespace sagewarden
