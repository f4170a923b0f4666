// Keeps secrets out of evidence: findings travel to tickets, dashboards and mail.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace sagewarden {

// What stands for a value that may not be shown.
inline constexpr std::string_view kHidden = "(hidden)";
// Longer values are cut.
inline constexpr size_t kMaxShownBytes = 200;

// Whether all below a member of that name is secret: called Environment or …EnvironmentVariables,
// or a name that holds password, secret, token or credential, in any case of letters.
bool is_secret_member(std::string_view name);

// Whether values at that path ("A.Environment.X", "A[0].MasterPassword") are secrets: everything
// below a member called Environment or …EnvironmentVariables, and members of the other secret
// names.
bool is_secret_path(std::string_view path);

// The value at that path, as it may be shown: hidden when the path is secret, secret members inside
// it hidden, cut at kMaxShownBytes with "…".
std::string shown(std::string_view path, json::Value value);

// The same for a text that stands for a value: JSON, or a phrase such as "not set". Lists and maps
// that can't be read as JSON are hidden, since they can't be searched for secrets.
std::string shown(std::string_view path, std::string_view found);

// What is wanted, or an error's message, as it may be shown. Where the expression deals with secret
// members at all, a text that it does not hold itself may be one of their values, and is hidden.
std::string shown_wish(std::string_view expression, std::string_view text);

// The text, cut at kMaxShownBytes between two characters.
std::string cut(std::string_view text);

}  // namespace sagewarden
