// One finding as an OCSF event, for the format `ocsf` and for publishing.
#pragma once

#include <string>

#include "report/report.h"

namespace sagewarden {

void append_ocsf(std::string& out, const Finding& finding, const ReportInput& input);

}  // namespace sagewarden
