#include "aws/retry.h"

#include <algorithm>
#include <iterator>

namespace sagewarden::aws {
namespace {

constexpr int kRetryCost = 5;
constexpr int kTimeoutCost = 10;
constexpr double kMaxBackoffMs = 20'000;

// botocore, retries/standard.py. LimitExceededException is in AWS's list too, although some
// services mean a quota by it; attempts are limited.
constexpr std::string_view kThrottled[] = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "RequestThrottled",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
};
constexpr std::string_view kTransient[] = {
    // S3, when two write to the same key:
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
    "ConditionalRequestConflict",  "OperationAborted",        "RequestTimeout",
    "RequestTimeoutException",     "InternalError",           "InternalFailure",
    "InternalServerError",         "InternalServerException", "ServiceUnavailable",
    "ServiceUnavailableException", "IDPCommunicationError"};
// Of these, only those that come with a Date far from ours are really about the clock.
constexpr std::string_view kSkewed[] = {"RequestTimeTooSkewed",  "RequestInTheFuture",
                                        "RequestExpired",        "InvalidSignatureException",
                                        "SignatureDoesNotMatch", "AuthFailure"};
constexpr std::string_view kExpired[] = {"ExpiredToken", "ExpiredTokenException",
                                         "TokenRefreshRequired"};

bool is_in(std::string_view code, auto& codes) {
  return std::ranges::find(codes, code) != std::end(codes);
}

}  // namespace

Failure classify(std::string_view error_code, int status) {
  if (is_in(error_code, kThrottled)) return Failure::Throttled;
  if (is_in(error_code, kTransient)) return Failure::Transient;
  if (is_in(error_code, kSkewed)) return Failure::Skewed;
  if (is_in(error_code, kExpired)) return Failure::Expired;
  if (status == 429) return Failure::Throttled;
  if (status == 500 || status == 502 || status == 503 || status == 504) return Failure::Transient;
  return Failure::Final;
}

std::chrono::milliseconds backoff(int retry, double random) {
  constexpr int kFarEnough = 5;  // 32 seconds, more than the limit
  const double doubled = 1'000.0 * (1 << std::min(retry, kFarEnough));
  return std::chrono::milliseconds(static_cast<int64_t>(random * std::min(kMaxBackoffMs, doubled)));
}

int RetryBudget::take(Failure failure) {
  const int cost = failure == Failure::TimedOut ? kTimeoutCost : kRetryCost;
  if (left_ < cost) return 0;
  left_ -= cost;
  return cost;
}

void RetryBudget::succeeded(int last_cost) {
  constexpr int kFirstAttempt = 1;
  left_ = std::min(kCapacity, left_ + (last_cost == 0 ? kFirstAttempt : last_cost));
}

}  // namespace sagewarden::aws
