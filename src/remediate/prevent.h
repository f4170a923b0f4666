// What keeps a violation from coming back: policies that refuse the calls that would make one.
// Which condition keys there are: the service authorization reference for Amazon SageMaker AI,
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sagewarden::remediate {

struct PreventOptions {
  std::vector<std::string> tag_keys;  // that tagged resources must come with
  std::vector<std::string>
      except_roles;  // ARNs, `*` allowed, that the policy is not for: who repairs
};

struct Prevention {
  std::string document;  // JSON without blanks, as these policies' sizes are limited
  // What the document does not do, control by control, and what does instead.
  std::vector<std::string> notes;
  size_t statements = 0;
};

// A service control policy (the same statements are good in an IAM policy or a permission boundary)
// that denies what the controls would find. Document is empty when none of the controls can be
// prevented so.
Prevention service_control_policy(std::span<const std::string> controls,
                                  const PreventOptions& options);

// Organizations' limit for one policy, in characters (since 2026-05; 5,120 before).
inline constexpr size_t kMaxPolicySize = 10'240;

}  // namespace sagewarden::remediate
