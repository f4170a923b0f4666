#include "cel/zone.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string>

#include "base/file.h"
#include "cel/time.h"

namespace sagewarden::cel {
namespace {

constexpr std::string_view kZoneFiles = "/usr/share/zoneinfo/";
constexpr size_t kLargestFile = size_t{64} * 1024;
constexpr int64_t kDay = 86'400;

// ---- the layout of a zone file ----

// Big-endian numbers, one after the other.
class Reader {
 public:
  explicit Reader(std::string_view content) : rest_(content) {}

  bool skip(size_t bytes) {
    if (bytes > rest_.size()) return false;
    rest_.remove_prefix(bytes);
    return true;
  }
  template <class Number>
  static Number number_at(std::string_view bytes, size_t place) {
    std::make_unsigned_t<Number> number = 0;
    for (size_t i = 0; i < sizeof(Number); ++i)
      number = static_cast<std::make_unsigned_t<Number>>(
          number << 8U | static_cast<unsigned char>(bytes[place * sizeof(Number) + i]));
    return static_cast<Number>(number);
  }
  std::optional<std::string_view> take(size_t bytes) {
    if (bytes > rest_.size()) return std::nullopt;
    const std::string_view taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return taken;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

struct Header {
  size_t ut_indicators, standard_indicators, leaps, times, types, letters;
};

std::optional<Header> read_header(Reader& reader) {
  const auto magic = reader.take(20);
  const auto counts = reader.take(24);
  if (!magic || !counts || !magic->starts_with("TZif") || (*magic)[4] < '2') return std::nullopt;
  size_t numbers[6];
  for (size_t i = 0; i < 6; ++i) numbers[i] = Reader::number_at<uint32_t>(*counts, i);
  if (*std::max_element(numbers, numbers + 6) > kLargestFile) return std::nullopt;
  return Header{numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]};
}

constexpr size_t kTypeBytes = 6;

// ---- POSIX rules ----

bool take(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<int64_t> take_number(std::string_view& text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0 || text.starts_with('-')) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return number > 1000 ? std::nullopt : std::optional(number);
}

// "EST" or "<+03>"
bool take_name(std::string_view& text) {
  if (text.starts_with('<')) {
    const size_t end = text.find('>');
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end + 1);
    return true;
  }
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  const auto* const end = std::find_if_not(text.begin(), text.end(), is_letter);
  const auto size = static_cast<size_t>(end - text.begin());
  text.remove_prefix(size);
  return size >= 3;
}

// "5", "-3:30", "+167:00:00": in seconds.
std::optional<int64_t> take_time(std::string_view& text) {
  const bool negative = text.starts_with('-');
  if (!take(text, '-')) take(text, '+');
  int64_t seconds = 0;
  int64_t unit = 3600;
  do {
    const auto number = take_number(text);
    if (!number || unit == 0) return std::nullopt;
    seconds += *number * unit;
    unit /= 60;
  } while (take(text, ':'));
  return negative ? -seconds : seconds;
}

// "M3.2.0/2", "J60", "59": the moment of the change in that year, by the clock before it.
std::optional<int64_t> take_change(std::string_view& text, int64_t year) {
  const int64_t new_year = days_before(year, 1, 1);
  int64_t day = 0;
  if (take(text, 'M')) {
    const auto month = take_number(text);
    const auto week = take(text, '.') ? take_number(text) : std::nullopt;
    const auto weekday = take(text, '.') ? take_number(text) : std::nullopt;
    if (!month || !week || !weekday || *month < 1 || *month > 12 || *week < 1 || *week > 5 ||
        *weekday > 6)
      return std::nullopt;
    const int64_t first = days_before(year, static_cast<unsigned>(*month), 1);
    const int64_t next = *month == 12 ? days_before(year + 1, 1, 1)
                                      : days_before(year, static_cast<unsigned>(*month) + 1, 1);
    const int64_t weekday_of_first = ((first + 4) % 7 + 7) % 7;
    day = first + (*weekday - weekday_of_first + 7) % 7 + (*week - 1) * 7;
    if (day >= next) day -= 7;  // the fifth week means the last
  } else {
    const bool without_leap_day = take(text, 'J');
    const auto number = take_number(text);
    if (!number || *number > 365) return std::nullopt;
    const bool leap = days_before(year + 1, 1, 1) - new_year == 366;
    day = new_year + *number - (without_leap_day ? 1 : 0) +
          (without_leap_day && leap && *number >= 60 ? 1 : 0);
  }
  const auto time = take(text, '/') ? take_time(text) : 7200;
  if (!time) return std::nullopt;
  return day * kDay + *time;
}

// ---- finding zones ----

// "+02:00", "-09:30", "02:00"
std::optional<int64_t> fixed_offset(std::string_view zone) {
  const bool west = zone.starts_with('-');
  if (west || zone.starts_with('+')) zone.remove_prefix(1);
  if (zone.size() != 5 || zone[2] != ':') return std::nullopt;
  std::string_view hours = zone.substr(0, 2);
  std::string_view minutes = zone.substr(3);
  const auto h = take_number(hours);
  const auto m = take_number(minutes);
  if (!h || !m || !hours.empty() || !minutes.empty() || *h > 23 || *m > 59) return std::nullopt;
  const int64_t seconds = *h * 3600 + *m * 60;
  return west ? -seconds : seconds;
}

// A name as the IANA uses them, and no way out of the folder of zone files.
bool is_zone_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '+' || c == '/';
  };
  return !name.empty() && name.size() < 64 && name.front() != '/' && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), allowed);
}

}  // namespace

