// Timestamps and durations: reading, writing, arithmetic and their ranges. No clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cel/value.h"

namespace sagewarden::cel {

// Never overflow: seconds beyond the ranges below are cut to a value that is out of range too.
Moment plus(Moment a, Moment b);
Moment minus(Moment a, Moment b);

// The value, or an error where it is out of range: years 1 to 9999; ±2^63 nanoseconds.
Value checked_timestamp(Moment moment);
Value checked_duration(Moment moment);

std::optional<Moment> parse_timestamp(std::string_view text);  // RFC 3339
std::optional<Moment> parse_duration(std::string_view text);   // "1h30m", "-1.5s", "100ms"
std::string write_timestamp(Moment moment);                    // "2009-02-13T23:31:30.5Z"
std::string write_duration(Moment moment);                     // "90.5s"

// A day of the proleptic Gregorian calendar, and the time within it.
struct Civil {
  int64_t year = 1970;
  unsigned month = 1;  // 1 to 12
  unsigned day = 1;    // 1 to 31
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  unsigned day_of_week = 0;  // 0 is Sunday
  unsigned day_of_year = 0;  // 0 is the first of January
};
Civil civil_of(int64_t seconds);
int64_t days_before(int64_t year, unsigned month, unsigned day);  // since 1970-01-01

}  // namespace sagewarden::cel
