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

constexpr std::string_view kNotebookControls[] = {"SageMaker.3", "SageMaker.8"};
constexpr std::string_view kTwinControls[] = {"SageMaker.1", "SageMaker.2", "SageMaker.21",
                                              "Sagewarden.10"};
constexpr std::string_view kNotebookStatus = "NotebookInstanceStatus";
constexpr std::string_view kRootAccess = "RootAccess";
constexpr std::string_view kNotebookPlatform = "PlatformIdentifier";
constexpr std::string_view kCurrentPlatform = "notebook-al2023-v1";
// What Amazon Linux 2023 does not run on.
constexpr std::array<std::string_view, 5> kOldInstanceFamilies = {"p2", "p3", "p3dn", "inf1", "g3"};
// As AWS's own waiters: 60 looks, 30 seconds apart; we look more often.
constexpr std::chrono::seconds kNotebookPause{10};
constexpr std::chrono::seconds kNotebookWait{1800};

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
  return std::ranges::find(kOldInstanceFamilies, family) == kOldInstanceFamilies.end();
}

PlannedCall notebook_call(const Target& target, std::string_view operation) {
  return {.operation = std::string(operation),
          .input = object_of({{"NotebookInstanceName", target.name}})};
}

Check notebook_check(const Target& target) {
  Check check;
  check.read = notebook_call(target, "DescribeNotebookInstance");
  check.broken = {equals(std::string(kNotebookStatus), "Failed")};
  check.every = kNotebookPause;
  check.most = kNotebookWait;
  return check;
}

Step stop_notebook(const Target& target) {
  Step step;
  step.title = fmt::format("Stop notebook instance {}", target.name);
  step.call = notebook_call(target, "StopNotebookInstance");
  step.check = notebook_check(target);
  step.check.reached = {equals(std::string(kNotebookStatus), "Stopped")};
  step.check.moving = {equals(std::string(kNotebookStatus), "Stopping")};
  step.from = {equals(std::string(kNotebookStatus), "InService")};
  return step;
}

Step start_notebook(const Target& target) {
  Step step;
  step.title = fmt::format("Start notebook instance {}", target.name);
  step.call = notebook_call(target, "StartNotebookInstance");
  step.check = notebook_check(target);
  step.check.reached = {equals(std::string(kNotebookStatus), "InService")};
  step.check.moving = {equals(std::string(kNotebookStatus), "Pending")};
  step.from = {equals(std::string(kNotebookStatus), "Stopped")};
  return step;
}

// An update, which needs the instance stopped and leaves it so.
Step update_notebook(const Target& target, std::string title,
                     std::span<const std::pair<std::string_view, std::string>> values) {
  Step step;
  step.title = std::move(title);
  step.check = notebook_check(target);
  step.check.moving = {equals(std::string(kNotebookStatus), "Updating")};
  step.from = {equals(std::string(kNotebookStatus), "Stopped")};
  json::Writer out(step.call.input);
  step.call.operation = "UpdateNotebookInstance";
  step.call.input.clear();
  out.begin_object().member("NotebookInstanceName", target.name);
  for (const auto& [name, value] : values) {
    out.member(name, value);
    step.check.reached.push_back(equals(std::string(name), value));
  }
  out.end_object();
  step.check.reached.push_back(equals(std::string(kNotebookStatus), "Stopped"));
  return step;
}

Step change_step_of_notebook(const Notebook& notebook) {
  const Target& target = notebook.target;
  std::vector<std::pair<std::string_view, std::string>> values;
  if (notebook.root_off) values.emplace_back(kRootAccess, "Disabled");
  if (notebook.moves) values.emplace_back(kNotebookPlatform, kCurrentPlatform);
  std::string what = notebook.root_off ? "Take root access away from" : "Move";
  if (notebook.root_off && notebook.moves) what += " and move";
  Step step = update_notebook(target,
                              fmt::format("{} notebook instance {}{}", what, target.name,
                                          notebook.moves ? " to Amazon Linux 2023" : ""),
                              values);
  for (const auto& [name, value] : values)
    step.from.push_back(as_seen(std::string(name), notebook.described));
  if (notebook.root_off) {
    const std::pair<std::string_view, std::string> before[] = {
        {kRootAccess, std::string(notebook.described[kRootAccess].string_or("Enabled"))}};
    step.undo = {update_notebook(
        target, fmt::format("Give root access back to notebook instance {}", target.name), before)};
    step.undo.front().from.push_back(equals(std::string(kRootAccess), "Disabled"));
  }
  if (notebook.moves)
    step.no_undo = fmt::format("AWS does not let {} go back from Amazon Linux 2023 to {}",
                               target.name, notebook.member(kNotebookPlatform));
  return step;
}