std::optional<int64_t> offset_by_rule(std::string_view rule, int64_t moment) {
  if (!take_name(rule)) return std::nullopt;
  const auto standard = take_time(rule);  // counts to the west
  if (!standard) return std::nullopt;
  if (rule.empty()) return -*standard;
  if (!take_name(rule)) return std::nullopt;
  auto summer = std::optional<int64_t>(*standard - 3600);
  if (!rule.starts_with(',')) summer = take_time(rule);
  if (!summer || !take(rule, ',')) return std::nullopt;
  const int64_t year = civil_of(moment - *standard).year;
  const auto begins = take_change(rule, year);
  const auto ends = begins && take(rule, ',') ? take_change(rule, year) : std::nullopt;
  if (!begins || !ends || !rule.empty()) return std::nullopt;
  const int64_t begin = *begins + *standard;
  const int64_t end = *ends + *summer;
  // On the southern half of the globe summer goes over the new year.
  const bool is_summer =
      begin < end ? moment >= begin && moment < end : moment >= begin || moment < end;
  return is_summer ? -*summer : -*standard;
}

std::optional<int64_t> offset_in_zone_file(std::string_view content, int64_t moment) {
  Reader reader(content);
  const auto old = read_header(reader);  // the first half has 32-bit times, for readers of old
  if (!old || !reader.skip(old->times * 5 + old->types * kTypeBytes + old->letters +
                           old->leaps * 8 + old->standard_indicators + old->ut_indicators))
    return std::nullopt;
  const auto header = read_header(reader);
  if (!header || header->types == 0) return std::nullopt;
  const auto times = reader.take(header->times * 8);
  const auto kinds = reader.take(header->times);
  const auto types = reader.take(header->types * kTypeBytes);
  if (!times || !kinds || !types ||
      !reader.skip(header->letters + header->leaps * 12 + header->standard_indicators +
                   header->ut_indicators))
    return std::nullopt;
  size_t before = 0;  // how many changes were before the moment
  for (size_t left = header->times; left > 0;) {
    const size_t half = left / 2;
    if (Reader::number_at<int64_t>(*times, before + half) <= moment) {
      before += half + 1;
      left -= half + 1;
    } else {
      left = half;
    }
  }
  std::string_view rule = reader.rest();
  if (before == header->times && rule.size() > 2 && rule.front() == '\n' && rule.back() == '\n')
    return offset_by_rule(rule.substr(1, rule.size() - 2), moment);
  const size_t type = before == 0 ? 0 : static_cast<unsigned char>((*kinds)[before - 1]);
  if (type >= header->types) return std::nullopt;
  return Reader::number_at<int32_t>(types->substr(type * kTypeBytes), 0);
}

std::optional<int64_t> zone_offset(std::string_view zone, int64_t moment) {
  if (zone == "UTC" || zone.empty()) return 0;
  if (const auto offset = fixed_offset(zone)) return offset;
  if (!is_zone_name(zone)) return std::nullopt;
  const Result<std::string> content =
      read_file(std::string(kZoneFiles) + std::string(zone), kLargestFile);
  return content ? offset_in_zone_file(*content, moment) : std::nullopt;
}

}  // namespace sagewarden::cel
