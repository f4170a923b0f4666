#include "app/version.h"

namespace sagewarden {

std::string_view program_version() {
  return SAGEWARDEN_VERSION;  // set by the build, from the project's version
}

}  // namespace sagewarden
