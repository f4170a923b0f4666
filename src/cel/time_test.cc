#include "cel/time.h"

#include <gtest/gtest.h>

#include "cel/outcome.h"
#include "cel/zone.h"

namespace sagewarden::cel {
namespace {

TEST(Time, Expressions) {
  const Row rows[] = {
      {"timestamp('2024-02-29T12:30:45.5Z')", R"("2024-02-29T12:30:45.5Z")"},
      {"timestamp('2024-02-29T00:30:00+02:00')", R"("2024-02-28T22:30:00Z")"},
      {"timestamp('0001-01-01T00:00:00Z')", R"("0001-01-01T00:00:00Z")"},
      {"timestamp(-1)", R"("1969-12-31T23:59:59Z")"},
      {"timestamp(253402300800)", "error: timestamp out of range: only the years 1 to 9999"},
      {"timestamp('2023-02-29T00:00:00Z')",
       "error: Type conversion error: no timestamp (or one out of range) in "
       "'2023-02-29T00:00:00Z'"},
      {"duration('1h30m1.5s')", R"("5401.5s")"},
      {"duration('-1.5s')", R"("-1.5s")"},
      {"duration('1us') + duration('1ns') + duration('1.5ms')", R"("0.001501001s")"},
      {"duration('0')", R"("0s")"},
      {"duration('.5m')", R"("30s")"},
      {"duration('1')", "error: Type conversion error: no duration (or one out of range) in '1'"},
      {"duration('9223372036s') + duration('1s')",
       "error: duration out of range: at most 292 years"},
      {"timestamp(10) + duration('1s') == duration('1s') + timestamp(10)", "true"},
      {"timestamp(10) - duration('11s')", R"("1969-12-31T23:59:59Z")"},
      {"timestamp(10) - timestamp(11)", R"("-1s")"},
      {"timestamp('9999-12-31T23:59:59Z') + duration('1s')",
       "error: timestamp out of range: only the years 1 to 9999"},
      {"duration('3730s').getHours() + duration('3730s').getMinutes()", "63"},
      {"duration('-1.5s').getSeconds() * 1000 + duration('-1.5s').getMilliseconds()", "-1500"},
      {"duration('1s').getDate()",
       "error: no such overload: timestamp function(google.protobuf.Duration)"},
      {"timestamp(0).getFullYear('No/Where')", "error: no such time zone: No/Where"},
      {"timestamp(0).getHours('+05:45')", "5"},
      {"timestamp(0).getHours(1)",
       "error: no such overload: timestamp function(google.protobuf.Timestamp, int)"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.expression);
    EXPECT_EQ(outcome(row.expression), row.want);
  }
}

TEST(Time, TimestampsThatAreNone) {
  for (const std::string_view text :
       {"", "2024", "2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z", "2024-01-32T00:00:00Z",
        "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z",
        "2024-01-01T00:00:00", "2024-01-01T00:00:00+2:00", "2024-01-01T00:00:00+24:00",
        "2024-01-01T00:00:00Zx", "2024-1-01T00:00:00Z", "+024-01-01T00:00:00Z"})
    EXPECT_FALSE(parse_timestamp(text)) << text;
}

TEST(Time, DurationsThatAreNone) {
  for (const std::string_view text :
       {"", "-", "s", ".s", "1", "1x", "1s2", "--1s", "1-s", "99999999999999999999s", "1 s"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Time, CivilDaysThereAndBack) {
  for (int64_t day = -800'000; day < 800'000; day += 97) {
    const Civil civil = civil_of(day * 86'400 + 3661);
    EXPECT_EQ(days_before(civil.year, civil.month, civil.day), day);
    EXPECT_EQ(civil.hour, 1U);
    EXPECT_EQ(civil.minute, 1U);
    EXPECT_EQ(civil.second, 1U);
    EXPECT_EQ(civil.day_of_week, static_cast<unsigned>(((day + 4) % 7 + 7) % 7));
  }
}

TEST(Zone, Rules) {
  const struct {
    std::string_view rule;
    std::string_view moment;
    std::optional<int64_t> want;
  } rows[] = {
      {"UTC0", "2050-07-01T00:00:00Z", 0},
      {"<+0545>-5:45", "2050-07-01T00:00:00Z", 20'700},
      {"CET-1CEST,M3.5.0,M10.5.0/3", "2050-01-01T00:00:00Z", 3600},
      {"CET-1CEST,M3.5.0,M10.5.0/3", "2050-07-01T00:00:00Z", 7200},
      {"CET-1CEST,M3.5.0,M10.5.0/3", "2050-03-27T00:59:59Z", 3600},
      {"CET-1CEST,M3.5.0,M10.5.0/3", "2050-03-27T01:00:00Z", 7200},
      {"CET-1CEST,M3.5.0,M10.5.0/3", "2050-10-30T00:59:59Z", 7200},
      {"CET-1CEST,M3.5.0,M10.5.0/3", "2050-10-30T01:00:00Z", 3600},
      {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2050-01-01T00:00:00Z", 39'600},
      {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2050-07-01T00:00:00Z", 36'000},
      {"EST5EDT4,J60/0,J300", "2052-03-01T05:00:00Z", -14'400},  // a leap year: day 60 is March 1st
      {"EST5EDT4,J60/0,J300", "2052-03-01T04:59:59Z", -18'000},
      {"EST5EDT4,59/0,300", "2051-03-01T05:00:00Z", -14'400},
      {"", "2050-07-01T00:00:00Z", std::nullopt},
      {"CE-1", "2050-07-01T00:00:00Z", std::nullopt},
      {"CET", "2050-07-01T00:00:00Z", std::nullopt},
      {"CET-1CEST", "2050-07-01T00:00:00Z", std::nullopt},
      {"CET-1CEST,M13.5.0,M10.5.0", "2050-07-01T00:00:00Z", std::nullopt},
      {"CET-1CEST,M3.5.0,M10.5.0x", "2050-07-01T00:00:00Z", std::nullopt},
      {"<CET-1", "2050-07-01T00:00:00Z", std::nullopt},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.rule);
    SCOPED_TRACE(row.moment);
    EXPECT_EQ(offset_by_rule(row.rule, parse_timestamp(row.moment)->seconds), row.want);
  }
}

// The zone files of the system, where it has them.
TEST(Zone, Names) {
  if (!zone_offset("Europe/Berlin", 0)) GTEST_SKIP() << "no zone files on this system";
  const struct {
    std::string_view zone;
    std::string_view moment;
    int64_t want;
  } rows[] = {
      {"Europe/Berlin", "2009-02-13T23:31:30Z", 3600},
      {"Europe/Berlin", "2009-07-13T23:31:30Z", 7200},
      {"Europe/Berlin", "2090-07-13T23:31:30Z", 7200},
      {"Australia/Sydney", "2009-02-13T23:31:30Z", 39'600},
      {"Asia/Kathmandu", "2009-02-13T23:31:30Z", 20'700},
      {"America/St_Johns", "1890-01-01T00:00:00Z", -12'652},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.zone);
    EXPECT_EQ(zone_offset(row.zone, parse_timestamp(row.moment)->seconds), row.want);
  }
}

TEST(Zone, NamesThatAreNone) {
  for (const std::string_view zone :
       {"/etc/passwd", "../../../etc/passwd", "Europe/..", "Europe", "", "-", "+1:00", "+24:00",
        "+02:60", "+0a:00", "Europe/Berlin\n", "posixrules/x"}) {
    if (zone.empty()) continue;  // the empty zone is UTC
    EXPECT_FALSE(zone_offset(zone, 0)) << zone;
  }
}

TEST(Zone, MalformedFiles) {
  const std::string empty_header = std::string("TZif2") + std::string(15, '\0');
  std::string counts(24, '\0');
  const std::string truncated[] = {"",
                                   "TZif",
                                   empty_header,
                                   empty_header + counts,
                                   empty_header + counts + empty_header + counts,
                                   std::string("TZif1") + std::string(39, '\0'),
                                   empty_header + std::string(24, '\xff')};
  for (const std::string& content : truncated) EXPECT_FALSE(offset_in_zone_file(content, 0));
}

TEST(Zone, AFileWithOneTypeAndARule) {
  std::string counts(24, '\0');
  const std::string header = std::string("TZif2") + std::string(15, '\0');
  std::string one_type = counts;
  one_type[19] = 1;                                       // types
  one_type[23] = 1;                                       // letters
  const std::string type("\x00\x00\x0e\x10\x00\x00", 6);  // 3600 s
  const std::string file = header + counts + header + one_type + type + std::string(1, '\0');
  EXPECT_EQ(offset_in_zone_file(file, 0), 3600);
  EXPECT_EQ(offset_in_zone_file(file + "\n<+02>-2\n", 0), 7200);
}

}  // namespace
}  // namespace sagewarden::cel
