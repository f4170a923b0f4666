// "%s has %d".format([…])
#pragma once

#include <string_view>

#include "cel/context.h"
#include "cel/value.h"

namespace sagewarden::cel {

// The pattern with its clauses (%s %d %f %e %x %X %o %b, %%) replaced by the list's elements.
Value format_text(Context& context, std::string_view pattern, const Value& list);

}  // namespace sagewarden::cel
