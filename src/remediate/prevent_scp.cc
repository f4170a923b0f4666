// The service control policy. Where the keys come from, and what is not known of them: prevent.h
// and docs/prevent.md.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/json_writer.h"
#include "base/text.h"
#include "remediate/prevent.h"

namespace sagewarden::remediate {
namespace {

enum class Denies : uint8_t {
  OtherValue,  // the member is missing or has another value: right for Create calls
  Value,    // the member has that value: right for updates, which leave out what they don't change
  Missing,  // the member is missing
  Off,      // the flag is false or missing
  SaidOff,  // the flag is false
  MissingWhen,  // the member is missing though the flag `value` is true
  Untagged,     // a required tag is missing; `key` is the resource part of ARNs, for DeleteTags
};

struct Rule {
  std::string_view control;
  std::string_view operation;
  Denies denies;
  std::string_view key;
  std::string_view value = {};
};

// clang-format off
constexpr Rule kRules[] = {
    {"SageMaker.1", "CreateNotebookInstance", Denies::OtherValue, "sagemaker:DirectInternetAccess", "Disabled"},
    {"SageMaker.2", "CreateNotebookInstance", Denies::Missing, "sagemaker:VpcSubnets"},
    {"SageMaker.3", "CreateNotebookInstance", Denies::OtherValue, "sagemaker:RootAccess", "Disabled"},
    {"SageMaker.3", "UpdateNotebookInstance", Denies::Value, "sagemaker:RootAccess", "Enabled"},
    {"SageMaker.5", "CreateModel", Denies::Off, "sagemaker:NetworkIsolation"},
    {"SageMaker.6", "CreateAppImageConfig", Denies::Untagged, "app-image-config"},
    {"SageMaker.7", "CreateImage", Denies::Untagged, "image"},
    {"SageMaker.9", "CreateDataQualityJobDefinition", Denies::Off, "sagemaker:InterContainerTrafficEncryption"},
    {"SageMaker.10", "CreateModelExplainabilityJobDefinition", Denies::Off, "sagemaker:InterContainerTrafficEncryption"},
    {"SageMaker.11", "CreateDataQualityJobDefinition", Denies::Off, "sagemaker:NetworkIsolation"},
    {"SageMaker.12", "CreateModelBiasJobDefinition", Denies::Off, "sagemaker:NetworkIsolation"},
    {"SageMaker.13", "CreateModelQualityJobDefinition", Denies::Off, "sagemaker:InterContainerTrafficEncryption"},
    {"SageMaker.14", "CreateMonitoringSchedule", Denies::SaidOff, "sagemaker:NetworkIsolation"},
    {"SageMaker.14", "UpdateMonitoringSchedule", Denies::SaidOff, "sagemaker:NetworkIsolation"},
    {"SageMaker.15", "CreateModelBiasJobDefinition", Denies::Off, "sagemaker:InterContainerTrafficEncryption"},
    {"SageMaker.17", "CreateFeatureGroup", Denies::MissingWhen, "sagemaker:FeatureGroupOfflineStoreKmsKeyArn", "sagemaker:FeatureGroupOfflineStoreConfig"},
    {"SageMaker.18", "CreateFeatureGroup", Denies::MissingWhen, "sagemaker:FeatureGroupOnlineStoreKmsKeyArn", "sagemaker:FeatureGroupEnableOnlineStore"},
    {"SageMaker.20", "CreateModelExplainabilityJobDefinition", Denies::Off, "sagemaker:NetworkIsolation"},
    {"SageMaker.21", "CreateNotebookInstance", Denies::Missing, "sagemaker:VolumeKmsKeyArn"},
    {"SageMaker.22", "CreateMonitoringSchedule", Denies::SaidOff, "sagemaker:InterContainerTrafficEncryption"},
    {"SageMaker.22", "UpdateMonitoringSchedule", Denies::SaidOff, "sagemaker:InterContainerTrafficEncryption"},
    {"SageMaker.25", "CreateModelQualityJobDefinition", Denies::Off, "sagemaker:NetworkIsolation"},
    {"Sagewarden.1", "CreateDomain", Denies::OtherValue, "sagemaker:AppNetworkAccessType", "VpcOnly"},
    {"Sagewarden.1", "UpdateDomain", Denies::Value, "sagemaker:AppNetworkAccessType", "PublicInternetOnly"},
    {"Sagewarden.2", "CreateDomain", Denies::Untagged, "domain"},
    {"Sagewarden.4", "CreateEndpointConfig", Denies::Missing, "sagemaker:VolumeKmsKeyArn"},
    {"Sagewarden.6", "CreateFeatureGroup", Denies::Untagged, "feature-group"},
    {"Sagewarden.8", "CreateInferenceExperiment", Denies::Untagged, "inference-experiment"},
    {"Sagewarden.9", "CreateModel", Denies::Missing, "sagemaker:VpcSubnets"},
};

struct Remark {
  std::string_view control;
  std::string_view text;
};
// What people should know of a rule, or why there is none.
constexpr Remark kRemarks[] = {
    {"SageMaker.4", "no condition key shows the number of instances: check templates and plans in CI"},
    {"SageMaker.8", "no condition key shows the platform: check templates and plans in CI"},
    {"SageMaker.9", "the key does not show the number of instances: definitions of one instance are denied too"},
    {"SageMaker.10", "the key does not show the number of instances: definitions of one instance are denied too"},
    {"SageMaker.13", "the key does not show the number of instances: definitions of one instance are denied too"},
    {"SageMaker.14", "only schedules that say no are denied: one that names a job definition says nothing"},
    {"SageMaker.15", "the key does not show the number of instances: definitions of one instance are denied too"},
    {"SageMaker.16", "no condition key shows from where a model's image is pulled: check templates and plans in CI"},
    {"SageMaker.18", "the key does not show the kind of store: groups with an in-memory online store are denied too"},
    {"SageMaker.19", "no condition key shows from where a model's images are pulled: check templates and plans in CI"},
    {"SageMaker.22", "only schedules that say no are denied: one that names a job definition says nothing"},
    {"SageMaker.23", "no condition key shows an inference experiment's keys: check templates in CI"},
    {"SageMaker.24", "no condition key shows an inference experiment's keys: check templates in CI"},
    {"Sagewarden.3", "which keys are approved is not known here: add ArnNotEquals of sagemaker:VolumeKmsKeyArn to the policy"},
    {"Sagewarden.5", "no condition key shows a description"},
    {"Sagewarden.7", "no condition key shows a description"},
    {"Sagewarden.10", "which keys are approved is not known here: add ArnNotEquals of sagemaker:VolumeKmsKeyArn to the policy"},
};
// clang-format on

struct Condition {
  std::string test;
  std::string key;
  std::vector<std::string> values;
};

// Writes the statements one by one, each with an id of its own.
class PolicyWriter {
 public:
  explicit PolicyWriter(const PreventOptions& options) : options_(options) {
    out_.begin_object().member("Version", "2012-10-17").key("Statement").begin_array();
  }

