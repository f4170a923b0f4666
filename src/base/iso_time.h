// A time as other programs write it, as a number: captures that can be ordered, tokens that expire.
#pragma once

#include <cstdint>
#include <string_view>

namespace sagewarden {

// Milliseconds since 1970 of an ISO 8601 time with seconds ("2026-03-01T12:00:00.123Z", or an
// offset "+01:00"; without either it is UTC); 0 when the text is none. Called for every item of an
// export, so it neither allocates nor asks the C library's locale.
int64_t parse_iso_time(std::string_view text);

}  // namespace sagewarden
