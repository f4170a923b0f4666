#include "publish/notify.h"

#include <gtest/gtest.h>

#include "aws/digest.h"
#include "base/json.h"

namespace sagewarden::publish {
namespace {

TEST(Topic, ItsArn) {
  const auto topic = parse_topic("arn:aws:sns:eu-west-1:111122223333:findings");
  ASSERT_TRUE(topic);
  EXPECT_EQ(topic->region, "eu-west-1");
  EXPECT_EQ(topic->account, "111122223333");
  for (const std::string_view text :
       {"", "findings", "arn:aws:sqs:eu-west-1:111122223333:q", "arn:aws:sns::111122223333:t",
        "arn:aws:sns:eu-west-1:111122223333:t:subscription", "arn:aws:sns:eu-west-1:1:t"})
    EXPECT_FALSE(parse_topic(text)) << text;
}

TEST(Topic, GetsJsonAndText) {
  const struct {
    std::string_view arn;
    bool fifo;
  } cases[] = {{"arn:aws:sns:eu-west-1:111122223333:findings", false},
               {"arn:aws:sns:eu-west-1:111122223333:findings.fifo", true}};
  for (const auto& c : cases) {
    aws::Call made;
    const auto sent =
        send_to_topic(*parse_topic(c.arn), Summary{}, nullptr, [&](aws::Call call) -> aws::Answer {
          made = std::move(call);
          return std::move(*json::parse_document(R"({"MessageId":"m"})"));
        });
    ASSERT_TRUE(sent) << sent.error().message;
    EXPECT_EQ(made.service + " " + made.operation + " " + made.region, "sns Publish eu-west-1");
    const auto input = json::parse_document(made.input);
    EXPECT_EQ(input->root["TopicArn"].string_or(""), c.arn);
    EXPECT_EQ(input->root["MessageStructure"].string_or(""), "json");
    EXPECT_EQ(input->root["MessageGroupId"].exists(), c.fifo);
    const auto message = json::parse_document(input->root["Message"].string_or(""));
    ASSERT_TRUE(message);
    EXPECT_TRUE(json::parse_document(message->root["default"].string_or("")));
    EXPECT_TRUE(message->root["email"].string_or("").starts_with("Sagewarden: "));
  }
}

TEST(Topic, Refusals) {
  const auto topic = parse_topic("arn:aws:sns:eu-west-1:111122223333:findings");
  aws::CallError error;
  error.kind = aws::CallError::Kind::Denied;
  error.service = "sns";
  error.operation = "Publish";
  const auto denied =
      send_to_topic(*topic, Summary{}, nullptr,
                    [&](const aws::Call&) -> aws::Answer { return tl::make_unexpected(error); });
  ASSERT_FALSE(denied);
  EXPECT_NE(denied.error().message.find("allow sns:Publish"), std::string::npos);
  const auto silent = send_to_topic(
      *topic, Summary{}, nullptr,
      [&](const aws::Call&) -> aws::Answer { return std::move(*json::parse_document("{}")); });
  EXPECT_FALSE(silent);
}

TEST(Webhook, WhereItMayBe) {
  const struct {
    std::string_view url, origin, path, query;
  } good[] = {
      {"https://hooks.example/a/b?c=d", "https://hooks.example", "/a/b", "c=d"},
      {"https://hooks.example:8443", "https://hooks.example:8443", "/", ""},
      {"https://hooks.example?x", "https://hooks.example", "/", "x"},
      {"http://127.0.0.1:8080/x", "http://127.0.0.1:8080", "/x", ""},
      {"http://localhost/x", "http://localhost", "/x", ""},
      {"http://[::1]:80/x", "http://[::1]:80", "/x", ""},
  };
  for (const auto& c : good) {
    const auto webhook = parse_webhook(c.url);
    ASSERT_TRUE(webhook) << c.url;
    EXPECT_EQ(webhook->origin, c.origin);
    EXPECT_EQ(webhook->path, c.path);
    EXPECT_EQ(webhook->query, c.query);
  }
  for (const std::string_view url :
       {"", "hooks.example", "ftp://hooks.example/", "http://hooks.example/", "https:///x",
        "https://u:token@hooks.example/", "https://hooks.example/#f", "https://hooks.example/a b",
        "http://127.0.0.1.evil.example/", "http://localhost.evil.example/",
        "http://127.0.0.1@evil/"}) {
    const auto webhook = parse_webhook(url);
    ASSERT_FALSE(webhook) << url;
    EXPECT_EQ(webhook.error().message.find("token"), std::string::npos);
  }
}

std::string header(const aws::HttpRequest& request, std::string_view name) {
  for (const aws::Header& header : request.headers) {
    if (header.name == name) return header.value;
  }
  return "";
}

TEST(Webhook, IsSigned) {
  const Webhook webhook{"https://hooks.example", "/a", "t=1"};
  const aws::HttpRequest plain = webhook_request(webhook, Summary{}, aws::Secret(), 1'700'000'000);
  EXPECT_EQ(plain.method, "POST");
  EXPECT_EQ(header(plain, "Content-Type"), "application/json");
  EXPECT_EQ(header(plain, "X-Sagewarden-Signature"), "");
  EXPECT_EQ(header(plain, "X-Sagewarden-Delivery").size(), 32U);
  const aws::HttpRequest signed_one =
      webhook_request(webhook, Summary{}, aws::Secret("key"), 1'700'000'000);
  EXPECT_EQ(signed_one.body, plain.body);
  EXPECT_EQ(
      header(signed_one, "X-Sagewarden-Signature"),
      "sha256=" +
          aws::hex(aws::hmac_sha256(aws::Secret("key"), "1700000000." + plain.body).reveal()));
}

aws::HttpResult status(int number, std::vector<aws::Header> headers = {}) {
  return aws::HttpResponse{number, std::move(headers), "Route POST:/token not found"};
}
aws::HttpResult failure(aws::HttpFailure::Kind kind) {
  return tl::make_unexpected(aws::HttpFailure{kind, "no luck"});
}

TEST(Webhook, IsTriedAgainOnlyWhenNobodyTookIt) {
  using Kind = aws::HttpFailure::Kind;
  const struct {
    std::string_view name;
    std::vector<aws::HttpResult> answers;
    size_t attempts;
    std::string_view want;  // of the error
  } cases[] = {
      {"taken", {status(204)}, 1, ""},
      {"not now", {status(429), status(503), status(200)}, 3, ""},
      {"no connection", {failure(Kind::NotConnected), status(200)}, 2, ""},
      {"perhaps taken", {failure(Kind::TimedOut)}, 1, "did not take the summary: no luck"},
      {"perhaps taken too", {failure(Kind::Broken)}, 1, "no luck"},
      {"not to be trusted", {failure(Kind::Untrusted)}, 1, "no luck"},
      {"perhaps taken as well", {status(500)}, 1, "HTTP status 500"},
      {"elsewhere", {status(302)}, 1, "a redirection, is not followed"},
      {"refused", {status(404)}, 1, "HTTP status 404"},
      {"never", {status(503), status(503), status(503), status(503)}, 4, "(4 attempts)"},
      {"much later", {status(429, {{"Retry-After", "3600"}})}, 1, "HTTP status 429"},
      {"later", {status(429, {{"Retry-After", "7"}}), status(200)}, 2, ""},
  };
  const aws::HttpRequest request =
      webhook_request({"https://hooks.example", "/token", ""}, Summary{}, aws::Secret(), 0);
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    size_t attempts = 0;
    std::chrono::milliseconds waited{0};
    const auto sent =
        send_to_webhook(request, {[&](const aws::HttpRequest&) { return c.answers.at(attempts++); },
                                  [&](std::chrono::milliseconds pause) { waited += pause; }});
    EXPECT_EQ(attempts, c.attempts);
    EXPECT_EQ(sent.has_value(), c.want.empty());
    EXPECT_EQ(waited.count() > 0, c.attempts > 1);
    if (c.name == "later") {
      EXPECT_EQ(waited.count(), 7'000);
    }
    if (sent) continue;
    EXPECT_NE(sent.error().message.find(c.want), std::string::npos) << sent.error().message;
    EXPECT_EQ(sent.error().message.find("token"), std::string::npos);
  }
}

}  // namespace
}  // namespace sagewarden::publish
