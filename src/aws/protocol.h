// AWS's wire formats: a call as an HTTP request, an HTTP response as JSON or an error.
// https://smithy.io/2.0/aws/protocols/
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "aws/endpoint.h"
#include "aws/http_message.h"
#include "aws/service.h"
#include "base/json.h"
#include "base/result.h"

namespace sagewarden::aws {

// The request, not yet signed. The input is a JSON object, its members named as they go over the
// wire. `body` is what S3's PutObject stores; no other operation has one. Errors: the input is
// none, or the service has no such operation.
Result<HttpRequest> encode(const Service& service, std::string_view operation,
                           std::string_view input, const Endpoint& endpoint,
                           std::string_view body = {});

// What AWS said instead of an answer.
struct ServiceError {
  std::string code = {};  // without a namespace; empty when there is none
  std::string message = {};
  bool malformed = false;  // this is no answer of AWS's at all
};

// A response with a status of 2xx must hold the operation's result. One that is empty, of another
// kind or cut off is an error: that nothing was found is only ever said by AWS.
tl::expected<json::Document, ServiceError> decode(const Service& service,
                                                  std::string_view operation,
                                                  const HttpResponse& response);

// AWS's name for the exchange, for asking its support.
std::string request_id(const HttpResponse& response);

}  // namespace sagewarden::aws
