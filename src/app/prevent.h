// What keeps violations from coming back, where the controls' own expressions are needed; the other
// kinds are in remediate/prevent.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/control_info.h"
#include "remediate/prevent.h"

namespace sagewarden {

// What the API server does about an object that violates a control.
enum class Admission : uint8_t { Warn, Deny };

// Policies for Kubernetes (ValidatingAdmissionPolicy with its binding, 1.30 and later), one a
// control, about the objects that the ACK controller for SageMaker makes resources from: YAML. They
// are the controls' own CEL expressions, with the members named as the controller's types name
// them.
remediate::Prevention admission_policies(std::span<const ControlInfo> controls,
                                         Admission admission);

// The expression with `resource` as `variables.resource`, `tags` as `variables.tags` (a list of
// keys), parameters as their values in force, and members under the controller's names. Nothing
// when it asks something that an object does not have.
std::optional<std::string> ack_expression(std::string_view expression, const ControlInfo& info);

// The name of a member in the controller's types; empty for one that is not known to be there.
std::string_view ack_member(std::string_view name);

// A Markdown table: what each kind of prevention does about each control, and why not. Error: a
// parameter's value cannot be written in a rule.
Result<std::string> prevention_table(std::span<const ControlInfo> controls);

}  // namespace sagewarden
