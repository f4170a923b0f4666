// Notebook instances. Root access and the platform are changed in place, while the instance is
// stopped; network and key cannot be changed, and the data on the volume is its owner's to move.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "remediate/family.h"
#include "remediate/notebook_steps.h"
#include "remediate/plan_notebook_twin.h"
#include "remediate/planner.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kNotebookControls[] = {"SageMaker.3", "SageMaker.8"};
constexpr std::string_view kTwinControls[] = {"SageMaker.1", "SageMaker.2", "SageMaker.21",
                                              "Sagewarden.10"};

struct Notebook {
  const Target& target;
  json::Value described;
  bool root_off = false;  // root access is to be taken away
  bool moves = false;     // the platform is to be changed
  bool runs = false;      // it has to be stopped, and started again

  std::string_view member(std::string_view name) const { return described[name].string_or(""); }
};

Step change_step_of_notebook(const Notebook& notebook) {
  const Target& target = notebook.target;
  std::vector<std::pair<std::string_view, std::string>> values;
  if (notebook.root_off) values.emplace_back(kRootAccess, "Disabled");
  if (notebook.moves) values.emplace_back(kNotebookPlatform, kCurrentPlatform);
  std::string what = notebook.root_off ? "Take root access away from" : "Move";
  if (notebook.root_off && notebook.moves) what += " and move";
  Step step = update_notebook(target.name,
                              fmt::format("{} notebook instance {}{}", what, target.name,
                                          notebook.moves ? " to Amazon Linux 2023" : ""),
                              values);
  for (const auto& [name, value] : values)
    step.from.push_back(as_seen(std::string(name), notebook.described));
  if (notebook.root_off) {
    const std::pair<std::string_view, std::string> before[] = {
        {kRootAccess, std::string(notebook.described[kRootAccess].string_or("Enabled"))}};
    step.undo = {update_notebook(
        target.name, fmt::format("Give root access back to notebook instance {}", target.name),
        before)};
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
  Step stop = stop_notebook(notebook.target.name);
  Step start = start_notebook(notebook.target.name);
  stop.undo = {start};
  // It has to be stopped again only for an update that is taken back.
  if (change.undo.empty())
    start.no_undo = fmt::format("{} ran before, too", notebook.target.name);
  else
    start.undo = {stop_notebook(notebook.target.name)};
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
  if (const std::string_view scripts = notebook.member(kNotebookScripts);
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

// Why it cannot be changed in place; empty when it can.
std::string notebook_obstacle(const Notebook& notebook) {
  const std::string_view platform = notebook.member(kNotebookPlatform);
  const std::string_view type = notebook.member("InstanceType");
  if (std::string why = notebook_status_obstacle(notebook.described); !why.empty()) return why;
  if (std::string why = notebook_platform_obstacle(notebook.described); !why.empty()) return why;
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

// The action for what only a new instance repairs, and what of the instance is left to do then.
Broken plan_replacement(const Broken& broken, json::Value described, const Action& observed,
                        const Planning& planning, std::vector<Action>& actions) {
  const Broken twin = only(broken, kTwinControls);
  if (twin.findings.empty()) return broken;
  std::string why;
  if (!planning.options.backup_bucket.empty()) {
    // It repairs what could be changed in place, too; but it has no other platform than the newest.
    std::vector<std::string_view> repaired(std::begin(kTwinControls), std::end(kTwinControls));
    repaired.emplace_back("SageMaker.3");
    if (described[kNotebookPlatform].string_or("") != kCurrentPlatform)
      repaired.emplace_back("SageMaker.8");
    auto action = plan_notebook_twin(only(broken, repaired), described, observed, planning);
    if (action) {
      actions.push_back(std::move(*action));
      return without(broken, repaired);
    }
    why = std::move(action.error());
  }
  actions.push_back(twin_by_hand(twin, described, observed, planning.options));
  if (!why.empty()) actions.back().advice.front() = std::move(why);
  return without(broken, kTwinControls);
}

void plan_notebook(Broken broken, const Planning& planning, std::vector<Action>& actions) {
  Action observed;
  const auto described =
      observe(broken, notebook_call(broken.target.name, "DescribeNotebookInstance"), observed,
              planning.reader);
  if (!described) {
    actions.push_back(not_read(broken, described.error()));
    return;
  }
  broken = plan_replacement(broken, described->root, observed, planning, actions);
  Notebook notebook{broken.target, described->root};
  notebook.root_off = broken.fails("SageMaker.3") && notebook.member(kRootAccess) != "Disabled";
  // Once stopped, an instance on Amazon Linux 2 starts only if it has been moved.
  notebook.moves = notebook.member(kNotebookPlatform).starts_with("notebook-al2-") &&
                   (notebook.root_off || broken.fails("SageMaker.8"));
  notebook.runs = notebook.member(kNotebookStatus) == "InService";
  Broken changed = only(broken, kNotebookControls);
  if (!changed.findings.empty())
    plan_notebook_changes(std::move(changed), notebook, std::move(observed.seen), actions);
  add_unknown(actions, without(broken, kNotebookControls));
}

}  // namespace

std::vector<Action> plan_notebooks(std::span<const Broken> broken, const Planning& planning) {
  std::vector<Action> actions;
  for (const Broken& one : broken) plan_notebook(one, planning, actions);
  return actions;
}

}  // namespace sagewarden::remediate
