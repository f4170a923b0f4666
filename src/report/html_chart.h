// The HTML report's two pictures: inline SVG, coloured by the page's style, with their numbers as
// text beside them.
#pragma once

#include <array>
#include <string>

#include "report/summary.h"

namespace sagewarden {

// A ring of the controls by status, with the share of the judged ones that passed in its middle.
std::string control_ring(const ControlTally& tally);

// A bar for each severity: how many findings failed.
std::string severity_bars(const std::array<size_t, kRanks>& ranks);

}  // namespace sagewarden
