// Stands in for AWS in benchmarks: answers after a fixed time, and where wanted not more often than
// a rate, as fast as one thread can. It checks nothing; that is for tests/aws/.
//
// usage: live_stub LATENCY_MS RATE RESOURCES ACCOUNTS REGIONS [LIFE_MS]
//   RATE       of each operation, account and Region, a second; 0: no limit
//   RESOURCES  models, and as many notebook instances, of each account and Region
//   LIFE_MS    how long a notebook instance takes to stop, to start, to be updated
// Every second notebook instance is stopped, and n7 cannot be updated.
// Prints its port, and serves until standard input ends. GET / answers with what was counted.
#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <map>
#include <queue>
#include <string>
#include <string_view>

#include "base/text.h"
#include "source/live/operations.h"
#include "source/types/shape.h"

namespace sagewarden {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kPage = 100;

struct Options {
  size_t latency_ms = 0, rate = 0, resources = 0, accounts = 0, regions = 0, life_ms = 0;
};

// AWS's own limit: a bucket that holds a second's worth.
struct Bucket {
  double tokens = -1;
  Clock::time_point filled;
};

struct Request {
  std::string account, region, operation, body;
};

struct Answer {
  int status = 200;
  std::string body;
};

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const size_t begin = text.find(before);
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin + before.size());
  return text.substr(0, text.find_first_of(after));
}

