// Time zones: how far a place's clocks are from UTC at a moment.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sagewarden::cel {

// Seconds east of Greenwich at that moment (seconds since 1970), in a zone given as "UTC",
// "+02:00", "-09:30", "02:00" or by its IANA name ("Europe/Berlin"). Nothing for no such zone.
// Names are looked up in the system's zone files: the one thing outside of itself that the language
// reads.
std::optional<int64_t> zone_offset(std::string_view zone, int64_t moment);

// The offset by the rules of a zone file's content (RFC 8536, version 2 or later); nothing when the
// content is malformed.
std::optional<int64_t> offset_in_zone_file(std::string_view content, int64_t moment);

// The offset by a POSIX TZ rule such as "CET-1CEST,M3.5.0,M10.5.0/3", which zone files end with.
std::optional<int64_t> offset_by_rule(std::string_view rule, int64_t moment);

}  // namespace sagewarden::cel
