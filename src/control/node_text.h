// What is read from a control file, on its way to JSON: test resources and parameter values.
#pragma once

#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "base/node.h"
#include "base/result.h"

namespace sagewarden {

// An error that names file, line and column, as editors and CI systems understand it.
tl::unexpected<Error> fail_at(std::string_view file, Mark mark, std::string_view message);

// Writes the value as JSON. Errors (without a place): a YAML tag such as !Ref, a number that JSON
// does not have.
Result<void> write_node(json::Writer& writer, const Node& node);
// The same, as a text.
Result<std::string> json_of(const Node& node);

// "a mapping", "a list", "a text", …
std::string_view kind_name(Node::Kind kind);

}  // namespace sagewarden
