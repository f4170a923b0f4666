// The summary of a run to an SNS topic, or by HTTP to whoever listens.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "aws/credential_cache.h"
#include "aws/http.h"
#include "aws/secret.h"
#include "base/result.h"
#include "publish/call.h"
#include "publish/summary.h"

namespace sagewarden::publish {

struct Topic {
  std::string arn;
  std::string region;
  std::string account;
};
// Errors: it is no ARN of an SNS topic.
Result<Topic> parse_topic(std::string_view arn);

// JSON, and text for subscriptions by mail and SMS. A FIFO topic delivers the same summary once in
// five minutes: https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html
Result<void> send_to_topic(const Topic& topic, const Summary& summary,
                           aws::CredentialCache* credentials, const CallAws& call);

struct Webhook {
  std::string origin;  // "https://hooks.example"; what comes after it may be secret
  std::string path;
  std::string query;
};
// https only, or http to this machine: findings are nobody else's business.
Result<Webhook> parse_webhook(std::string_view url);

// The environment variable with the secret that requests are signed with.
inline constexpr std::string_view kWebhookSecret = "SAGEWARDEN_WEBHOOK_SECRET";

// The request: a POST of the summary's JSON. With a secret, X-Sagewarden-Signature is "sha256=" and
// the HMAC-SHA256, in hexadecimal, of X-Sagewarden-Timestamp, a dot and the body.
aws::HttpRequest webhook_request(const Webhook& webhook, const Summary& summary,
                                 const aws::Secret& secret, int64_t now);

// The world outside: sends, and waits before another attempt.
struct WebhookWorld {
  std::function<aws::HttpResult(aws::HttpRequest)> send;
  std::function<void(std::chrono::milliseconds)> wait;
};

// Sent again only when it is certain that nobody took it: there was no connection, or the answer is
// 429 or 503 ("not now"). Everything else that is not a 2xx is an error, redirections too.
Result<void> send_to_webhook(const aws::HttpRequest& request, const WebhookWorld& world);

}  // namespace sagewarden::publish
