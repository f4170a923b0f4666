// Which accounts of an organisation are to be scanned. Source: the API reference of AWS
// Organizations, in botocore 1.43's model.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/client.h"
#include "base/result.h"

namespace sagewarden::live {

// Empty lists choose nothing out.
struct OrganizationChoice {
  std::vector<std::string> units = {};  // organisational units or roots, with all below; empty: all
  std::vector<std::string> excluded_units = {};
  std::vector<std::string> excluded_accounts = {};
  // Of one key any value does; of several keys, all must fit.
  std::vector<std::pair<std::string, std::string>> tags = {};
};

// "ou-ab12-34cd56ef" or "r-ab12".
bool is_unit_id(std::string_view text);

struct Member {
  std::string account;
  std::string name;
  std::string state;     // "ACTIVE"; empty when AWS does not say it
  bool manages = false;  // the organisation's management account

  friend bool operator==(const Member&, const Member&) = default;
};

struct Members {
  std::vector<Member> chosen;                 // by account
  std::vector<Member> not_active;             // cannot be scanned; their tags were not asked for
  std::vector<std::string> unknown_excluded;  // excluded accounts that are no members
};

// Makes the calls, some at once, and waits for the answers, which come in the same order.
using AskAll = std::function<std::vector<aws::Answer>(std::vector<aws::Call> calls)>;

// `like` says whose Organizations is asked, and as whom. Errors: whatever keeps the list from being
// whole, with what to do; a part of an organisation must not pass for all of it.
Result<Members> list_members(const OrganizationChoice& choice, const aws::Call& like,
                             const AskAll& ask);

}  // namespace sagewarden::live
