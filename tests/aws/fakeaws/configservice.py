"""AWS Config over the SageMaker resources of this server: SelectResourceConfig and SelectAggregateResourceConfig.

Items have CloudFormation's names and only what CloudFormation (or the published schema of the items) has.
"""

import copy
import json

from .answers import ApiError, result
from .configquery import BadExpression, Query
from .identity import iso

# Describe's name → CloudFormation's, by type.
RENAMED = {
    "NotebookInstance": {"SecurityGroups": "SecurityGroupIds", "NotebookInstanceLifecycleConfigName": "LifecycleConfigName"},
    "Image": {"RoleArn": "ImageRoleArn", "DisplayName": "ImageDisplayName", "Description": "ImageDescription"},
}
# Members that an item never has: of the API only, or not in the items' published schema.
LEFT_OUT = {
    "*": {"CreationTime", "LastModifiedTime", "FailureReason", "NextToken"},
    "NotebookInstance": {"NotebookInstanceStatus", "Url", "NetworkInterfaceId", "PlatformIdentifier", "IpAddressType",
                         "InstanceMetadataServiceConfiguration"},
    "Model": {"DeploymentRecommendation"},
    "EndpointConfig": {"ShadowProductionVariants", "VpcConfig", "EnableNetworkIsolation", "ExecutionRoleArn", "MetricsConfig",
                       "AsyncInferenceConfig", "ExplainerConfig"},
    "AppImageConfig": {"JupyterLabAppImageConfig", "CodeEditorAppImageConfig"},
    "Image": {"ImageStatus"},
    "FeatureGroup": {"FeatureGroupStatus", "OfflineStoreStatus", "LastUpdateStatus", "OnlineStoreTotalSizeBytes"},
    "MonitoringSchedule": {"LastMonitoringExecutionSummary", "MonitoringType"},
    "InferenceExperiment": {"StatusReason", "CompletionTime"},
}
# The ARN is the item's `Id` in these.
ARN_AS_ID = {"NotebookInstance", "Model"}
RECORDED = ("AppImageConfig", "DataQualityJobDefinition", "Domain", "Endpoint", "EndpointConfig", "FeatureGroup", "Image",
            "InferenceExperiment", "Model", "ModelBiasJobDefinition", "ModelExplainabilityJobDefinition",
            "ModelQualityJobDefinition", "MonitoringSchedule", "NotebookInstance", "NotebookInstanceLifecycleConfig",
            "UserProfile")
MOST = 100
DEFAULT = 25


def configuration_of(kind, described):
    """An item's configuration."""
    shown = copy.deepcopy(described)
    for name in LEFT_OUT["*"] | LEFT_OUT.get(kind, set()):
        shown.pop(name, None)
    for old, new in RENAMED.get(kind, {}).items():
        if old in shown:
            shown[new] = shown.pop(old)
    if kind in ARN_AS_ID:
        shown["Id"] = shown.pop(f"{kind}Arn")
    if kind == "FeatureGroup":
        shown.get("OnlineStoreConfig", {}).pop("StorageType", None)
        shown.get("OnlineStoreConfig", {}).pop("SecurityConfig", None)
        shown.get("OfflineStoreConfig", {}).get("S3StorageConfig", {}).pop("KmsKeyId", None)
    if kind == "InferenceExperiment":
        shown["EndpointName"] = shown.get("EndpointMetadata", {}).get("EndpointName")
        for variant in shown.get("ModelVariants", []):
            variant.pop("Status", None)
    return shown


class Config:
    """The setting `aggregators`: name → {"account", "region", "accounts": patterns or None, "regions": list or None}."""

    def __init__(self, store, settings):
        self.store, self.settings = store, settings

    def operations(self):
        return {"SelectResourceConfig": self.select, "SelectAggregateResourceConfig": self.select_aggregate,
                "DescribeConfigurationAggregators": self.describe_aggregators}

    def items(self, chooses):
        with self.store.lock:
            records = sorted((record for record in self.store.by_arn.values()
                              if record.type.name in RECORDED and chooses(record.account, record.region)),
                             key=lambda record: (record.account, record.region, record.type.name, record.arn))
            return [self._item(record) for record in records]

    def _item(self, record):
        described = record.described
        stamp = described.get("LastModifiedTime", described["CreationTime"])
        return {
            "version": "1.3", "accountId": record.account, "awsRegion": record.region, "arn": record.arn,
            "resourceType": f"AWS::SageMaker::{record.type.name}", "resourceId": record.arn, "resourceName": record.name,
            "availabilityZone": "Not Applicable", "configurationItemCaptureTime": iso(stamp).replace("Z", ".000Z"),
            "configurationItemStatus": "OK", "configurationStateId": str(int(stamp * 1000)),
            "resourceCreationTime": iso(described["CreationTime"]).replace("Z", ".000Z"),
            "relationships": [], "supplementaryConfiguration": {},
            "configuration": configuration_of(record.type.name, described),
            "tags": [{"key": key, "value": value, "tag": f"{key}={value}"} for key, value in record.tags.items()],
        }

    def select(self, call):
        return self._select(call, self.items(lambda account, region: (account, region) == (call.account, call.region)))

    def select_aggregate(self, call):
        name = call.input["ConfigurationAggregatorName"]
        found = self.settings["aggregators"].get(name)
        if found is None or (found["account"], found["region"]) != (call.account, call.region):
            raise ApiError("NoSuchConfigurationAggregatorException", "The configuration aggregator does not exist.")
        accounts, regions = found.get("accounts"), found.get("regions")
        return self._select(call, self.items(lambda account, region: (accounts is None or account in accounts)
                                             and (regions is None or region in regions)))

    def describe_aggregators(self, call):
        wanted = call.input.get("ConfigurationAggregatorNames")
        rows = []
        for name, row in self.settings["aggregators"].items():
            if (row["account"], row["region"]) == (call.account, call.region) and (not wanted or name in wanted):
                arn = f"arn:aws:config:{call.region}:{call.account}:config-aggregator/{name}"
                rows.append({"ConfigurationAggregatorName": name, "ConfigurationAggregatorArn": arn,
                             "CreationTime": 1_700_000_000})
        if wanted and len(rows) != len(wanted):
            raise ApiError("NoSuchConfigurationAggregatorException", "The configuration aggregator does not exist.")
        return result(call.model, {"ConfigurationAggregators": rows})

    def _select(self, call, items):
        try:
            query = Query(call.input["Expression"])
        except BadExpression as wrong:
            raise ApiError("InvalidExpressionException", str(wrong)) from None
        rows = query.run(items)
        size = min(call.input.get("Limit") or call.input.get("MaxResults") or DEFAULT, MOST)
        token = call.input.get("NextToken", "0")
        if not token.isdigit():
            raise ApiError("InvalidNextTokenException", "The specified next token is not valid.")
        start = int(token)
        answer = {"Results": [json.dumps(row, separators=(",", ":")) for row in rows[start:start + size]],
                  "QueryInfo": {"SelectFields": [{"Name": column} for column in query.columns]}}
        if start + size < len(rows):
            answer["NextToken"] = str(start + size)
        return result(call.model, answer)