size_t number_in(std::string_view text) {
  size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string account_id(size_t index) {
  return fmt::format("{:012}", 100'000'000'000 + index);
}

// The key's id names the account ("AKIA100000000003"), the credential's scope the Region.
Request read_request(std::string_view head, std::string_view body) {
  Request request;
  const std::string_view credential = between(head, "Credential=", ",\r");
  const std::vector<std::string_view> scope = split(credential, '/');
  request.account = account_id(0);
  if (scope.size() >= 4) {
    if (scope[0].size() == 16) request.account = scope[0].substr(4);
    request.region = scope[2];
  }
  request.operation = between(head, "X-Amz-Target: ", "\r");
  request.operation.erase(0, request.operation.find('.') + 1);
  if (request.operation.empty()) request.operation = between(body, "Action=", "&");
  request.body = body;
  return request;
}

// Notebook instances that are stopped, updated and started.
class Notebooks {
 public:
  explicit Notebooks(size_t life_ms) : life_(std::chrono::milliseconds(life_ms)) {}

  // The members of a Describe answer that change.
  std::string described(const std::string& name) {
    const Notebook& notebook = at(name);
    return fmt::format(R"("NotebookInstanceStatus":"{}","RootAccess":"{}",)",
                       Clock::now() < notebook.until ? notebook.passing : notebook.status,
                       notebook.root ? "Enabled" : "Disabled");
  }

  Answer change(std::string_view operation, const std::string& name, std::string_view body) {
    Notebook& notebook = at(name);
    const std::string_view needed = operation == "StopNotebookInstance" ? "InService" : "Stopped";
    if (Clock::now() < notebook.until || notebook.status != needed)
      return {400, R"({"__type":"ValidationException","message":"the status does not allow it"})"};
    if (operation == "UpdateNotebookInstance") {
      if (name == "n7") return {400, R"({"__type":"ValidationException","message":"n7"})"};
      notebook.root = body.find(R"("RootAccess":"Disabled")") == std::string_view::npos;
    } else {
      notebook.status = needed == "Stopped" ? "InService" : "Stopped";
    }
    notebook.passing = operation == "StopNotebookInstance"    ? "Stopping"
                       : operation == "StartNotebookInstance" ? "Pending"
                                                              : "Updating";
    notebook.until = Clock::now() + life_;
    return {200, "{}"};
  }

  // How many were changed to have no root access, and how many run.
  std::pair<size_t, size_t> counts() const {
    std::pair<size_t, size_t> counts;
    for (const auto& [name, notebook] : all_) {
      counts.first += !notebook.root;
      counts.second += notebook.status == "InService";
    }
    return counts;
  }

 private:
  struct Notebook {
    bool root = true;
    std::string_view status;
    std::string_view passing = {};
    Clock::time_point until = {};
  };

  Notebook& at(const std::string& name) {
    const bool is_even = (name.back() - '0') % 2 == 0;
    const Notebook fresh{.status = is_even ? "InService" : "Stopped"};
    return all_.try_emplace(name, fresh).first->second;
  }

  const Clock::duration life_;
  std::map<std::string, Notebook> all_;
};

class Stub {
 public:
  explicit Stub(const Options& options) : options_(options), notebooks_(options.life_ms) {}

  Answer answer(const Request& request) {
    ++calls_;
    if (!take_token(request)) {
      ++throttled_;
      return {400, R"({"__type":"ThrottlingException","message":"Rate exceeded"})"};
    }
    if (request.operation == "GetCallerIdentity") return identity();
    if (request.operation == "AssumeRole") return role(request);
    if (request.operation == "DescribeRegions") return regions();
    if (request.operation == "ListAccounts") return accounts();
    for (const live::Operations& operations : live::operations()) {
      const TypeShape* const shape = find_type_shape(operations.type);
      if (request.operation == shape->list_operation) return list(request, operations, *shape);
      if (request.operation == shape->describe_operation) return describe(request, *shape);
    }
    if (request.operation.ends_with("Tags")) return tags(request);
    if (request.operation.ends_with("NotebookInstance")) {
      const std::string_view name = between(request.body, R"("NotebookInstanceName":")", "\"");
      return notebooks_.change(request.operation, std::string(name), request.body);
    }
    const auto [rootless, running] = notebooks_.counts();
    return {200, fmt::format(R"({{"calls":{},"throttled":{},"rootless":{},"running":{}}})", calls_,
                             throttled_, rootless, running)};
  }

 private:
  bool take_token(const Request& request) {
    if (options_.rate == 0 || !request.operation.starts_with("Describe")) return true;
    Bucket& bucket = buckets_[request.account + request.region + request.operation];
    const Clock::time_point now = Clock::now();
    const auto rate = static_cast<double>(options_.rate);
    const std::chrono::duration<double> passed = now - bucket.filled;
    bucket.tokens =
        bucket.tokens < 0 ? rate : std::min(rate, bucket.tokens + passed.count() * rate);
    bucket.filled = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  // Those that were set last: a repair locks what it changes by one.
  Answer tags(const Request& request) {
    const std::string arn(between(request.body, R"("ResourceArn":")", "\""));
    if (request.operation == "AddTags")
      tags_[arn] = between(request.body, R"("Tags":[)", "]");
    else if (request.operation == "DeleteTags")
      tags_.erase(arn);
    const auto known = tags_.find(arn);
    return {200, fmt::format(R"({{"Tags":[{}]}})", known == tags_.end() ? "" : known->second)};
  }

  static Answer identity() {
    return {200, fmt::format("<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam"
                             "::{0}:user/bench</Arn><UserId>u</UserId><Account>{0}</Account>"
                             "</GetCallerIdentityResult></GetCallerIdentityResponse>",
                             account_id(0))};
  }
  static Answer role(const Request& request) {
    // arn%3Aaws%3Aiam%3A%3A100000000003%3Arole…
    const std::string_view account = between(request.body, "iam%3A%3A", "%");
    return {200, fmt::format("<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKIA{"
                             "}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</"
                             "SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>"
                             "</Credentials></AssumeRoleResult></AssumeRoleResponse>",
                             account)};
  }
  Answer regions() const {
    std::string items;
    for (size_t i = 1; i <= options_.regions; ++i)
      items += fmt::format("<item><regionName>eu-west-{}</regionName></item>", i);
    return {200, "<DescribeRegionsResponse><regionInfo>" + items +
                     "</regionInfo></DescribeRegionsResponse>"};
  }
  Answer accounts() const {
    std::string items;
    for (size_t i = 0; i < options_.accounts; ++i) {
      items += fmt::format(R"({}{{"Id":"{}","Status":"ACTIVE","State":"ACTIVE","Name":"a{}"}})",
                           i == 0 ? "" : ",", account_id(i), i);
    }
    return {200, R"({"Accounts":[)" + items + "]}"};
  }

  Answer list(const Request& request, const live::Operations& operations,
              const TypeShape& shape) const {
    const bool is_filled = shape.cloudformation == "AWS::SageMaker::Model" ||
                           shape.cloudformation == "AWS::SageMaker::NotebookInstance";
    const size_t all = is_filled ? options_.resources : 0;
    const size_t begin = number_in(between(request.body, R"("NextToken":")", "\""));
    const size_t end = std::min(all, begin + kPage);
    std::string items;
    for (size_t i = begin; i < end; ++i) {
      items += fmt::format(R"({}{{"{}":"n{}","{}":"{}"}})", i == begin ? "" : ",",
                           operations.summary_name, i, operations.summary_arn,
                           arn(request, shape, fmt::format("n{}", i)));
    }
    const std::string token = end < all ? fmt::format(R"(,"NextToken":"{}")", end) : "";
    return {200, fmt::format(R"({{"{}":[{}]{}}})", operations.list_result, items, token)};
  }

  static std::string arn(const Request& request, const TypeShape& shape, std::string_view name) {
    const bool is_model = shape.cloudformation == "AWS::SageMaker::Model";
    return fmt::format("arn:aws:sagemaker:{}:{}:{}/{}", request.region, request.account,
                       is_model ? "model" : "notebook-instance", name);
  }
  Answer describe(const Request& request, const TypeShape& shape) {
    const std::string name(between(request.body, R"(":")", "\""));
    return {200, fmt::format(R"({{"{}":"{}","{}":"{}",{}"DirectInternetAccess":"Disabled",)"
                             R"("PlatformIdentifier":"notebook-al2023-v1",)"
                             R"("EnableNetworkIsolation":false,"PrimaryContainer":{{"Image":"i"}},)"
                             R"("ExecutionRoleArn":"arn:aws:iam::111122223333:role/r"}})",
                             shape.name_member, name, shape.arn_member, arn(request, shape, name),
                             notebooks_.described(name))};
  }

  const Options options_;
  Notebooks notebooks_;
  std::map<std::string, std::string> tags_;  // by ARN
  std::map<std::string, Bucket> buckets_;
  size_t calls_ = 0;
  size_t throttled_ = 0;
};

