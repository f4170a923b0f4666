#include "aws/http.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "aws/handover.h"
#include "aws/server_for_tests.h"

namespace sagewarden::aws {
namespace {

namespace fs = std::filesystem;
using HttpKind = HttpFailure::Kind;

class Http : public testing::Test {
 protected:
  void SetUp() override {
    // What the machine is behind has nothing to do with the loopback interface.
    for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
      unsetenv(name);
  }
};

HttpClient create(HttpOptions options = {}) {
  Result<HttpClient> client = HttpClient::create(std::move(options));
  EXPECT_TRUE(client) << client.error().message;
  return std::move(*client);
}

HttpRequest request_to(const TestServer& server, std::string path = "/") {
  HttpRequest request;
  request.origin = server.origin();
  request.path = std::move(path);
  return request;
}

TEST_F(Http, SendsWhatItIsGivenAndNothingElse) {
  TestServer server([](const Received& got) {
    std::string seen = got.method + " " + got.target + "\n";
    for (const Header& header : got.headers) {
      if (header.name != "Host") seen += header.name + ": " + header.value + "\n";
    }
    return Reply{.status = 201, .headers = {{"X-Answer", "  42 "}}, .body = seen + got.body};
  });
  HttpClient client = create();
  HttpRequest post = request_to(server, "/a%20b/../c");
  post.method = "POST";
  post.query = "x=1&y";
  post.headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}, {"Accept", "*/*"}};
  post.body = std::string("{}\0!", 4);
  const HttpResult got = client.send(post);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 201);
  EXPECT_EQ(got->header("x-answer"), "42");
  EXPECT_EQ(got->body,
            "POST /a%20b/../c?x=1&y\nContent-Type: application/json\nX-Empty: \n"
            "Accept: */*\nContent-Length: 4\n" +
                post.body);
  HttpRequest put = request_to(server);
  put.method = "PUT";
  EXPECT_EQ(client.send(put)->body, "PUT /\nAccept: */*\nContent-Length: 0\n");
  EXPECT_EQ(client.send(request_to(server))->body, "GET /\nAccept: */*\n");
  EXPECT_GT(client.bytes_sent(), 100U);
  EXPECT_GT(client.bytes_received(), 100U);
}

TEST_F(Http, KeepsConnections) {
  TestServer server([](const Received& got) {
    return Reply{.body = std::to_string(got.connection),
                 .end = got.target == "/last" ? Reply::End::Close : Reply::End::KeepOpen};
  });
  HttpClient client = create();
  EXPECT_EQ(client.send(request_to(server))->body, "1");
  EXPECT_EQ(client.send(request_to(server))->body, "1");
  EXPECT_EQ(client.send(request_to(server, "/last"))->body, "1");
  EXPECT_EQ(client.send(request_to(server))->body, "2");
  HttpRequest fresh = request_to(server);
  fresh.connection = HttpRequest::Connection::Fresh;
  EXPECT_EQ(client.send(fresh)->body, "3");
  EXPECT_EQ(client.connections(), 3U);
}

