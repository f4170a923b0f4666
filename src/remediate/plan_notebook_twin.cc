#include "remediate/plan_notebook_twin.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "aws/digest.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "remediate/family.h"
#include "remediate/notebook_scripts.h"
#include "remediate/notebook_steps.h"
#include "remediate/path.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kVolumeSize = "VolumeSizeInGB";
constexpr size_t kLongestScriptsBase = 45;  // of a name, so that what is added to it is not cut off
// Saving and restoring: some 20 MB a second at least, after half an hour for small files.
constexpr std::chrono::seconds kCopyBase{1800};
constexpr int64_t kCopySecondsPerGb = 50;
constexpr std::chrono::seconds kMostCopy{86'400};
constexpr std::chrono::seconds kCopyPause{30};

struct Twin {
  const Broken& broken;
  json::Value described;  // the old instance
  const PlanOptions& options;
  std::string name = {};      // of the new instance
  std::string saver = {};     // lifecycle configuration that saves the volume, ...
  std::string restorer = {};  // ... and the one that restores it
  std::string own_script = {};
  VolumeCopy copy = {};
  std::string input = {};  // that creates it
  bool runs = false;       // the old instance
  bool moves = false;      // its platform, or it would not start again

  const std::string& old() const { return broken.target.name; }
  std::string_view member(std::string_view of) const { return described[of].string_or(""); }
  std::string_view scripts() const { return member(kNotebookScripts); }
  std::string place() const { return fmt::format("s3://{}/{}", copy.bucket, copy.folder); }
  int64_t gigabytes() const {
    const json::Value size = described[kVolumeSize];
    return size.kind() == json::Kind::Int ? size.integer() : 0;
  }
};

bool needs_key(const Broken& broken) {
  return broken.fails("SageMaker.21") || broken.fails("Sagewarden.10");
}

// What the new instance is created with. Words in capitals stand for what was not given.
std::string twin_input(const Twin& twin, std::string_view scripts, const Action& observed) {
  const PlanOptions& options = twin.options;
  const json::Value described = twin.described;
  std::vector<Edit> edits;
  for (const char* gone : {"NotebookInstanceArn", "NotebookInstanceStatus", "FailureReason", "Url",
                           "NetworkInterfaceId", "LastModifiedTime", "CreationTime",
                           "SecurityGroups", "NotebookInstanceLifecycleConfigName"})
    edits.push_back({gone, ""});
  const auto set = [&](std::string_view name, std::string_view text) {
    edits.push_back({std::string(name), json_string(text)});
  };
  set("NotebookInstanceName", twin.name);
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
  if (needs_key(twin.broken))
    set("KmsKeyId", options.kms_key.empty() ? "KEY-ARN" : options.kms_key);
  if (!scripts.empty()) set("LifecycleConfigName", scripts);
  if (std::string tags = copied_tags(observed); tags != "[]")
    edits.push_back({"Tags", std::move(tags)});
  return edited(described, edits);
}

// ---- steps ----

Step unmake_scripts(std::string_view name) {
  const std::string input = object_of({{kNotebookScripts, name}});
  Step step;
  step.title = fmt::format("Delete lifecycle configuration {}", name);
  step.effect = Effect::Deletes;
  step.call = {.operation = "DeleteNotebookInstanceLifecycleConfig", .input = input};
  step.check.read = {.operation = "DescribeNotebookInstanceLifecycleConfig", .input = input};
  step.check.gone = true;
  return step;
}

// `script` is what it runs at each start of an instance, in base64.
Step make_scripts(std::string_view name, std::string_view does, std::string_view script) {
  Step undo = unmake_scripts(name);
  undo.own = true;
  Step step;
  step.title = fmt::format("Create lifecycle configuration {}, which {}", name, does);
  step.effect = Effect::Creates;
  step.call.operation = "CreateNotebookInstanceLifecycleConfig";
  step.call.input.clear();
  json::Writer out(step.call.input);
  out.begin_object().member(kNotebookScripts, name).key("OnStart").begin_array();
  out.begin_object().member("Content", script).end_object().end_array().end_object();
  step.check.read = undo.check.read;
  step.check.reached = {equals(std::string(kNotebookScripts), name),
                        equals("OnStart[0].Content", script)};
  step.undo = {std::move(undo)};
  return step;
}

// An instance that is stopped gets another lifecycle configuration, or none.
Step set_scripts(std::string_view name, std::string_view scripts, bool moves = false) {
  Step step;
  step.title = scripts.empty()
                   ? fmt::format("Take the lifecycle configuration from notebook instance {}", name)
                   : fmt::format("Give notebook instance {} lifecycle configuration {}{}", name,
                                 scripts, moves ? ", and move it to Amazon Linux 2023" : "");
  step.call.operation = "UpdateNotebookInstance";
  step.call.input.clear();
  json::Writer out(step.call.input);
  out.begin_object().member("NotebookInstanceName", name);
  step.check = notebook_check(name);
  if (scripts.empty()) {
    out.key("DisassociateLifecycleConfig").boolean(true);
    step.check.reached = {missing(std::string(kNotebookScripts))};
  } else {
    out.member("LifecycleConfigName", scripts);
    step.check.reached = {equals(std::string(kNotebookScripts), scripts)};
  }
  if (moves) {
    out.member(kNotebookPlatform, kCurrentPlatform);
    step.check.reached.push_back(equals(std::string(kNotebookPlatform), kCurrentPlatform));
  }
  out.end_object();
  step.check.reached.push_back(equals(std::string(kNotebookStatus), "Stopped"));
  step.from = {equals(std::string(kNotebookStatus), "Stopped")};
  return step;
}

PlannedCall marker_call(const VolumeCopy& copy, std::string_view key) {
  return {.service = "s3",
          .operation = "GetObject",
          .input = object_of({{"Bucket", copy.bucket}, {"Key", key}})};
}

// Until the job that an instance began at its start has come to its end. What kept it from
// beginning stands where AWS logs such scripts:
// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateNotebookInstanceLifecycleConfig.html
Step wait_for_job(const Twin& twin, std::string_view instance, std::string_view has,
                  std::string_view marker) {
  Step step;
  step.title = fmt::format(
      "Wait until {0} has {1} (its log in CloudWatch: /aws/sagemaker/NotebookInstances, stream "
      "{0}/…)",
      instance, has);
  // Where it is gone when the old instance is to be deleted, that is not done.
  step.effect = Effect::Creates;
  step.check.read = marker_call(twin.copy, marker);
  step.check.reached = {equals("Metadata.state", "done")};
  step.check.moving = {equals("Metadata.state", "running")};
  step.check.broken = {equals("Metadata.state", "failed")};
  step.check.every = kCopyPause;
  step.check.most =
      std::min(kMostCopy, kCopyBase + std::chrono::seconds(twin.gigabytes() * kCopySecondsPerGb));
  // Without it S3 does not say that something is not there yet.
  step.also_needs = {"s3:ListBucket"};
  if (!twin.copy.kms_key.empty()) step.also_needs.emplace_back("kms:Decrypt");
  step.no_undo = fmt::format("what is in {} stays", twin.place());
  return step;
}

// The old instance saves its volume, and is as before in the end, but stopped.
void add_saving(const Twin& twin, std::vector<Step>& steps) {
  const std::string& name = twin.old();
  steps.push_back(make_scripts(twin.saver, "saves a volume",
                               aws::base64(save_script(twin.copy, twin.own_script))));
  const Step stop = stop_notebook(name);
  if (twin.runs) {
    steps.push_back(stop);
    steps.back().undo = {start_notebook(name)};
  }
  Step attach = set_scripts(name, twin.saver, twin.moves);
  attach.from.push_back(as_seen(std::string(kNotebookScripts), twin.described));
  attach.undo = {set_scripts(name, twin.scripts())};
  if (twin.moves)
    attach.no_undo = fmt::format("AWS does not let {} go back from Amazon Linux 2023 to {}", name,
                                 twin.member(kNotebookPlatform));
  steps.push_back(std::move(attach));
  steps.push_back(start_notebook(name));
  steps.back().undo = {stop};
  steps.push_back(wait_for_job(twin, name, fmt::format("saved its volume to {}", twin.place()),
                               twin.copy.saved()));
  // Whatever is taken back here, the steps before bring the rest back.
  steps.push_back(stop);
  steps.back().undo = {stop};
  Step back = set_scripts(name, twin.scripts());
  back.from.push_back(equals(std::string(kNotebookScripts), twin.saver));
  back.undo = {stop};
  steps.push_back(std::move(back));
}

// The new instance is taken away only while the old one, with the data, is there.
Step look_for_old(const Twin& twin) {
  Step step;
  step.title = fmt::format("Look that notebook instance {} is still there", twin.old());
  step.check.read = notebook_call(twin.old(), "DescribeNotebookInstance");
  // One that was made since under the same name is another one.
  step.check.reached = {as_seen("CreationTime", twin.described),
                        any_of(std::string(kNotebookStatus), {"InService", "Pending", "Stopped",
                                                              "Stopping", "Updating", "Failed"})};
  return step;
}

// An instance that could not be made, or is not there, need not be stopped.
Step stop_twin(const Twin& twin) {
  Step step = stop_notebook(twin.name);
  step.check.reached = {any_of(std::string(kNotebookStatus), {"Stopped", "Failed"})};
  step.check.gone = true;
  return step;
}

Step delete_notebook(std::string_view name) {
  Step step;
  step.title = fmt::format("Delete notebook instance {} and its volume", name);
  step.effect = Effect::Deletes;
  step.call = notebook_call(name, "DeleteNotebookInstance");
  step.check = notebook_check(name);
  step.check.moving = {equals(std::string(kNotebookStatus), "Deleting")};
  step.check.broken.clear();
  step.check.gone = true;
  step.from = {any_of(std::string(kNotebookStatus), {"Stopped", "Failed"})};
  return step;
}

Step create_twin(const Twin& twin) {
  Step step;
  step.title = fmt::format("Create notebook instance {}", twin.name);
  step.effect = Effect::Creates;
  step.call = {.operation = "CreateNotebookInstance", .input = twin.input};
  step.check = notebook_check(twin.name);
  step.check.moving.clear();
  const Result<json::Document> input = json::parse_document(twin.input);
  for (const char* same : {"NotebookInstanceName", "DirectInternetAccess", "SubnetId", "RoleArn"})
    step.check.reached.push_back(as_seen(same, input->root));
  step.check.reached.push_back(any_of(std::string(kNotebookStatus),
                                      {"Pending", "InService", "Stopping", "Stopped", "Updating"}));
  step.also_needs = {"iam:PassRole",
                     "ec2:CreateNetworkInterface",
                     "ec2:DeleteNetworkInterface",
                     "ec2:DescribeDhcpOptions",
                     "ec2:DescribeNetworkInterfaces",
                     "ec2:DescribeSecurityGroups",
                     "ec2:DescribeSubnets",
                     "ec2:DescribeVpcs"};
  if (input->root["Tags"].exists()) step.also_needs.emplace_back("sagemaker:AddTags");
  if (input->root["KmsKeyId"].exists())
    for (const char* allowed : {"kms:CreateGrant", "kms:DescribeKey"})
      step.also_needs.emplace_back(allowed);
  Step undo = delete_notebook(twin.name);
  undo.own = true;
  step.undo = {stop_twin(twin), look_for_old(twin), std::move(undo)};
  step.no_undo = "what was written on it since is lost";
  return step;
}

// The new instance is made, gets the data and is then as the old one was.
void add_restoring(const Twin& twin, std::vector<Step>& steps) {
  const std::string& name = twin.name;
  steps.push_back(
      make_scripts(twin.restorer, "restores a volume", aws::base64(restore_script(twin.copy))));
  steps.push_back(create_twin(twin));
  const Step start = start_notebook(name);
  Step wait = start;
  wait.title = fmt::format("Wait until notebook instance {} is in service", name);
  wait.call = {};
  wait.from.clear();
  wait.no_undo = "nothing is changed by it";
  steps.push_back(std::move(wait));
  steps.push_back(
      wait_for_job(twin, name, "restored the volume and compared it", twin.copy.restored()));
  steps.push_back(stop_notebook(name));
  Step give = set_scripts(name, twin.scripts());
  give.from.push_back(equals(std::string(kNotebookScripts), twin.restorer));
  steps.push_back(std::move(give));
  steps[steps.size() - 2].undo = steps.back().undo = {stop_twin(twin)};
  if (twin.runs) steps.push_back(start);
  steps.back().undo = {look_for_old(twin), stop_twin(twin)};
}

std::vector<Step> twin_cleanup(const Twin& twin) {
  std::vector<Step> steps = {delete_notebook(twin.old()), unmake_scripts(twin.saver),
                             unmake_scripts(twin.restorer)};
  // One that was made since under the same name is another one.
  steps[0].from.push_back(as_seen("CreationTime", twin.described));
  steps[0].no_undo =
      fmt::format("its volume is gone for good; what was saved of it is in {}", twin.place());
  steps[1].no_undo = steps[2].no_undo = "it was made for this repair only";
  return steps;
}

// ---- words ----

std::string role_needs(const Twin& twin) {
  std::string text = fmt::format(
      "The role {} has to be allowed s3:PutObject, s3:GetObject and s3:AbortMultipartUpload on {}* "
      "and s3:ListBucket on the bucket",
      twin.member("RoleArn"), twin.place());
  if (!twin.copy.kms_key.empty())
    text += fmt::format(", kms:GenerateDataKey and kms:Decrypt on {}", twin.copy.kms_key);
  return text +
         ", which a plan cannot see. Where it is not, the step that waits says so within a "
         "minute or two; allow it, wait five minutes and go on with `sagewarden resume`.";
}

constexpr std::string_view kCarriedOver =
    "Only /home/ec2-user/SageMaker is carried over, without what is mounted into it. Hard links "
    "become files of their own and holes are filled: where that does not fit on the volume, "
    "restoring fails and says so, and the volume has to be made larger.";

std::vector<std::string> twin_risks(const Twin& twin) {
  std::vector<std::string> risks = {
      fmt::format("Nobody should work on {} from the first step on: what is changed after it was "
                  "saved does not get to {} (it stays on {} until that is deleted).",
                  twin.old(), twin.name, twin.old()),
      role_needs(twin),
      fmt::format("The subnet of {} has to reach S3: by a gateway endpoint, or NAT; and what else "
                  "its users call, as without direct internet access nothing else is reached.",
                  twin.name),
      std::string(kCarriedOver),
      fmt::format("Users cannot use sudo on {}; it is on Amazon Linux 2023.", twin.name),
      "Taking it back deletes the new instance with whatever was written on it since.",
      fmt::format("What names {} (IAM policies, presigned links, scripts, templates) has to be "
                  "changed to {}. CloudFormation and Terraform see an instance that they did not "
                  "make.",
                  twin.old(), twin.name)};
  if (twin.runs)
    risks.emplace_back("Running kernels and terminals end, and what they hold in memory is lost.");
  if (twin.moves)
    risks.push_back(fmt::format(
        "{} moves to Amazon Linux 2023 for good, as AWS starts none on Amazon Linux 2 any more: "
        "not even to save its volume.",
        twin.old()));
  if (!twin.scripts().empty())
    risks.push_back(fmt::format(
        "The script that {} runs at each start runs on {} before it is saved, for three minutes at "
        "most and whatever comes of it; on {} it runs once that is restored. What it runs when an "
        "instance is created is not run.",
        twin.scripts(), twin.old(), twin.name));
  return risks;
}

void describe_twin(const Twin& twin, Action& action) {
  action.summary = fmt::format(
      "Notebook instance {} is replaced by {}, which has no direct internet access, no root "
      "access{}; "
      "its volume is carried over by way of {}.",
      twin.old(), twin.name, needs_key(twin.broken) ? " and the key that was given" : "",
      twin.place());
  action.downtime = fmt::format(
      "from the first step to the last: half an hour and the time to copy up to {} GB twice",
      twin.gigabytes());
  action.cost = fmt::format(
      "a second {} while it is restored; both volumes of {} GB until the old instance is deleted; "
      "up to {} GB in S3 until you delete them",
      twin.member("InstanceType"), twin.gigabytes(), twin.gigabytes());
  action.risks = twin_risks(twin);
  action.advice = {
      fmt::format("{} stays, stopped, until the clean-up, and fails its controls until then. Open "
                  "{} and try the notebooks before.",
                  twin.old(), twin.name),
      fmt::format("The copy in {} is never deleted by this program: it holds all that lies on the "
                  "volume. Delete it when nobody needs it.",
                  twin.place())};
}

// ---- whether it can be done ----

std::string settings_obstacle(const Twin& twin) {
  const std::string_view type = twin.member("InstanceType");
  if (std::string why = notebook_status_obstacle(twin.described); !why.empty()) return why;
  if (std::string why = notebook_platform_obstacle(twin.described); !why.empty()) return why;
  if (!supports_current(type))
    return fmt::format(
        "instances of type {} do not run Amazon Linux 2023: move it to a newer type "
        "first",
        type);
  if (!twin.described["SubnetId"].exists() && twin.options.subnets.empty())
    return "it is in no VPC: say where the new one is to be with --subnet and --security-group";
  if (needs_key(twin.broken) && twin.options.kms_key.empty())
    return "say which key the new one is to have: --kms-key ARN";
  return {};
}

// Reads what the instance runs at its start. Why that is not known, or empty.
std::string read_own_script(Twin& twin, Action& action, const Reader& reader) {
  if (twin.scripts().empty()) return {};
  const PlannedCall read = {.operation = "DescribeNotebookInstanceLifecycleConfig",
                            .input = object_of({{kNotebookScripts, twin.scripts()}})};
  const aws::Answer answer = reader.read(read);
  if (!answer)
    return fmt::format("its lifecycle configuration {} could not be read: {}", twin.scripts(),
                       aws::describe(answer.error()));
  action.seen.push_back({read, text_of(answer->root), {"LastModifiedTime"}});
  for (const char c : at_path(answer->root, "OnStart[0].Content").string_or("")) {
    constexpr std::string_view kBase64 =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    if (kBase64.find(c) != std::string_view::npos) twin.own_script += c;
  }
  if (aws::base64(save_script(twin.copy, twin.own_script)).size() > kMostScript)
    return fmt::format(
        "the script of its lifecycle configuration {} is too long to run beside ours (AWS takes {} "
        "characters in base64): let it fetch the longer part from S3, or take the configuration "
        "from the instance for the time being",
        twin.scripts(), kMostScript);
  return {};
}

// Why the volume cannot be saved there, as far as that can be seen from here; empty where it can.
std::string bucket_obstacle(const VolumeCopy& copy, const Reader& reader) {
  const aws::Answer answer = reader.read(marker_call(copy, copy.saved()));
  if (answer)
    return fmt::format("there is a copy at s3://{}/{} already: name another prefix", copy.bucket,
                       copy.folder);
  const aws::CallError& error = answer.error();
  if (error.kind == aws::CallError::Kind::NotFound && error.code != "NoSuchBucket") return {};
  std::string why = fmt::format("the bucket {} can't be looked at: {}", printable(copy.bucket),
                                aws::describe(error));
  if (error.kind == aws::CallError::Kind::Denied)
    why +=
        "; allow s3:GetObject and s3:ListBucket, without which S3 does not say that something "
        "is not there";
  if (error.message.find("the bucket is in ") != std::string::npos)
    why += fmt::format("; name one in {}", copy.region);
  return why;
}

void give_names(Twin& twin, const Action& observed) {
  const Target& target = twin.broken.target;
  // What was seen belongs to it, the time of the last change too: a later plan saves elsewhere, and
  // is not taken in by what an earlier one left in S3.
  const std::string change =
      fmt::format("{}\n{}\n{}/{}\n{}", canonical(twin.described), copied_tags(observed),
                  twin.options.backup_bucket, twin.options.backup_prefix, twin.options.kms_key);
  const std::string base = target.name.substr(0, kLongestScriptsBase);
  twin.name = replacement_name(target.name, change);
  twin.saver = replacement_name(base + "-save", change);
  twin.restorer = replacement_name(base + "-restore", change);
  twin.copy = {.region = target.region,
               .bucket = twin.options.backup_bucket,
               .folder = fmt::format("{}{}/{}/{}/{}/", twin.options.backup_prefix, target.account,
                                     target.region, target.name, twin.name),
               .kms_key = twin.options.kms_key};
  twin.input = twin_input(twin, twin.restorer, observed);
}

std::string twin_arn(const Twin& twin) {
  const std::string& arn = twin.broken.target.arn;
  const size_t slash = arn.rfind('/') + 1;
  // AWS writes the name there in lower case, as it seems.
  const bool is_lower = arn.substr(slash) == lower(twin.old());
  return arn.substr(0, slash) + (is_lower ? lower(twin.name) : twin.name);
}

}  // namespace

