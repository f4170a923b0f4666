// HTTP by libcurl. One thread runs an event loop for all transfers and timers; connections are kept
// and used again; HTTP/1.1 only (libcurl 7.88 loses some POSTs over HTTP/2). Only http.cc includes
// curl itself.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aws/http_message.h"
#include "base/result.h"

namespace sagewarden::aws {

// Why there is no answer.
struct HttpFailure {
  enum class Kind {
    NotConnected,  // nothing was sent: name, connection, TLS handshake
    Untrusted,     // the peer's certificate is not one to trust
    TimedOut,      // connected, and then too slow
    Broken,        // the connection ended in the middle
    TooLarge,      // the answer is larger than is allowed
    Cancelled,
  };
  Kind kind;
  std::string message;
};
using HttpResult = tl::expected<HttpResponse, HttpFailure>;

struct HttpOptions {
  std::string ca_bundle = {};  // a file; empty: the system's
  size_t max_transfers = 64;   // at once; further ones wait their turn
  size_t max_response_bytes = size_t{32} << 20;
};

// May be used by several threads at once. Whatever it calls back runs on its own thread, one at a
// time, and must not wait (for another transfer, least of all).
class HttpClient {
 public:
  using Done = std::function<void(HttpResult)>;
  using Task = std::function<void()>;

  // Errors: the CA bundle cannot be read.
  static Result<HttpClient> create(HttpOptions options);
  // Cancels what is left and waits for the last call back.
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) = delete;

  void start(HttpRequest request, Done done);
  // Waits for the answer. Not from a call back.
  HttpResult send(HttpRequest request);

  // Runs the task on the client's thread: as soon as it can, or after a while. After cancel(), at
  // once.
  void post(Task task);
  void post_after(std::chrono::milliseconds delay, Task task);

  // Ends all transfers and timers, and all that are started later. Cannot be taken back.
  void cancel();
  bool is_cancelled() const;

  uint64_t bytes_sent() const;
  uint64_t bytes_received() const;
  uint64_t connections() const;  // that were made

 private:
  struct Impl;
  explicit HttpClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Seconds since 1970 of a Date header; nothing when it is none.
std::optional<int64_t> parse_http_date(std::string_view text);

}  // namespace sagewarden::aws
