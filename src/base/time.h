// The clock and dates, in UTC.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sagewarden {

int64_t seconds_now();                  // since 1970
std::string iso_time(int64_t seconds);  // "2026-03-01T12:00:00Z"
std::string iso_date(int64_t seconds);  // "2026-03-01"

// Whether the text is YYYY-MM-DD and such a day exists. Dates in this form compare as text.
bool is_date(std::string_view text);

}  // namespace sagewarden
