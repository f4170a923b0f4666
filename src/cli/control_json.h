// A control as JSON, for `controls list` and `controls show`.
#pragma once

#include "base/json_writer.h"
#include "model/control_info.h"

namespace sagewarden {

void write_control(json::Writer& writer, const ControlInfo& info);

}  // namespace sagewarden
