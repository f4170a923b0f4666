#include "aws/rate_limiter.h"

#include <algorithm>
#include <cmath>

namespace sagewarden::aws {
namespace {

// botocore, retries/throttling.py and retries/adaptive.py.
constexpr double kBeta = 0.7;   // what is left of the rate after a throttled attempt
constexpr double kScale = 0.4;  // how steeply it grows again
// Not botocore's: where a cut meets about the same rate as the one before, that is the limit, and
// to probe it every two seconds costs more throttled attempts than it finds.
constexpr double kAlike = 0.25;
constexpr double kLessSteep = 0.5;
constexpr double kLeastScale = 0.02;
constexpr double kSmoothing = 0.8;
constexpr double kMeasuredOver = 0.5;     // seconds
constexpr double kMostAboveMeasured = 2;  // times
constexpr double kLowestRate = 0.5;       // per second

}  // namespace

RateLimiter::RateLimiter() : scale_(kScale) {}

std::chrono::milliseconds RateLimiter::acquire(double now) {
  if (!is_active_) return std::chrono::milliseconds(0);
  refill(now);
  constexpr double kAlmostOne = 1 - 1e-6;  // sums of fractions do not always reach it
  if (tokens_ >= kAlmostOne) {
    tokens_ -= 1;
    return std::chrono::milliseconds(0);
  }
  return std::chrono::milliseconds(static_cast<int64_t>(std::ceil((1 - tokens_) / rate_ * 1'000)));
}

void RateLimiter::finished(bool was_throttled, double begun, double now) {
  measure(now);
  double wanted = 0;
  // Attempts that were on their way when the rate was cut say nothing about the rate since;
  // botocore cuts for each of them, and a burst of sixty takes it down to the lowest.
  if (was_throttled && (!is_active_ || begun > throttled_at_)) {
    // The first cut may come before there was time to measure.
    if (!is_active_) measured_ = std::max(measured_, attempts_ / kMeasuredOver);
    const double rate = is_active_ ? std::min(measured_, rate_) : measured_;
    const bool is_alike = std::abs(rate - rate_at_throttle_) <= kAlike * rate_at_throttle_;
    scale_ = is_alike ? std::max(scale_ * kLessSteep, kLeastScale) : kScale;
    rate_at_throttle_ = rate;
    throttled_at_ = now;
    is_active_ = true;
    wanted = rate_at_throttle_ * kBeta;
  } else {
    wanted = cubic(now);
  }
  refill(now);
  rate_ = std::max(std::min(wanted, measured_ * kMostAboveMeasured), kLowestRate);
  tokens_ = std::min(tokens_, std::max(rate_, 1.0));
}

void RateLimiter::measure(double now) {
  const double until = std::floor(now / kMeasuredOver) * kMeasuredOver;
  ++attempts_;
  if (measured_until_ < 0) measured_until_ = until;
  if (until <= measured_until_) return;
  const double rate = attempts_ / (until - measured_until_);
  measured_ = rate * kSmoothing + measured_ * (1 - kSmoothing);
  attempts_ = 0;
  measured_until_ = until;
}

void RateLimiter::refill(double now) {
  tokens_ = std::min(std::max(rate_, 1.0), tokens_ + (now - filled_at_) * rate_);
  filled_at_ = now;
}

// Flat where it meets the rate that was too much, `back` seconds after the cut.
double RateLimiter::cubic(double now) const {
  const double back = std::cbrt(rate_at_throttle_ * (1 - kBeta) / scale_);
  const double since = now - throttled_at_ - back;
  return scale_ * since * since * since + rate_at_throttle_;
}

}  // namespace sagewarden::aws
