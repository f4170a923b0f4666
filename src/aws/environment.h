// Environment variables, through a function, so that tests bring their own.
#pragma once

#include <functional>
#include <string>

namespace sagewarden::aws {

// The variable's value; empty when it is not set (AWS's SDKs, too, take an empty one as not set).
using Environment = std::function<std::string(const char* name)>;

Environment process_environment();

}  // namespace sagewarden::aws
