// Saving what AWS holds as a bundle, to be evaluated later or elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "app/aws_session.h"
#include "app/controls.h"
#include "base/log.h"
#include "base/output.h"
#include "base/result.h"
#include "source/source.h"

namespace sagewarden {

struct CollectOptions {
  AwsOptions aws;
  // Only the types that these are about; none: all, so that any control can be applied later.
  std::optional<ControlSelection> controls;
  std::string file;  // empty: standard output
  bool gzip = false;
  bool secrets = false;          // keep the values that reports hide
  int64_t (*clock)() = nullptr;  // seconds since 1970
};

struct CollectOutcome {
  size_t resources = 0;
  size_t gaps = 0;
  bool interrupted = false;  // then nothing was written
};

// The bundle appears whole or not at all; on standard output, which is not committed here, nobody
// can hold it back, and what is cut off there has no end. Gaps are said in the log too.
Result<CollectOutcome> collect_bundle(const CollectOptions& options, Progress& progress, Log& log,
                                      Output& out);

}  // namespace sagewarden
