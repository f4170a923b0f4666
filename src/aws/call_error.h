// Why a call to AWS has no answer.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace sagewarden::aws {

// In parts, so that a gap in a report can name them.
struct CallError {
  enum class Kind {
    Denied,        // by a policy
    NotFound,      // what was asked about is not there
    NotAvailable,  // the service or the operation is not there: in this Region, for this account
    Invalid,       // it was asked wrongly
    Credentials,   // there are none, or AWS does not accept them
    Throttled,     // in every attempt
    Failed,        // no answer, or AWS's own failure, in every attempt
    Malformed,     // an answer that is none
    Cancelled,
  };

  Kind kind = Kind::Failed;
  std::string service = {};
  std::string operation = {};
  std::string region = {};
  std::string account = {};
  std::string code = {};  // AWS's ("AccessDeniedException"); empty where it gave none
  std::string message = {};
  std::string request_id = {};
  int http_status = 0;  // 0: there was no answer
  int attempts = 0;
};

// What AWS's error codes mean; where there is no code, the status says it.
CallError::Kind kind_of(std::string_view code, std::string_view message, int status);

// All of it in one line, with what to do where that is known.
std::string describe(const CallError& error);
Error to_error(const CallError& error);

}  // namespace sagewarden::aws
