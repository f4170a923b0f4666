"""What SageMaker adds to a resource by itself, and how updates change one."""

import copy
import hashlib
from datetime import datetime, timezone

from .answers import ApiError
from .regions import DNS_SUFFIXES, partition_of
from .sagemaker_types import TYPES, VALIDATION
from .store import path_value


def epoch(value):
    """A time in any form that JSON has it in, as seconds."""
    if isinstance(value, (int, float)):
        return value
    moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()


def normalised(shape, value):
    """A copy in which nulls are gone and times are seconds; members that the shape doesn't have stay."""
    if shape is None:
        return value
    if shape.type_name == "structure" and isinstance(value, dict):
        return {name: normalised(shape.members.get(name), each) for name, each in value.items() if each is not None}
    if shape.type_name == "list" and isinstance(value, list):
        return [normalised(shape.member, each) for each in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: normalised(shape.value, each) for key, each in value.items()}
    return epoch(value) if shape.type_name == "timestamp" else value


def _digest(text, length):
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def complete(kind, described, given, call, store):
    """Adds what Describe shows and Create doesn't say."""
    adder = ADDERS.get(kind)
    if adder:
        adder(described, given, call, store)


def _require(kind_name, call, store, name):
    kind = TYPES[kind_name]
    record = store.find(kind, call.account, call.region, name)
    if record is None:
        arn = f"arn:{partition_of(call.region)}:sagemaker:{call.region}:{call.account}:{kind.part}/{name.lower()}"
        raise ApiError(VALIDATION, kind.missing[1].format(arn=arn, noun=kind.noun))
    return record.described


def _notebook(described, given, call, store):
    name = described["NotebookInstanceName"]
    suffix = "sagemaker.com.cn" if partition_of(call.region) == "aws-cn" else "sagemaker.aws"
    described["Url"] = f"{name}.notebook.{call.region}.{suffix}"
    if "SubnetId" in described:
        described["NetworkInterfaceId"] = "eni-0" + _digest(call.account + call.region + name, 16)
    elif described["DirectInternetAccess"] == "Disabled":
        raise ApiError(VALIDATION, "DirectInternetAccess can only be Disabled when a SubnetId is given.")


def _model(described, given, call, store):
    if "PrimaryContainer" in described and "Containers" in described:
        raise ApiError(VALIDATION, "PrimaryContainer and Containers cannot both be given.")
    if not (described.get("PrimaryContainer") or described.get("Containers")):
        raise ApiError(VALIDATION, "One of PrimaryContainer and Containers must be given.")


def _endpoint_config(described, given, call, store):
    for variant in described["ProductionVariants"] + described.get("ShadowProductionVariants", []):
        if "ModelName" in variant:
            _require("Model", call, store, variant["ModelName"])
        variant.setdefault("InitialVariantWeight", 1.0)


def _variant_summary(variant):
    summary = {"VariantName": variant["VariantName"]}
    for weight in ("CurrentWeight", "DesiredWeight"):
        summary[weight] = variant.get("InitialVariantWeight", 1.0)
    if "ServerlessConfig" in variant:
        summary["CurrentServerlessConfig"] = summary["DesiredServerlessConfig"] = copy.deepcopy(variant["ServerlessConfig"])
    else:
        summary["CurrentInstanceCount"] = summary["DesiredInstanceCount"] = variant.get("InitialInstanceCount", 1)
    for name in ("ManagedInstanceScaling", "RoutingConfig"):
        if name in variant:
            summary[name] = copy.deepcopy(variant[name])
    return summary


def _endpoint(described, given, call, store):
    config = _require("EndpointConfig", call, store, described["EndpointConfigName"])
    for name in ("ProductionVariants", "ShadowProductionVariants"):
        described.pop(name, None)
        if name in config:
            described[name] = [_variant_summary(variant) for variant in config[name]]
    for name in ("AsyncInferenceConfig", "ExplainerConfig", "MetricsConfig"):
        described.pop(name, None)
        if name in config:
            described[name] = copy.deepcopy(config[name])
    capture = config.get("DataCaptureConfig")
    described.pop("DataCaptureConfig", None)
    if capture:
        described["DataCaptureConfig"] = {
            "EnableCapture": capture.get("EnableCapture", False),
            "CaptureStatus": "Started" if capture.get("EnableCapture") else "Stopped",
            "CurrentSamplingPercentage": capture["InitialSamplingPercentage"], "DestinationS3Uri": capture["DestinationS3Uri"],
            "KmsKeyId": capture.get("KmsKeyId", "")}
    if "DeploymentConfig" in given:
        described["LastDeploymentConfig"] = given["DeploymentConfig"]


