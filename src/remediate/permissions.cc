#include "remediate/permissions.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "base/text.h"

namespace sagewarden::remediate {
namespace {

// Names without a service are SageMaker's.
struct Needed {
  std::string_view controls;
  std::string_view actions;
};

// What every repair does to the tags of what it changes.
constexpr std::string_view kTagActions = "AddTags DeleteTags ListTags";
constexpr std::string_view kScheduleActions =
    "DescribeMonitoringSchedule ListMonitoringSchedules StopMonitoringSchedule "
    "UpdateMonitoringSchedule iam:PassRole";
constexpr std::string_view kServingActions =
    "CreateEndpointConfig DeleteEndpointConfig DescribeEndpoint DescribeEndpointConfig "
    "ListEndpointConfigs ListEndpoints ListInferenceComponents ListInferenceExperiments ListModels "
    "DescribeInferenceComponent DescribeInferenceExperiment UpdateEndpoint "
    "application-autoscaling:DescribeScalableTargets "
    "application-autoscaling:RegisterScalableTarget cloudwatch:DescribeAlarms kms:CreateGrant "
    "iam:PassRole";
// With what the plan looks at around models, canary endpoints and --create-endpoints.
constexpr std::string_view kModelActions =
    "CreateModel DeleteModel DescribeModel CreateEndpoint DeleteEndpoint ec2:CreateTags "
    "ec2:CreateVpcEndpoint ec2:DescribeNatGateways ec2:DescribeRouteTables "
    "ec2:DescribeSecurityGroups ec2:DescribeSubnets "
    "ec2:DescribeVpcAttribute ec2:DescribeVpcEndpoints iam:GetRole iam:SimulatePrincipalPolicy "
    "lambda:GetFunctionConfiguration route53:AssociateVPCWithHostedZone";
constexpr std::string_view kControlsOfModels = "SageMaker.5 SageMaker.16 SageMaker.19 Sagewarden.9";

// With --notebook-backup.
constexpr std::string_view kTwinActions =
    "CreateNotebookInstance CreateNotebookInstanceLifecycleConfig DeleteNotebookInstance "
    "DeleteNotebookInstanceLifecycleConfig DescribeNotebookInstance "
    "DescribeNotebookInstanceLifecycleConfig ListNotebookInstances StartNotebookInstance "
    "StopNotebookInstance UpdateNotebookInstance ec2:CreateNetworkInterface "
    "ec2:DeleteNetworkInterface ec2:DescribeDhcpOptions ec2:DescribeNetworkInterfaces "
    "ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcs iam:PassRole kms:CreateGrant "
    "kms:Decrypt kms:DescribeKey s3:GetObject s3:ListBucket";

constexpr Needed kNeededActions[] = {
    {"SageMaker.1 SageMaker.2 SageMaker.21 Sagewarden.10", kTwinActions},
    {"SageMaker.3 SageMaker.8",
     "DescribeNotebookInstance StartNotebookInstance StopNotebookInstance UpdateNotebookInstance"},
    {"SageMaker.4 Sagewarden.3 Sagewarden.4", kServingActions},
    {kControlsOfModels, kServingActions},
    {kControlsOfModels, kModelActions},
    {"SageMaker.6 SageMaker.7 Sagewarden.2 Sagewarden.6 Sagewarden.8", kTagActions},
    {"SageMaker.9 SageMaker.11",
     "CreateDataQualityJobDefinition DeleteDataQualityJobDefinition "
     "DescribeDataQualityJobDefinition"},
    {"SageMaker.10 SageMaker.20",
     "CreateModelExplainabilityJobDefinition DeleteModelExplainabilityJobDefinition "
     "DescribeModelExplainabilityJobDefinition"},
    {"SageMaker.12 SageMaker.15",
     "CreateModelBiasJobDefinition DeleteModelBiasJobDefinition DescribeModelBiasJobDefinition"},
    {"SageMaker.13 SageMaker.25",
     "CreateModelQualityJobDefinition DeleteModelQualityJobDefinition "
     "DescribeModelQualityJobDefinition"},
    {"SageMaker.9 SageMaker.10 SageMaker.11 SageMaker.12 SageMaker.13 SageMaker.14 SageMaker.15 "
     "SageMaker.20 SageMaker.22 SageMaker.25",
     kScheduleActions},
    {"SageMaker.24", "DescribeInferenceExperiment UpdateInferenceExperiment kms:CreateGrant"},
    {"Sagewarden.1", "DescribeDomain ListApps UpdateDomain"},
};

void add_all(std::string_view actions, std::set<std::string>& all) {
  for (const std::string_view action : split(actions, ' ')) {
    const bool is_sagemaker = action.find(':') == std::string_view::npos;
    all.insert((is_sagemaker ? "sagemaker:" : "") + std::string(action));
  }
}

}  // namespace

std::vector<std::string> iam_actions(std::span<const std::string> controls) {
  std::set<std::string> all;
  for (const Needed& row : kNeededActions) {
    const std::vector<std::string_view> of = split(row.controls, ' ');
    if (std::ranges::any_of(controls, [&](const std::string& control) {
          return std::ranges::find(of, control) != of.end();
        }))
      add_all(row.actions, all);
  }
  if (!all.empty()) add_all(kTagActions, all);
  return {all.begin(), all.end()};
}

}  // namespace sagewarden::remediate
