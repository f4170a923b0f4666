// The page docs/controls.md: every control, for people who want to learn from it.
#pragma once

#include <span>
#include <string>

#include "model/control_info.h"

namespace sagewarden {

// One Markdown page: a table of all controls, then a section for each with what it asks, why, how
// to fix it, its parameters, standards and expressions. The same controls give the same page.
std::string controls_reference_markdown(std::span<const ControlInfo> controls);

}  // namespace sagewarden
