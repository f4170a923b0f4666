#include "aws/http.h"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "aws/handover.h"
#include "aws/libcurl.h"
#include "base/file.h"
#include "base/text.h"

namespace sagewarden::aws {
namespace {

using Clock = std::chrono::steady_clock;
using HttpKind = HttpFailure::Kind;

struct FreeEasy {
  void operator()(CURL* handle) const { libcurl().easy_cleanup(handle); }
};
struct FreeMulti {
  void operator()(CURLM* handle) const { libcurl().multi_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { libcurl().slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, FreeEasy>;
using Multi = std::unique_ptr<CURLM, FreeMulti>;
using List = std::unique_ptr<curl_slist, FreeList>;

// One request on its way. libcurl keeps pointers into it, so it stays where it is.
struct Transfer {
  HttpRequest request;
  HttpClient::Done done;
  HttpResponse response;
  size_t limit = 0;
  size_t received = 0;  // headers too
  bool too_large = false;
  Easy easy;
  List headers;
  std::array<char, CURL_ERROR_SIZE> error{};

  bool count(size_t bytes) {
    received += bytes;
    too_large = received > limit;
    return !too_large;
  }
};

size_t on_body(char* data, size_t size, size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (!transfer.count(size * count)) return 0;
  transfer.response.body.append(data, size * count);
  return size * count;
}

size_t on_header(char* data, size_t size, size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (!transfer.count(size * count)) return 0;
  const std::string_view line = trim({data, size * count});
  // What came before was of another answer: a proxy's, or "100 Continue".
  if (line.starts_with("HTTP/")) transfer.response.headers.clear();
  const size_t colon = line.find(':');
  if (colon != std::string_view::npos)
    transfer.response.headers.push_back(
        {std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))});
  return size * count;
}

bool holds_line_end(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

// The headers as libcurl wants them; null when one would become two.
List header_list(const HttpRequest& request) {
  curl_slist* list = nullptr;
  // What libcurl would add by itself: a pause before bodies, and the type of a form.
  list = libcurl().slist_append(list, "Expect:");
  bool has_type = false;
  for (const Header& header : request.headers) {
    if (holds_line_end(header.name) || holds_line_end(header.value)) {
      libcurl().slist_free_all(list);
      return nullptr;
    }
    has_type = has_type || lower(header.name) == "content-type";
    // "Name:" would take the header away.
    const std::string line =
        header.value.empty() ? header.name + ";" : header.name + ": " + header.value;
    list = libcurl().slist_append(list, line.c_str());
  }
  if (!has_type) list = libcurl().slist_append(list, "Content-Type:");
  return List(list);
}

HttpKind kind_of(CURLcode code, const Transfer& transfer) {
  if (transfer.too_large) return HttpKind::TooLarge;
  curl_off_t connected = 0;  // microseconds until the request could be sent; 0 when it never was
  libcurl().easy_getinfo(transfer.easy.get(), CURLINFO_PRETRANSFER_TIME_T, &connected);
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return HttpKind::Untrusted;
    case CURLE_OPERATION_TIMEDOUT:
      return connected == 0 ? HttpKind::NotConnected : HttpKind::TimedOut;
    default:
      return connected == 0 ? HttpKind::NotConnected : HttpKind::Broken;
  }
}

HttpFailure failure_of(CURLcode code, const Transfer& transfer) {
  const HttpKind kind = kind_of(code, transfer);
  const std::string host = host_of(transfer.request.origin);
  if (kind == HttpKind::TooLarge)
    return {kind, fmt::format("the answer of {} is larger than the {} bytes that one may have",
                              host, transfer.limit)};
  const std::string_view words =
      transfer.error[0] != '\0' ? transfer.error.data() : libcurl().easy_strerror(code);
  return {kind, fmt::format("{}: {}", host, printable(words))};
}

}  // namespace

struct HttpClient::Impl {
  explicit Impl(HttpOptions wanted) : options(std::move(wanted)), multi(libcurl().multi_init()) {
    libcurl().multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS,
                           static_cast<long>(options.max_transfers * 2));
    libcurl().multi_setopt(multi.get(), CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
  }

  void wake() { libcurl().multi_wakeup(multi.get()); }

  void run();
  void run_tasks();
  void begin_waiting();
  void begin(std::unique_ptr<Transfer> transfer);
  void set_options(Transfer& transfer) const;
  void finish_done();
  void finish_all();
  void finish(std::unique_ptr<Transfer> transfer, HttpResult result);
  std::unique_ptr<Transfer> take_active(CURL* easy);
  int wait_ms();
  bool is_idle();

  const HttpOptions options;
  const Multi multi;
  std::atomic<bool> cancelled = false;
  std::atomic<bool> quit = false;
  std::atomic<uint64_t> sent = 0;
  std::atomic<uint64_t> received = 0;
  std::atomic<uint64_t> connections = 0;

