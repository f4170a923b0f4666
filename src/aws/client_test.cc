#include "aws/client.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <set>

#include "aws/handover.h"
#include "aws/server_for_tests.h"
#include "base/json_writer.h"
#include "base/time.h"

namespace sagewarden::aws {
namespace {

using Kind = CallError::Kind;

// Keys that count how often they were asked for.
class Counted : public CredentialSource {
 public:
  explicit Counted(std::atomic<int>& fetches) : fetches_(fetches) {}
  Result<Credentials> fetch() override {
    const int number = ++fetches_;
    if (number > 3) return fail(Error::Code::Denied, "no more keys");
    return Credentials{.access_key_id = "AKID" + std::to_string(number),
                       .secret_access_key = Secret("secret"),
                       .session_token = Secret("token"),
                       .source = "a test"};
  }

 private:
  std::atomic<int>& fetches_;
};

// A server, and a client whose calls all go to it. Chance is such that no retry waits.
struct Aws {
  explicit Aws(TestServer::Handler handler, RetrySettings retries = {RetryMode::Standard, 4})
      : server(std::move(handler)) {
    for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) unsetenv(name);
    settings.endpoints.overrides = {{"", server.origin(), "a test"}};
    settings.retries = retries;
  }

  Call call(std::string operation, std::string service = "sagemaker") {
    return {.service = std::move(service),
            .operation = std::move(operation),
            .region = "eu-west-1",
            .account = "111122223333",
            .credentials = &keys};
  }

