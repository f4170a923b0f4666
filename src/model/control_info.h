// What is said about a control, as plain data: the vocabulary that reports, the CLI and the
// documentation share. The logic of a control (its expressions and tests) is in control/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"

namespace sagewarden {

// A threshold that the user may set with --param CONTROL.NAME=VALUE.
struct Parameter {
  enum class Type : uint8_t { Bool, Int, String, StringList };
  std::string name;
  Type type = Type::String;
  std::string value;          // JSON of the value in force
  std::string default_value;  // JSON
  std::string why;            // what it changes and where the default comes from
  std::string allowed = {};   // JSON array of the only values that it takes; empty: any of its type

  friend bool operator==(const Parameter&, const Parameter&) = default;
};

struct ControlInfo {
  std::string id;   // "SageMaker.16"
  std::string set;  // "security-hub", "sagewarden" (opt-in), or "user"
  std::string title;
  Severity severity = Severity::Medium;
  std::string resource_type;  // CloudFormation's name
  std::string why;            // what goes wrong without it; Markdown-free paragraphs
  std::string fix;            // what to do about a failed finding
  std::string
      note;  // which reading of AWS's documentation was applied, where its pages disagree; or empty
  std::vector<Parameter> parameters;
  std::string
      config_rule;       // "sagemaker-model-private-registry-required"; empty for users' controls
  std::string category;  // "Protect > Secure network configuration"
  std::string schedule;  // "Periodic" or "Change triggered"
  std::vector<std::string> standards;     // "AWS Foundational Security Best Practices v1.0.0"
  std::vector<std::string> requirements;  // "NIST.800-53.r5 AC-21"
  std::string documentation;              // an https address, or empty
  std::string applies;                    // the CEL texts, as written
  std::string passes;
};

}  // namespace sagewarden
