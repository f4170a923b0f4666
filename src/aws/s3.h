// S3's wire format, as far as storing an object: names and settings go into the address and the
// headers, and the answer is in headers too.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
#pragma once

#include <string_view>

#include "aws/endpoint.h"
#include "aws/http_message.h"
#include "base/json.h"
#include "base/result.h"

namespace sagewarden::aws {

// PutObject is the one operation that is known here. Its input: Bucket and Key, and perhaps
// ContentType, ServerSideEncryption, SSEKMSKeyId, IfNoneMatch, ExpectedBucketOwner. With its
// checksum, so that an object that was damaged on the way is refused. Errors: the bucket cannot be
// one (it becomes part of a host name), or the key cannot be one.
Result<HttpRequest> encode_s3(std::string_view operation, json::Value input, std::string_view body,
                              const Endpoint& endpoint);

// {"ETag": …}. Errors: a successful answer without one is not S3's.
Result<json::Document> decode_s3(std::string_view operation, const HttpResponse& response);

// 3 to 63 lower-case letters, digits, '-' and '.', ends included.
bool is_bucket(std::string_view name);

}  // namespace sagewarden::aws