def _component(described, given, call, store):
    endpoint = _require("Endpoint", call, store, described["EndpointName"])
    described["EndpointArn"] = endpoint["EndpointArn"]
    described.setdefault("VariantName", endpoint["ProductionVariants"][0]["VariantName"])
    for specification in [described.get("Specification", {}), *described.get("Specifications", [])]:
        container = specification.get("Container", {})
        if "Image" in container:
            container["DeployedImage"] = {"SpecifiedImage": container.pop("Image")}
    copies = path_value(described, "RuntimeConfig.CopyCount")
    if copies is not None:
        described["RuntimeConfig"] = {"DesiredCopyCount": copies, "CurrentCopyCount": copies}


def _schedule(described, given, call, store):
    config = described["MonitoringScheduleConfig"]
    inline, named = config.get("MonitoringJobDefinition"), config.get("MonitoringJobDefinitionName")
    if bool(inline) == bool(named):
        raise ApiError(VALIDATION, "Exactly one of MonitoringJobDefinition and MonitoringJobDefinitionName must be given.")
    described.pop("EndpointName", None)
    if inline:
        described["MonitoringType"] = config.setdefault("MonitoringType", "DataQuality")
        endpoint = path_value(inline["MonitoringInputs"][0], "EndpointInput.EndpointName")
    else:
        if "MonitoringType" not in config:
            raise ApiError(VALIDATION, "MonitoringType is required with MonitoringJobDefinitionName.")
        kind = config["MonitoringType"]
        described["MonitoringType"] = kind
        definition = store.find(TYPES[kind + "JobDefinition"], call.account, call.region, named)
        if definition is None:
            raise ApiError(VALIDATION, f"Job Definition {named} of type {kind} does not exist.")
        endpoint = path_value(definition.described, f"{kind}JobInput.EndpointInput.EndpointName")
    if endpoint:
        described["EndpointName"] = endpoint


def _feature_group(described, given, call, store):
    names = [each["FeatureName"] for each in described["FeatureDefinitions"]]
    for member in ("RecordIdentifierFeatureName", "EventTimeFeatureName"):
        if described[member] not in names:
            raise ApiError(VALIDATION, f"{member} {described[member]} is not among the feature definitions.")
    if not described.get("OnlineStoreConfig", {}).get("EnableOnlineStore") and "OfflineStoreConfig" not in described:
        raise ApiError(VALIDATION, "Either the OnlineStoreConfig or the OfflineStoreConfig must be given.")
    if "OnlineStoreConfig" in described:
        described["OnlineStoreConfig"].setdefault("StorageType", "Standard")
        described["OnlineStoreTotalSizeBytes"] = 0
    offline = described.get("OfflineStoreConfig")
    if offline:
        name = described["FeatureGroupName"]
        stamp = int(described["CreationTime"])
        storage = offline["S3StorageConfig"]
        storage.setdefault("ResolvedOutputS3Uri", f"{storage['S3Uri'].rstrip('/')}/{call.account}/sagemaker/{call.region}/"
                           f"offline-store/{name}-{stamp}/data")
        offline.setdefault("DisableGlueTableCreation", False)
        offline.setdefault("TableFormat", "Glue")
        if not offline["DisableGlueTableCreation"]:
            offline.setdefault("DataCatalogConfig", {"TableName": f"{name.replace('-', '_').lower()}_{stamp}",
                               "Catalog": "AwsDataCatalog", "Database": "sagemaker_featurestore"})
        described["OfflineStoreStatus"] = {"Status": "Active"}


def _experiment(described, given, call, store):
    endpoint = _require("Endpoint", call, store, given["EndpointName"])
    described["EndpointMetadata"] = {"EndpointName": endpoint["EndpointName"], "EndpointStatus": endpoint["EndpointStatus"],
                                     "EndpointConfigName": endpoint["EndpointConfigName"]}
    for variant in described["ModelVariants"]:
        variant["Status"] = "InService"
    described.setdefault("Schedule", {"StartTime": described["CreationTime"], "EndTime": described["CreationTime"] + 7 * 86400})


