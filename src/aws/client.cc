#include "aws/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <utility>

#include "aws/handover.h"
#include "aws/protocol.h"
#include "aws/rate_limiter.h"
#include "aws/sigv4.h"
#include "base/time.h"

namespace sagewarden::aws {
namespace {

using Steady = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;
using Kind = CallError::Kind;
using HttpKind = HttpFailure::Kind;

// A clock that is off by less than this is not why AWS refused a signature (it allows five).
constexpr int64_t kSkewMatters = 240;  // seconds

double seconds_of(Steady::time_point time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

struct Pace;

// A call on its way through its attempts. Touched by the HTTP client's thread only, once begun.
struct Flight {
  Call call;
  Client::Done done;
  const Service* service = nullptr;
  Endpoint endpoint;
  HttpRequest request;               // without date and signature
  std::optional<CallError> refused;  // before anything was sent
  Result<Credentials> credentials = Credentials{};
  Pace* pace = nullptr;
  int attempts = 0;
  int last_cost = 0;
  bool clock_was_set = false;
  bool was_renewed = false;
  int64_t signed_at = 0;
  Steady::time_point begun;    // this attempt
  Steady::time_point waiting;  // since when, for its turn
  OperationCounts counts;      // of this call
  std::list<Flight>::iterator self;
};

// What AWS counts together when it throttles: the calls of one operation in an account and Region.
struct Pace {
  RateLimiter limiter;
  std::list<Flight*> waiting;  // a deque takes half a kilobyte when it is empty, and there are many
  bool has_timer = false;
  RetryBudget* budget = nullptr;
};

// How an attempt ended, when not with an answer.
struct Setback {
  CallError error;
  Failure failure = Failure::Final;
};

Failure failure_of(HttpKind kind) {
  switch (kind) {
    case HttpKind::NotConnected:
      return Failure::Refused;
    case HttpKind::TimedOut:
      return Failure::TimedOut;
    case HttpKind::Broken:
      return Failure::Transient;
    case HttpKind::Untrusted:
    case HttpKind::TooLarge:
    case HttpKind::Cancelled:
      break;
  }
  return Failure::Final;
}

// Whether the same call may be sent once more after this.
bool may_repeat(Failure failure, std::string_view operation) {
  switch (failure) {
    case Failure::Final:
      return false;
    case Failure::Throttled:
    case Failure::Refused:
    case Failure::Skewed:
    case Failure::Expired:
      return true;  // nothing was done
    case Failure::Transient:
    case Failure::TimedOut:
      break;
  }
  return is_idempotent(operation);
}

CallError error_about(const Call& call) {
  return {.service = call.service,
          .operation = call.operation,
          .region = call.region,
          .account = call.account};
}

}  // namespace

ClientWorld real_world() {
  return {.now = seconds_now,
          .random = [random = std::mt19937_64(std::random_device{}())]() mutable {
            return std::uniform_real_distribution<double>(0, 1)(random);
          }};
}

struct Client::Impl {
  HttpClient& http;
  const Settings& settings;
  Log* log;
  ClientWorld world;

  std::mutex mutex;
  std::condition_variable landed;
  // Guarded by the mutex. A flight itself is not: see there.
  std::list<Flight> flights;
  std::map<std::pair<std::string, std::string>, OperationCounts> totals;

  std::atomic<uint64_t> throttled_attempts = 0;

  // The HTTP client's thread's own.
  std::map<std::string, Pace> paces;
  std::map<std::string, RetryBudget> budgets;
  std::map<std::string, int64_t> clock_offsets;  // seconds that AWS's clock is ahead, by origin

  Impl(HttpClient& http_client, const Settings& wanted, Log* messages, ClientWorld surroundings)
      : http(http_client), settings(wanted), log(messages), world(std::move(surroundings)) {}

