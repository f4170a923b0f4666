// AWS Signature Version 4, by headers.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
// Our own, because libcurl 7.88's signs S3 and REST paths wrongly and sends dates twice.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "aws/credentials.h"
#include "aws/http_message.h"

namespace sagewarden::aws {

// What is signed as the path. AWS's rule is to resolve ".." and "//" and to encode the path as sent
// once more; only S3 signs it as it is, since in its keys ".." and "//" mean themselves.
enum class PathRule { Normalise, Keep };

struct SigningScope {
  std::string_view region = {};
  std::string_view service = {};  // the signing name
  int64_t time = 0;               // seconds since 1970, by AWS's clock
  PathRule paths = PathRule::Normalise;
};

// Adds X-Amz-Date, X-Amz-Security-Token (for temporary credentials) and Authorization. To be done
// anew for every attempt.
void sign(HttpRequest& request, const Credentials& credentials, const SigningScope& scope);

// The steps of it, as the specification names them.
std::string canonical_request(const HttpRequest& request, const SigningScope& scope);
std::string string_to_sign(std::string_view canonical_request, const SigningScope& scope);
std::string signature(std::string_view string_to_sign, const Secret& secret_access_key,
                      const SigningScope& scope);

std::string amz_date(int64_t time);  // "20150830T123600Z"

}  // namespace sagewarden::aws
