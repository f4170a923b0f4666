// Any bytes as a control file: loaded, set, tested and explained, or refused with an error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "control/control.h"
#include "control/reference.h"

namespace {

// A control may have many tests, and each may use up what an evaluation may cost: a few show as
// much as all.
constexpr size_t kMaxTests = 4;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto control = sagewarden::parse_control("fuzz.yaml", text, "user");
  if (!control) {
    if (control.error().message.find("fuzz.yaml:") != 0) std::abort();
    return 0;
  }
  for (size_t i = 0; i < control->info.parameters.size(); ++i) {
    const std::string name = control->info.parameters[i].name;
    // Either it is taken, or it is refused and the control stays as it was.
    const std::string before = control->info.parameters[i].value;
    if (!sagewarden::set_parameter(*control, name, text.substr(0, 64)) &&
        control->info.parameters[i].value != before)
      std::abort();
  }
  const sagewarden::ControlInfo& info = control->info;
  if (sagewarden::controls_reference_markdown({&info, 1}).empty()) std::abort();
  if (control->tests.size() <= kMaxTests) sagewarden::run_tests(*control);
  return 0;
}
