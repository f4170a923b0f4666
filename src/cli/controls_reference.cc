#include "app/controls.h"
#include "cli/verbs.h"
#include "control/reference.h"

namespace sagewarden {

Result<int> run_controls_reference(const Arguments& /*arguments*/, Console& console) {
  TRY_LET(const std::vector<Control> controls, load_builtin_controls());
  TRY_DO(console.out.write(controls_reference_markdown(infos_of(controls))));
  return kExitPassed;
}

}  // namespace sagewarden