  std::atomic<int> fetches = 0;
  std::atomic<int64_t> now = 1'795'514'400;  // 2026-11-24T10:00:00Z
  TestServer server;
  Settings settings;
  HttpClient http = *HttpClient::create({.ca_bundle = "", .max_response_bytes = 100'000});
  CredentialCache keys{std::make_unique<Counted>(fetches), [this] { return now.load(); }};
  Client client{http, settings, nullptr, {[this] { return now.load(); }, [] { return 0.0; }}};
};

std::string text_of(const Answer& answer) {
  if (!answer) return describe(answer.error());
  std::string text;
  json::Writer(text).value(answer->root);
  return text;
}

Reply error_reply(int status, std::string_view code) {
  return {.status = status,
          .headers = {{"Content-Type", "application/x-amz-json-1.1"}, {"x-amzn-RequestId", "r-1"}},
          .body = fmt::format(R"({{"__type":"{}","message":"because"}})", code)};
}

TEST(Client, SignsAndSendsACall) {
  Aws aws([](const Received& got) {
    EXPECT_EQ(got.method, "POST");
    EXPECT_EQ(got.target, "/");
    EXPECT_EQ(got.header("x-amz-target"), "SageMaker.ListModels");
    EXPECT_EQ(got.header("x-amz-date"), "20261124T100000Z");
    EXPECT_EQ(got.header("x-amz-security-token"), "token");
    EXPECT_EQ(got.header("user-agent"), "sagewarden");
    EXPECT_EQ(got.header("x-more"), "yes");
    EXPECT_TRUE(got.header("authorization")
                    .starts_with("AWS4-HMAC-SHA256 Credential=AKID1/20261124/eu-west-1/sagemaker/"
                                 "aws4_request, SignedHeaders=content-type;host;x-amz-date;"
                                 "x-amz-security-token;x-amz-target;x-more, Signature="))
        << got.header("authorization");
    EXPECT_EQ(got.body, R"({"MaxResults":100})");
    return Reply{.body = R"({"Models":[{"ModelName":"m"}]})"};
  });
  Call call = aws.call("ListModels");
  call.input = R"({"MaxResults":100})";
  call.headers = {{"X-More", "yes"}};
  EXPECT_EQ(text_of(aws.client.call(call)), R"({"Models":[{"ModelName":"m"}]})");
  const std::vector<OperationCounts> counts = aws.client.counts();
  ASSERT_EQ(counts.size(), 1U);
  EXPECT_EQ(counts[0].service + ":" + counts[0].operation, "sagemaker:ListModels");
  EXPECT_EQ(counts[0].calls, 1U);
  EXPECT_EQ(counts[0].attempts, 1U);
  EXPECT_EQ(counts[0].failed, 0U);
  EXPECT_EQ(counts[0].bytes, 30U);
}

TEST(Client, AnUnsignedCallHasNoSignature) {
  Aws aws([](const Received& got) {
    EXPECT_EQ(got.header("authorization"), "");
    EXPECT_EQ(got.target, "/federation/credentials?role_name=r");
    return Reply{.body = "{}"};
  });
  Call call = aws.call("GetRoleCredentials", "sso");
  call.credentials = nullptr;
  call.input = R"({"role_name":"r"})";
  EXPECT_EQ(text_of(aws.client.call(call)), "{}");
  EXPECT_EQ(aws.fetches, 0);
}

// What comes first, how many attempts there are then, and how the call ends.
TEST(Client, RetriesWhatIsWorthIt) {
  const struct {
    std::string_view name, operation;
    Reply first;
    int first_times;
    int attempts;
    std::string_view want;
  } cases[] = {
      {"throttled", "ListModels", error_reply(400, "ThrottlingException"), 3, 4, "{}"},
      {"throttled too often", "ListModels", error_reply(400, "ThrottlingException"), 4, 4,
       "sagemaker:ListModels in eu-west-1 of account 111122223333: ThrottlingException: because "
       "(HTTP status 400, request r-1, 4 attempts)"},
      {"throttled, not idempotent", "CreateModel", error_reply(400, "ThrottlingException"), 1, 2,
       "{}"},
      {"500 of a proxy", "ListModels", {.status = 500, .body = "<h1>Oops</h1>"}, 1, 2, "{}"},
      {"500, not idempotent",
       "CreateModel",
       {.status = 500, .body = "<h1>Oops</h1>"},
       1,
       1,
       "sagemaker:CreateModel in eu-west-1 of account 111122223333: this is no answer of AWS's: "
       "HTTP status 500, and it begins with '<h1>Oops</h1>' (HTTP status 500)"},
      {"reset", "ListModels", {.end = Reply::End::Reset}, 1, 2, "{}"},
      {"cut off", "ListModels", {.body = "{}", .end = Reply::End::Truncate}, 1, 2, "{}"},
      {"empty", "ListModels", {.body = ""}, 1, 2, "{}"},
      {"broken JSON", "ListModels", {.body = "{\"Models\":["}, 3, 4, "{}"},
      {"denied", "ListModels", error_reply(400, "AccessDeniedException"), 1, 1,
       "sagemaker:ListModels in eu-west-1 of account 111122223333: AccessDeniedException: because "
       "(HTTP status 400, request r-1)"},
      {"403 in XML",
       "ListModels",
       {.status = 403,
        .body = "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>"},
       1,
       1,
       "sagemaker:ListModels in eu-west-1 of account 111122223333: SignatureDoesNotMatch: no "
       "message (HTTP status 403)"},
      {"too large", "ListModels", {.body = std::string(100'000, ' ')}, 1, 1, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    std::atomic<int> requests = 0;
    Aws aws([&](const Received&) {
      return ++requests <= c.first_times ? c.first : Reply{.body = "{}"};
    });
    const Answer got = aws.client.call(aws.call(std::string(c.operation)));
    if (c.want.empty()) {
      EXPECT_NE(text_of(got).find("is larger than the 100000 bytes"), std::string::npos);
      EXPECT_EQ(got.error().kind, Kind::Malformed);
    } else {
      EXPECT_EQ(text_of(got), c.want);
    }
    EXPECT_EQ(requests, c.attempts);
    const OperationCounts counts = aws.client.counts().at(0);
    EXPECT_EQ(counts.attempts, static_cast<uint64_t>(c.attempts));
    EXPECT_EQ(counts.failed, got ? 0U : 1U);
  }
}

TEST(Client, ErrorsBeforeAnythingIsSent) {
  Aws aws([](const Received&) { return Reply{.body = "{}"}; });
  const struct {
    std::string service, operation, region, input;
    std::string_view want;
  } cases[] = {
      {"teleport", "Beam", "eu-west-1", "{}", "no service of this name"},
      {"sagemaker", "ListModels", "no region", "{}", "'no region' is no Region"},
      {"sagemaker", "ListModels", "eu-west-1", "[]", "is no JSON object"},
      {"securityhub", "Beam", "eu-west-1", "{}", "is no operation of securityhub"},
  };
  for (const auto& c : cases) {
    Call call = aws.call(c.operation, c.service);
    call.region = c.region;
    call.input = c.input;
    const Answer got = aws.client.call(call);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, Kind::Invalid);
    EXPECT_NE(got.error().message.find(c.want), std::string::npos) << got.error().message;
  }
  EXPECT_EQ(aws.server.requests(), 0);
}

// A token that expires in the middle of a scan costs one more attempt, not the scan.
TEST(Client, ExpiredCredentialsAreRenewedOnce) {
  Aws aws([](const Received& got) {
    const bool old = got.header("authorization").find("AKID1/") != std::string::npos;
    return old ? error_reply(400, "ExpiredTokenException") : Reply{.body = "{}"};
  });
  EXPECT_EQ(text_of(aws.client.call(aws.call("ListModels"))), "{}");
  EXPECT_EQ(aws.fetches, 2);

  Aws never([](const Received&) { return error_reply(400, "ExpiredTokenException"); });
  const Answer got = never.client.call(never.call("ListModels"));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, Kind::Credentials);
  EXPECT_EQ(got.error().attempts, 2);
  EXPECT_EQ(never.server.requests(), 2);
}

TEST(Client, WithoutCredentialsNothingIsSent) {
  Aws aws([](const Received&) { return Reply{.body = "{}"}; });
  aws.fetches = 3;
  const Answer got = aws.client.call(aws.call("ListModels"));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, Kind::Credentials);
  EXPECT_EQ(got.error().message, "no more keys");
  EXPECT_EQ(aws.server.requests(), 0);
}

// Our clock is an hour late: AWS says so, and its own time is in the answer.
TEST(Client, TheClockIsCorrected) {
  std::atomic<int> skewed = 0;
  Aws aws([&](const Received& got) {
    if (got.header("x-amz-date") == "20261124T110000Z") return Reply{.body = "{}"};
    ++skewed;
    Reply reply = error_reply(403, "InvalidSignatureException");
    reply.headers.push_back({"Date", "Tue, 24 Nov 2026 11:00:00 GMT"});
    return reply;
  });
  EXPECT_EQ(text_of(aws.client.call(aws.call("ListModels"))), "{}");
  EXPECT_EQ(text_of(aws.client.call(aws.call("DescribeModel"))), "{}");
  EXPECT_EQ(skewed, 1);  // the second call knows

  // A wrong key has the same code, but AWS's time is ours.
  Aws wrong([](const Received&) {
    Reply reply = error_reply(403, "InvalidSignatureException");
    reply.headers.push_back({"Date", "Tue, 24 Nov 2026 10:03:00 GMT"});
    return reply;
  });
  EXPECT_EQ(wrong.client.call(wrong.call("ListModels")).error().kind, Kind::Credentials);
  EXPECT_EQ(wrong.server.requests(), 1);
}

// Every call throttled a third of the time: all are answered.
TEST(Client, ManyAtOnceThroughThrottling) {
  std::atomic<int> requests = 0;
  Aws aws(
      [&](const Received&) {
        return ++requests % 3 == 0 ? error_reply(400, "ThrottlingException") : Reply{.body = "{}"};
      },
      {RetryMode::Standard, 10});
  constexpr int kCalls = 300;
  std::atomic<int> left = kCalls;
  std::atomic<int> answered = 0;
  Handover<bool> all;
  for (int i = 0; i < kCalls; ++i) {
    aws.client.start(aws.call("DescribeModel"), [&](const Answer& answer) {
      answered += answer ? 1 : 0;
      if (--left == 0) all.set(true);
    });
  }
  all.wait();
  EXPECT_EQ(answered, kCalls);
  EXPECT_EQ(aws.fetches, 1);
  const OperationCounts counts = aws.client.counts().at(0);
  EXPECT_EQ(counts.calls, static_cast<uint64_t>(kCalls));
  EXPECT_EQ(counts.throttled, counts.attempts - counts.calls);
  EXPECT_EQ(counts.held, counts.waited);  // for nothing else was waited
}

// Once throttled, attempts of that operation in that account and Region wait; others do not.
TEST(Client, ThrottlingSlowsOnlyWhatIsThrottled) {
  std::atomic<int> requests = 0;
  Aws aws(
      [&](const Received& got) {
        const bool lists = got.header("x-amz-target") == "SageMaker.ListModels";
        return lists && ++requests == 1 ? error_reply(400, "ThrottlingException")
                                        : Reply{.body = "{}"};
      },
      {RetryMode::Adaptive, 4});
  EXPECT_EQ(text_of(aws.client.call(aws.call("ListModels"))), "{}");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(text_of(aws.client.call(aws.call("ListEndpoints"))), "{}");
  const std::vector<OperationCounts> counts = aws.client.counts();
  EXPECT_EQ(counts.at(0).operation, "ListEndpoints");
  EXPECT_LT(counts.at(0).waited.count(), 100);
  EXPECT_GE(counts.at(1).waited.count(), 100);  // for a token of the lowest rate, at most
}

TEST(Client, CancellingEndsItsCalls) {
  Aws aws([](const Received&) { return Reply{.end = Reply::End::Hang}; });
  std::atomic<int> cancelled = 0;
  std::atomic<int> left = 10;
  Handover<bool> all;
  for (int i = 0; i < 10; ++i) {
    aws.client.start(aws.call("ListModels"), [&](const Answer& answer) {
      cancelled += !answer && answer.error().kind == Kind::Cancelled ? 1 : 0;
      if (--left == 0) all.set(true);
    });
  }
  aws.http.cancel();
  all.wait();
  EXPECT_EQ(cancelled, 10);
  EXPECT_EQ(aws.client.call(aws.call("ListModels")).error().kind, Kind::Cancelled);
}

// A call back may start further calls, as a lister does for each page.
TEST(Client, CallsStartCalls) {
  Aws aws([](const Received& got) {
    return Reply{.body = got.body == "{}" ? R"({"NextToken":"2"})" : "{\"last\":1}"};
  });
  Handover<std::string> last;
  aws.client.start(aws.call("ListModels"), [&](Answer first) {
    Call next = aws.call("ListModels");
    next.input = fmt::format(R"({{"NextToken":"{}"}})", first->root["NextToken"].string());
    aws.client.start(next, [&](Answer second) { last.set(text_of(second)); });
  });
  EXPECT_EQ(last.wait(), "{\"last\":1}");
}

}  // namespace
}  // namespace sagewarden::aws