class Server {
 public:
  explicit Server(const Options& options)
      : stub_(options), latency_(std::chrono::milliseconds(options.latency_ms)) {}

  int open() {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        listen(listener_, 1024) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      return 0;
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    watch(listener_);
    watch(STDIN_FILENO);
    return ntohs(address.sin_port);
  }

  void serve() {
    for (;;) {
      std::array<epoll_event, 256> events{};
      const int count = epoll_wait(epoll_, events.data(), events.size(), wait_ms());
      for (int i = 0; i < count; ++i) {
        const int ready = events[static_cast<size_t>(i)].data.fd;
        if (ready == STDIN_FILENO) return;
        ready == listener_ ? take_connections() : take_bytes(ready);
      }
      send_due();
    }
  }

 private:
  struct Due {
    Clock::time_point when;
    int connection;
    std::string text;
    bool operator<(const Due& other) const { return when > other.when; }  // the earliest on top
  };

  void watch(int descriptor) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  }
  int wait_ms() const {
    if (due_.empty()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(due_.top().when - Clock::now());
    return static_cast<int>(std::max<int64_t>(0, left.count()));
  }
  void take_connections() {
    for (;;) {
      const int connection = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (connection < 0) return;
      const int on = 1;
      setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      watch(connection);
    }
  }
  void take_bytes(int connection) {
    std::array<char, 16384> bytes{};
    const ssize_t size = read(connection, bytes.data(), bytes.size());
    if (size <= 0) {
      if (size < 0 && errno == EAGAIN) return;
      close(connection);
      received_.erase(connection);
      return;
    }
    std::string& text = received_[connection];
    text.append(bytes.data(), static_cast<size_t>(size));
    const size_t head = text.find("\r\n\r\n");
    if (head == std::string::npos) return;
    const std::string_view all = text;
    const size_t length = number_in(between(all.substr(0, head), "Content-Length: ", "\r"));
    if (all.size() < head + 4 + length) return;
    const Answer answer =
        stub_.answer(read_request(all.substr(0, head + 2), all.substr(head + 4, length)));
    text.clear();  // a client waits for the answer before it asks again
    due_.push({Clock::now() + latency_, connection,
               fmt::format("HTTP/1.1 {} X\r\nContent-Type: application/x-amz-json-1.1\r\n"
                           "Content-Length: {}\r\n\r\n{}",
                           answer.status, answer.body.size(), answer.body)});
  }
  void send_due() {
    while (!due_.empty() && due_.top().when <= Clock::now()) {
      // Answers are small: the socket's buffer takes them. A client that has gone needs none.
      const ssize_t sent =
          send(due_.top().connection, due_.top().text.data(), due_.top().text.size(), MSG_NOSIGNAL);
      if (sent < 0) close(due_.top().connection);
      due_.pop();
    }
  }

  Stub stub_;
  const Clock::duration latency_;
  int listener_ = -1;
  int epoll_ = -1;
  std::map<int, std::string> received_;  // of requests that are not whole
  std::priority_queue<Due> due_;
};

}  // namespace
}  // namespace sagewarden

int main(int count, char** words) {
  if (count != 6 && count != 7) {
    fmt::print(stderr, "usage: live_stub LATENCY_MS RATE RESOURCES ACCOUNTS REGIONS [LIFE_MS]\n");
    return 2;
  }
  const auto number = [&](int at) { return at < count ? sagewarden::number_in(words[at]) : 0; };
  sagewarden::Server server({number(1), number(2), number(3), number(4), number(5), number(6)});
  const int port = server.open();
  if (port == 0) return 1;
  fmt::print("{}\n", port);
  std::fflush(stdout);
  server.serve();
}
