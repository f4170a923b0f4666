#include "aws/sigv4.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "aws/digest.h"
#include "base/file.h"
#include "base/iso_time.h"
#include "base/json.h"
#include "base/text.h"

namespace sagewarden::aws {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxVector = 100'000;

// One folder of AWS's signing test suite (awslabs/aws-c-auth, aws-signing-test-suite/v4).
struct Vector {
  std::string folder;

  std::string text(std::string_view name) const {
    Result<std::string> content = read_file(folder + "/" + std::string(name), kMaxVector);
    EXPECT_TRUE(content) << content.error().message;
    return content.value_or("");
  }
};

// A request as it stands in request.txt: a line, headers (which may go on in the next line), a
// blank line, a body.
HttpRequest read_request(std::string_view text) {
  HttpRequest request;
  const size_t head_end = text.find("\n\n");
  if (head_end != std::string_view::npos) request.body = text.substr(head_end + 2);
  std::string_view rest = text.substr(0, head_end);
  bool first = true;
  for (std::string_view line : split(rest, '\n')) {
    if (first) {
      const size_t space = line.find(' ');
      request.method = line.substr(0, space);
      line = line.substr(space + 1, line.rfind(" HTTP/1.1") - space - 1);
      const size_t mark = line.find('?');
      request.path = line.substr(0, mark);
      if (mark != std::string_view::npos) request.query = line.substr(mark + 1);
      first = false;
    } else if (line.starts_with(' ')) {
      (request.headers.back().value += '\n') += line;
    } else if (const size_t colon = line.find(':'); colon != std::string_view::npos) {
      request.headers.push_back(
          {std::string(line.substr(0, colon)), std::string(line.substr(colon + 1))});
    }
  }
  std::erase_if(request.headers, [&](const Header& header) {
    if (lower(header.name) == "host") request.origin = "https://" + header.value;
    return lower(header.name) == "host";
  });
  return request;
}

std::string authorization_in(std::string_view signed_request) {
  const size_t start = signed_request.find("Authorization:") + 14;
  return std::string(signed_request.substr(start, signed_request.find('\n', start) - start));
}

void check(const Vector& vector) {
  Result<json::Document> context = json::parse_document(vector.text("context.json"));
  ASSERT_TRUE(context);
  const json::Value keys = context->root["credentials"];
  const bool without_token =
      context->root["omit_session_token"].exists() && context->root["omit_session_token"].boolean();
  const Credentials credentials{
      .access_key_id = std::string(keys["access_key_id"].string()),
      .secret_access_key = Secret(keys["secret_access_key"].string()),
      .session_token = Secret(without_token ? "" : keys["token"].string_or("")),
  };
  const SigningScope scope{
      .region = context->root["region"].string(),
      .service = context->root["service"].string(),
      .time = parse_iso_time(context->root["timestamp"].string()) / 1'000,
      .paths = context->root["normalize"].boolean() ? PathRule::Normalise : PathRule::Keep,
  };
  HttpRequest request = read_request(vector.text("request.txt"));
  if (context->root["sign_body"].boolean())
    request.headers.push_back({"x-amz-content-sha256", sha256_hex(request.body)});

  HttpRequest dated = request;
  sign(dated, credentials, scope);
  const Header authorization = dated.headers.back();
  dated.headers.pop_back();
  const std::string canonical = canonical_request(dated, scope);
  EXPECT_EQ(canonical, vector.text("header-canonical-request.txt"));
  EXPECT_EQ(string_to_sign(canonical, scope), vector.text("header-string-to-sign.txt"));
  EXPECT_EQ(signature(string_to_sign(canonical, scope), credentials.secret_access_key, scope),
            vector.text("header-signature.txt"));
  EXPECT_EQ(authorization.value, authorization_in(vector.text("header-signed-request.txt")));
}

TEST(SigV4, AllOfTheTestSuite) {
  size_t count = 0;
  for (const auto& entry : fs::directory_iterator(SAGEWARDEN_SOURCE_DIR "/tests/aws/sigv4")) {
    if (!entry.is_directory()) continue;
    SCOPED_TRACE(entry.path().filename().string());
    check({entry.path().string()});
    ++count;
  }
  EXPECT_EQ(count, 38U);
}

// What the suite has no case for.
TEST(SigV4, CanonicalRequests) {
  const struct {
    std::string_view path, query;
    PathRule rule;
    std::string_view want_path, want_query;
  } cases[] = {
      {"/tags/arn%3Aaws%3Alambda", "", PathRule::Normalise, "/tags/arn%253Aaws%253Alambda", ""},
      {"/bucket/a%20key//b", "", PathRule::Keep, "/bucket/a%20key//b", ""},
      {"/", "policy", PathRule::Keep, "/", "policy="},
      {"/", "b=2&a=1&a=0", PathRule::Normalise, "/", "a=0&a=1&b=2"},
      {"/", "name=a%2fb", PathRule::Normalise, "/", "name=a%2Fb"},
      {"/", "name=100%", PathRule::Normalise, "/", "name=100%25"},
      {"/a/../../b/.", "", PathRule::Normalise, "/b/", ""},
  };
  for (const auto& c : cases) {
    HttpRequest request;
    request.origin = "https://example.amazonaws.com:443";
    request.path = c.path;
    request.query = c.query;
    request.headers = {{"User-Agent", "changes on the way"}};
    const std::string got = canonical_request(request, {.paths = c.rule});
    EXPECT_EQ(got, "GET\n" + std::string(c.want_path) + "\n" + std::string(c.want_query) +
                       "\nhost:example.amazonaws.com\n\nhost\n" + sha256_hex(""));
  }
}

TEST(HttpMessage, HostOfOrigin) {
  const struct {
    std::string_view origin, want;
  } cases[] = {
      {"https://api.sagemaker.eu-west-1.amazonaws.com", "api.sagemaker.eu-west-1.amazonaws.com"},
      {"https://host:443", "host"},
      {"http://host:80", "host"},
      {"https://host:80", "host:80"},
      {"http://[::1]:5000", "[::1]:5000"},
  };
  for (const auto& c : cases) EXPECT_EQ(host_of(c.origin), c.want) << c.origin;
}

}  // namespace
}  // namespace sagewarden::aws
