// Notebook instances. Root access and the platform are changed in place, while the instance is
// stopped; network and key cannot be changed, and the data on the volume is its owner's to move.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/json_writer.h"
#include "remediate/family.h"
#include "remediate/path.h"
#include "remediate/planner.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kInPlaceControls[] = {"SageMaker.3", "SageMaker.8"};
constexpr std::string_view kTwinControls[] = {"SageMaker.1", "SageMaker.2", "SageMaker.21",
                                              "Sagewarden.10"};
constexpr std::string_view kStatus = "NotebookInstanceStatus";
constexpr std::string_view kRoot = "RootAccess";
constexpr std::string_view kPlatform = "PlatformIdentifier";
constexpr std::string_view kCurrent = "notebook-al2023-v1";
// What Amazon Linux 2023 does not run on.
constexpr std::array<std::string_view, 5> kTooOld = {"p2", "p3", "p3dn", "inf1", "g3"};
// As AWS's own waiters: 60 looks, 30 seconds apart; we look more often.
constexpr std::chrono::seconds kEvery{10};
constexpr std::chrono::seconds kMost{1800};

struct Notebook {
  const Target& target;
  json::Value described;
  bool root_off = false;  // root access is to be taken away
  bool moves = false;     // the platform is to be changed
  bool runs = false;      // it has to be stopped, and started again

  std::string_view member(std::string_view name) const { return described[name].string_or(""); }
};

bool supports_current(std::string_view instance_type) {
  if (instance_type.starts_with("ml.")) instance_type.remove_prefix(3);
  const std::string_view family = instance_type.substr(0, instance_type.find('.'));
  return std::ranges::find(kTooOld, family) == kTooOld.end();
}

PlannedCall call_of(const Target& target, std::string_view operation) {
  return {.operation = std::string(operation),
          .input = object_of({{"NotebookInstanceName", target.name}})};
}

Check check_of(const Target& target) {
  Check check;
  check.read = call_of(target, "DescribeNotebookInstance");
  check.broken = {equals(std::string(kStatus), "Failed")};
  check.every = kEvery;
  check.most = kMost;
  return check;
}

Step stop_step(const Target& target) {
  Step step;
  step.title = fmt::format("Stop notebook instance {}", target.name);
  step.call = call_of(target, "StopNotebookInstance");
  step.check = check_of(target);
  step.check.reached = {equals(std::string(kStatus), "Stopped")};
  step.check.moving = {equals(std::string(kStatus), "Stopping")};
  step.from = {equals(std::string(kStatus), "InService")};
  return step;
}

Step start_step(const Target& target) {
  Step step;
  step.title = fmt::format("Start notebook instance {}", target.name);
  step.call = call_of(target, "StartNotebookInstance");
  step.check = check_of(target);
  step.check.reached = {equals(std::string(kStatus), "InService")};
  step.check.moving = {equals(std::string(kStatus), "Pending")};
  step.from = {equals(std::string(kStatus), "Stopped")};
  return step;
}

// An update, which needs the instance stopped and leaves it so.
Step update_step(const Target& target, std::string title,
                 std::span<const std::pair<std::string_view, std::string>> values) {
  Step step;
  step.title = std::move(title);
  step.check = check_of(target);
  step.check.moving = {equals(std::string(kStatus), "Updating")};
  step.from = {equals(std::string(kStatus), "Stopped")};
  json::Writer out(step.call.input);
  step.call.operation = "UpdateNotebookInstance";
  step.call.input.clear();
  out.begin_object().member("NotebookInstanceName", target.name);
  for (const auto& [name, value] : values) {
    out.member(name, value);
    step.check.reached.push_back(equals(std::string(name), value));
  }
  out.end_object();
  step.check.reached.push_back(equals(std::string(kStatus), "Stopped"));
  return step;
}

