// What several commands read from their arguments in the same way.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/aws_session.h"
#include "app/controls.h"
#include "base/result.h"
#include "cli/arguments.h"
#include "cli/watch.h"

namespace sagewarden {

inline constexpr size_t kMaxThreads = 256;  // of --threads
inline constexpr std::string_view kStandardOutput = "-";

// "--NAME N", or `otherwise`.
Result<size_t> number(const Arguments& arguments, std::string_view name, size_t most,
                      size_t otherwise);

Result<std::vector<std::string>> accounts(const Arguments& arguments,
                                          std::string_view option = "account");
Result<std::vector<std::string>> regions(const Arguments& arguments);

// Which controls are chosen.
ControlSelection selection(const Arguments& arguments);

// As whom AWS is asked, and where it is.
Result<AwsOptions> access_options(const Arguments& arguments);
// Of what, too, by commands that are about nothing else.
Result<AwsOptions> live_options(const Arguments& arguments);
// The same of a command that has --aws and --publish; nothing when it is not to be asked.
Result<std::optional<AwsOptions>> aws_options(const Arguments& arguments);

ShowProgress show_progress(const Arguments& arguments);

}  // namespace sagewarden
