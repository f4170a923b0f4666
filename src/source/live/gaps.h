// What is said of calls that failed: which part of AWS was not seen, and what to do about it.
#pragma once

#include <string>
#include <string_view>

#include "aws/client.h"
#include "model/resource.h"
#include "source/live/live.h"

namespace sagewarden::live {

// How much a failed call takes with it.
enum class Reach {
  Call,     // what it asked for
  Region,   // nothing of the Region can be had: it is not enabled, or there is no endpoint
  Account,  // nothing of the account can be had: no credentials
  Run,      // the user stopped it all
};
// `is_first`: nothing of the Region has answered yet.
Reach reach_of(const aws::CallError& error, bool is_first);

// The resource was there when it was listed, and is no more.
bool is_gone(const aws::CallError& error);

// Denied or Failed.
UnknownCause cause_of(const aws::CallError& error);

// "AccessDeniedException: User … is not authorized …; allow sagemaker:DescribeModel"
std::string reason_of(const aws::CallError& error);

// "models" of AWS::SageMaker::Model; the type itself where it is none of ours.
std::string plural_of(std::string_view type);

// What is missing ("no model of this Region was seen") stands first in the message.
Gap call_gap(const aws::CallError& error, std::string_view type, std::string_view missing);
Gap region_gap(const aws::CallError& error, bool is_first);
Gap account_gap(const aws::CallError& error, const Scope& scope, std::string_view missing);

}  // namespace sagewarden::live