Step change_step(const Notebook& notebook) {
  const Target& target = notebook.target;
  std::vector<std::pair<std::string_view, std::string>> values;
  if (notebook.root_off) values.emplace_back(kRoot, "Disabled");
  if (notebook.moves) values.emplace_back(kPlatform, kCurrent);
  std::string what = notebook.root_off ? "Take root access away from" : "Move";
  if (notebook.root_off && notebook.moves) what += " and move";
  Step step = update_step(target,
                          fmt::format("{} notebook instance {}{}", what, target.name,
                                      notebook.moves ? " to Amazon Linux 2023" : ""),
                          values);
  for (const auto& [name, value] : values)
    step.from.push_back(as_seen(std::string(name), notebook.described));
  if (notebook.root_off) {
    const std::pair<std::string_view, std::string> before[] = {
        {kRoot, std::string(notebook.described[kRoot].string_or("Enabled"))}};
    step.undo = {update_step(
        target, fmt::format("Give root access back to notebook instance {}", target.name), before)};
    step.undo.front().from.push_back(equals(std::string(kRoot), "Disabled"));
  }
  if (notebook.moves)
    step.no_undo = fmt::format("AWS does not let {} go back from Amazon Linux 2023 to {}",
                               target.name, notebook.member(kPlatform));
  return step;
}

std::vector<Step> steps_of(const Notebook& notebook) {
  Step change = change_step(notebook);
  if (!notebook.runs) return {std::move(change)};
  Step stop = stop_step(notebook.target);
  Step start = start_step(notebook.target);
  stop.undo = {start};
  // It has to be stopped again only for an update that is taken back.
  if (change.undo.empty())
    start.no_undo = fmt::format("{} ran before, too", notebook.target.name);
  else
    start.undo = {stop_step(notebook.target)};
  return {std::move(stop), std::move(change), std::move(start)};
}

std::vector<std::string> risks_of(const Notebook& notebook) {
  std::vector<std::string> risks;
  if (notebook.runs)
    risks = {"Running kernels and terminals end, and what they hold in memory is lost.",
             "Everything outside /home/ec2-user/SageMaker is lost: packages that were installed by "
             "hand, files in /tmp or elsewhere in the home folder."};
  if (notebook.runs && notebook.moves)
    risks.push_back(
        "Should the update fail, the instance stays stopped: AWS starts none on Amazon Linux 2 "
        "any more. It has to be moved then, whatever else happens.");
  if (notebook.root_off)
    risks.emplace_back(
        "Users can no longer use sudo. Lifecycle configuration scripts still run as root.");
  if (notebook.moves) {
    risks.emplace_back(
        "Amazon Linux 2023 brings other package versions and conda environments, and dnf in place "
        "of yum: notebooks and lifecycle scripts may need changes.");
    risks.push_back(fmt::format(
        "In CloudFormation and Terraform a change of PlatformIdentifier replaces the instance, "
        "and its volume is lost. Set it to {} there only after this, and look at the change set "
        "or plan first.",
        kCurrent));
  }
  if (const std::string_view scripts = notebook.member("NotebookInstanceLifecycleConfigName");
      notebook.runs && !scripts.empty())
    risks.push_back(
        fmt::format("The lifecycle configuration {} runs at the start; the start fails when its "
                    "script does.",
                    scripts));
  return risks;
}

std::string summary_of(const Notebook& notebook) {
  std::string what = notebook.root_off ? "loses root access" : "";
  if (notebook.moves) {
    if (!what.empty()) what += " and ";
    what += fmt::format("moves from {} to {}", notebook.member(kPlatform), kCurrent);
  }
  return fmt::format(
      "Notebook instance {} {}; it {}.", notebook.target.name, what,
      notebook.runs ? "is stopped for that and started again" : "is stopped and stays so");
}

Action change(const Broken& broken, const Notebook& notebook, std::vector<Observation> seen) {
  Action action = in_place(broken);
  action.summary = summary_of(notebook);
  action.downtime = notebook.runs ? "about 10 minutes: the instance stops, is updated and starts"
                                  : "none: the instance is stopped";
  action.cost = "none";
  action.risks = risks_of(notebook);
  if (notebook.moves && !broken.fails("SageMaker.8"))
    action.advice.push_back(fmt::format(
        "The platform moves in the same update because AWS starts no stopped instance on Amazon "
        "Linux 2 any more: {} would be lost for work.",
        notebook.target.name));
  action.seen = std::move(seen);
  action.steps = steps_of(notebook);
  return action;
}

