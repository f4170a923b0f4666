// From failed findings to a plan. One file a family of resources; planner.cc lists them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "remediate/plan.h"
#include "remediate/reader.h"

namespace sagewarden::remediate {

// What only the user can know.
struct PlanOptions {
  std::map<std::string, std::string>
      tags;                          // to give to what has none; empty: such findings are by hand
  std::string kms_key;               // ARN; empty: what needs one is by hand
  std::vector<std::string> subnets;  // for models without a VPC of their own
  std::vector<std::string> security_groups;
  std::map<std::string, std::string> registry;  // image → the same image in a private registry
  // Copy what the registry does not have, by skopeo; otherwise the commands are said.
  bool copy_images = false;
  std::string credentials_lambda;   // ARN of who logs in to that registry; may be empty
  std::vector<std::string> alarms;  // CloudWatch alarms that roll a deployment back
  uint32_t canary_percent = 0;      // 1 to 50: traffic that a new fleet gets first; 0: all at once
  // Before a real endpoint moves, one of its own shows whether an image in ECR can be pulled
  // through the VPC, which AWS does not document.
  bool canary_endpoint = true;
  bool create_endpoints = false;  // of VPCs, where models lack them
  // Isolate SageMaker Clarify's jobs too, which then cannot ask a model's endpoint.
  bool isolate_clarify = false;
  // Where volumes of notebook instances are saved; without it their replacement is by hand.
  std::string backup_bucket;
  std::string backup_prefix;  // of keys; empty, or ending in '/'
};

// A resource with findings that failed.
struct Broken {
  Target target;
  std::vector<Repaired> findings;  // passes_at is empty: the planner fills it in

  bool fails(std::string_view control) const;
};

struct Planning {
  const PlanOptions& options;
  const Reader& reader;
};

// The actions that repair the resources, which are of the family's types and of one account and
// Region. Every finding is in exactly one action. What AWS does not let us read becomes an action
// by hand whose advice begins with "could not be read".
using PlanFamily = std::vector<Action> (*)(std::span<const Broken> broken,
                                           const Planning& planning);

// Null for a type that we know no repair for.
PlanFamily family_of(std::string_view type);

// The families (family_of is the way to them).
std::vector<Action> plan_notebooks(std::span<const Broken> broken, const Planning& planning);
std::vector<Action> plan_images(std::span<const Broken> broken, const Planning& planning);
std::vector<Action> plan_domains(std::span<const Broken> broken, const Planning& planning);
std::vector<Action> plan_schedules(std::span<const Broken> broken, const Planning& planning);
std::vector<Action> plan_job_definitions(std::span<const Broken> broken, const Planning& planning);
std::vector<Action> plan_serving(std::span<const Broken> broken, const Planning& planning);
std::vector<Action> plan_feature_groups(std::span<const Broken> broken, const Planning& planning);
std::vector<Action> plan_experiments(std::span<const Broken> broken, const Planning& planning);

// All of one account and Region; actions and steps are not numbered yet.
std::vector<Action> plan_place(std::span<const Broken> broken, const Planning& planning);
// Numbers actions and steps, in the order of their resources.
void number(Plan& plan);

// ---- what families share ----

// An action of that resource in which nothing is done.
Action by_hand(const Broken& broken, std::vector<std::string> advice);
// What could not be read, and what to allow.
Action unread(const Broken& broken, const aws::CallError& error);
// An action for the resource with all its findings, which pass at the resource itself.
Action in_place(const Broken& broken);

// The resource's Describe output and its tags, as the action's first two observations. Error: AWS
// does not answer.
tl::expected<json::Document, aws::CallError> observe(const Broken& broken,
                                                     const PlannedCall& describe, Action& action,
                                                     const Reader& reader);
// The tags of an observation as a JSON array of {Key, Value}, without those of AWS itself (aws:),
// which nobody can set; "[]" when there are none.
std::string copied_tags(const Action& action);

// A name for what replaces `old`: as short and as legal as `most` (characters) wants, the same for
// the same change, and not the old one.
std::string replacement_name(std::string_view old, std::string_view change, size_t most = 63);

}  // namespace sagewarden::remediate