tl::expected<Action, std::string> plan_notebook_twin(const Broken& broken, json::Value described,
                                                     const Action& observed,
                                                     const Planning& planning) {
  Twin twin{.broken = broken, .described = described, .options = planning.options};
  twin.runs = twin.member(kNotebookStatus) == "InService";
  twin.moves = twin.member(kNotebookPlatform).starts_with("notebook-al2-");
  if (std::string why = settings_obstacle(twin); !why.empty())
    return tl::make_unexpected(std::move(why));
  give_names(twin, observed);
  Action action = in_place(broken);
  action.way = Way::Replace;
  action.seen = observed.seen;
  // A copy of another state of the volume may be there when it has been changed since.
  action.seen.front().ignore.clear();
  if (std::string why = read_own_script(twin, action, planning.reader); !why.empty())
    return tl::make_unexpected(std::move(why));
  if (std::string why = bucket_obstacle(twin.copy, planning.reader); !why.empty())
    return tl::make_unexpected(std::move(why));
  for (Repaired& repaired : action.findings) repaired.passes_at = twin_arn(twin);
  add_saving(twin, action.steps);
  add_restoring(twin, action.steps);
  action.cleanup = twin_cleanup(twin);
  describe_twin(twin, action);
  return action;
}

// ---- by hand ----

