// From findings that failed to a plan of repair: AWS is read, and nothing is changed.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/aws_session.h"
#include "app/controls.h"
#include "base/log.h"
#include "base/result.h"
#include "remediate/plan.h"
#include "remediate/planner.h"
#include "source/source.h"

namespace sagewarden {

struct PlanRequest {
  AwsOptions aws;
  // Reports of ours (json, ndjson), or whatever else `scan` reads; empty: AWS is scanned.
  std::vector<std::string> inputs;
  ControlSelection controls;
  std::string exceptions_file;         // what is accepted is not repaired
  std::vector<std::string> resources;  // globs of ARNs or names; empty: all
  remediate::PlanOptions options;
  int64_t (*clock)() = nullptr;
  size_t threads = 1;
};

struct MadePlan {
  remediate::Plan plan;
  // What was not looked at, or could not be judged: the plan may lack repairs.
  size_t incomplete = 0;
  // Failed findings that are of no resource in AWS (a template's): a plan cannot repair those.
  size_t homeless = 0;
  bool interrupted = false;
};

// Errors: the input cannot be read, there are no credentials.
Result<MadePlan> make_plan(const PlanRequest& request, Progress& progress, Log& log);

// The credentials of each account and Region that the actions are about. Errors: the credentials
// are not of an account of the plan, and no role is named.
Result<std::vector<live::Scope>> plan_scopes(const remediate::Plan& plan, AwsSession& session,
                                             Progress& progress);

}  // namespace sagewarden
