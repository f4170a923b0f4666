// A baseline from a file.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "evaluate/baseline.h"

namespace sagewarden {

// Nothing when no file is named.
Result<std::optional<Baseline>> read_baseline_file(const std::string& file);

}  // namespace sagewarden
