#include "aws/s3.h"

#include <gtest/gtest.h>

#include "aws/protocol.h"
#include "aws/service.h"

namespace sagewarden::aws {
namespace {

TEST(S3, WhereAnObjectGoes) {
  const Endpoint aws{"https://s3.eu-west-1.amazonaws.com", "", "eu-west-1", "s3"};
  const Endpoint dual{"https://s3.dualstack.eu-west-1.amazonaws.com", "", "eu-west-1", "s3"};
  const Endpoint own{"http://127.0.0.1:5000", "", "eu-west-1", "s3", true};
  const Endpoint below{"https://store.example", "/s3", "eu-west-1", "s3", true};
  const Endpoint named{"https://s3.eu-west-1.example", "", "eu-west-1", "s3", true};
  const struct {
    const Endpoint& endpoint;
    std::string_view bucket, key, want;
  } cases[] = {
      {aws, "findings", "a/b.json", "https://findings.s3.eu-west-1.amazonaws.com/a/b.json"},
      {dual, "findings", "k", "https://findings.s3.dualstack.eu-west-1.amazonaws.com/k"},
      // No certificate of AWS's has two names before ".s3".
      {aws, "find.ings", "k", "https://s3.eu-west-1.amazonaws.com/find.ings/k"},
      {own, "findings", "k", "http://127.0.0.1:5000/findings/k"},
      {named, "findings", "k", "https://s3.eu-west-1.example/findings/k"},
      {below, "findings", "k", "https://store.example/s3/findings/k"},
      // What is nothing but a name in S3.
      {aws, "findings", "a//../b c+=ü",
       "https://findings.s3.eu-west-1.amazonaws.com/a//../b%20c%2B%3D%C3%BC"},
  };
  for (const auto& c : cases) {
    const std::string input =
        R"({"Bucket":")" + std::string(c.bucket) + R"(","Key":")" + std::string(c.key) + "\"}";
    const Result<HttpRequest> got =
        encode(*find_service("s3"), "PutObject", input, c.endpoint, "{}\n");
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(got->method, "PUT");
    EXPECT_EQ(got->origin + got->path, c.want);
    EXPECT_EQ(got->body, "{}\n");
  }
}

TEST(S3, Headers) {
  const Result<HttpRequest> got = encode(
      *find_service("s3"), "PutObject",
      R"({"Bucket":"findings","Key":"k","ContentType":"application/x-ndjson","IfNoneMatch":"*",
          "ServerSideEncryption":"aws:kms","SSEKMSKeyId":"alias/a","ExpectedBucketOwner":"111122223333"})",
      {"http://127.0.0.1:1", "", "eu-west-1", "s3"}, "abc");
  ASSERT_TRUE(got) << got.error().message;
  const std::vector<Header> want = {
      {"Content-Type", "application/x-ndjson"},
      {"If-None-Match", "*"},
      {"X-Amz-Server-Side-Encryption", "aws:kms"},
      {"X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id", "alias/a"},
      {"X-Amz-Expected-Bucket-Owner", "111122223333"},
      {"X-Amz-Content-Sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"X-Amz-Checksum-Sha256", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="},
  };
  EXPECT_EQ(got->headers, want);
}

TEST(S3, LooksAtAnObject) {
  const Result<HttpRequest> got =
      encode(*find_service("s3"), "GetObject",
             R"({"Bucket":"backups","Key":"a/b c","ExpectedBucketOwner":"111122223333"})",
             {"https://s3.eu-west-1.amazonaws.com", "", "eu-west-1", "s3"}, "");
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->method + " " + got->origin + got->path,
            "GET https://backups.s3.eu-west-1.amazonaws.com/a/b%20c");
  const std::vector<Header> want = {
      {"X-Amz-Expected-Bucket-Owner", "111122223333"},
      {"X-Amz-Content-Sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"X-Amz-Checksum-Mode", "ENABLED"},
  };
  EXPECT_EQ(got->headers, want);
}

TEST(S3, RequestsThatCannotBe) {
  const Endpoint endpoint{"https://s3.eu-west-1.amazonaws.com", "", "eu-west-1", "s3"};
  const std::string long_key(1025, 'k');
  const struct {
    std::string_view operation;
    std::string input;
  } cases[] = {
      {"DeleteObject", R"({"Bucket":"findings","Key":"k"})"},
      {"GetObject", R"({"Bucket":"Findings","Key":"k"})"},
      {"PutObject", R"({"Key":"k"})"},
      {"PutObject", R"({"Bucket":"findings"})"},
      {"PutObject", R"({"Bucket":"ab","Key":"k"})"},
      {"PutObject", R"({"Bucket":"Findings","Key":"k"})"},
      {"PutObject", R"({"Bucket":"evil.example/","Key":"k"})"},
      {"PutObject", R"({"Bucket":"a..b","Key":"k"})"},
      {"PutObject", R"({"Bucket":"-findings","Key":"k"})"},
      {"PutObject", R"({"Bucket":"findings","Key":")" + long_key + "\"}"},
  };
  for (const auto& c : cases)
    EXPECT_FALSE(encode(*find_service("s3"), c.operation, c.input, endpoint, "")) << c.input;
}

TEST(S3, Answers) {
  const Service& s3 = *find_service("s3");
  const auto stored = decode(s3, "PutObject", {200, {{"ETag", "\"abc\""}}, ""});
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->root["ETag"].string_or(""), "\"abc\"");
  const auto there = decode(
      s3, "GetObject", {200, {{"ETag", "e"}, {"X-Amz-Meta-State", "done"}, {"Date", "d"}}, "body"});
  ASSERT_TRUE(there);
  EXPECT_EQ(there->root["Metadata"]["state"].string_or(""), "done");
  EXPECT_EQ(there->root["Metadata"].size(), 1U);
  // A proxy that says 200 has stored nothing.
  const auto page = decode(s3, "PutObject", {200, {}, "<html>Log in</html>"});
  ASSERT_FALSE(page);
  EXPECT_TRUE(page.error().malformed);
  const auto elsewhere =
      decode(s3, "PutObject",
             {301,
              {{"x-amz-bucket-region", "eu-central-1"}},
              "<Error><Code>PermanentRedirect</Code><Message>Use the endpoint</Message></Error>"});
  ASSERT_FALSE(elsewhere);
  EXPECT_EQ(elsewhere.error().code, "PermanentRedirect");
  EXPECT_EQ(elsewhere.error().message, "Use the endpoint (the bucket is in eu-central-1)");
}

}  // namespace
}  // namespace sagewarden::aws
