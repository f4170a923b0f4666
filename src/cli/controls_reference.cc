#include "app/controls.h"
#include "cli/verbs.h"

namespace sagewarden {

Result<int> run_controls_reference(const Arguments& /*arguments*/, Console& console) {
  std::vector<Control> controls;
  for (const std::string_view id : builtin_control_ids()) {
    TRY_LET(Control control, load_control(id, {}));
    controls.push_back(std::move(control));
  }
  TRY_DO(console.out.write(controls_reference_markdown(controls)));
  return kExitPassed;
}

}  // namespace sagewarden