std::vector<Step> notebook_steps(const Notebook& notebook) {
  Step change = change_step_of_notebook(notebook);
  if (!notebook.runs) return {std::move(change)};
  Step stop = stop_notebook(notebook.target);
  Step start = start_notebook(notebook.target);
  stop.undo = {start};
  // It has to be stopped again only for an update that is taken back.
  if (change.undo.empty())
    start.no_undo = fmt::format("{} ran before, too", notebook.target.name);
  else
    start.undo = {stop_notebook(notebook.target)};
  return {std::move(stop), std::move(change), std::move(start)};
}

std::vector<std::string> notebook_risks(const Notebook& notebook) {
  std::vector<std::string> risks;
  if (notebook.runs)
    risks = {"Running kernels and terminals end, and what they hold in memory is lost.",
             "Everything outside /home/ec2-user/SageMaker is lost: packages that were installed by "
             "hand, files in /tmp or elsewhere in the home folder."};
  if (notebook.runs && notebook.moves)
    risks.emplace_back(
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
        kCurrentPlatform));
  }
  if (const std::string_view scripts = notebook.member("NotebookInstanceLifecycleConfigName");
      notebook.runs && !scripts.empty())
    risks.push_back(
        fmt::format("The lifecycle configuration {} runs at the start; the start fails when its "
                    "script does.",
                    scripts));
  return risks;
}

std::string notebook_summary(const Notebook& notebook) {
  std::string what = notebook.root_off ? "loses root access" : "";
  if (notebook.moves) {
    if (!what.empty()) what += " and ";
    what +=
        fmt::format("moves from {} to {}", notebook.member(kNotebookPlatform), kCurrentPlatform);
  }
  return fmt::format(
      "Notebook instance {} {}; it {}.", notebook.target.name, what,
      notebook.runs ? "is stopped for that and started again" : "is stopped and stays so");
}

Action change_notebook(const Broken& broken, const Notebook& notebook,
                       std::vector<Observation> seen) {
  Action action = in_place(broken);
  action.summary = notebook_summary(notebook);
  action.downtime = notebook.runs ? "about 10 minutes: the instance stops, is updated and starts"
                                  : "none: the instance is stopped";
  action.cost = "none";
  action.risks = notebook_risks(notebook);
  if (notebook.moves && !broken.fails("SageMaker.8"))
    action.advice.push_back(fmt::format(
        "The platform moves in the same update because AWS starts no stopped instance on Amazon "
        "Linux 2 any more: {} would be lost for work.",
        notebook.target.name));
  action.seen = std::move(seen);
  action.steps = notebook_steps(notebook);
  return action;
}

// Why its status keeps it from being changed; empty when it does not.
std::string notebook_status_obstacle(const Notebook& notebook) {
  const std::string_view status = notebook.member(kNotebookStatus);
  if (status == "InService" || status == "Stopped") return {};
  if (status == "Failed")
    return fmt::format(
        "its status is Failed ({}), and AWS changes none that is: mend it in the "
        "console, or save what is left and replace it",
        notebook.described["FailureReason"].string_or("AWS gives no reason"));
  return fmt::format("its status is {}: plan again when it is InService or Stopped", status);
}

// Why it cannot be changed in place; empty when it can.
std::string notebook_obstacle(const Notebook& notebook) {
  const std::string_view platform = notebook.member(kNotebookPlatform);
  const std::string_view type = notebook.member("InstanceType");
  if (std::string why = notebook_status_obstacle(notebook); !why.empty()) return why;
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
        notebook.member(kRootAccess), platform);
  if (notebook.moves && !supports_current(type))
    return fmt::format(
        "instances of type {} do not run Amazon Linux 2023, and on {} it does not "
        "start again once it is stopped: save the work, then move it to a newer "
        "type and {} in one update (aws sagemaker update-notebook-instance "
        "--instance-type … --platform-identifier {} --root-access Disabled)",
        type, platform, kCurrentPlatform, kCurrentPlatform);
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
  set(kRootAccess, "Disabled");
  set(kNotebookPlatform, kCurrentPlatform);
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