  void prepare(Flight& flight) const;
  void begin(Flight& flight);
  void line_up(Flight& flight);
  void release(Pace& pace);
  void send(Flight& flight);
  void received(Flight& flight, HttpResult result);
  tl::expected<json::Document, Setback> read(const Flight& flight, const HttpResult& result) const;
  bool try_again(Flight& flight, const Setback& setback, const HttpResult& result);
  bool set_clock(Flight& flight, const HttpResult& result);
  void finish(Flight& flight, Answer answer);
  Pace& pace_of(const Call& call);
  int64_t now_at(const Flight& flight);
  void tell(const Flight& flight, std::string_view outcome) const;
};

void Client::Impl::prepare(Flight& flight) const {
  const Call& call = flight.call;
  const auto refuse = [&](std::string message) {
    flight.refused = error_about(call);
    flight.refused->kind = Kind::Invalid;
    flight.refused->message = std::move(message);
  };
  flight.service = find_service(call.service);
  if (flight.service == nullptr) return refuse("no service of this name is known here");
  Result<Endpoint> endpoint = resolve_endpoint(*flight.service, call.region, settings.endpoints);
  if (!endpoint) return refuse(std::move(endpoint.error().message));
  Result<HttpRequest> request =
      encode(*flight.service, call.operation, call.input, *endpoint, call.body);
  if (!request) return refuse(std::move(request.error().message));
  flight.endpoint = std::move(*endpoint);
  flight.request = std::move(*request);
  flight.request.headers.push_back({"User-Agent", "sagewarden"});
  for (const Header& header : call.headers) flight.request.headers.push_back(header);
  if (!is_idempotent(call.operation)) flight.request.connection = HttpRequest::Connection::Fresh;
}

Pace& Client::Impl::pace_of(const Call& call) {
  const std::string scope = fmt::format("{} {} {}", call.account, call.region, call.service);
  Pace& pace = paces[scope + " " + call.operation];
  pace.budget = &budgets[scope];
  return pace;
}

// One attempt, from the credentials on: they may have been renewed since the last.
void Client::Impl::begin(Flight& flight) {
  if (flight.refused) return finish(flight, tl::make_unexpected(std::move(*flight.refused)));
  if (flight.call.credentials == nullptr) return line_up(flight);
  // Calls back at once, or later from another thread.
  flight.call.credentials->get([this, &flight](Result<Credentials> got) {
    flight.credentials = std::move(got);
    http.post([this, &flight] { line_up(flight); });
  });
}

void Client::Impl::line_up(Flight& flight) {
  if (!flight.credentials) {
    CallError error = error_about(flight.call);
    error.kind = http.is_cancelled() ? Kind::Cancelled : Kind::Credentials;
    error.message = flight.credentials.error().message;
    return finish(flight, tl::make_unexpected(std::move(error)));
  }
  flight.pace = &pace_of(flight.call);
  flight.waiting = Steady::now();
  flight.pace->waiting.push_back(&flight);
  release(*flight.pace);
}

// Sends as many as the limiter lets go, and comes back for the others.
void Client::Impl::release(Pace& pace) {
  const bool limited = settings.retries.mode == RetryMode::Adaptive && !http.is_cancelled();
  while (!pace.waiting.empty()) {
    const Milliseconds wait =
        limited ? pace.limiter.acquire(seconds_of(Steady::now())) : Milliseconds(0);
    if (wait.count() > 0) {
      if (pace.has_timer) return;
      pace.has_timer = true;
      http.post_after(wait, [this, &pace] {
        pace.has_timer = false;
        release(pace);
      });
      return;
    }
    Flight& next = *pace.waiting.front();
    pace.waiting.pop_front();
    const auto waited = std::chrono::duration_cast<Milliseconds>(Steady::now() - next.waiting);
    next.counts.waited += waited;
    next.counts.held += waited;
    send(next);
  }
}

int64_t Client::Impl::now_at(const Flight& flight) {
  return world.now() + clock_offsets[flight.endpoint.origin];
}

void Client::Impl::send(Flight& flight) {
  ++flight.attempts;
  ++flight.counts.attempts;
  HttpRequest request = flight.request;
  flight.signed_at = now_at(flight);
  if (flight.call.credentials != nullptr)
    sign(
        request, *flight.credentials,
        {.region = flight.endpoint.region,
         .service = flight.endpoint.signing_name,
         .time = flight.signed_at,
         .paths = flight.service->protocol == Protocol::S3 ? PathRule::Keep : PathRule::Normalise});
  flight.begun = Steady::now();
  http.start(std::move(request),
             [this, &flight](HttpResult result) { received(flight, std::move(result)); });
}

void Client::Impl::received(Flight& flight, HttpResult result) {
  if (result) flight.counts.bytes += result->body.size();
  tl::expected<json::Document, Setback> answer = read(flight, result);
  const bool throttled = !answer && answer.error().failure == Failure::Throttled;
  if (result)
    flight.pace->limiter.finished(throttled, seconds_of(flight.begun), seconds_of(Steady::now()));
  if (throttled) {
    ++flight.counts.throttled;
    throttled_attempts.fetch_add(1, std::memory_order_relaxed);
  }
  if (answer) {
    flight.pace->budget->succeeded(flight.last_cost);
    tell(flight, fmt::format("{} bytes", result->body.size()));
    return finish(flight, std::move(*answer));
  }
  Setback& setback = answer.error();
  tell(flight, setback.error.code.empty() ? setback.error.message : setback.error.code);
  if (try_again(flight, setback, result)) return;
  setback.error.attempts = flight.attempts;
  finish(flight, tl::make_unexpected(std::move(setback.error)));
}

tl::expected<json::Document, Setback> Client::Impl::read(const Flight& flight,
                                                         const HttpResult& result) const {
  Setback setback;
  setback.error = error_about(flight.call);
  CallError& error = setback.error;
  if (!result) {
    error.kind = result.error().kind == HttpKind::Cancelled  ? Kind::Cancelled
                 : result.error().kind == HttpKind::TooLarge ? Kind::Malformed
                                                             : Kind::Failed;
    error.message = result.error().message;
    setback.failure = failure_of(result.error().kind);
    return tl::make_unexpected(std::move(setback));
  }
  tl::expected<json::Document, ServiceError> answer =
      decode(*flight.service, flight.call.operation, *result);
  if (answer) return std::move(*answer);
  ServiceError& said = answer.error();
  error.http_status = result->status;
  error.request_id = request_id(*result);
  error.kind = said.malformed ? Kind::Malformed : kind_of(said.code, said.message, result->status);
  error.code = std::move(said.code);
  error.message = std::move(said.message);
  // What says 200 and is no answer came from something in between, or was cut off: as good as lost.
  const bool lost = said.malformed && result->status < 300;
  setback.failure = lost ? Failure::Transient : classify(error.code, result->status);
  return tl::make_unexpected(std::move(setback));
}

// Whether there will be another attempt.
bool Client::Impl::try_again(Flight& flight, const Setback& setback, const HttpResult& result) {
  const Failure failure = setback.failure;
  if (http.is_cancelled() || flight.attempts >= settings.retries.max_attempts) return false;
  if (!may_repeat(failure, flight.call.operation)) return false;
  if (failure == Failure::Skewed) {
    if (!set_clock(flight, result)) return false;
    begin(flight);
    return true;
  }
  if (failure == Failure::Expired) {
    if (flight.was_renewed || flight.call.credentials == nullptr) return false;
    flight.was_renewed = true;
    flight.call.credentials->reject(*flight.credentials);
    begin(flight);
    return true;
  }
  const int cost = flight.pace->budget->take(failure);
  if (cost == 0) return false;
  flight.last_cost = cost;
  const Milliseconds delay = backoff(flight.attempts - 1, world.random());
  flight.counts.waited += delay;
  if (failure == Failure::Throttled) flight.counts.held += delay;
  http.post_after(delay, [this, &flight] { begin(flight); });
  return true;
}

// Takes AWS's time from its answer; false when that is not what was wrong.
bool Client::Impl::set_clock(Flight& flight, const HttpResult& result) {
  const std::optional<int64_t> theirs = parse_http_date(result->header("date"));
  if (flight.clock_was_set || !theirs) return false;
  if (std::abs(*theirs - flight.signed_at) < kSkewMatters) return false;
  flight.clock_was_set = true;
  clock_offsets[flight.endpoint.origin] = *theirs - world.now();
  return true;
}

void Client::Impl::tell(const Flight& flight, std::string_view outcome) const {
  if (log == nullptr) return;
  const auto took = std::chrono::duration_cast<Milliseconds>(Steady::now() - flight.begun);
  const Call& call = flight.call;
  log->info(fmt::format("{}:{} in {}{}{}, attempt {}: {} after {} ms", call.service, call.operation,
                        call.region, call.account.empty() ? "" : " of ", call.account,
                        flight.attempts, outcome, took.count()));
}

void Client::Impl::finish(Flight& flight, Answer answer) {
  const Done done = std::move(flight.done);
  const bool failed = !answer;
  {
    const std::lock_guard lock(mutex);
    OperationCounts& total = totals[{flight.call.service, flight.call.operation}];
    ++total.calls;
    total.attempts += flight.counts.attempts;
    total.throttled += flight.counts.throttled;
    total.failed += failed ? 1 : 0;
    total.bytes += flight.counts.bytes;
    total.waited += flight.counts.waited;
    total.held += flight.counts.held;
  }
  done(std::move(answer));
  const std::lock_guard lock(mutex);
  flights.erase(flight.self);
  landed.notify_all();
}

Client::Client(HttpClient& http, const Settings& settings, Log* log, ClientWorld world)
    : impl_(std::make_unique<Impl>(http, settings, log, std::move(world))) {}

Client::~Client() {
  std::unique_lock lock(impl_->mutex);
  impl_->landed.wait(lock, [this] { return impl_->flights.empty(); });
}

void Client::start(Call call, Done done) {
  std::list<Flight> one(1);
  Flight& flight = one.front();
  flight.call = std::move(call);
  flight.done = std::move(done);
  flight.self = one.begin();
  impl_->prepare(flight);
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->flights.splice(impl_->flights.end(), one);
  }
  impl_->http.post([impl = impl_.get(), &flight] { impl->begin(flight); });
}

Answer Client::call(Call call) {
  Handover<Answer> handover;
  start(std::move(call), [&](Answer answer) { handover.set(std::move(answer)); });
  return handover.wait();
}

uint64_t Client::throttled() const {
  return impl_->throttled_attempts.load(std::memory_order_relaxed);
}

std::vector<OperationCounts> Client::counts() const {
  const std::lock_guard lock(impl_->mutex);
  std::vector<OperationCounts> out;
  for (const auto& [name, counts] : impl_->totals) {
    out.push_back(counts);
    out.back().service = name.first;
    out.back().operation = name.second;
  }
  return out;
}

}  // namespace sagewarden::aws