  std::mutex mutex;
  // Guarded by the mutex.
  std::deque<std::unique_ptr<Transfer>> waiting;
  std::multimap<Clock::time_point, Task> timers;

  // The thread's own.
  std::map<CURL*, std::unique_ptr<Transfer>> active;
  std::vector<Easy> idle;

  std::thread thread;
};

void HttpClient::Impl::run() {
  // A connection that breaks while it is written to must not end the program (OpenSSL's writes
  // raise SIGPIPE), and an interrupt is for the thread that waits for it.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  while (!quit || !is_idle()) {
    run_tasks();
    if (cancelled) finish_all();
    begin_waiting();
    int running = 0;
    libcurl().multi_perform(multi.get(), &running);
    finish_done();
    libcurl().multi_poll(multi.get(), nullptr, 0, wait_ms(), nullptr);
  }
}

bool HttpClient::Impl::is_idle() {
  const std::lock_guard lock(mutex);
  return waiting.empty() && timers.empty() && active.empty();
}

// Milliseconds until there is something to do that libcurl does not know of.
int HttpClient::Impl::wait_ms() {
  constexpr int kLongest = 60'000;
  const std::lock_guard lock(mutex);
  const bool can_begin = !waiting.empty() && active.size() < options.max_transfers;
  if (can_begin || (quit && active.empty())) return 0;
  if (timers.empty()) return kLongest;
  if (cancelled) return 0;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(timers.begin()->first - Clock::now());
  return static_cast<int>(std::clamp<int64_t>(left.count(), 0, kLongest));
}

// Those that are due when it begins: tasks that make tasks must not keep transfers waiting.
void HttpClient::Impl::run_tasks() {
  std::vector<Task> due;
  {
    const std::lock_guard lock(mutex);
    const auto end = cancelled ? timers.end() : timers.upper_bound(Clock::now());
    for (auto at = timers.begin(); at != end; ++at) due.push_back(std::move(at->second));
    timers.erase(timers.begin(), end);
  }
  for (const Task& task : due) task();
}

void HttpClient::Impl::begin_waiting() {
  while (active.size() < options.max_transfers) {
    std::unique_ptr<Transfer> next;
    {
      const std::lock_guard lock(mutex);
      if (waiting.empty()) return;
      next = std::move(waiting.front());
      waiting.pop_front();
    }
    begin(std::move(next));
  }
}

void HttpClient::Impl::set_options(Transfer& transfer) const {
  const auto set = libcurl().easy_setopt;
  CURL* easy = transfer.easy.get();
  const HttpRequest& request = transfer.request;
  std::string url = request.origin + request.path;
  if (!request.query.empty()) (url += '?') += request.query;
  set(easy, CURLOPT_URL, url.c_str());
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_PATH_AS_IS, 1L);  // what was signed is what is sent
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.ca_bundle.empty()) set(easy, CURLOPT_CAINFO, options.ca_bundle.c_str());
  if (request.proxy == HttpRequest::Proxy::Never) set(easy, CURLOPT_PROXY, "");
  if (request.connection == HttpRequest::Connection::Fresh) set(easy, CURLOPT_FRESH_CONNECT, 1L);

  if (request.method != "GET" || !request.body.empty()) {
    set(easy, CURLOPT_POSTFIELDS, request.body.data());
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  }
  set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  set(easy, CURLOPT_HTTPHEADER, transfer.headers.get());

  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.timeouts.connect.count()));
  set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(request.timeouts.idle.count()));
  set(easy, CURLOPT_TIMEOUT, static_cast<long>(request.timeouts.whole.count()));

  set(easy, CURLOPT_WRITEFUNCTION, on_body);
  set(easy, CURLOPT_WRITEDATA, &transfer);
  set(easy, CURLOPT_HEADERFUNCTION, on_header);
  set(easy, CURLOPT_HEADERDATA, &transfer);
  set(easy, CURLOPT_ERRORBUFFER, transfer.error.data());
}

void HttpClient::Impl::begin(std::unique_ptr<Transfer> transfer) {
  transfer->headers = header_list(transfer->request);
  if (!transfer->headers) {
    const std::string host = host_of(transfer->request.origin);
    finish(std::move(transfer), tl::make_unexpected(HttpFailure{
                                    HttpKind::NotConnected, host + ": a header holds a line end"}));
    return;
  }
  transfer->limit = options.max_response_bytes;
  if (idle.empty()) {
    transfer->easy.reset(libcurl().easy_init());
  } else {
    transfer->easy = std::move(idle.back());
    idle.pop_back();
  }
  set_options(*transfer);
  CURL* easy = transfer->easy.get();
  active.emplace(easy, std::move(transfer));
  libcurl().multi_add_handle(multi.get(), easy);
}

