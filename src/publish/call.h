// How publishing asks AWS.
#pragma once

#include <functional>
#include <string>

#include "aws/client.h"

namespace sagewarden::publish {

// Calls and waits for the answer. May be called by several threads at once.
using CallAws = std::function<aws::Answer(aws::Call)>;

// What went wrong, and what to allow where it was denied.
std::string failure_text(const aws::CallError& error);

}  // namespace sagewarden::publish
