// What the families of resources share beside planner.h: small JSON texts, findings by control, and
// what is left to people.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "remediate/plan.h"
#include "remediate/planner.h"

namespace sagewarden::remediate {

// {"a":"x","b":"y"}
std::string object_of(std::initializer_list<std::pair<std::string_view, std::string_view>> members);
std::string json_string(std::string_view text);  // with quotes
// The value as compact JSON; it must be there.
std::string text_of(json::Value value);
// In single quotes, for the shell.
std::string shell_quoted(std::string_view text);
// "a, b and c"
std::string listed(std::span<const std::string> texts);

// That the value is as it is in the document, be it that there is none.
Expectation as_seen(std::string path, json::Value root);

// The resource with those of its findings that are of the controls, and with the other ones.
Broken only(const Broken& broken, std::span<const std::string_view> controls);
Broken without(const Broken& broken, std::span<const std::string_view> controls);

// An action by hand with the words that every action has.
Action left_to_people(const Broken& broken, std::string summary, std::vector<std::string> advice);
// The same for what AWS does not let us read.
Action not_read(const Broken& broken, const aws::CallError& error);
// Adds an action by hand for findings of controls that the family does not know; none: nothing.
void add_unknown(std::vector<Action>& actions, const Broken& broken);

}  // namespace sagewarden::remediate
