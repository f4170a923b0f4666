#include "remediate/schedule_steps.h"

#include <fmt/core.h>

#include "base/json_writer.h"
#include "remediate/family.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kScheduleStatus = "MonitoringScheduleStatus";
constexpr std::string_view kConfigMember = "MonitoringScheduleConfig";

Check schedule_check(std::string_view name) {
  Check check;
  check.read = describe_schedule(name);
  check.moving = {equals(std::string(kScheduleStatus), "Pending")};
  check.broken = {equals(std::string(kScheduleStatus), "Failed")};
  return check;
}

Step update_schedule_step(std::string_view name, std::string title, std::string_view config,
                          std::vector<Expectation> reached) {
  Step step;
  step.title = std::move(title);
  step.call.operation = "UpdateMonitoringSchedule";
  step.call.input.clear();
  json::Writer(step.call.input)
      .begin_object()
      .member("MonitoringScheduleName", name)
      .key(kConfigMember)
      .raw(config)
      .end_object();
  step.check = schedule_check(name);
  step.check.reached = std::move(reached);
  step.check.reached.push_back(any_of(std::string(kScheduleStatus), {"Scheduled", "Stopped"}));
  return step;
}

// An update may have started it again.
Step keep_stopped_step(std::string_view name) {
  Step step;
  step.title = fmt::format("Keep monitoring schedule {} stopped", name);
  step.call = {.operation = "StopMonitoringSchedule",
               .input = object_of({{"MonitoringScheduleName", name}})};
  step.check = schedule_check(name);
  step.check.reached = {equals(std::string(kScheduleStatus), "Stopped")};
  step.from = {equals(std::string(kScheduleStatus), "Scheduled")};
  step.no_undo = fmt::format("{} was stopped before, too", name);
  return step;
}

}  // namespace

PlannedCall describe_schedule(std::string_view name) {
  return {.operation = "DescribeMonitoringSchedule",
          .input = object_of({{"MonitoringScheduleName", name}})};
}

std::vector<std::string> schedule_times() {
  return {"LastModifiedTime", "LastMonitoringExecutionSummary"};
}

std::string schedule_obstacle(json::Value described) {
  const std::string_view name = described["MonitoringScheduleName"].string_or("");
  const std::string_view status = described[kScheduleStatus].string_or("");
  if (status == "Failed")
    return fmt::format("monitoring schedule {} has failed ({}): mend or delete it, then plan again",
                       name, described["FailureReason"].string_or("AWS gives no reason"));
  if (status != "Scheduled" && status != "Stopped")
    return fmt::format(
        "the status of monitoring schedule {} is {}: plan again when it is Scheduled or Stopped",
        name, status);
  if (described[kConfigMember]["ScheduleConfig"]["ScheduleExpression"].string_or("") == "NOW")
    return fmt::format(
        "monitoring schedule {} runs once, at once (NOW), and an update would run it again: delete "
        "it when its work is done, then plan again",
        name);
  return {};
}

void add_schedule_steps(std::vector<Step>& steps, json::Value described,
                        const ScheduleChange& change) {
  const std::string_view name = described["MonitoringScheduleName"].string_or("");
  const bool is_stopped = described[kScheduleStatus].string_or("") == "Stopped";
  Step step = update_schedule_step(name, change.title, change.config, change.reached);
  step.from = {as_seen(std::string(kConfigMember), described),
               as_seen(std::string(kScheduleStatus), described)};
  std::vector<Expectation> before;
  for (const Expectation& reached : change.reached)
    before.push_back(as_seen(reached.path, described));
  Step undo = update_schedule_step(name, change.undo_title, text_of(described[kConfigMember]),
                                   std::move(before));
  undo.from = change.reached;
  if (change.passes_role) step.also_needs = undo.also_needs = {"iam:PassRole"};
  step.undo = {std::move(undo)};
  if (is_stopped) step.undo.push_back(keep_stopped_step(name));
  steps.push_back(std::move(step));
  if (is_stopped) steps.push_back(keep_stopped_step(name));
}

}  // namespace sagewarden::remediate
