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
  constexpr std::string_view kEnd = "Status";
  unsigned seen = 0;  // of a name that is given twice, the first counts
  for (const auto& [name, value] : resource.members()) {
    const auto known = name.ends_with(kEnd) ? std::ranges::find(kStatuses, name) : kStatuses.end();
    if (known == kStatuses.end()) continue;
    const unsigned bit = 1U << static_cast<unsigned>(known - kStatuses.begin());
    if ((seen & bit) == 0 && lower(value.string_or("")) == "deleting") return true;
    seen |= bit;
  }
  return false;
}

}  // namespace sagewarden
