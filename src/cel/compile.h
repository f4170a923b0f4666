// From the tree that was parsed to the compiled form: names are resolved, macros recognised,
// constants folded.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "cel/cel.h"
#include "cel/lexer.h"

namespace sagewarden::cel {

// What Program::compile() does not let its callers choose, and the conformance cases need.
struct Dialect {
  // The namespace in which names are looked up: "a.b" makes `c` also mean a.b.c and a.c.
  std::string_view container;
  // Whether a name that means nothing is an error only when it is reached.
  enum class Names : uint8_t { Checked, Late } names = Names::Checked;
};

// Null (and the fault) when the text does not compile.
std::unique_ptr<const Program::Impl> compile_program(std::string_view expression,
                                                     std::span<const std::string_view> variables,
                                                     const Limits& limits, const Dialect& dialect,
                                                     Fault& fault);

}  // namespace sagewarden::cel
