#include "aws/s3.h"

#include <fmt/format.h>

#include <algorithm>

#include "aws/digest.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace sagewarden::aws {
namespace {

constexpr size_t kMaxKey = 1024;  // bytes

// Members of the input that are headers of the request.
constexpr struct {
  std::string_view member;
  std::string_view header;
} kHeaders[] = {
    {"ContentType", "Content-Type"},
    {"IfNoneMatch", "If-None-Match"},
    {"ServerSideEncryption", "X-Amz-Server-Side-Encryption"},
    {"SSEKMSKeyId", "X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id"},
    {"ExpectedBucketOwner", "X-Amz-Expected-Bucket-Owner"},
};

// AWS's own hosts have the bucket in front, unless a '.' in it would not fit their certificate
// (*.s3.….amazonaws.com). Hosts of one's own, whatever they are called, need not know such names.
bool is_in_host(std::string_view bucket, const Endpoint& endpoint) {
  return bucket.find('.') == std::string_view::npos && !endpoint.is_override;
}

// Names of metadata are in lower case, however they were written.
void write_metadata(json::Writer& out, const HttpResponse& response) {
  constexpr std::string_view kStart = "x-amz-meta-";
  out.key("Metadata").begin_object();
  for (const Header& header : response.headers) {
    const std::string name = lower(header.name);
    if (name.starts_with(kStart)) out.member(name.substr(kStart.size()), header.value);
  }
  out.end_object();
}

}  // namespace

bool is_bucket(std::string_view name) {
  constexpr size_t kMin = 3;
  constexpr size_t kMax = 63;
  const auto is_inner = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return name.size() >= kMin && name.size() <= kMax && std::ranges::all_of(name, is_inner) &&
         name.find("..") == std::string_view::npos && name.front() != '-' && name.front() != '.' &&
         name.back() != '-' && name.back() != '.';
}

Result<HttpRequest> encode_s3(std::string_view operation, json::Value input, std::string_view body,
                              const Endpoint& endpoint) {
  const bool stores = operation == "PutObject";
  if (!stores && operation != "GetObject")
    return fail(Error::Code::Invalid,
                fmt::format("{} is no operation of s3 that is known here", operation));
  const std::string_view bucket = input["Bucket"].string_or("");
  const std::string_view key = input["Key"].string_or("");
  if (!is_bucket(bucket))
    return fail(Error::Code::Invalid,
                fmt::format("'{}' is no name of an S3 bucket", printable(bucket)));
  if (key.empty() || key.size() > kMaxKey || !is_utf8(key))
    return fail(Error::Code::Invalid,
                fmt::format("'{}' is no key of an S3 object: one is 1 to {} bytes of UTF-8",
                            printable(key), kMaxKey));
  HttpRequest request;
  request.method = stores ? "PUT" : "GET";
  request.origin = endpoint.origin;
  request.path = endpoint.path;
  if (is_in_host(bucket, endpoint)) {
    constexpr size_t kScheme = std::string_view("https://").size();
    request.origin.insert(kScheme, std::string(bucket) + ".");
  } else {
    (request.path += '/') += bucket;
  }
  (request.path += '/') += percent_encode(key, Slash::Keep);
  for (const auto& row : kHeaders) {
    const std::string_view value = input[row.member].string_or("");
    if (!value.empty()) request.headers.push_back({std::string(row.header), std::string(value)});
  }
  request.headers.push_back({"X-Amz-Content-Sha256", sha256_hex(body)});
  if (!stores) {
    request.headers.push_back({"X-Amz-Checksum-Mode", "ENABLED"});  // as AWS's own clients do
    return request;
  }
  request.headers.push_back({"X-Amz-Checksum-Sha256", sha256_base64(body)});
  request.body = body;
  // A large object takes its time on a slow line; that bytes go on flowing is watched all the
  // while.
  constexpr size_t kSlowest = 250'000;  // bytes a second
  request.timeouts.whole += std::chrono::seconds(body.size() / kSlowest);
  return request;
}

Result<json::Document> decode_s3(std::string_view operation, const HttpResponse& response) {
  const std::string_view tag = response.header("etag");
  if (tag.empty())
    return fail(Error::Code::Io, fmt::format("a stored object has an ETag, and this answer to {} "
                                             "has none",
                                             operation));
  std::string text;
  json::Writer out(text);
  out.begin_object().member("ETag", tag);
  if (operation == "GetObject") write_metadata(out, response);
  out.end_object();
  return json::parse_document(text);
}

}  // namespace sagewarden::aws