TEST_F(Http, SaysWhyThereIsNoAnswer) {
  TestServer server([](const Received& got) {
    if (got.target == "/cut") return Reply{.body = "half", .end = Reply::End::Truncate};
    if (got.target == "/reset") return Reply{.end = Reply::End::Reset};
    if (got.target == "/hang") return Reply{.end = Reply::End::Hang};
    if (got.target == "/headers") return Reply{.headers = {{"X-Long", std::string(2'000, 'x')}}};
    return Reply{.body = std::string(std::stoul(got.target.substr(1)), 'x')};
  });
  HttpClient client = create({.ca_bundle = "", .max_response_bytes = 1'000});
  const struct {
    std::string_view path;
    HttpKind kind;
    std::string_view words;
  } cases[] = {
      {"/cut", HttpKind::Broken, "transfer closed with 1 bytes remaining"},
      {"/reset", HttpKind::Broken, "Empty reply from server"},
      {"/hang", HttpKind::TimedOut, "Operation too slow"},
      {"/headers", HttpKind::TooLarge, "is larger than the 1000 bytes"},
      {"/1001", HttpKind::TooLarge, "is larger than the 1000 bytes"},
      {"/100000000", HttpKind::TooLarge, "is larger than the 1000 bytes"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.path);
    HttpRequest request = request_to(server, std::string(c.path));
    request.timeouts.idle = std::chrono::seconds(c.kind == HttpKind::TimedOut ? 1 : 60);
    const HttpResult got = client.send(request);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, c.kind);
    EXPECT_NE(got.error().message.find(c.words), std::string::npos) << got.error().message;
    EXPECT_EQ(got.error().message.find(host_of(server.origin())) == std::string::npos, false);
  }
  // With the headers, this is just below the limit.
  EXPECT_EQ(client.send(request_to(server, "/900"))->body.size(), 900U);
}

TEST_F(Http, ASlowAnswerHasAnEnd) {
  TestServer server([](const Received&) { return Reply{.end = Reply::End::Hang}; });
  HttpClient client = create();
  HttpRequest request = request_to(server);
  request.timeouts.whole = std::chrono::seconds(1);
  const HttpResult got = client.send(request);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, HttpKind::TimedOut);
}

TEST_F(Http, NeverSentIsNotConnected) {
  std::string origin;
  {
    const TestServer gone([](const Received&) { return Reply{}; });
    origin = gone.origin();
  }
  HttpClient client = create();
  const struct {
    std::string origin, header;
  } cases[] = {
      {origin, "x"},
      {"http://no-such-host.invalid", "x"},
      {"gopher://127.0.0.1", "x"},
      {origin, "one\r\nX-Other: two"},
  };
  for (const auto& c : cases) {
    HttpRequest request;
    request.origin = c.origin;
    request.headers = {{"X-One", c.header}};
    const HttpResult got = client.send(request);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, HttpKind::NotConnected) << got.error().message;
  }
}

class Tls : public Http {
 protected:
  void SetUp() override {
    Http::SetUp();
    bundle_ = (fs::temp_directory_path() / ("sagewarden-ca-" + std::to_string(getpid()))).string();
  }
  void TearDown() override { fs::remove(bundle_); }

  std::string bundle_;
};

TEST_F(Tls, TrustsTheBundleAndNobodyElse) {
  const TestServer server([](const Received&) { return Reply{.body = "private"}; },
                          TestServer::Scheme::Https);
  const TestServer other([](const Received&) { return Reply{.body = "other"}; },
                         TestServer::Scheme::Https);
  std::ofstream(bundle_) << server.certificate();
  HttpClient by_system = create();
  HttpClient by_bundle = create({.ca_bundle = bundle_});
  EXPECT_EQ(by_system.send(request_to(server)).error().kind, HttpKind::Untrusted);
  EXPECT_EQ(by_bundle.send(request_to(server))->body, "private");
  EXPECT_EQ(by_bundle.send(request_to(other)).error().kind, HttpKind::Untrusted);
  // The name, too, must be the certificate's.
  HttpRequest misnamed = request_to(server);
  misnamed.origin.replace(misnamed.origin.find("127.0.0.1"), 9, "localhost");
  EXPECT_EQ(by_bundle.send(misnamed).error().kind, HttpKind::Untrusted);
  EXPECT_EQ(server.requests(), 1);
}

TEST_F(Tls, ABundleThatIsNotThereIsSaidAtOnce) {
  const Result<HttpClient> client = HttpClient::create({.ca_bundle = "/nowhere/ca.pem"});
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().message,
            "cannot read the CA bundle /nowhere/ca.pem: No such file or directory");
}

TEST_F(Http, ProxiesComeFromTheEnvironment) {
  TestServer proxy([](const Received& got) { return Reply{.body = "proxied " + got.target}; });
  TestServer direct([](const Received&) { return Reply{.body = "direct"}; });
  setenv("http_proxy", proxy.origin().c_str(), 1);
  HttpClient client = create();
  HttpRequest request;
  request.origin = "http://somewhere.invalid";
  EXPECT_EQ(client.send(request)->body, "proxied http://somewhere.invalid/");
  HttpRequest local = request_to(direct);
  local.proxy = HttpRequest::Proxy::Never;
  EXPECT_EQ(client.send(local)->body, "direct");
  setenv("no_proxy", "127.0.0.1", 1);
  EXPECT_EQ(client.send(request_to(direct))->body, "direct");
  unsetenv("http_proxy");
  unsetenv("no_proxy");
}

// Many at once, and never more than allowed.
TEST_F(Http, BoundsWhatIsUnderWay) {
  constexpr int kRequests = 200;
  constexpr int kAtOnce = 8;
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
  TestServer server([&](const Received& got) {
    const int here = ++now;
    int seen = most;
    while (seen < here && !most.compare_exchange_weak(seen, here)) {
    }
    --now;
    return Reply{.body = got.target};
  });
  HttpClient client = create({.ca_bundle = "", .max_transfers = kAtOnce});
  std::atomic<int> left = kRequests;
  std::set<std::string> bodies;  // touched on the client's thread only
  Handover<bool> all;
  for (int i = 0; i < kRequests; ++i) {
    client.start(request_to(server, "/" + std::to_string(i)), [&](HttpResult got) {
      bodies.insert(got ? got->body : got.error().message);
      if (--left == 0) all.set(true);
    });
  }
  all.wait();
  EXPECT_EQ(bodies.size(), static_cast<size_t>(kRequests));
  EXPECT_LE(most, kAtOnce);
  EXPECT_LE(client.connections(), static_cast<uint64_t>(kAtOnce));
}

TEST_F(Http, CancellingEndsEverything) {
  TestServer server([](const Received&) { return Reply{.end = Reply::End::Hang}; });
  HttpClient client = create({.ca_bundle = "", .max_transfers = 2});
  std::atomic<int> cancelled = 0;
  bool timer_ran = false;
  Handover<bool> all;
  const auto count = [&](const HttpResult& got) {
    EXPECT_EQ(got.error().kind, HttpKind::Cancelled);
    if (++cancelled == 5) all.set(true);
  };
  for (int i = 0; i < 5; ++i) client.start(request_to(server), count);
  client.post_after(std::chrono::hours(1), [&] { timer_ran = true; });
  client.cancel();
  all.wait();
  EXPECT_EQ(client.send(request_to(server)).error().kind, HttpKind::Cancelled);
  EXPECT_TRUE(client.is_cancelled());
  Handover<bool> posted;
  client.post([&] { posted.set(true); });
  posted.wait();
  EXPECT_TRUE(timer_ran);
}

TEST_F(Http, TimersRunInTheirOrder) {
  HttpClient client = create();
  std::string order;
  Handover<bool> all;
  client.post_after(std::chrono::milliseconds(30), [&] {
    order += 'c';
    all.set(true);
  });
  client.post_after(std::chrono::milliseconds(10), [&] { order += 'b'; });
  client.post([&] { order += 'a'; });
  all.wait();
  EXPECT_EQ(order, "abc");
}

// What is left when the client goes away is told so.
TEST_F(Http, GoingAwayCancels) {
  TestServer server([](const Received&) { return Reply{.end = Reply::End::Hang}; });
  int cancelled = 0;
  {
    HttpClient client = create();
    for (int i = 0; i < 3; ++i)
      client.start(request_to(server), [&](const HttpResult& got) {
        if (!got && got.error().kind == HttpKind::Cancelled) ++cancelled;
      });
  }
  EXPECT_EQ(cancelled, 3);
}

TEST(HttpDate, Parses) {
  EXPECT_EQ(parse_http_date("Tue, 24 Nov 2026 10:00:00 GMT"), 1'795'514'400);
  EXPECT_EQ(parse_http_date("yesterday"), std::nullopt);
  EXPECT_EQ(parse_http_date(""), std::nullopt);
}

}  // namespace
}  // namespace sagewarden::aws