// Why its status keeps it from being changed; empty when it does not.
std::string status_obstacle(const Notebook& notebook) {
  const std::string_view status = notebook.member(kStatus);
  if (status == "InService" || status == "Stopped") return {};
  if (status == "Failed")
    return fmt::format(
        "its status is Failed ({}), and AWS changes none that is: mend it in the "
        "console, or save what is left and replace it",
        notebook.described["FailureReason"].string_or("AWS gives no reason"));
  return fmt::format("its status is {}: plan again when it is InService or Stopped", status);
}

// Why it cannot be changed in place; empty when it can.
std::string obstacle(const Notebook& notebook) {
  const std::string_view platform = notebook.member(kPlatform);
  const std::string_view type = notebook.member("InstanceType");
  if (std::string why = status_obstacle(notebook); !why.empty()) return why;
  if (platform.empty())
    return "AWS does not say which platform it has, so it may not start again once it is stopped: "
           "look in the console, and replace it if it is on Amazon Linux 1";
  if (platform.starts_with("notebook-al1-"))
    return fmt::format(
        "it is on Amazon Linux 1 ({}), which can't be moved in place, and once "
        "stopped it does not start again: it has to be replaced by a new one",
        platform);
  if (!notebook.root_off && !notebook.moves)
    return fmt::format(
        "root access is {} and the platform {}: scan again, or look at the "
        "control's parameters",
        notebook.member(kRoot), platform);
  if (notebook.moves && !supports_current(type))
    return fmt::format(
        "instances of type {} do not run Amazon Linux 2023, and on {} it does not "
        "start again once it is stopped: save the work, then move it to a newer "
        "type and {} in one update (aws sagemaker update-notebook-instance "
        "--instance-type … --platform-identifier {} --root-access Disabled)",
        type, platform, kCurrent, kCurrent);
  return {};
}

// ---- what a new instance has to take the place for ----

std::string twin_input(const Broken& broken, json::Value described, const Action& observed,
                       const PlanOptions& options) {
  std::vector<Edit> edits;
  for (const char* gone : {"NotebookInstanceArn", "NotebookInstanceStatus", "FailureReason", "Url",
                           "NetworkInterfaceId", "LastModifiedTime", "CreationTime",
                           "SecurityGroups", "NotebookInstanceLifecycleConfigName"})
    edits.push_back({gone, ""});
  const auto set = [&](std::string_view name, std::string_view text) {
    edits.push_back({std::string(name), json_string(text)});
  };
  set("NotebookInstanceName", replacement_name(broken.target.name, "twin"));
  set("DirectInternetAccess", "Disabled");
  set(kRoot, "Disabled");
  set(kPlatform, kCurrent);
  if (!described["SubnetId"].exists())
    set("SubnetId", options.subnets.empty() ? "SUBNET" : options.subnets.front());
  std::string groups;
  json::Writer out(groups);
  if (described["SecurityGroups"].size() > 0) {
    out.value(described["SecurityGroups"]);
  } else {
    out.begin_array();
    for (const std::string& group : options.security_groups) out.string(group);
    if (options.security_groups.empty()) out.string("SECURITY-GROUP");
    out.end_array();
  }
  edits.push_back({"SecurityGroupIds", groups});
  if (broken.fails("SageMaker.21") || broken.fails("Sagewarden.10"))
    set("KmsKeyId", options.kms_key.empty() ? "KEY-ARN" : options.kms_key);
  if (const json::Value scripts = described["NotebookInstanceLifecycleConfigName"];
      scripts.is_string())
    set("LifecycleConfigName", scripts.string());
  if (std::string tags = copied_tags(observed); tags != "[]")
    edits.push_back({"Tags", std::move(tags)});
  return edited(described, edits);
}

