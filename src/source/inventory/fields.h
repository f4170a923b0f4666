// What reading a record of an inventory is made of.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace sagewarden::inventory {

inline tl::unexpected<Error> invalid(std::string message) {
  return fail(Error::Code::Invalid, std::move(message));
}

// The text of a member; empty when there is none.
inline std::string_view text_of(json::Value value, std::string_view name) {
  return value[name].string_or("");
}

}  // namespace sagewarden::inventory
