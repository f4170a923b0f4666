#include "base/time.h"

#include <gtest/gtest.h>

namespace sagewarden {
namespace {

TEST(Time, IsWrittenInUtc) {
  const struct {
    int64_t seconds;
    std::string_view want;
  } cases[] = {
      {0, "1970-01-01T00:00:00Z"},
      {-1, "1969-12-31T23:59:59Z"},
      {951'827'696, "2000-02-29T12:34:56Z"},
      {1'767'225'599, "2025-12-31T23:59:59Z"},
      {253'402'300'799, "9999-12-31T23:59:59Z"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(iso_time(c.seconds), c.want);
    EXPECT_EQ(iso_date(c.seconds), c.want.substr(0, 10));
  }
}

TEST(Time, NowLiesBehindThisTestsWriting) {
  EXPECT_GT(seconds_now(), 1'700'000'000);
}

TEST(Time, OnlyDaysThatExistAreDates) {
  const struct {
    std::string_view text;
    bool want;
  } cases[] = {
      {"2026-03-01", true},  {"2024-02-29", true},   {"2026-02-29", false}, {"2026-13-01", false},
      {"2026-00-10", false}, {"2026-04-31", false},  {"2026-3-1", false},   {"2026/03/01", false},
      {"", false},           {"2026-03-011", false}, {"+026-03-01", false}, {"-026-03-01", false},
      {"2026-03-0x", false}, {"9999-12-31", true},   {" 2026-3-01", false},
  };
  for (const auto& c : cases) EXPECT_EQ(is_date(c.text), c.want) << c.text;
}

}  // namespace
}  // namespace sagewarden
