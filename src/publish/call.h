// How publishing asks AWS.
#pragma once

#include <string>

#include "aws/client.h"

namespace sagewarden::publish {

using aws::CallAws;

// What went wrong, and what to allow where it was denied.
std::string failure_text(const aws::CallError& error);

}  // namespace sagewarden::publish
