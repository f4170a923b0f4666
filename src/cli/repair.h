// What the commands that plan and repair share.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "remediate/plan.h"
#include "remediate/render.h"

namespace sagewarden {

remediate::RenderStyle render_style(const Arguments& arguments, const Console& console);
Result<remediate::Plan> load_plan(const std::string& file);

}  // namespace sagewarden