namespace {

constexpr std::string_view kWhyTwin =
    "subnet, security groups, direct internet access and key of an instance can't be changed after "
    "it was made: a new one has to take its place, and only its owner can say when the work on it "
    "is saved. Plan with --notebook-backup s3://BUCKET/PREFIX, and the steps below are taken for "
    "you";
constexpr std::string_view kTwinNeeds =
    "   its subnet needs a NAT gateway, or VPC endpoints for S3, the SageMaker API and Runtime and "
    "what else its users call; you need iam:PassRole for its role and, with a key, kms:CreateGrant "
    "and kms:DescribeKey";

}  // namespace

Action twin_by_hand(const Broken& broken, json::Value described, const Action& observed,
                    const PlanOptions& options) {
  const std::string& name = broken.target.name;
  const Twin settings{.broken = broken,
                      .described = described,
                      .options = options,
                      .name = replacement_name(name, "twin")};
  const std::string& twin = settings.name;
  std::vector<std::string> advice = {
      std::string(kWhyTwin),
      fmt::format("1. save the work, in a terminal of {0}: aws s3 sync /home/ec2-user/SageMaker "
                  "s3://BUCKET/{0}/ (nothing else on it lasts, and there is no snapshot)",
                  name),
      fmt::format("2. write into twin.json, with your values for words in capitals: {}",
                  twin_input(settings, settings.scripts(), observed)),
      fmt::format("3. aws sagemaker create-notebook-instance --region {0} --cli-input-json "
                  "file://twin.json, and wait: aws sagemaker wait notebook-instance-in-service "
                  "--region {0} --notebook-instance-name {1}",
                  broken.target.region, twin),
      std::string(kTwinNeeds),
      fmt::format("4. in a terminal of {}: aws s3 sync s3://BUCKET/{}/ /home/ec2-user/SageMaker, "
                  "then open the notebooks and try them",
                  twin, name),
      "5. change what names the old one: IAM policies, presigned links, scripts, templates",
      fmt::format("6. stop {0} and, when nobody misses anything, delete it: aws sagemaker "
                  "delete-notebook-instance --region {1} --notebook-instance-name {0} (its volume "
                  "is gone then, for good)",
                  name, broken.target.region)};
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

}  // namespace sagewarden::remediate
