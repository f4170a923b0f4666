#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "aws/digest.h"
#include "aws/http.h"
#include "base/text.h"
#include "publish/notify.h"

namespace sagewarden::publish {
namespace {

constexpr int kMaxAttempts = 4;
constexpr std::chrono::milliseconds kFirstWait{1'000};
constexpr int kMaxRetryAfter = 30;  // seconds; who wants us to wait longer is not waited for
constexpr aws::Timeouts kTimeouts = {.connect = std::chrono::milliseconds{10'000},
                                     .idle = std::chrono::seconds{30},
                                     .whole = std::chrono::seconds{60}};

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  return host.starts_with("127.") &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

// Without the port.
std::string_view name_of(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find(':'));
}

tl::unexpected<Error> no_url(std::string_view why) {
  // The address may hold a token: it is not repeated.
  return fail(Error::Code::Invalid, fmt::format("the webhook's URL {}", why));
}

// How long to wait before another attempt, when there may be one.
std::optional<std::chrono::milliseconds> pause_after(const aws::HttpResult& result, int attempt) {
  const std::chrono::milliseconds usual = kFirstWait * (1 << (attempt - 1));
  if (!result) {
    if (result.error().kind != aws::HttpFailure::Kind::NotConnected) return std::nullopt;
    return usual;
  }
  if (result->status != 429 && result->status != 503) return std::nullopt;
  const std::string_view wanted = trim(result->header("retry-after"));
  const bool is_number = !wanted.empty() && wanted.size() <= 4 &&
                         wanted.find_first_not_of("0123456789") == std::string_view::npos;
  if (!is_number) return usual;
  int seconds = 0;
  for (const char digit : wanted) seconds = seconds * 10 + (digit - '0');
  if (seconds > kMaxRetryAfter) return std::nullopt;
  return std::max<std::chrono::milliseconds>(usual, std::chrono::seconds(seconds));
}

std::string why(const aws::HttpResult& result) {
  // (The body may repeat the path, which may be a token.)
  if (!result) return result.error().message;
  std::string out = fmt::format("HTTP status {}", result->status);
  if (result->status >= 300 && result->status < 400) out += ", a redirection, is not followed";
  return out;
}

}  // namespace

Result<Webhook> parse_webhook(std::string_view url) {
  const bool is_https = url.starts_with("https://");
  if (!is_https && !url.starts_with("http://")) return no_url("must begin with https://");
  const bool is_printable =
      std::ranges::all_of(url, [](char c) { return c > ' ' && c < 0x7F && c != '\\' && c != '#'; });
  if (!is_printable) return no_url("holds a character that no URL has");
  const size_t start = url.find("//") + 2;
  const size_t end = std::min(url.find_first_of("/?", start), url.size());
  const std::string_view authority = url.substr(start, end - start);
  const std::string_view host = name_of(authority);
  if (host.empty() || authority.find('@') != std::string_view::npos)
    return no_url("must have a host, and no name or password before it");
  if (!is_https && !is_loopback(host))
    return no_url("must begin with https://; http:// is for this machine itself");
  Webhook webhook;
  webhook.origin = url.substr(0, end);
  const std::string_view rest = url.substr(end);
  const size_t question = std::min(rest.find('?'), rest.size());
  webhook.path = rest.substr(0, question);
  if (webhook.path.empty()) webhook.path = "/";
  if (question < rest.size()) webhook.query = rest.substr(question + 1);
  return webhook;
}

aws::HttpRequest webhook_request(const Webhook& webhook, const Summary& summary,
                                 const aws::Secret& secret, int64_t now) {
  constexpr size_t kIdDigits = 32;
  aws::HttpRequest request;
  request.method = "POST";
  request.origin = webhook.origin;
  request.path = webhook.path;
  request.query = webhook.query;
  request.body = summary_json(summary);
  request.timeouts = kTimeouts;
  // What is for this machine must not leave it by way of a proxy.
  if (webhook.origin.starts_with("http://")) request.proxy = aws::HttpRequest::Proxy::Never;
  // Never twice by itself: see send_to_webhook().
  request.connection = aws::HttpRequest::Connection::Fresh;
  const std::string time = std::to_string(now);
  request.headers = {
      {"Content-Type", "application/json"},
      {"User-Agent", "sagewarden"},
      // The same summary has the same, so that who gets it twice can tell.
      {"X-Sagewarden-Delivery", aws::sha256_hex(request.body).substr(0, kIdDigits)},
      {"X-Sagewarden-Timestamp", time},
  };
  if (!secret.empty()) {
    const aws::Secret code = aws::hmac_sha256(secret, time + "." + request.body);
    request.headers.push_back({"X-Sagewarden-Signature", "sha256=" + aws::hex(code.reveal())});
  }
  return request;
}

Result<void> send_to_webhook(const aws::HttpRequest& request, const WebhookWorld& world) {
  for (int attempt = 1;; ++attempt) {
    const aws::HttpResult result = world.send(request);
    if (result && result->status >= 200 && result->status < 300) return {};
    const auto pause = attempt < kMaxAttempts ? pause_after(result, attempt) : std::nullopt;
    if (!pause) {
      const std::string times = attempt > 1 ? fmt::format(" ({} attempts)", attempt) : "";
      return fail(Error::Code::Io, fmt::format("the webhook at {} did not take the summary: {}{}",
                                               request.origin, why(result), times));
    }
    world.wait(*pause);
  }
}

}  // namespace sagewarden::publish
