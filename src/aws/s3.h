// S3's wire format, as far as storing an object and looking at one: names and settings go into the
// address and the headers, and the answer is in headers too.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
#pragma once

#include <string_view>

#include "aws/endpoint.h"
#include "aws/http_message.h"
#include "base/json.h"
#include "base/result.h"

namespace sagewarden::aws {

// PutObject and GetObject are the operations that are known here. Their input: Bucket and Key, and
// perhaps ExpectedBucketOwner; of PutObject also ContentType, ServerSideEncryption, SSEKMSKeyId,
// IfNoneMatch. What is stored goes with its checksum, so that an object that was damaged on the way
// is refused. Errors: the bucket cannot be one (it becomes part of a host name), or the key cannot
// be one.
Result<HttpRequest> encode_s3(std::string_view operation, json::Value input, std::string_view body,
                              const Endpoint& endpoint);

// {"ETag": …}, of GetObject with {"Metadata": {…}} too: its headers are what is asked for, by an
// operation that is named as its permission is and whose errors, unlike HeadObject's, say what is
// wrong. Errors: a successful answer without an ETag is not S3's.
Result<json::Document> decode_s3(std::string_view operation, const HttpResponse& response);

// 3 to 63 lower-case letters, digits, '-' and '.', ends included.
bool is_bucket(std::string_view name);

}  // namespace sagewarden::aws
