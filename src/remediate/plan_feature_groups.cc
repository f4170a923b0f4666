// Feature groups. Keys and descriptions cannot be changed, and a new group means moving data,
// writers and readers: people do that. Tags are given in place.
#include <fmt/core.h>

#include "remediate/family.h"
#include "remediate/path.h"
#include "remediate/plan_tags.h"
#include "remediate/planner.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kGroupKeyControls[] = {"SageMaker.17", "SageMaker.18"};
constexpr std::string_view kGroupDescriptionControls[] = {"Sagewarden.5"};
constexpr std::string_view kGroupTagControls[] = {"Sagewarden.6"};
constexpr size_t kLongestGroupName = 64;

PlannedCall describe_group_call(const Target& target) {
  return {.operation = "DescribeFeatureGroup",
          .input = object_of({{"FeatureGroupName", target.name}})};
}

// What the new group is created with. Words in capitals stand for what is not known.
std::string group_input(const Broken& broken, json::Value described, const Action& observed,
                        const PlanOptions& options) {
  const std::string key = json_string(options.kms_key.empty() ? "KEY-ARN" : options.kms_key);
  std::vector<Edit> edits;
  for (const char* gone :
       {"CreationTime", "FailureReason", "FeatureGroupArn", "FeatureGroupStatus",
        "LastModifiedTime", "LastUpdateStatus", "NextToken", "OfflineStoreStatus",
        "OnlineStoreTotalSizeBytes", "OfflineStoreConfig.DataCatalogConfig",
        "OfflineStoreConfig.S3StorageConfig.ResolvedOutputS3Uri"})
    edits.push_back({gone, ""});
  edits.push_back({"FeatureGroupName",
                   json_string(replacement_name(broken.target.name, "key", kLongestGroupName))});
  if (broken.fails("SageMaker.17"))
    edits.push_back({"OfflineStoreConfig.S3StorageConfig.KmsKeyId", key});
  if (broken.fails("SageMaker.18"))
    edits.push_back({"OnlineStoreConfig.SecurityConfig.KmsKeyId", key});
  if (!described["NextToken"].string_or("").empty())
    edits.push_back({"FeatureDefinitions", json_string("FEATURE-DEFINITIONS")});
  if (std::string tags = copied_tags(observed); tags != "[]")
    edits.push_back({"Tags", std::move(tags)});
  return edited(described, edits);
}

Action group_key_by_hand(const Broken& broken, json::Value described, const Action& observed,
                         const PlanOptions& options) {
  const std::string& name = broken.target.name;
  std::vector<std::string> advice = {
      "the key of a store can't be changed after the group was made: a new group is needed, and "
      "only its owner knows who writes and reads it",
      fmt::format("1. write into group.json, with your values for words in capitals: {}",
                  group_input(broken, described, observed, options)),
      fmt::format("   aws sagemaker create-feature-group --region {} --cli-input-json "
                  "file://group.json (you need iam:PassRole for its role)",
                  broken.target.region)};
  if (!described["NextToken"].string_or("").empty())
    advice.push_back(fmt::format(
        "   FEATURE-DEFINITIONS: there are many; aws sagemaker describe-feature-group --region {} "
        "--feature-group-name {} --query FeatureDefinitions, all pages",
        broken.target.region, name));
  if (broken.fails("SageMaker.17"))
    advice.emplace_back(
        "   the key of the offline store: symmetric, in the same Region; the group's role needs "
        "kms:GenerateDataKey on it, and its policy must not ask for kms:ViaService");
  if (broken.fails("SageMaker.18"))
    advice.emplace_back(
        "   the key of the online store: symmetric, in the same Region; whoever uses the group "
        "needs kms:Encrypt, Decrypt, DescribeKey, CreateGrant, RetireGrant, ReEncryptFrom, "
        "ReEncryptTo, GenerateDataKey, ListAliases, ListGrants and RevokeGrant on it");
  advice.emplace_back("2. let the writers write (PutRecord) into both groups");
  advice.push_back(fmt::format(
      "3. copy the history: read it from {} with Athena or Spark, and put it into the new group",
      at_path(described, "OfflineStoreConfig.S3StorageConfig.ResolvedOutputS3Uri")
          .string_or("the source that the group was filled from")));
  advice.emplace_back(
      "4. move the readers (GetRecord, BatchGetRecord, Glue tables, Athena queries, pipelines, "
      "Data Wrangler flows) and compare what they get");
  advice.push_back(fmt::format(
      "5. stop writing into {0} and, when nobody reads it any more, delete it: aws sagemaker "
      "delete-feature-group --region {1} --feature-group-name {0} (its online records are gone "
      "then; objects "
      "in S3 and the Glue table stay, under their old encryption, until you delete them too)",
      name, broken.target.region));
  Action action = left_to_people(
      broken, fmt::format("Feature group {} has to be replaced by a new one with a key.", name),
      std::move(advice));
  action.downtime = "none as long as both groups are written";
  action.cost = "both groups cost storage, reads and writes until the old one is deleted";
  action.risks = {"Deleting the old group deletes the records of its online store for good.",
                  "What already lies in S3 keeps its old encryption."};
  return action;
}

Action group_description_by_hand(const Broken& broken) {
  const Target& target = broken.target;
  return left_to_people(
      broken, fmt::format("The description of feature group {} can't be changed.", target.name),
      {"AWS takes a description only when the group is made (up to 128 characters): give it one "
       "when the group is replaced for another reason, and record an exception until then",
       fmt::format("what can be described in place are its features: aws sagemaker "
                   "update-feature-metadata --region {} --feature-group-name {} --feature-name … "
                   "--description … (the control does not see that)",
                   target.region, target.name)});
}

void plan_group(const Broken& broken, const Planning& planning, std::vector<Action>& actions) {
  const Broken key = only(broken, kGroupKeyControls);
  const Broken description = only(broken, kGroupDescriptionControls);
  const Broken tags = only(broken, kGroupTagControls);
  if (!description.findings.empty()) actions.push_back(group_description_by_hand(description));
  add_unknown(actions,
              without(without(without(broken, kGroupKeyControls), kGroupDescriptionControls),
                      kGroupTagControls));
  if (key.findings.empty() && tags.findings.empty()) return;
  Action observed;
  const auto described =
      observe(broken, describe_group_call(broken.target), observed, planning.reader);
  if (!key.findings.empty())
    actions.push_back(described
                          ? group_key_by_hand(key, described->root, observed, planning.options)
                          : not_read(key, described.error()));
  if (!tags.findings.empty())
    actions.push_back(described ? plan_tags(tags, std::move(observed), planning)
                                : not_read(tags, described.error()));
}

}  // namespace

std::vector<Action> plan_feature_groups(std::span<const Broken> broken, const Planning& planning) {
  std::vector<Action> actions;
  for (const Broken& one : broken) plan_group(one, planning, actions);
  return actions;
}

}  // namespace sagewarden::remediate
