// Keeps calls just below the rate at which AWS throttles them, which it publishes nowhere: the
// "adaptive" mode of AWS's SDKs. Nothing is held back until the first throttled attempt; then the
// rate is cut, and grows again by CUBIC (RFC 9438), which waits near the rate that was too much and
// only then tries more; the more slowly, the oftener that rate was confirmed.
#pragma once

#include <chrono>

namespace sagewarden::aws {

// Time comes in as an argument: seconds of a clock that never goes back. Not for several threads at
// once.
class RateLimiter {
 public:
  RateLimiter();
  // How long to wait before the next attempt may begin; when that is 0, it may begin now and is
  // counted.
  std::chrono::milliseconds acquire(double now);
  // What became of an attempt that began at that time.
  void finished(bool was_throttled, double begun, double now);

 private:
  void measure(double now);
  void refill(double now);
  double cubic(double now) const;

  bool is_active_ = false;
  // The attempts per second that there were.
  double measured_ = 0;
  double measured_until_ = -1;  // nothing yet
  int attempts_ = 0;
  // The rate that was too much, and when.
  double rate_at_throttle_ = 0;
  double throttled_at_ = 0;
  double scale_;  // how steeply the rate grows from there
  // A bucket that tokens drip into, each good for one attempt.
  double rate_ = 0;
  double tokens_ = 0;
  double filled_at_ = 0;
};

}  // namespace sagewarden::aws
