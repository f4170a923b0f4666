// `sagewarden doctor`: what a scan of AWS would see, and what to do about the rest.
#include "app/doctor.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/json_writer.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/verbs.h"
#include "cli/watch.h"

namespace sagewarden {
namespace {

std::string_view name_of(Check::State state) {
  switch (state) {
    case Check::State::Good:
      return "ok";
    case Check::State::Unclear:
      return "unclear";
    case Check::State::Bad:
      return "problem";
  }
  return "";
}

std::string text_of(const std::vector<Check>& checks, size_t width) {
  size_t subject_width = 0;
  for (const Check& check : checks) subject_width = std::max(subject_width, check.subject.size());
  std::string out;
  for (const Check& check : checks) {
    const std::string start =
        fmt::format("{:<8} {:<{}}  ", name_of(check.state), check.subject, subject_width);
    const std::string indent(start.size(), ' ');
    std::string lines = wrap(printable(check.found), width, indent);
    if (!check.advice.empty()) lines += wrap(printable(check.advice), width, indent + "  ");
    out += start + lines.substr(std::min(start.size(), lines.size()));
  }
  return out;
}

std::string summary_of(size_t wrong) {
  if (wrong == 0) return "\nA scan would see everything that the controls need.\n";
  return fmt::format(
      "\nA scan would not see everything: {}. What a scan needs to be allowed: sagewarden policy "
      "audit\n",
      count_of(wrong, "problem"));
}

std::string json_of(const std::vector<Check>& checks) {
  std::string text;
  json::Writer writer(text, json::Writer::Style::Indented);
  writer.begin_array();
  for (const Check& check : checks) {
    writer.begin_object().member("state", name_of(check.state)).member("subject", check.subject);
    writer.member("found", check.found).member("advice", check.advice).end_object();
  }
  writer.end_array();
  return text + "\n";
}

}  // namespace

Result<int> run_doctor(const Arguments& arguments, Console& console) {
  DoctorOptions options;
  TRY_LET(options.aws, live_options(arguments));
  options.controls = selection(arguments);
  Progress progress;
  const Watch watch(progress, console.log, ShowProgress::No);
  TRY_LET(const std::vector<Check> checks, diagnose(options, progress, console.log));
  const auto wrong = static_cast<size_t>(std::ranges::count_if(
      checks, [](const Check& check) { return check.state != Check::State::Good; }));
  const bool as_json = arguments.value("output") == "json";
  TRY_DO(console.out.write(as_json ? json_of(checks)
                                   : text_of(checks, console.width) + summary_of(wrong)));
  if (watch.signal() != 0) return 128 + watch.signal();
  return wrong == 0 ? kExitPassed : kExitIncomplete;
}

}  // namespace sagewarden
