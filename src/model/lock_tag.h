// The tag that keeps others from changing a resource while a repair is under way
// (remediate/claim.h).
#pragma once

#include <string_view>

namespace sagewarden {

// How its key begins; the execution's id follows. It is no setting of the resource: nothing is
// judged by it.
inline constexpr std::string_view kLockTag = "sagewarden:lock:";

}  // namespace sagewarden
