#include "aws/credential_cache.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace sagewarden::aws {
namespace {

constexpr int64_t kRenewBefore = 900;  // seconds
constexpr int64_t kRequireBefore = 300;
// How long a failure is given out again, and how long a renewal that failed is not tried again: a
// thousand calls must not ask a thousand times.
constexpr int64_t kFailureHolds = 10;

}  // namespace

struct CredentialCache::Impl {
  enum class State { Good, Renew, Needed };

  State state(int64_t now) const;
  bool has_failed(int64_t now) const;
  Result<Credentials> outcome(int64_t now) const;
  bool needs_fetch(int64_t now) const { return state(now) == State::Needed && !has_failed(now); }
  void keep(Result<Credentials> got);
  void fetch(std::unique_lock<std::mutex>& lock);
  void fetch_beside();
  void serve_waiters(std::unique_lock<std::mutex>& lock);

  std::unique_ptr<CredentialSource> source;
  Clock clock;

  std::mutex mutex;
  std::condition_variable fetched;
  // All guarded by the mutex.
  std::optional<Credentials> current;
  int64_t fetched_at = 0;
  std::optional<Error> failure;
  int64_t failed_at = 0;
  bool fetching = false;
  std::vector<Done> waiters;
  std::thread beside;  // fetches while the work goes on
};

CredentialCache::Impl::State CredentialCache::Impl::state(int64_t now) const {
  if (!current) return State::Needed;
  if (!current->expires) return State::Good;
  const int64_t life = *current->expires - fetched_at;
  const int64_t left = *current->expires - now;
  if (left > std::min(kRenewBefore, life / 4)) return State::Good;
  return left > std::min(kRequireBefore, life / 12) ? State::Renew : State::Needed;
}

bool CredentialCache::Impl::has_failed(int64_t now) const {
  return failure && now - failed_at < kFailureHolds;
}

// Old ones that have not expired are better than none.
Result<Credentials> CredentialCache::Impl::outcome(int64_t now) const {
  if (current && (!current->expires || *current->expires > now)) return *current;
  if (failure) return tl::make_unexpected(*failure);
  return fail(Error::Code::Denied, "the credentials have expired");
}

// Asks the source, without the lock, until nobody waits. Only for whom has set `fetching`.
void CredentialCache::Impl::fetch(std::unique_lock<std::mutex>& lock) {
  do {
    lock.unlock();
    Result<Credentials> got = source->fetch();
    lock.lock();
    keep(std::move(got));
    serve_waiters(lock);
    // Some come while others are called; what was brought may have expired for them.
    while (!waiters.empty() && !needs_fetch(clock())) serve_waiters(lock);
  } while (!waiters.empty());
  fetching = false;
  fetched.notify_all();
}

void CredentialCache::Impl::keep(Result<Credentials> got) {
  if (got && got->expires && *got->expires <= clock())
    got = fail(Error::Code::Denied, "the credentials from " + got->source +
                                        " have expired already; is this machine's clock right?");
  if (got) {
    current = std::move(*got);
    fetched_at = clock();
    failure.reset();
  } else {
    failure = std::move(got.error());
    failed_at = clock();
  }
}

void CredentialCache::Impl::serve_waiters(std::unique_lock<std::mutex>& lock) {
  const std::vector<Done> served = std::exchange(waiters, {});
  const Result<Credentials> result = outcome(clock());
  lock.unlock();
  for (const Done& done : served) done(result);
  lock.lock();
}

void CredentialCache::Impl::fetch_beside() {
  fetching = true;
  // The last one has let go of the lock for good, so this does not wait.
  if (beside.joinable()) beside.join();
  beside = std::thread([this] {
    std::unique_lock lock(mutex);
    fetch(lock);
  });
}

CredentialCache::CredentialCache(std::unique_ptr<CredentialSource> source, Clock clock)
    : impl_(std::make_unique<Impl>()) {
  impl_->source = std::move(source);
  impl_->clock = std::move(clock);
}

CredentialCache::~CredentialCache() {
  if (impl_->beside.joinable()) impl_->beside.join();
}

Result<Credentials> CredentialCache::get() {
  std::unique_lock lock(impl_->mutex);
  while (true) {
    const int64_t now = impl_->clock();
    const Impl::State state = impl_->state(now);
    const bool failed = impl_->has_failed(now);
    if (state == Impl::State::Renew && !impl_->fetching && !failed) impl_->fetch_beside();
    if (state != Impl::State::Needed) return *impl_->current;
    if (failed) return impl_->outcome(now);
    if (impl_->fetching) {
      impl_->fetched.wait(lock, [this] { return !impl_->fetching; });
      continue;
    }
    impl_->fetching = true;
    impl_->fetch(lock);
    return impl_->outcome(impl_->clock());
  }
}

void CredentialCache::get(Done done) {
  std::unique_lock lock(impl_->mutex);
  const int64_t now = impl_->clock();
  const Impl::State state = impl_->state(now);
  const bool fetches = state != Impl::State::Good && !impl_->has_failed(now);
  if (fetches && !impl_->fetching) impl_->fetch_beside();
  if (fetches && state == Impl::State::Needed) {
    impl_->waiters.push_back(std::move(done));
    return;
  }
  const Result<Credentials> result = impl_->outcome(now);
  lock.unlock();
  done(result);
}

void CredentialCache::reject(const Credentials& credentials) {
  const std::lock_guard lock(impl_->mutex);
  const std::optional<Credentials>& current = impl_->current;
  if (!current || current->access_key_id != credentials.access_key_id ||
      current->session_token.reveal() != credentials.session_token.reveal())
    return;
  impl_->current.reset();
  impl_->failure.reset();
}

}  // namespace sagewarden::aws
