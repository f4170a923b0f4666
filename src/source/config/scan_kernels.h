// The kernels that are compiled apart, for instructions that not every processor has; scan.cc asks
// the processor before it hands them out.
#pragma once

#include "source/config/scan.h"

namespace sagewarden::config {

#if defined(__x86_64__)
size_t scan_avx2(ScanState& state, const char* text, size_t size);
size_t find_avx2(const char* text, size_t size, const Needle& needle);
#endif

}  // namespace sagewarden::config