constexpr std::string_view kWhyTwin =
    "subnet, security groups, direct internet access and key of an instance can't be changed after "
    "it was made: a new one has to take its place, and only its owner can say when the work on it "
    "is saved";
constexpr std::string_view kTwinNeeds =
    "   its subnet needs a NAT gateway, or VPC endpoints for S3, the SageMaker API and Runtime and "
    "what else its users call; you need iam:PassRole for its role and, with a key, kms:CreateGrant "
    "and kms:DescribeKey";

Action twin_by_hand(const Broken& broken, json::Value described, const Action& observed,
                    const PlanOptions& options) {
  const std::string& name = broken.target.name;
  const std::string twin = replacement_name(name, "twin");
  std::vector<std::string> advice = {
      std::string(kWhyTwin),
      fmt::format("1. save the work, in a terminal of {0}: aws s3 sync /home/ec2-user/SageMaker "
                  "s3://BUCKET/{0}/ (nothing else on it lasts, and there is no snapshot)",
                  name),
      fmt::format("2. write into twin.json, with your values for words in capitals: {}",
                  twin_input(broken, described, observed, options)),
      fmt::format("3. aws sagemaker create-notebook-instance --region {} --cli-input-json "
                  "file://twin.json, and wait: aws sagemaker wait notebook-instance-in-service "
                  "--notebook-instance-name {}",
                  broken.target.region, twin),
      std::string(kTwinNeeds),
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
void plan_notebook_changes(Broken broken, const Notebook& notebook, std::vector<Observation> seen,
                           std::vector<Action>& actions) {
  const std::string& name = broken.target.name;
  if (std::string why = notebook_obstacle(notebook); !why.empty()) {
    actions.push_back(
        left_to_people(broken, fmt::format("Notebook instance {} can't be changed as it is.", name),
                       {std::move(why)}));
    return;
  }
  if (!notebook.moves && broken.fails("SageMaker.8")) {
    constexpr std::string_view kPlatformControl[] = {"SageMaker.8"};
    actions.push_back(left_to_people(
        only(broken, kPlatformControl),
        fmt::format("The platform of notebook instance {} stays.", name),
        {fmt::format("it is on {}: look at the control's parameter supported_platforms",
                     notebook.member(kNotebookPlatform))}));
    broken = without(broken, kPlatformControl);
  }
  actions.push_back(change_notebook(broken, notebook, std::move(seen)));
}

void plan_notebook(const Broken& broken, const Planning& planning, std::vector<Action>& actions) {
  Action observed;
  const auto described = observe(broken, notebook_call(broken.target, "DescribeNotebookInstance"),
                                 observed, planning.reader);
  if (!described) {
    actions.push_back(not_read(broken, described.error()));
    return;
  }
  const Broken twin = only(broken, kTwinControls);
  if (!twin.findings.empty())
    actions.push_back(twin_by_hand(twin, described->root, observed, planning.options));
  Notebook notebook{broken.target, described->root};
  notebook.root_off = broken.fails("SageMaker.3") && notebook.member(kRootAccess) != "Disabled";
  // Once stopped, an instance on Amazon Linux 2 starts only if it has been moved.
  notebook.moves = notebook.member(kNotebookPlatform).starts_with("notebook-al2-") &&
                   (notebook.root_off || broken.fails("SageMaker.8"));
  notebook.runs = notebook.member(kNotebookStatus) == "InService";
  Broken changed = only(broken, kNotebookControls);
  if (!changed.findings.empty())
    plan_notebook_changes(std::move(changed), notebook, std::move(observed.seen), actions);
  add_unknown(actions, without(without(broken, kNotebookControls), kTwinControls));
}

}  // namespace

std::vector<Action> plan_notebooks(std::span<const Broken> broken, const Planning& planning) {
  std::vector<Action> actions;
  for (const Broken& one : broken) plan_notebook(one, planning, actions);
  return actions;
}

}  // namespace sagewarden::remediate
