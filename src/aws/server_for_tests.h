// An HTTP server on the loopback interface that answers what a test tells it to.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "aws/http_message.h"

namespace sagewarden::aws {

struct Received {
  std::string method;
  std::string target;  // path and query
  std::vector<Header> headers;
  std::string body;
  int connection = 0;  // counts from 1

  std::string header(std::string_view name) const;
};

struct Reply {
  enum class End {
    KeepOpen,
    Close,
    Truncate,  // promises one byte more than it sends, and closes
    Reset,     // sends nothing, and closes
    Hang,      // sends nothing, and stays
  };

  int status = 200;
  std::vector<Header> headers = {};
  std::string body = {};
  End end = End::KeepOpen;
};

class TestServer {
 public:
  // Called by several threads at once, one for each connection.
  using Handler = std::function<Reply(const Received&)>;
  enum class Scheme { Http, Https };

  explicit TestServer(Handler handler, Scheme scheme = Scheme::Http);
  ~TestServer();

  std::string origin() const;       // "http://127.0.0.1:PORT"
  std::string certificate() const;  // in PEM: trusting it is trusting the server
  int requests() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sagewarden::aws
