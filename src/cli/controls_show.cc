#include "app/controls.h"
#include "cli/control_json.h"
#include "cli/verbs.h"

namespace sagewarden {

Result<int> run_controls_show(const Arguments& arguments, Console& console) {
  const std::vector<std::string> folders = arguments.all("controls-dir");
  TRY_LET(const Control control, load_control(arguments.positionals().front(), folders));
  if (arguments.value("output", "text") == "text") {
    TRY_LET(const std::string text, control_text(control));
    TRY_DO(console.out.write(text));
    return kExitPassed;
  }
  std::string text;
  json::Writer writer(text, json::Writer::Style::Indented);
  write_control(writer, control.info);
  TRY_DO(console.out.write(text + "\n"));
  return kExitPassed;
}

}  // namespace sagewarden
