// The intrinsic functions, by name.
#pragma once

#include <string_view>

#include "source/cloudformation/resolver.h"

namespace sagewarden::cloudformation {

// A function where the template calls it, in either form: `Fn::Join: […]` or `!Join […]`.
struct Call {
  std::string_view name;  // "Join", "Ref"
  const Node& argument;
  bool tagged = false;  // the short form: the argument is the node that bears the tag
  Mark mark;
  const Scope* scope = nullptr;
};

using Function = Value (*)(Resolver& resolver, const Call& call);

// By the name without "Fn::" or "!"; null when there is no such function outside of conditions.
Function find_function(std::string_view name);

}  // namespace sagewarden::cloudformation
