// What a scan of AWS would see, found out before: who the user is, which accounts and Regions can
// be reached, which reads are denied. Reads only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/aws_session.h"
#include "app/controls.h"
#include "base/log.h"
#include "base/result.h"
#include "source/source.h"

namespace sagewarden {

struct Check {
  // Unclear: it could not be found out.
  enum class State : uint8_t { Good, Unclear, Bad };
  State state = State::Good;
  std::string subject;      // "credentials", "clock", "account 111122223333"
  std::string found;        // one line
  std::string advice = {};  // what to do; empty where nothing is wrong, or nothing is known to help
};

struct DoctorOptions {
  AwsOptions aws;
  ControlSelection controls;  // whose reads are tried
};

// In the order in which things depend on each other; what cannot be tried because of an earlier
// failure is left out. Errors: those of the selection of controls.
Result<std::vector<Check>> diagnose(const DoctorOptions& options, Progress& progress, Log& log);

}  // namespace sagewarden
