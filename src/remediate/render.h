// A plan for people: what would happen, in which order, why, and how it is taken back. Values of
// environment variables and other secrets are in none of these but the script, which needs them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "remediate/plan.h"

namespace sagewarden::remediate {

struct RenderStyle {
  size_t width = 100;
  bool colour = false;
  bool calls = false;  // each call with what it is given
};

std::string plan_text(const Plan& plan, const RenderStyle& style);
// A line an action, for where the whole is elsewhere.
std::string plan_summary(const Plan& plan);
// For a pull request.
std::string plan_markdown(const Plan& plan);
// A shell script of AWS CLI calls that does the same, for those who want to run it by hand. It
// needs bash and the AWS CLI; it stops at the first step that fails, and has no journal.
std::string plan_script(const Plan& plan);

// The call's input as one line of JSON, the values of environment variables and scripts hidden.
std::string shown_input(const PlannedCall& call);
// "notebook instance fraud-dev"
std::string target_text(const Target& target);

}  // namespace sagewarden::remediate
