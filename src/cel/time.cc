#include "cel/time.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

namespace sagewarden::cel {
namespace {

constexpr int64_t kNano = 1'000'000'000;
constexpr int64_t kSecondsOfDay = 86'400;
constexpr int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59Z
// What sums of seconds are cut to: far outside of every range, far from overflowing.
constexpr int64_t kFar = std::numeric_limits<int64_t>::max() / 4;

Moment normal(int64_t seconds, int64_t nanoseconds) {
  if (nanoseconds < 0) return {seconds - 1, static_cast<int32_t>(nanoseconds + kNano)};
  if (nanoseconds >= kNano) return {seconds + 1, static_cast<int32_t>(nanoseconds - kNano)};
  return {seconds, static_cast<int32_t>(nanoseconds)};
}

int64_t cut(int64_t seconds) {
  return std::min(std::max(seconds, -kFar), kFar);
}

int64_t floor_divide(int64_t a, int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

bool is_leap(int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

unsigned days_in(int64_t year, unsigned month) {
  constexpr unsigned kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

// Takes a number of exactly so many digits from the front.
bool take_digits(std::string_view& text, size_t digits, unsigned& number) {
  if (text.size() < digits) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, number);
  if (error != std::errc() || end != text.data() + digits) return false;
  text.remove_prefix(digits);
  return true;
}

bool take(std::string_view& text, std::string_view symbols) {
  if (text.empty() || symbols.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// Digits behind a decimal point as nanoseconds; those beyond the ninth do not count.
int32_t take_fraction(std::string_view& text) {
  int32_t nanoseconds = 0;
  int32_t scale = static_cast<int32_t>(kNano) / 10;
  while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    nanoseconds += (text[0] - '0') * scale;
    scale /= 10;
    text.remove_prefix(1);
  }
  return nanoseconds;
}

// "Z", "+02:00": seconds east of Greenwich.
std::optional<int64_t> take_offset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  const bool west = !text.empty() && text[0] == '-';
  unsigned hours = 0;
  unsigned minutes = 0;
  if (!take(text, "+-") || !take_digits(text, 2, hours) || !take(text, ":") ||
      !take_digits(text, 2, minutes) || !text.empty() || hours > 23 || minutes > 59)
    return std::nullopt;
  const int64_t seconds = int64_t{hours} * 3600 + int64_t{minutes} * 60;
  return west ? -seconds : seconds;
}

struct Unit {
  std::string_view name;
  int64_t nanoseconds;
};
// Longest first where one begins like another.
constexpr Unit kUnits[] = {{"ns", 1},         {"us", 1'000},      {"µs", 1'000},
                           {"μs", 1'000},     {"ms", 1'000'000},  {"s", kNano},
                           {"m", 60 * kNano}, {"h", 3600 * kNano}};

const Unit* take_unit(std::string_view& text) {
  for (const Unit& unit : kUnits) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return &unit;
  }
  return nullptr;
}

// So many whole units and billionths of one. Apart, so that nothing is lost to rounding.
Moment in_seconds(int64_t whole, int32_t billionths, int64_t unit) {
  if (unit >= kNano) {
    const int64_t seconds = unit / kNano;
    const int64_t part = billionths * seconds;  // nanoseconds
    return plus({whole > kFar / seconds ? kFar : whole * seconds, 0},
                {part / kNano, static_cast<int32_t>(part % kNano)});
  }
  const int64_t per_second = kNano / unit;
  return normal(whole / per_second, whole % per_second * unit + billionths / per_second);
}

std::string fraction(int32_t nanoseconds) {
  if (nanoseconds == 0) return {};
  std::string digits = fmt::format(".{:09}", nanoseconds);
  while (digits.back() == '0') digits.pop_back();
  return digits;
}

}  // namespace

Moment plus(Moment a, Moment b) {
  return normal(cut(a.seconds) + cut(b.seconds), int64_t{a.nanoseconds} + b.nanoseconds);
}

Moment minus(Moment a, Moment b) {
  return normal(cut(a.seconds) - cut(b.seconds), int64_t{a.nanoseconds} - b.nanoseconds);
}

Value checked_timestamp(Moment moment) {
  if (moment.seconds < kFirstSecond || moment.seconds > kLastSecond)
    return Value::error("timestamp out of range: only the years 1 to 9999");
  return Value::timestamp(moment);
}

Value checked_duration(Moment moment) {
  // ±2^63 nanoseconds, as the other implementations hold them.
  constexpr Moment kLongest = {9'223'372'036, 854'775'807};
  constexpr Moment kShortest = {-9'223'372'037, 145'224'192};
  if (moment > kLongest || moment < kShortest)
    return Value::error("duration out of range: at most 292 years");
  return Value::duration(moment);
}

// Howard Hinnant's civil_from_days and days_from_civil.
int64_t days_before(int64_t year, unsigned month, unsigned day) {
  const int64_t shifted = year - (month <= 2 ? 1 : 0);  // the year begins in March
  const int64_t era = floor_divide(shifted, 400);
  const int64_t year_of_era = shifted - era * 400;
  const int64_t day_of_year = (153 * (int64_t{month} + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719'468;
}

Civil civil_of(int64_t seconds) {
  const int64_t days = floor_divide(seconds, kSecondsOfDay);
  const auto of_day = static_cast<unsigned>(seconds - days * kSecondsOfDay);
  const int64_t era = floor_divide(days + 719'468, 146'097);
  const int64_t day_of_era = days + 719'468 - era * 146'097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t from_march = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month_from_march = (5 * from_march + 2) / 153;
  Civil civil;
  civil.day = static_cast<unsigned>(from_march - (153 * month_from_march + 2) / 5 + 1);
  civil.month = static_cast<unsigned>(month_from_march + (month_from_march < 10 ? 3 : -9));
  civil.year = year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0);
  civil.hour = of_day / 3600;
  civil.minute = of_day / 60 % 60;
  civil.second = of_day % 60;
  civil.day_of_week = static_cast<unsigned>(((days + 4) % 7 + 7) % 7);  // 1970 began on a Thursday
  civil.day_of_year = static_cast<unsigned>(days - days_before(civil.year, 1, 1));
  return civil;
}

std::optional<Moment> parse_timestamp(std::string_view text) {
  unsigned year = 0;
  unsigned month = 0;
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  if (!take_digits(text, 4, year) || !take(text, "-") || !take_digits(text, 2, month) ||
      !take(text, "-") || !take_digits(text, 2, day) || !take(text, "Tt ") ||
      !take_digits(text, 2, hour) || !take(text, ":") || !take_digits(text, 2, minute) ||
      !take(text, ":") || !take_digits(text, 2, second))
    return std::nullopt;
  if (month < 1 || month > 12 || day < 1 || day > days_in(year, month) || hour > 23 ||
      minute > 59 || second > 59)
    return std::nullopt;
  const int32_t nanoseconds = take(text, ".") ? take_fraction(text) : 0;
  const std::optional<int64_t> offset = take_offset(text);
  if (!offset) return std::nullopt;
  const int64_t seconds = days_before(year, month, day) * kSecondsOfDay + int64_t{hour} * 3600 +
                          int64_t{minute} * 60 + second - *offset;
  return Moment{seconds, nanoseconds};
}

std::optional<Moment> parse_duration(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  take(text, "+-");
  if (text == "0") return Moment{};
  if (text.empty()) return std::nullopt;
  Moment sum;
  while (!text.empty()) {
    int64_t whole = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
    const bool has_whole = end != text.data();
    if (error == std::errc::result_out_of_range || whole < 0 || text[0] == '-') return std::nullopt;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    const size_t before = text.size();
    const int32_t part = take(text, ".") ? take_fraction(text) : 0;
    if (!has_whole && before - text.size() < 2) return std::nullopt;
    const Unit* const unit = take_unit(text);
    if (unit == nullptr) return std::nullopt;
    sum = plus(sum, in_seconds(whole, part, unit->nanoseconds));
  }
  return negative ? minus({}, sum) : sum;
}

std::string write_timestamp(Moment moment) {
  const Civil civil = civil_of(moment.seconds);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", civil.year, civil.month, civil.day,
                     civil.hour, civil.minute, civil.second, fraction(moment.nanoseconds));
}

std::string write_duration(Moment moment) {
  const bool negative = moment.seconds < 0;
  const Moment size = negative ? minus({}, moment) : moment;
  return fmt::format("{}{}{}s", negative ? "-" : "", size.seconds, fraction(size.nanoseconds));
}

}  // namespace sagewarden::cel
