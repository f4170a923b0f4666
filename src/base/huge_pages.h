// Large pages behind large blocks of memory. With pages of 4 KB, the faults of their first use take
// about as long as reading a file into them does.
#pragma once

#include <cstddef>

namespace sagewarden {

// Advice to the system, which may not follow it. Blocks that hold no large page are left alone.
void prefer_huge_pages(void* begin, size_t bytes);

}  // namespace sagewarden
