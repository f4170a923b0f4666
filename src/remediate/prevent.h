// What keeps a violation from coming back: policies that refuse the calls that would make one, and
// rules that refuse the templates. Which condition keys there are: the service authorization
// reference for Amazon SageMaker AI,
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/control_info.h"

namespace sagewarden::remediate {

// What one kind of prevention does about one control.
struct Coverage {
  std::string control;
  std::string how;    // what refuses it; empty: it is not prevented
  std::string limit;  // why not, or what is refused too, or not seen; may be empty
};

struct Prevention {
  std::string document;            // empty when none of the controls can be prevented so
  std::vector<Coverage> controls;  // as they were chosen
  std::vector<std::string> notes;  // about the document as a whole
};

struct PreventOptions {
  std::vector<std::string> tag_keys;  // that tagged resources must come with
  std::vector<std::string>
      except_roles;  // ARNs, `*` allowed, that the policy is not for: who repairs
};

// A service control policy (the same statements are good in an IAM policy or a permission boundary)
// that denies what the controls would find: JSON without blanks, as such policies are limited in
// size.
Prevention service_control_policy(std::span<const std::string> controls,
                                  const PreventOptions& options);

// Organizations' limit for one policy, in characters (since 2026-05; 5,120 before).
inline constexpr size_t kMaxPolicySize = 10'240;

// Rules for CloudFormation Guard 3.1, one a control, named as AWS Config's rule. They judge a
// template as a scan does, as far as Guard's language goes; what a scan cannot know they refuse.
// Errors: a parameter's value that Guard has no way to write.
Result<Prevention> guard_rules(std::span<const ControlInfo> controls);

// A CI pipeline that scans what a change would deploy, and fails: "github" or "gitlab". Empty for
// another name.
std::string_view ci_gate(std::string_view platform);

}  // namespace sagewarden::remediate
