// Calling AWS's APIs: one call in, one JSON document or one error out. Signs, retries, keeps below
// the rate at which AWS throttles, counts.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "aws/call_error.h"
#include "aws/credential_cache.h"
#include "aws/http.h"
#include "aws/settings.h"
#include "base/json.h"
#include "base/log.h"

namespace sagewarden::aws {

// What is asked, of whom, and as whom.
struct Call {
  std::string service;  // a name in service.h
  std::string operation;
  std::string region;
  std::string account = {};  // for messages, and because AWS throttles by it; may be empty
  std::string input = "{}";  // a JSON object, named as in the API's reference
  // Whose credentials sign it. Must live until the call is done. Null: it is not signed.
  CredentialCache* credentials = nullptr;
  std::string body = {};  // of an object in S3; other operations have none
  // Further headers (a bearer token); they are signed too, and never printed.
  std::vector<Header> headers = {};
};

// The answer as JSON, whatever the protocol. XML answers become objects of texts; a list is an
// array, but an empty one an empty text (no XML answer tells which).
using Answer = tl::expected<json::Document, CallError>;
// The way to AWS for those who call and wait: Client::call(), or a stand-in of a test. May be
// called by several threads at once.
using CallAws = std::function<Answer(Call)>;

// What was done so far, for the summary of a run.
struct OperationCounts {
  std::string service;
  std::string operation;
  uint64_t calls = 0;
  uint64_t attempts = 0;
  uint64_t throttled = 0;               // attempts that AWS throttled
  uint64_t failed = 0;                  // calls that ended in an error
  uint64_t bytes = 0;                   // of answers
  std::chrono::milliseconds waited{0};  // for the rate limit and between retries, added up
  std::chrono::milliseconds held{0};    // of that, because AWS throttles
};

// Where time and chance come from; tests bring their own.
struct ClientWorld {
  std::function<int64_t()> now;    // seconds since 1970, by this machine's clock
  std::function<double()> random;  // in [0, 1); called on the client's thread only
};
ClientWorld real_world();

// May be used by several threads at once.
class Client {
 public:
  using Done = std::function<void(Answer)>;

  // The HTTP client, the settings and the log (which may be null: nothing is said) must outlive it.
  Client(HttpClient& http, const Settings& settings, Log* log, ClientWorld world = real_world());
  // Waits for the calls that are under way; cancel the HTTP client to make that quick.
  ~Client();

  // Calls back on the HTTP client's thread, which must not be kept waiting: no call() in there, but
  // start() is fine. Bound how many are started at once: each takes memory until it is done.
  void start(Call call, Done done);
  // Waits for the answer. Not from a call back.
  [[nodiscard]] Answer call(Call call);

  std::vector<OperationCounts> counts() const;  // sorted by service and operation
  uint64_t throttled() const;                   // attempts that AWS throttled, of all operations

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sagewarden::aws