Action twin_by_hand(const Broken& broken, json::Value described, const Action& observed,
                    const PlanOptions& options) {
  const std::string& name = broken.target.name;
  const std::string twin = replacement_name(name, "twin");
  std::vector<std::string> advice = {
      "subnet, security groups, direct internet access and key of an instance can't be changed "
      "after it was made: a new one has to take its place, and only its owner can say when the "
      "work on it is saved",
      fmt::format("1. save the work, in a terminal of {0}: aws s3 sync /home/ec2-user/SageMaker "
                  "s3://BUCKET/{0}/ (nothing else on it lasts, and there is no snapshot)",
                  name),
      fmt::format("2. write into twin.json, with your values for words in capitals: {}",
                  twin_input(broken, described, observed, options)),
      fmt::format("3. aws sagemaker create-notebook-instance --region {} --cli-input-json "
                  "file://twin.json, and wait: aws sagemaker wait notebook-instance-in-service "
                  "--notebook-instance-name {}",
                  broken.target.region, twin),
      "   its subnet needs a NAT gateway, or VPC endpoints for S3, the SageMaker API and Runtime "
      "and what else its users call; you need iam:PassRole for its role and, with a key, "
      "kms:CreateGrant and kms:DescribeKey",
      fmt::format("4. in a terminal of {}: aws s3 sync s3://BUCKET/{}/ /home/ec2-user/SageMaker, "
                  "then open the notebooks and try them",
                  twin, name),
      "5. change what names the old one: IAM policies, presigned links, scripts, templates",
      fmt::format("6. stop {0} and, when nobody misses anything, delete it: aws sagemaker "
                  "delete-notebook-instance --notebook-instance-name {0} (its volume is gone then, "
                  "for good)",
                  name)};
  if (!supports_current(described["InstanceType"].string_or("")))
    advice.push_back(fmt::format("{} does not run Amazon Linux 2023: choose a newer InstanceType",
                                 described["InstanceType"].string_or("")));
  advice.emplace_back(
      "the new one repairs all of the instance's findings, root access and platform too");
  Action action = left_to_people(
      broken, fmt::format("Notebook instance {} has to be replaced by a new one.", name),
      std::move(advice));
  action.cost = "both instances run until the old one is deleted";
  action.risks = {"Deleting the old instance deletes its volume: save the work before that."};
  return action;
}

// The actions for what can be changed in place.
void plan_changes(Broken broken, const Notebook& notebook, std::vector<Observation> seen,
                  std::vector<Action>& actions) {
  const std::string& name = broken.target.name;
  if (std::string why = obstacle(notebook); !why.empty()) {
    actions.push_back(
        left_to_people(broken, fmt::format("Notebook instance {} can't be changed as it is.", name),
                       {std::move(why)}));
    return;
  }
  if (!notebook.moves && broken.fails("SageMaker.8")) {
    constexpr std::string_view platform[] = {"SageMaker.8"};
    actions.push_back(left_to_people(
        only(broken, platform), fmt::format("The platform of notebook instance {} stays.", name),
        {fmt::format("it is on {}: look at the control's parameter supported_platforms",
                     notebook.member(kPlatform))}));
    broken = without(broken, platform);
  }
  actions.push_back(change(broken, notebook, std::move(seen)));
}

void plan_notebook(const Broken& broken, const Planning& planning, std::vector<Action>& actions) {
  Action observed;
  const auto described = observe(broken, call_of(broken.target, "DescribeNotebookInstance"),
                                 observed, planning.reader);
  if (!described) {
    actions.push_back(not_read(broken, described.error()));
    return;
  }
  const Broken twin = only(broken, kTwinControls);
  if (!twin.findings.empty())
    actions.push_back(twin_by_hand(twin, described->root, observed, planning.options));
  Notebook notebook{broken.target, described->root};
  notebook.root_off = broken.fails("SageMaker.3") && notebook.member(kRoot) != "Disabled";
  // Once stopped, an instance on Amazon Linux 2 starts only if it has been moved.
  notebook.moves = notebook.member(kPlatform).starts_with("notebook-al2-") &&
                   (notebook.root_off || broken.fails("SageMaker.8"));
  notebook.runs = notebook.member(kStatus) == "InService";
  Broken changed = only(broken, kInPlaceControls);
  if (!changed.findings.empty())
    plan_changes(std::move(changed), notebook, std::move(observed.seen), actions);
  add_unknown(actions, without(without(broken, kInPlaceControls), kTwinControls));
}

}  // namespace

std::vector<Action> plan_notebooks(std::span<const Broken> broken, const Planning& planning) {
  std::vector<Action> actions;
  for (const Broken& one : broken) plan_notebook(one, planning, actions);
  return actions;
}

}  // namespace sagewarden::remediate
