// What is sent and what comes back, as plain data.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace sagewarden::aws {

struct Header {
  std::string name;
  std::string value;

  friend bool operator==(const Header&, const Header&) = default;
};

// How long to wait, for one attempt.
struct Timeouts {
  std::chrono::milliseconds connect{10'000};
  std::chrono::seconds idle{60};    // without a byte in either direction
  std::chrono::seconds whole{120};  // all of it: a peer that drips is no reason to wait forever
};

struct HttpRequest {
  enum class Proxy { FromEnvironment, Never };  // Never: metadata services of the machine itself
  // Fresh: for what must not be done twice. When a connection turns out to have been closed while
  // it was idle, libcurl sends the request again.
  enum class Connection { MayBeReused, Fresh };

  std::string method = "GET";
  std::string origin;           // "https://host" or "http://host:port"
  std::string path = "/";       // as it goes over the wire, percent-encoded
  std::string query;            // the same, without the '?'
  std::vector<Header> headers;  // without Host and Content-Length, which follow from the rest
  std::string body;
  Timeouts timeouts;
  Proxy proxy = Proxy::FromEnvironment;
  Connection connection = Connection::MayBeReused;
};

struct HttpResponse {
  int status = 0;
  std::vector<Header> headers;
  std::string body;

  // The first header of that name (in any case), or an empty text.
  std::string_view header(std::string_view name) const;
};

// What stands in the Host header: the origin without the scheme and the scheme's own port.
std::string host_of(std::string_view origin);

// Everything but A-Z a-z 0-9 - _ . ~ becomes %XX; a '/' too, unless it is to be kept.
enum class Slash { Encode, Keep };
std::string percent_encode(std::string_view text, Slash slash = Slash::Encode);

}  // namespace sagewarden::aws
