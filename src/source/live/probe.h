// Whether the calls of a live scan are allowed, found out with one harmless call for each: lists of
// one element, and Describe and ListTags of what does not exist.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "aws/client.h"
#include "source/live/live.h"

namespace sagewarden::live {

// The calls for one Region of an account, each operation once where one call stands for all types.
std::vector<aws::Call> probes_of(std::span<const TypeNeeds> needs, const Scope& scope,
                                 const std::string& region);

// Unclear: there was no answer, or one that says neither.
enum class Permission : uint8_t { Allowed, Denied, Unclear };

// Services ask whether a call is allowed before they look for what it is about, so "not found"
// means that it is (IAM's evaluation logic comes before the operation's own errors).
Permission permission_of(const aws::Answer& answer);

}  // namespace sagewarden::live
