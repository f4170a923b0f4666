"""AWS Config over the SageMaker resources of this server: its queries, its counts, and the recorders.

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
    """The settings: `aggregators`, name → {"account", "region", "accounts": list or None, "regions": list or None, "failed":
    list of {"SourceId", "AwsRegion", "LastErrorMessage"}}; `recorders`, a list of which the first that fits a place holds
    there: {"account", "region" (each may be missing), "recording", "group", "error", "missing"}. Without one, a recorder that
    is on and records all types."""

    def __init__(self, store, settings):
        self.store, self.settings = store, settings

    def operations(self):
        return {"SelectResourceConfig": self.select, "SelectAggregateResourceConfig": self.select_aggregate,
                "DescribeConfigurationAggregators": self.describe_aggregators,
                "DescribeConfigurationAggregatorSourcesStatus": self.describe_sources,
                "DescribeConfigurationRecorders": self.describe_recorders,
                "DescribeConfigurationRecorderStatus": self.describe_recorder_status,
                "GetDiscoveredResourceCounts": self.count, "GetAggregateDiscoveredResourceCounts": self.count_aggregate}

    def recorder(self, account, region):
        """What the recorder of a place is set to; None where there is none."""
        for row in self.settings["recorders"]:
            if row.get("account", account) == account and row.get("region", region) == region:
                return None if row.get("missing") else {"recording": True, "group": {"allSupported": True}, **row}
        return {"recording": True, "group": {"allSupported": True}}

    def records(self, record):
        recorder = self.recorder(record.account, record.region)
        if record.type.name not in RECORDED or not recorder or not recorder["recording"]:
            return False
        group, name = recorder["group"], f"AWS::SageMaker::{record.type.name}"
        if group.get("recordingStrategy", {}).get("useOnly") == "EXCLUSION_BY_RESOURCE_TYPES":
            return name not in group["exclusionByResourceTypes"]["resourceTypes"]
        return group.get("allSupported") or name in group.get("resourceTypes", ())

    def held(self, chooses):
        """The records that Config holds of the places chosen."""
        with self.store.lock:
            return sorted((record for record in self.store.by_arn.values()
                           if chooses(record.account, record.region) and self.records(record)),
                          key=lambda record: (record.account, record.region, record.type.name, record.arn))

    def items(self, chooses):
        with self.store.lock:
            places = sorted({(record.account, record.region) for record in self.store.by_arn.values()
                             if chooses(record.account, record.region)})
        return [self._item(record) for record in self.held(chooses)
                if record.type.name not in self.settings["not_queryable"]] + \
               [self._recorder_item(*place) for place in places if self.recorder(*place)]

    def _recorder_item(self, account, region):
        """Config records its recorders too, under CloudFormation's names."""
        recorder = self.recorder(account, region)

        def pascal(value):
            return {key[0].upper() + key[1:]: pascal(each) for key, each in value.items()} if isinstance(value, dict) else value
        return {
            "version": "1.3", "accountId": account, "awsRegion": region, "resourceType": "AWS::Config::ConfigurationRecorder",
            "arn": f"arn:aws:config:{region}:{account}:configuration-recorder/default", "resourceId": "default",
            "resourceName": "default", "availabilityZone": "Not Applicable", "configurationItemStatus": "OK",
            "configurationItemCaptureTime": "2026-01-01T00:00:00.000Z", "relationships": [], "supplementaryConfiguration": {},
            "configuration": {"Id": "default", "Name": "default", "Recording": recorder["recording"],
                              "RecordingGroup": pascal(recorder["group"])},
            "tags": [],
        }

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

    def aggregator(self, call):
        found = self.settings["aggregators"].get(call.input["ConfigurationAggregatorName"])
        if found is None or (found["account"], found["region"]) != (call.account, call.region):
            raise ApiError("NoSuchConfigurationAggregatorException", "The configuration aggregator does not exist.")
        return found

    def aggregated(self, call):
        found = self.aggregator(call)
        accounts, regions = found.get("accounts"), found.get("regions")
        return lambda account, region: (accounts is None or account in accounts) and (regions is None or region in regions)

    def select_aggregate(self, call):
        return self._select(call, self.items(self.aggregated(call)))

    def describe_sources(self, call):
        wanted = call.input.get("UpdateStatus") or ["FAILED", "OUTDATED"]
        rows = [{"SourceType": "ACCOUNT", "LastUpdateStatus": "FAILED", "LastErrorCode": "AccessDenied", **row}
                for row in self.aggregator(call).get("failed", [])]
        return result(call.model, {"AggregatedSourceStatusList": [row for row in rows if row["LastUpdateStatus"] in wanted]})

    def describe_recorders(self, call):
        recorder = self.recorder(call.account, call.region)
        rows = [{"name": "default", "roleARN": f"arn:aws:iam::{call.account}:role/config", "recordingGroup": recorder["group"]}] \
            if recorder else []
        return result(call.model, {"ConfigurationRecorders": rows})

    def describe_recorder_status(self, call):
        recorder = self.recorder(call.account, call.region)
        if not recorder:
            return result(call.model, {"ConfigurationRecordersStatus": []})
        row = {"name": "default", "recording": recorder["recording"], "lastStatus": "SUCCESS"}
        if recorder.get("error"):
            row |= {"lastStatus": "Failure", "lastErrorMessage": recorder["error"]}
        return result(call.model, {"ConfigurationRecordersStatus": [row]})

    def counts(self, chooses):
        counted = {}
        for record in self.held(chooses):
            name = f"AWS::SageMaker::{record.type.name}"
            counted[name] = counted.get(name, 0) + 1
        return counted

    def count(self, call):
        wanted = call.input.get("resourceTypes")
        counted = self.counts(lambda account, region: (account, region) == (call.account, call.region))
        rows = [{"resourceType": name, "count": number} for name, number in counted.items() if not wanted or name in wanted]
        return result(call.model, {"totalDiscoveredResources": sum(row["count"] for row in rows), "resourceCounts": rows})

    def count_aggregate(self, call):
        counted = self.counts(self.aggregated(call))
        return result(call.model, {"TotalDiscoveredResources": sum(counted.values()), "GroupByKey": "RESOURCE_TYPE",
                                   "GroupedResourceCounts": [{"GroupName": name, "ResourceCount": number}
                                                             for name, number in counted.items()]})

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
