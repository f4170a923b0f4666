#include "remediate/notebook_steps.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/json_writer.h"
#include "remediate/family.h"

namespace sagewarden::remediate {
namespace {

// What Amazon Linux 2023 does not run on.
constexpr std::array<std::string_view, 5> kOldInstanceFamilies = {"p2", "p3", "p3dn", "inf1", "g3"};

Step notebook_step(std::string_view name, std::string_view verb, std::string_view from,
                   std::string_view to) {
  Step step;
  step.title = fmt::format("{} notebook instance {}", verb, name);
  step.call = notebook_call(name, fmt::format("{}NotebookInstance", verb));
  step.check = notebook_check(name);
  step.check.reached = {equals(std::string(kNotebookStatus), to)};
  step.from = {equals(std::string(kNotebookStatus), from)};
  return step;
}

}  // namespace

bool supports_current(std::string_view instance_type) {
  if (instance_type.starts_with("ml.")) instance_type.remove_prefix(3);
  const std::string_view family = instance_type.substr(0, instance_type.find('.'));
  return std::ranges::find(kOldInstanceFamilies, family) == kOldInstanceFamilies.end();
}

std::string notebook_status_obstacle(json::Value described) {
  const std::string_view status = described[kNotebookStatus].string_or("");
  if (status == "InService" || status == "Stopped") return {};
  if (status == "Failed")
    return fmt::format(
        "its status is Failed ({}), and AWS changes none that is: mend it in the "
        "console, or save what is left and replace it",
        described["FailureReason"].string_or("AWS gives no reason"));
  return fmt::format("its status is {}: plan again when it is InService or Stopped", status);
}

std::string notebook_platform_obstacle(json::Value described) {
  const std::string_view platform = described[kNotebookPlatform].string_or("");
  if (platform.empty())
    return "AWS does not say which platform it has, so it may not start again once it is stopped: "
           "look in the console, and replace it if it is on Amazon Linux 1";
  if (platform.starts_with("notebook-al1-"))
    return fmt::format(
        "it is on Amazon Linux 1 ({}), which can't be moved in place, and once "
        "stopped it does not start again: it has to be replaced by a new one",
        platform);
  return {};
}

PlannedCall notebook_call(std::string_view name, std::string_view operation) {
  return {.operation = std::string(operation),
          .input = object_of({{"NotebookInstanceName", name}})};
}

Check notebook_check(std::string_view name) {
  Check check;
  check.read = notebook_call(name, "DescribeNotebookInstance");
  check.moving = {any_of(std::string(kNotebookStatus), {"Pending", "Stopping", "Updating"})};
  check.broken = {equals(std::string(kNotebookStatus), "Failed")};
  check.every = kNotebookPause;
  check.most = kNotebookWait;
  return check;
}

Step stop_notebook(std::string_view name) {
  return notebook_step(name, "Stop", "InService", "Stopped");
}

Step start_notebook(std::string_view name) {
  return notebook_step(name, "Start", "Stopped", "InService");
}

Step update_notebook(std::string_view name, std::string title,
                     std::span<const std::pair<std::string_view, std::string>> values) {
  Step step;
  step.title = std::move(title);
  step.check = notebook_check(name);
  step.from = {equals(std::string(kNotebookStatus), "Stopped")};
  json::Writer out(step.call.input);
  step.call.operation = "UpdateNotebookInstance";
  step.call.input.clear();
  out.begin_object().member("NotebookInstanceName", name);
  for (const auto& [member, value] : values) {
    out.member(member, value);
    step.check.reached.push_back(equals(std::string(member), value));
  }
  out.end_object();
  step.check.reached.push_back(equals(std::string(kNotebookStatus), "Stopped"));
  return step;
}

}  // namespace sagewarden::remediate
