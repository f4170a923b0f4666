// Comparing two bundles, or two reports: what appeared, changed and went, and of what that cannot
// be said.
#pragma once

#include <string>

#include "base/result.h"
#include "model/difference.h"
#include "source/source.h"

namespace sagewarden {

// Each file is read twice. In memory are a key and a hash for each resource or finding of both (200
// bytes or so), and wholly those that differ; of a report in the format `json`, all of it.
//
// Errors: a file cannot be read, or is neither a bundle nor a report; they are of different sorts.
Result<Diff> diff_files(const std::string& before, const std::string& after, Progress& progress);

}  // namespace sagewarden
