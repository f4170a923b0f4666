#include "aws/call_error.h"

#include <fmt/format.h>

#include <algorithm>

#include "aws/retry.h"
#include "base/text.h"

namespace sagewarden::aws {
namespace {

using Kind = CallError::Kind;

struct Meaning {
  std::string_view code;
  Kind kind;
};

constexpr Meaning kMeanings[] = {
    {"AccessDenied", Kind::Denied},
    {"AccessDeniedException", Kind::Denied},
    {"AuthorizationError", Kind::Denied},
    {"ForbiddenException", Kind::Denied},
    {"UnauthorizedOperation", Kind::Denied},
    {"NoSuchBucket", Kind::NotFound},
    {"NoSuchEntity", Kind::NotFound},
    {"NoSuchKey", Kind::NotFound},  // an S3 object
    {"NotFound", Kind::NotFound},   // an SNS topic
    {"AWSOrganizationsNotInUseException", Kind::NotAvailable},
    {"InvalidAccessException", Kind::NotAvailable},  // Security Hub is not enabled
    {"InvalidAction", Kind::NotAvailable},
    {"OptInRequired", Kind::NotAvailable},
    {"SubscriptionRequiredException", Kind::NotAvailable},
    {"UnknownOperation", Kind::NotAvailable},
    {"UnknownOperationException", Kind::NotAvailable},
    {"PermanentRedirect", Kind::Invalid},  // an S3 bucket is in another Region
    {"AuthFailure", Kind::Credentials},
    {"ExpiredToken", Kind::Credentials},
    {"ExpiredTokenException", Kind::Credentials},
    {"IncompleteSignature", Kind::Credentials},
    {"IncompleteSignatureException", Kind::Credentials},
    {"InvalidClientTokenId", Kind::Credentials},
    {"InvalidSignatureException", Kind::Credentials},
    {"MissingAuthenticationToken", Kind::Credentials},
    {"MissingAuthenticationTokenException", Kind::Credentials},
    {"RequestExpired", Kind::Credentials},
    {"RequestTimeTooSkewed", Kind::Credentials},
    {"SignatureDoesNotMatch", Kind::Credentials},
    {"UnauthorizedException", Kind::Credentials},  // IAM Identity Center's token
    {"UnrecognizedClientException", Kind::Credentials},
};

// What can be done about it; empty where that depends.
std::string_view advice(const CallError& error) {
  if (error.code == "UnrecognizedClientException" || error.code == "InvalidClientTokenId")
    return "AWS does not know these credentials, or the Region is not enabled for the account";
  if (error.code.starts_with("ExpiredToken")) return "log in again";
  if (error.code == "RequestTimeTooSkewed" || error.code == "RequestExpired")
    return "this machine's clock is wrong";
  return "";
}

Error::Code code_of(Kind kind) {
  switch (kind) {
    case Kind::Denied:
    case Kind::Credentials:
      return Error::Code::Denied;
    case Kind::NotFound:
    case Kind::NotAvailable:
      return Error::Code::NotFound;
    case Kind::Throttled:
      return Error::Code::Throttled;
    case Kind::Invalid:
      return Error::Code::Invalid;
    case Kind::Cancelled:
      return Error::Code::Interrupted;
    case Kind::Failed:
    case Kind::Malformed:
      break;
  }
  return Error::Code::Io;
}

}  // namespace

Kind kind_of(std::string_view code, std::string_view message, int status) {
  const auto* known = std::ranges::find(kMeanings, code, &Meaning::code);
  if (known != std::end(kMeanings)) return known->kind;
  if (classify(code, status) == Failure::Throttled) return Kind::Throttled;
  // SageMaker's older resource types have no error of their own for this.
  // EC2 names the kind of resource in front: "InvalidVpcEndpointId.NotFound".
  if (code.starts_with("ResourceNotFound") || code.ends_with(".NotFound") ||
      (code == "ValidationException" && (message.find("RecordNotFound") != std::string_view::npos ||
                                         message.starts_with("Could not find"))))
    return Kind::NotFound;
  if (code.empty() && (status == 401 || status == 403)) return Kind::Denied;
  return status >= 400 && status < 500 ? Kind::Invalid : Kind::Failed;
}

std::string describe(const CallError& error) {
  std::string out = fmt::format("{}:{}", error.service, error.operation);
  if (!error.region.empty()) out += " in " + error.region;
  if (!error.account.empty()) out += " of account " + error.account;
  out += ": ";
  if (!error.code.empty()) out += printable(error.code) + ": ";
  out += error.message.empty() ? "no message" : printable(error.message);
  if (const std::string_view hint = advice(error); !hint.empty()) (out += "; ") += hint;
  std::string details;
  const auto add = [&](const std::string& text) {
    if (!details.empty()) details += ", ";
    details += text;
  };
  if (error.http_status != 0) add(fmt::format("HTTP status {}", error.http_status));
  if (!error.request_id.empty()) add("request " + printable(error.request_id));
  if (error.attempts > 1) add(fmt::format("{} attempts", error.attempts));
  return details.empty() ? out : out + " (" + details + ")";
}

Error to_error(const CallError& error) {
  return {code_of(error.kind), describe(error)};
}

}  // namespace sagewarden::aws
