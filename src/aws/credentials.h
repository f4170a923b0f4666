// What a request is signed with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "aws/secret.h"

namespace sagewarden::aws {

struct Credentials {
  std::string access_key_id;
  Secret secret_access_key;
  Secret session_token = {};            // empty for long-lived keys
  std::optional<int64_t> expires = {};  // seconds since 1970
  std::string account = {};             // where the source says it
  std::string source = {};              // where they come from, in words ("environment variables")
};

}  // namespace sagewarden::aws
