// What a timestamp is on a calendar and a clock, and the units of a duration.
#include "cel/function.h"
#include "cel/time.h"
#include "cel/zone.h"

namespace sagewarden::cel {
namespace {

using Reading = int64_t (*)(const Civil& civil, Moment moment);

// What a look into a zone file costs, in bytes of text.
constexpr size_t kZoneLookup = 100'000;

// The time as the clocks show it: in UTC, or in the zone that the second argument names.
template <Reading kReading>
Value read_clock(Context& context, std::span<const Value> args) {
  if (!args[0].is(Kind::Timestamp) || (args.size() == 2 && !args[1].is(Kind::String)))
    return no_such_overload(context, "timestamp function", args);
  Moment moment = args[0].moment();
  if (args.size() == 2) {
    if (!context.charge(kZoneLookup)) return context.exhausted();
    const std::optional<int64_t> offset = zone_offset(args[1].text(), moment.seconds);
    if (!offset) return context.error("no such time zone: ", args[1].text().substr(0, 80));
    moment.seconds += *offset;
  }
  return Value::integer(kReading(civil_of(moment.seconds), moment));
}

int64_t full_year(const Civil& civil, Moment /*moment*/) {
  return civil.year;
}
int64_t month(const Civil& civil, Moment /*moment*/) {
  return civil.month - 1;
}
int64_t date(const Civil& civil, Moment /*moment*/) {
  return civil.day;
}
int64_t day_of_month(const Civil& civil, Moment /*moment*/) {
  return civil.day - 1;
}
int64_t day_of_week(const Civil& civil, Moment /*moment*/) {
  return civil.day_of_week;
}
int64_t day_of_year(const Civil& civil, Moment /*moment*/) {
  return civil.day_of_year;
}
int64_t hours(const Civil& civil, Moment /*moment*/) {
  return civil.hour;
}
int64_t minutes(const Civil& civil, Moment /*moment*/) {
  return civil.minute;
}
int64_t seconds(const Civil& civil, Moment /*moment*/) {
  return civil.second;
}
int64_t milliseconds(const Civil& /*civil*/, Moment moment) {
  return moment.nanoseconds / 1'000'000;
}

// Of a duration: the whole of it in that unit, towards zero.
template <int64_t kSeconds, Reading kReading>
Value read_either(Context& context, std::span<const Value> args) {
  if (!args[0].is(Kind::Duration)) return read_clock<kReading>(context, args);
  const Moment moment = args[0].moment();
  const int64_t towards_zero = moment.seconds < 0 && moment.nanoseconds > 0 ? 1 : 0;
  return Value::integer((moment.seconds + towards_zero) / kSeconds);
}

// Of a duration, unlike the others, only what is beyond its whole seconds.
Value read_milliseconds(Context& context, std::span<const Value> args) {
  if (!args[0].is(Kind::Duration)) return read_clock<milliseconds>(context, args);
  const Moment moment = args[0].moment();
  const bool negative = moment.seconds < 0;
  const int64_t beyond =
      negative && moment.nanoseconds > 0 ? moment.nanoseconds - 1'000'000'000 : moment.nanoseconds;
  return Value::integer(beyond / 1'000'000);
}

constexpr Function kTimeFunctions[] = {
    {"getDate", Style::Method, 1, read_clock<date>},
    {"getDate", Style::Method, 2, read_clock<date>},
    {"getDayOfMonth", Style::Method, 1, read_clock<day_of_month>},
    {"getDayOfMonth", Style::Method, 2, read_clock<day_of_month>},
    {"getDayOfWeek", Style::Method, 1, read_clock<day_of_week>},
    {"getDayOfWeek", Style::Method, 2, read_clock<day_of_week>},
    {"getDayOfYear", Style::Method, 1, read_clock<day_of_year>},
    {"getDayOfYear", Style::Method, 2, read_clock<day_of_year>},
    {"getFullYear", Style::Method, 1, read_clock<full_year>},
    {"getFullYear", Style::Method, 2, read_clock<full_year>},
    {"getHours", Style::Method, 1, read_either<3600, hours>},
    {"getHours", Style::Method, 2, read_clock<hours>},
    {"getMilliseconds", Style::Method, 1, read_milliseconds},
    {"getMilliseconds", Style::Method, 2, read_clock<milliseconds>},
    {"getMinutes", Style::Method, 1, read_either<60, minutes>},
    {"getMinutes", Style::Method, 2, read_clock<minutes>},
    {"getMonth", Style::Method, 1, read_clock<month>},
    {"getMonth", Style::Method, 2, read_clock<month>},
    {"getSeconds", Style::Method, 1, read_either<1, seconds>},
    {"getSeconds", Style::Method, 2, read_clock<seconds>},
};

}  // namespace

std::span<const Function> time_functions() {
  return kTimeFunctions;
}

}  // namespace sagewarden::cel
