// Output that goes on compressed by gzip.
#pragma once

#include <memory>

#include "base/output.h"

namespace sagewarden {

// commit() ends the gzip data and commits what it goes to. The same text always makes the same
// bytes: no time and no name is written.
std::unique_ptr<Output> create_gzip_output(std::unique_ptr<Output> to);

}  // namespace sagewarden
