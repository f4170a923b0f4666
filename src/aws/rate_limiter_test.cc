#include "aws/rate_limiter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>

#include "aws/retry.h"

namespace sagewarden::aws {
namespace {

TEST(RateLimiter, HoldsNothingBackUntilThrottled) {
  RateLimiter limiter;
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_EQ(limiter.acquire(i * 0.001).count(), 0);
    limiter.finished(false, i * 0.001, i * 0.001);
  }
}

TEST(RateLimiter, CutsAndGrowsAgain) {
  RateLimiter limiter;
  for (int i = 0; i < 20; ++i) limiter.finished(false, 0.05 * i, 0.05 * i);  // 20 a second
  limiter.finished(true, 1.0, 1.0);
  // One that was on its way by then changes nothing.
  limiter.finished(true, 0.9, 1.0);
  // A second later there are tokens for what is left of the rate, and no more.
  int begun = 0;
  while (limiter.acquire(2.0).count() == 0) ++begun;
  EXPECT_GE(begun, 10);
  EXPECT_LE(begun, 15);
  EXPECT_GT(limiter.acquire(2.0).count(), 0);
  // However often AWS throttles, one attempt every two seconds is left.
  for (int i = 0; i < 50; ++i) limiter.finished(true, 3.0 + i, 3.0 + i);
  const auto wait = limiter.acquire(52.0);
  EXPECT_LE(wait.count(), 2'000);
  EXPECT_EQ(limiter.acquire(54.1).count(), 0);
}

// An API that allows so many calls a second, and so many at once after a pause, as AWS does.
struct Api {
  double per_second;
  double burst;
  double left = burst;
  double at = 0;

  bool allows(double now) {
    left = std::min(burst, left + (now - at) * per_second);
    at = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  }
};

struct Outcome {
  double seconds = 0;
  int attempts = 0;
  int throttled = 0;
  int given_up = 0;
};

// Makes the calls, so many at once, in simulated time.
class Simulation {
 public:
  Simulation(Api api, int at_once) : api_(api), at_once_(at_once) {}

  Outcome run(int calls) {
    left_ = calls - at_once_;
    for (int i = 0; i < at_once_; ++i) ready_.push_back(0);
    send_ready();
    while (!events_.empty()) {
      const auto [now, event] = *events_.begin();
      events_.erase(events_.begin());
      now_ = now;
      handle(event);
    }
    outcome_.seconds = now_;
    return outcome_;
  }

 private:
  enum class What { Timer, Ready, Arrived, Succeeded, Throttled };
  struct Event {
    What what;
    int retries;
  };

  void at(double seconds, What what, int retries) {
    events_.emplace(seconds, Event{what, retries});
  }

  void send_ready() {
    while (!ready_.empty()) {
      const auto wait = limiter_.acquire(now_);
      if (wait.count() > 0) {
        if (!has_timer_) at(now_ + static_cast<double>(wait.count()) / 1'000, What::Timer, 0);
        has_timer_ = true;
        return;
      }
      ++outcome_.attempts;
      at(now_ + kLatency / 2, What::Arrived, ready_.front());
      ready_.pop_front();
    }
  }

  void handle(const Event& event) {
    switch (event.what) {
      case What::Timer:
        has_timer_ = false;
        break;
      case What::Ready:
        ready_.push_back(event.retries);
        break;
      case What::Arrived:
        at(now_ + kLatency / 2, api_.allows(now_) ? What::Succeeded : What::Throttled,
           event.retries);
        return;
      case What::Succeeded:
        limiter_.finished(false, now_ - kLatency, now_);
        if (left_-- > 0) ready_.push_back(0);
        break;
      case What::Throttled: {
        limiter_.finished(true, now_ - kLatency, now_);
        ++outcome_.throttled;
        if (event.retries + 1 >= RetrySettings{}.max_attempts) {
          ++outcome_.given_up;
          break;
        }
        const auto delay = backoff(event.retries, chance_(random_));
        at(now_ + static_cast<double>(delay.count()) / 1'000, What::Ready, event.retries + 1);
        break;
      }
    }
    send_ready();
  }

  static constexpr double kLatency = 0.02;
  Api api_;
  int at_once_;
  int left_ = 0;
  double now_ = 0;
  bool has_timer_ = false;
  RateLimiter limiter_;
  std::deque<int> ready_;
  std::multimap<double, Event> events_;
  std::mt19937 random_{1};
  std::uniform_real_distribution<double> chance_;
  Outcome outcome_;
};

// Near what the limit alone dictates, with few attempts wasted, and no call given up.
TEST(RateLimiter, FindsTheRateThatIsAllowed) {
  const struct {
    double per_second, burst;
    int at_once;
  } cases[] = {{4, 8, 16},   {10, 10, 16}, {10, 10, 32},  {10, 20, 64},
               {25, 25, 16}, {50, 50, 32}, {100, 100, 32}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.per_second);
    constexpr int kCalls = 2'000;
    const Outcome got = Simulation({c.per_second, c.burst}, c.at_once).run(kCalls);
    const double ideal = (kCalls - c.burst) / c.per_second;
    EXPECT_LE(got.seconds, 1.15 * ideal);
    // Those that were under way at the first cut, some while the rate is found, then one in three
    // seconds.
    EXPECT_LE(got.throttled, c.at_once + 8 + got.seconds / 3);
    EXPECT_EQ(got.given_up, 0);
  }
}

}  // namespace
}  // namespace sagewarden::aws
