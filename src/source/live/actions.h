// Which IAM actions a live scan uses: what a policy has to allow.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "source/live/live.h"

namespace sagewarden::live {

// "sagemaker:DescribeModel" and so on, sorted, each once: the calls that collect() makes. What it
// cannot read needs none.
std::vector<std::string> actions_of(std::span<const TypeNeeds> needs);

}  // namespace sagewarden::live
