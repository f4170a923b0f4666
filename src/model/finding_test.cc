#include "model/finding.h"

#include <gtest/gtest.h>

namespace sagewarden {
namespace {

TEST(Finding, WordsAreSecurityHubs) {
  EXPECT_EQ(name_of(Compliance::NotAvailable), "NOT_AVAILABLE");
  EXPECT_EQ(name_of(Severity::Critical), "CRITICAL");
  EXPECT_EQ(parse_severity("high"), Severity::High);
  EXPECT_EQ(parse_severity("urgent"), std::nullopt);
}

TEST(Finding, OrderOfReports) {
  Finding a;
  a.account = "1";
  a.name = "n";
  a.control = "SageMaker.2";
  Finding b = a;
  b.control = "SageMaker.10";
  EXPECT_TRUE(report_order(a, b));
  EXPECT_FALSE(report_order(b, a));
  EXPECT_FALSE(report_order(a, a));
  b.account = "0";
  EXPECT_TRUE(report_order(b, a));
}

}  // namespace
}  // namespace sagewarden
