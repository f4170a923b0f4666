// Changing a monitoring schedule: its configuration is sent again as a whole, and one that was
// stopped stays stopped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "remediate/plan.h"

namespace sagewarden::remediate {

PlannedCall describe_schedule(std::string_view name);
// What AWS changes about a schedule by itself, as paths for an observation.
std::vector<std::string> schedule_times();

// Why the schedule, as Describe shows it, cannot be given a configuration now; empty when it can.
std::string schedule_obstacle(json::Value described);

struct ScheduleChange {
  std::string title;
  std::string undo_title;
  std::string config;                // MonitoringScheduleConfig, all of it
  std::vector<Expectation> reached;  // of the configuration, once it is changed
  bool passes_role = false;          // it holds the role of a job
};

void add_schedule_steps(std::vector<Step>& steps, json::Value described,
                        const ScheduleChange& change);

}  // namespace sagewarden::remediate
