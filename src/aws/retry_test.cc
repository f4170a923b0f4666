#include "aws/retry.h"

#include <gtest/gtest.h>

namespace sagewarden::aws {
namespace {

TEST(Retry, TheCodeDecidesBeforeTheStatus) {
  const struct {
    std::string_view code;
    int status;
    Failure want;
  } cases[] = {
      {"ThrottlingException", 400, Failure::Throttled},
      {"RequestLimitExceeded", 503, Failure::Throttled},
      {"SlowDown", 503, Failure::Throttled},
      {"TooManyRequestsException", 400, Failure::Throttled},
      {"", 429, Failure::Throttled},
      {"InternalFailure", 400, Failure::Transient},
      {"", 500, Failure::Transient},
      {"", 503, Failure::Transient},
      {"ConditionalRequestConflict", 409, Failure::Transient},
      {"", 409, Failure::Final},
      {"", 501, Failure::Final},
      {"", 505, Failure::Final},
      {"ExpiredTokenException", 400, Failure::Expired},
      {"ExpiredToken", 403, Failure::Expired},
      {"RequestTimeTooSkewed", 403, Failure::Skewed},
      {"InvalidSignatureException", 403, Failure::Skewed},
      {"AccessDeniedException", 400, Failure::Final},
      {"ValidationException", 400, Failure::Final},
      {"ResourceLimitExceeded", 400, Failure::Final},
      {"UnrecognizedClientException", 400, Failure::Final},
      {"", 400, Failure::Final},
  };
  for (const auto& c : cases) EXPECT_EQ(classify(c.code, c.status), c.want) << c.code << c.status;
}

TEST(Retry, WaitsUpToTwiceAsLongEachTime) {
  const struct {
    int retry;
    double random;
    int64_t want_ms;
  } cases[] = {
      {0, 0.0, 0},     {0, 0.5, 500},    {0, 0.999, 999},  {1, 0.5, 1'000},      {3, 0.5, 4'000},
      {4, 0.5, 8'000}, {5, 0.5, 10'000}, {6, 0.5, 10'000}, {1'000, 0.5, 10'000}, {9, 0.0, 0},
  };
  for (const auto& c : cases) EXPECT_EQ(backoff(c.retry, c.random).count(), c.want_ms) << c.retry;
}

TEST(Retry, TheBudgetEndsAndComesBack) {
  RetryBudget budget;
  for (int taken = 0; taken < 100; ++taken) ASSERT_EQ(budget.take(Failure::Throttled), 5);
  EXPECT_EQ(budget.take(Failure::Throttled), 0);
  for (int calls = 0; calls < 5; ++calls) budget.succeeded(0);
  EXPECT_EQ(budget.take(Failure::TimedOut), 0);  // 10, but there are 5
  EXPECT_EQ(budget.take(Failure::Transient), 5);
  budget.succeeded(5);
  EXPECT_EQ(budget.take(Failure::Transient), 5);
  budget.succeeded(10);
  EXPECT_EQ(budget.take(Failure::TimedOut), 10);
  for (int calls = 0; calls < 1'000; ++calls) budget.succeeded(10);
  for (int taken = 0; taken < 50; ++taken) ASSERT_EQ(budget.take(Failure::TimedOut), 10);
  EXPECT_EQ(budget.take(Failure::Transient), 0);  // never above its size
}

}  // namespace
}  // namespace sagewarden::aws
