#include "aws/environment.h"

#include <cstdlib>

namespace sagewarden::aws {

Environment process_environment() {
  return [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
}

}  // namespace sagewarden::aws
