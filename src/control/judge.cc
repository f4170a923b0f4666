// judge(): from a control and a resource to a verdict. Runs for every resource and control, so it
// allocates nothing.
#include "control/control.h"
#include "control/variables.h"

namespace sagewarden {
namespace {

// What an expression means that is neither true nor false. Anything but a known truth value keeps a
// control from passing.
Verdict without_truth(const cel::Value& value) {
  if (!value.is_unknown() || value.unknown_node() == nullptr) return Verdict::Warning;
  switch (value.unknown_node()->cause) {
    case UnknownCause::Denied:
    case UnknownCause::Failed:
      return Verdict::NotAvailable;
    case UnknownCause::NotRecorded:
    case UnknownCause::NotResolved:
    case UnknownCause::AfterApply:
    case UnknownCause::NotExported:
      return Verdict::Warning;
  }
  return Verdict::Warning;
}

// An empty account or Region is one that the source does not know: comparing it as a text would
// judge by something that nobody read.
cel::Value text_or_unknown(std::string_view text, const UnknownNode& unknown) {
  return text.empty() ? cel::Value::unknown(&unknown) : cel::Value::string(text);
}

}  // namespace

Variables variables_of(const Control& control, json::Value parameters, const Resource& resource) {
  return {cel::Value::json(resource.properties, resource.unknown_properties),
          cel::Value::json(resource.tags, resource.unknown_tags),
          cel::Value::json(parameters),
          text_or_unknown(resource.account, control.unknown_account),
          text_or_unknown(resource.region, control.unknown_region),
          cel::Value::string(resource.partition),
          cel::Value::string(resource.type)};
}

Verdict judge_with(const Control& control, json::Value parameters, const Resource& resource,
                   cel::Scratch& scratch) {
  const Variables variables = variables_of(control, parameters, resource);
  const cel::Value applies = cel::evaluate(control.applies, variables, scratch);
  if (applies.is_false()) return Verdict::NotApplicable;
  if (!applies.is_true()) return without_truth(applies);
  const cel::Value passes = cel::evaluate(control.passes, variables, scratch);
  if (passes.is_true()) return Verdict::Passed;
  if (passes.is_false()) return Verdict::Failed;
  return without_truth(passes);
}

Verdict judge(const Control& control, const Resource& resource, cel::Scratch& scratch) {
  return judge_with(control, control.parameters.root, resource, scratch);
}

}  // namespace sagewarden