std::unique_ptr<Transfer> HttpClient::Impl::take_active(CURL* easy) {
  const auto found = active.find(easy);
  std::unique_ptr<Transfer> transfer = std::move(found->second);
  active.erase(found);
  return transfer;
}

void HttpClient::Impl::finish(std::unique_ptr<Transfer> transfer, HttpResult result) {
  if (transfer->easy) {
    CURL* easy = transfer->easy.get();
    libcurl().multi_remove_handle(multi.get(), easy);
    curl_off_t up = 0;
    long request_bytes = 0;
    long connects = 0;
    libcurl().easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &up);
    libcurl().easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &request_bytes);
    libcurl().easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
    sent += static_cast<uint64_t>(up) + static_cast<uint64_t>(request_bytes);
    received += transfer->received;
    connections += static_cast<uint64_t>(connects);
    libcurl().easy_reset(easy);
    idle.push_back(std::move(transfer->easy));
  }
  const Done done = std::move(transfer->done);
  transfer.reset();
  done(std::move(result));
}

void HttpClient::Impl::finish_done() {
  int left = 0;
  while (const CURLMsg* message = libcurl().multi_info_read(multi.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    CURL* easy = message->easy_handle;
    std::unique_ptr<Transfer> transfer = take_active(easy);
    if (code != CURLE_OK) {
      HttpFailure failure = failure_of(code, *transfer);
      finish(std::move(transfer), tl::make_unexpected(std::move(failure)));
      continue;
    }
    long status = 0;
    libcurl().easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    transfer->response.status = static_cast<int>(status);
    HttpResponse response = std::move(transfer->response);
    finish(std::move(transfer), std::move(response));
  }
}

// After a cancellation.
void HttpClient::Impl::finish_all() {
  const auto end = [this](std::unique_ptr<Transfer> transfer) {
    const std::string host = host_of(transfer->request.origin);
    finish(std::move(transfer),
           tl::make_unexpected(HttpFailure{HttpKind::Cancelled, host + ": cancelled"}));
  };
  while (!active.empty()) end(take_active(active.begin()->first));
  std::deque<std::unique_ptr<Transfer>> never_begun;
  {
    const std::lock_guard lock(mutex);
    never_begun.swap(waiting);
  }
  for (auto& transfer : never_begun) end(std::move(transfer));
}

Result<HttpClient> HttpClient::create(HttpOptions options) {
  TRY_DO(load_libcurl());
  if (!options.ca_bundle.empty() && access(options.ca_bundle.c_str(), R_OK) != 0)
    return fail(Error::Code::NotFound, fmt::format("cannot read the CA bundle {}: {}",
                                                   options.ca_bundle, system_message(errno)));
  return HttpClient(std::make_unique<Impl>(std::move(options)));
}

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {
  impl_->thread = std::thread([running = impl_.get()] { running->run(); });
}

HttpClient::HttpClient(HttpClient&&) noexcept = default;

HttpClient::~HttpClient() {
  if (!impl_) return;  // moved away
  impl_->quit = true;
  cancel();
  impl_->thread.join();
}

void HttpClient::start(HttpRequest request, Done done) {
  auto transfer = std::make_unique<Transfer>();
  transfer->request = std::move(request);
  transfer->done = std::move(done);
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->waiting.push_back(std::move(transfer));
  }
  impl_->wake();
}

HttpResult HttpClient::send(HttpRequest request) {
  Handover<HttpResult> handover;
  start(std::move(request), [&](HttpResult result) { handover.set(std::move(result)); });
  return handover.wait();
}

void HttpClient::post(Task task) {
  post_after(std::chrono::milliseconds(0), std::move(task));
}

void HttpClient::post_after(std::chrono::milliseconds delay, Task task) {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->timers.emplace(Clock::now() + delay, std::move(task));
  }
  impl_->wake();
}

void HttpClient::cancel() {
  impl_->cancelled = true;
  impl_->wake();
}

bool HttpClient::is_cancelled() const {
  return impl_->cancelled;
}
uint64_t HttpClient::bytes_sent() const {
  return impl_->sent;
}
uint64_t HttpClient::bytes_received() const {
  return impl_->received;
}
uint64_t HttpClient::connections() const {
  return impl_->connections;
}

std::optional<int64_t> parse_http_date(std::string_view text) {
  const Result<const Libcurl*> curl = load_libcurl();
  if (!curl) return std::nullopt;
  const time_t seconds = (*curl)->getdate(std::string(text).c_str(), nullptr);
  if (seconds < 0) return std::nullopt;
  return seconds;
}

}  // namespace sagewarden::aws
