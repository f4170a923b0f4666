// The tree of a template's file.
#pragma once

#include <string_view>

#include "base/node.h"
#include "base/result.h"

namespace sagewarden::cloudformation {

// The template that the text is, or that the answer of get-template in it holds (TemplateBody).
// Where that is a text within the text, its places are not those of the file: they are left out.
Result<Node> read_template(std::string_view text);

}  // namespace sagewarden::cloudformation
