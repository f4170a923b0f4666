#include "source/live/gaps.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "model/resource_type.h"

namespace sagewarden::live {
namespace {

using Kind = aws::CallError::Kind;

// What AWS answers in a Region that the account has not enabled: the credentials are good, but not
// known there.
constexpr std::array<std::string_view, 4> kNotEnabled = {"UnrecognizedClientException",
                                                         "InvalidClientTokenId", "OptInRequired",
                                                         "SubscriptionRequiredException"};

bool is_not_enabled(const aws::CallError& error) {
  return std::ranges::find(kNotEnabled, error.code) != kNotEnabled.end();
}

std::string operation_of(const aws::CallError& error) {
  return error.service + ":" + error.operation;
}

std::string_view code_of(Kind kind) {
  switch (kind) {
    case Kind::Denied:
      return "ACCESS_DENIED";
    case Kind::NotAvailable:
      return "NOT_AVAILABLE";
    case Kind::Credentials:
      return "NO_CREDENTIALS";
    case Kind::Throttled:
      return "THROTTLED";
    case Kind::Malformed:
      return "MALFORMED";
    case Kind::NotFound:
    case Kind::Invalid:
    case Kind::Failed:
    case Kind::Cancelled:
      return "CALL_FAILED";
  }
  return "CALL_FAILED";
}

// Empty where nothing is known to help.
std::string advice(const aws::CallError& error) {
  switch (error.kind) {
    case Kind::Denied:
      return fmt::format(
          "allow {} to whoever scans (a service control policy may be what denies it)",
          operation_of(error));
    case Kind::NotAvailable:
      return "this Region does not offer it";
    case Kind::Throttled:
      return "scan again with a lower --concurrency";
    case Kind::Malformed:
      return "what stands between here and AWS (a proxy, --endpoint-url) may have answered";
    case Kind::NotFound:
    case Kind::Invalid:
    case Kind::Credentials:
    case Kind::Failed:
    case Kind::Cancelled:
      return "";
  }
  return "";
}

std::string said_by(const aws::CallError& error) {
  if (error.code.empty()) return printable(error.message);
  if (error.message.empty()) return printable(error.code);
  return printable(error.code + ": " + error.message);
}

Gap new_gap(const aws::CallError& error, std::string_view code) {
  Gap gap;
  gap.kind = Gap::Kind::Call;
  gap.account = error.account;
  gap.region = error.region;
  gap.operation = operation_of(error);
  gap.code = code;
  return gap;
}

}  // namespace

Reach reach_of(const aws::CallError& error, bool is_first) {
  if (error.kind == Kind::Cancelled) return Reach::Run;
  if (is_not_enabled(error)) return Reach::Region;
  if (error.kind == Kind::Credentials) return Reach::Account;
  // Later on, it is but one of many calls that got no answer.
  if (is_first && error.kind == Kind::Failed && error.http_status == 0) return Reach::Region;
  return Reach::Call;
}

bool is_gone(const aws::CallError& error) {
  // Models, notebook instances, endpoints and their configurations have no code of their own for
  // it.
  return error.kind == Kind::NotFound || error.code.starts_with("ResourceNotFound") ||
         (error.code == "ValidationException" &&
          (error.message.find("RecordNotFound") != std::string::npos ||
           error.message.find("Could not find") != std::string::npos));
}

UnknownCause cause_of(const aws::CallError& error) {
  return error.kind == Kind::Denied ? UnknownCause::Denied : UnknownCause::Failed;
}

std::string reason_of(const aws::CallError& error) {
  const std::string what_to_do = advice(error);
  return what_to_do.empty() ? said_by(error) : fmt::format("{}; {}", said_by(error), what_to_do);
}

std::string plural_of(std::string_view type) {
  const ResourceType* const found = find_resource_type(type);
  return std::string(found == nullptr ? type : found->plural);
}

Gap call_gap(const aws::CallError& error, std::string_view type, std::string_view missing) {
  Gap gap = new_gap(error, code_of(error.kind));
  gap.type = type;
  gap.message = fmt::format("{}: {}", missing, reason_of(error));
  return gap;
}

Gap region_gap(const aws::CallError& error, bool is_first) {
  const std::string_view missing =
      is_first ? "nothing of this Region was seen" : "nothing more of this Region was seen";
  if (!is_not_enabled(error)) {
    Gap gap = new_gap(error, "NO_ANSWER");
    gap.message = fmt::format("{}: {}; is there such a Region, and can it be reached from here?",
                              missing, said_by(error));
    return gap;
  }
  Gap gap = new_gap(error, "REGION_NOT_ENABLED");
  gap.message = fmt::format(
      "{}: {}; the account has not enabled the Region: leave it out of --region, or enable it",
      missing, said_by(error));
  return gap;
}

Gap account_gap(const aws::CallError& error, const Scope& scope, std::string_view missing) {
  Gap gap = new_gap(error, "NO_CREDENTIALS");
  gap.region.clear();
  if (scope.role_arn.empty()) {
    gap.message = fmt::format("{}: {}", missing, said_by(error));
    return gap;
  }
  gap.operation = "sts:AssumeRole";
  gap.message = fmt::format(
      "{}: no credentials for {}: {}; the role must exist and trust who scans, --external-id must "
      "be the one that it asks for, and who scans must be allowed sts:AssumeRole on it{}{}",
      missing, scope.role_arn, said_by(error), scope.advice.empty() ? "" : "; ", scope.advice);
  return gap;
}

}  // namespace sagewarden::live