  void add(const Rule& rule);
  size_t statements() const { return statements_; }
  std::string finish() {
    out_.end_array().end_object();
    return std::move(text_);
  }

 private:
  void deny(std::string_view operation, std::vector<Condition> conditions,
            std::string_view resource = "*");
  void untagged(const Rule& rule);

  const PreventOptions& options_;
  std::string text_;
  json::Writer out_{text_};
  size_t statements_ = 0;
};

void PolicyWriter::deny(std::string_view operation, std::vector<Condition> conditions,
                        std::string_view resource) {
  if (!options_.except_roles.empty())
    conditions.push_back({"ArnNotLike", "aws:PrincipalArn", options_.except_roles});
  out_.begin_object().member("Sid", fmt::format("Sagewarden{}", ++statements_));
  out_.member("Effect", "Deny").member("Action", fmt::format("sagemaker:{}", operation));
  out_.member("Resource", resource).key("Condition").begin_object();
  for (const Condition& condition : conditions) {
    out_.key(condition.test).begin_object().key(condition.key);
    if (condition.values.size() == 1) {
      out_.string(condition.values.front());
    } else {
      out_.begin_array();
      for (const std::string& value : condition.values) out_.string(value);
      out_.end_array();
    }
    out_.end_object();
  }
  out_.end_object().end_object();
}

void PolicyWriter::untagged(const Rule& rule) {
  for (const std::string& key : options_.tag_keys)
    deny(rule.operation, {{"Null", "aws:RequestTag/" + key, {"true"}}});
  // A tag can be taken away again.
  if (!options_.tag_keys.empty())
    deny("DeleteTags", {{"ForAnyValue:StringEquals", "aws:TagKeys", options_.tag_keys}},
         fmt::format("arn:*:sagemaker:*:*:{}/*", rule.key));
}

void PolicyWriter::add(const Rule& rule) {
  const std::string key(rule.key);
  const std::string value(rule.value);
  switch (rule.denies) {
    case Denies::OtherValue:
      return deny(rule.operation, {{"StringNotEquals", key, {value}}});
    case Denies::Value:
      return deny(rule.operation, {{"StringEquals", key, {value}}});
    case Denies::Missing:
      return deny(rule.operation, {{"Null", key, {"true"}}});
    case Denies::Off:
      // AWS does not say whether the key is missing or false where the flag is left out.
      deny(rule.operation, {{"Null", key, {"true"}}});
      return deny(rule.operation, {{"Bool", key, {"false"}}});
    case Denies::SaidOff:
      return deny(rule.operation, {{"Bool", key, {"false"}}});
    case Denies::MissingWhen:
      return deny(rule.operation, {{"Bool", value, {"true"}}, {"Null", key, {"true"}}});
    case Denies::Untagged:
      return untagged(rule);
  }
}

}  // namespace

Prevention service_control_policy(std::span<const std::string> controls,
                                  const PreventOptions& options) {
  Prevention made;
  PolicyWriter writer(options);
  for (const std::string& control : controls) {
    Coverage coverage = {control, {}, {}};
    const auto* const remark = std::ranges::find(kRemarks, control, &Remark::control);
    if (remark != std::end(kRemarks)) coverage.limit = remark->text;
    for (const Rule& rule : kRules) {
      if (rule.control != control) continue;
      if (rule.denies == Denies::Untagged && options.tag_keys.empty()) {
        coverage.limit = "name the keys that tags must have with --tag-key";
        continue;
      }
      writer.add(rule);
      coverage.how += fmt::format("{}{}", coverage.how.empty() ? "denies " : ", ", rule.operation);
    }
    if (coverage.how.empty() && coverage.limit.empty())
      coverage.limit = "it is not known how the calls that it is about can be denied";
    made.controls.push_back(std::move(coverage));
  }
  if (writer.statements() > 0) made.document = writer.finish();
  if (made.document.size() > kMaxPolicySize)
    made.notes.push_back(
        fmt::format("the policy has {} characters, and Organizations takes {}: make one for each "
                    "part of the controls (--controls)",
                    made.document.size(), kMaxPolicySize));
  return made;
}

}  // namespace sagewarden::remediate
