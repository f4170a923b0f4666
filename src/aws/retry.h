// When a failed call is worth another attempt, and how long to wait before it: the "standard" mode
// of AWS's SDKs. No clock and no randomness in here; both come in as arguments.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace sagewarden::aws {

enum class RetryMode {
  Standard,
  Adaptive,  // also keeps calls below the rate at which AWS throttles (rate_limiter.h)
};

struct RetrySettings {
  RetryMode mode = RetryMode::Adaptive;
  // With the first. More than the SDKs' three: what they give up on would be a gap in a scan, and a
  // scan can wait.
  int max_attempts = 10;
};

// What a failed attempt means for the next one.
enum class Failure {
  Final,      // the same again would fail again
  Throttled,  // AWS asks to be asked less; nothing was done
  Refused,    // never reached the service; nothing was done
  Transient,  // may work next time; whether anything was done is unknown
  TimedOut,   // the same, and costly
  Skewed,     // our clock is wrong
  Expired,    // the credentials are no longer good
};

// Of an answer. The error code decides; only where it says nothing does the HTTP status: AWS
// throttles with status 400.
Failure classify(std::string_view error_code, int status);

// Full jitter: anything from nothing to the whole of what doubles with every retry, up to 20
// seconds. `retry` counts from 0, `random` is in [0, 1).
std::chrono::milliseconds backoff(int retry, double random);

// Stops retries when most attempts fail, so that an outage is not made worse: retries cost, and
// what succeeds earns.
class RetryBudget {
 public:
  // What the retry costs; 0 when there is not enough left: then there is no retry.
  int take(Failure failure);
  // After a success; `last_cost` is what its last retry cost, 0 when it was the first attempt.
  void succeeded(int last_cost);

 private:
  static constexpr int kCapacity = 500;
  int left_ = kCapacity;
};

}  // namespace sagewarden::aws
