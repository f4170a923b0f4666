// What a resource's status says, where a source shows it.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "base/json.h"
#include "base/text.h"

namespace sagewarden {

// Whether the service is about to remove it. Only where the service itself says so: in a template
// or a plan the member would be its author's.
inline bool is_being_deleted(json::Value resource) {
  constexpr std::array<std::string_view, 4> kStatuses = {"FeatureGroupStatus", "ImageStatus",
                                                         "NotebookInstanceStatus", "Status"};
  return std::ranges::any_of(kStatuses, [&](std::string_view member) {
    return lower(resource[member].string_or("")) == "deleting";
  });
}

}  // namespace sagewarden
