#include "base/time.h"

#include <fmt/core.h>

#include <charconv>
#include <chrono>

namespace sagewarden {
namespace {

using Seconds = std::chrono::sys_time<std::chrono::seconds>;

Seconds point(int64_t seconds) {
  return Seconds(std::chrono::seconds(seconds));
}

// The number that fills the whole text; -1 when there is none.
int number(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : -1;
}

}  // namespace

int64_t seconds_now() {
  const auto now = std::chrono::system_clock::now();
  return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
}

std::string iso_date(int64_t seconds) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(point(seconds)));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

std::string iso_time(int64_t seconds) {
  const Seconds time = point(seconds);
  const std::chrono::hh_mm_ss clock(time - std::chrono::floor<std::chrono::days>(time));
  return fmt::format("{}T{:02}:{:02}:{:02}Z", iso_date(seconds), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const int year = number(text.substr(0, 4));
  const int month = number(text.substr(5, 2));
  const int day = number(text.substr(8, 2));
  if (year < 0 || month < 0 || day < 0) return false;
  return std::chrono::year_month_day(std::chrono::year(year),
                                     std::chrono::month(static_cast<unsigned>(month)),
                                     std::chrono::day(static_cast<unsigned>(day)))
      .ok();
}

}  // namespace sagewarden
