// From tokens to the tree of an expression, by recursive descent.
#pragma once

#include <string_view>

#include "cel/ast.h"
#include "cel/cel.h"
#include "cel/lexer.h"

namespace sagewarden::cel {

// Null (and the fault) when the text is no expression, or larger or more nested than the limits
// allow.
ExprPtr parse(std::string_view expression, const Limits& limits, Fault& fault);

}  // namespace sagewarden::cel