def _domain(described, given, call, store):
    key = described["DomainId"]
    suffix = DNS_SUFFIXES.get(partition_of(call.region), "aws")
    described["HomeEfsFileSystemId"] = "fs-0" + _digest(key, 15)
    described["Url"] = f"https://{key}.studio.{call.region}.sagemaker.{suffix}"
    if described.get("AppNetworkAccessType") == "VpcOnly" or "KmsKeyId" in described:
        described["SecurityGroupIdForDomainBoundary"] = "sg-0" + _digest(key + "sg", 16)
    if "KmsKeyId" in described:
        described.setdefault("HomeEfsFileSystemKmsKeyId", described["KmsKeyId"])


def _profile(described, given, call, store):
    _require("Domain", call, store, described["DomainId"])
    described["HomeEfsFileSystemUid"] = str(200000 + int(_digest(described["UserProfileName"], 4), 16))


ADDERS = {
    "NotebookInstance": _notebook, "Model": _model, "EndpointConfig": _endpoint_config, "Endpoint": _endpoint,
    "InferenceComponent": _component, "MonitoringSchedule": _schedule, "FeatureGroup": _feature_group,
    "InferenceExperiment": _experiment, "Domain": _domain, "UserProfile": _profile,
}


def merge(kind, described, given, call, store):
    """Applies an Update: what it gives replaces what is there, but for the rules below."""
    rules = UPDATES.get(kind.name)
    changes = {name: value for name, value in given.items() if name != kind.key}
    if rules:
        changes = rules(described, changes, call, store)
    for name, value in changes.items():
        described[kind.created.get(name, name)] = value


def _update_notebook(described, changes, call, store):
    removes = {"DisassociateLifecycleConfig": "NotebookInstanceLifecycleConfigName",
               "DisassociateAcceleratorTypes": "AcceleratorTypes", "DisassociateDefaultCodeRepository": "DefaultCodeRepository",
               "DisassociateAdditionalCodeRepositories": "AdditionalCodeRepositories"}
    for name, member in removes.items():
        if changes.pop(name, False):
            described.pop(member, None)
    if changes.get("VolumeSizeInGB", described["VolumeSizeInGB"]) < described["VolumeSizeInGB"]:
        raise ApiError(VALIDATION, "The volume of a notebook instance can't be made smaller.")
    return changes


def _update_endpoint(described, changes, call, store):
    counts = {each["VariantName"]: each for each in described.get("ProductionVariants", [])}
    described["EndpointConfigName"] = changes["EndpointConfigName"]
    _endpoint(described, changes, call, store)
    if changes.get("RetainAllVariantProperties"):
        for variant in described["ProductionVariants"]:
            variant.update({name: value for name, value in counts.get(variant["VariantName"], {}).items()
                            if name in ("CurrentInstanceCount", "DesiredInstanceCount", "CurrentWeight", "DesiredWeight")})
    return {}


def _update_image(described, changes, call, store):
    for name in changes.pop("DeleteProperties", []):
        described.pop(name, None)
    return changes


def _update_schedule(described, changes, call, store):
    described["MonitoringScheduleConfig"] = changes["MonitoringScheduleConfig"]
    _schedule(described, changes, call, store)
    return {}


def _update_group(described, changes, call, store):
    described["FeatureDefinitions"] = described["FeatureDefinitions"] + changes.pop("FeatureAdditions", [])
    if "OnlineStoreConfig" in changes:
        described.setdefault("OnlineStoreConfig", {}).update(changes.pop("OnlineStoreConfig"))
    described["LastUpdateStatus"] = {"Status": "Successful"}
    return changes


def _update_component(described, changes, call, store):
    copies = path_value(changes, "RuntimeConfig.CopyCount")
    if copies is not None:
        changes["RuntimeConfig"] = {"DesiredCopyCount": copies, "CurrentCopyCount": copies}
    if "DeploymentConfig" in changes:
        described["LastDeploymentConfig"] = changes.pop("DeploymentConfig")
    return changes


def _update_settings(member):
    def update(described, changes, call, store):
        changes.pop("DomainId", None)
        for name in (member, "DefaultSpaceSettings", "DomainSettingsForUpdate"):
            if name in changes:
                target = "DomainSettings" if name == "DomainSettingsForUpdate" else name
                described[target] = {**described.get(target, {}), **changes.pop(name)}
        return changes
    return update


UPDATES = {
    "NotebookInstance": _update_notebook, "Endpoint": _update_endpoint, "Image": _update_image,
    "MonitoringSchedule": _update_schedule, "FeatureGroup": _update_group, "InferenceComponent": _update_component,
    "Domain": _update_settings("DefaultUserSettings"), "UserProfile": _update_settings("UserSettings"),
}
