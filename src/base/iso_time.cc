#include "base/iso_time.h"

#include <chrono>
#include <cstddef>

namespace sagewarden {
namespace {

// Reads as many digits as `count` at the place; -1 when they are not all digits.
int digits(std::string_view text, size_t at, size_t count) {
  if (at + count > text.size()) return -1;
  int number = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

// The seconds that "Z", "+01:00", "+0100" or nothing put between the local time and UTC; false when
// it is none of them.
bool read_offset(std::string_view text, int64_t& seconds) {
  seconds = 0;
  if (text.empty() || text == "Z" || text == "z") return true;
  if (text[0] != '+' && text[0] != '-') return false;
  const size_t minutes_at = text.size() == 6 && text[3] == ':' ? 4 : 3;
  const int hours = digits(text, 1, 2);
  const int minutes = digits(text, minutes_at, 2);
  if (hours < 0 || minutes < 0 || text.size() != minutes_at + 2) return false;
  seconds = (hours * int64_t{60} + minutes) * (text[0] == '+' ? 60 : -60);
  return true;
}

}  // namespace

int64_t parse_iso_time(std::string_view text) {
  constexpr std::string_view kForm = "YYYY-MM-DDThh:mm:ss";
  if (text.size() < kForm.size() || text[4] != '-' || text[7] != '-' || text[13] != ':' ||
      text[16] != ':' || (text[10] != 'T' && text[10] != ' '))
    return 0;
  const int year = digits(text, 0, 4);
  const int month = digits(text, 5, 2);
  const int day = digits(text, 8, 2);
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  if (year < 0 || month < 0 || day < 0) return 0;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return 0;
  if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 60) return 0;
  text.remove_prefix(kForm.size());
  int64_t milliseconds = 0;
  if (!text.empty() && (text[0] == '.' || text[0] == ',')) {
    size_t end = 1;
    int64_t unit = 100;
    for (; end < text.size() && text[end] >= '0' && text[end] <= '9'; ++end) {
      milliseconds += (text[end] - '0') * unit;
      unit /= 10;
    }
    text.remove_prefix(end);
  }
  int64_t offset = 0;
  if (!read_offset(text, offset)) return 0;
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const int64_t minutes = (days * 24 + hour) * 60 + minute;
  const int64_t seconds = minutes * 60 + second - offset;
  return seconds * 1'000 + milliseconds;
}

}  // namespace sagewarden
