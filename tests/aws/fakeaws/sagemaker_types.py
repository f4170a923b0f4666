"""SageMaker's resource types as this server keeps them: one row a type. What a row doesn't say (members, summaries,
filters of the List call) comes from botocore's model. Where each assumption is from: BEHAVIOUR.md.
"""

from dataclasses import dataclass, field

VALIDATION, NOT_FOUND, IN_USE = "ValidationException", "ResourceNotFound", "ResourceInUse"


@dataclass(frozen=True)
class Type:
    name: str
    part: str  # of the ARN
    key: str  # the member that names it, in Create, Describe and the record
    list_key: str  # where the List call's answer has the summaries
    arn: str = ""  # the member of Describe; default: name + "Arn"
    created_arn: str = ""  # the member of Create's answer; default: as `arn`
    list_operation: str = ""
    # Members whose names differ: Create or Update → Describe, and summary or filter → Describe (a path).
    created: dict = field(default_factory=dict)
    listed: dict = field(default_factory=dict)
    # (code, text) when it isn't there, and when it is there already.
    missing: tuple = (NOT_FOUND, "{noun} {arn} does not exist.")
    exists: tuple = (IN_USE, "{noun} {arn} already exists.")
    noun: str = ""
    status: str = ""
    coming: tuple = ("", "")  # statuses while and after it is being created
    defaults: dict = field(default_factory=dict)
    order: tuple = ("CreationTime", "Descending")  # of the List call when it doesn't say
    modified: bool = False  # has LastModifiedTime

    @property
    def arn_member(self):
        return self.arn or self.name + "Arn"

    @property
    def created_member(self):
        return self.created_arn or self.arn_member

    @property
    def lister(self):
        return self.list_operation or f"List{self.name}s"


def _job_definition(kind):
    prefix = kind + "JobInput"
    return Type(
        f"{kind}JobDefinition", {"DataQuality": "data-quality", "ModelQuality": "model-quality", "ModelBias": "model-bias",
                                 "ModelExplainability": "model-explainability"}[kind] + "-job-definition",
        "JobDefinitionName", "JobDefinitionSummaries", arn="JobDefinitionArn",
        listed={"MonitoringJobDefinitionName": "JobDefinitionName", "MonitoringJobDefinitionArn": "JobDefinitionArn",
                "EndpointName": f"{prefix}.EndpointInput.EndpointName"},
        noun="Job Definition", defaults={"StoppingCondition": {"MaxRuntimeInSeconds": 3600}})


def _plain(noun):
    """The messages of the types that answer ValidationException with the ARN in quotes."""
    return {"missing": (VALIDATION, f'Could not find {noun} "{{arn}}".'),
            "exists": (VALIDATION, f'Cannot create already existing {noun} "{{arn}}".'), "noun": noun}


ROWS = (
    Type("NotebookInstance", "notebook-instance", "NotebookInstanceName", "NotebookInstances",
         created={"SecurityGroupIds": "SecurityGroups", "LifecycleConfigName": "NotebookInstanceLifecycleConfigName"},
         missing=(VALIDATION, "RecordNotFound"),
         exists=(VALIDATION, 'Cannot create already existing notebook instance "{arn}".'), noun="Notebook Instance",
         status="NotebookInstanceStatus", coming=("Pending", "InService"), order=("Name", "Ascending"), modified=True,
         listed={"NotebookInstanceLifecycleConfigNameContains": "NotebookInstanceLifecycleConfigName",
                 "DefaultCodeRepositoryContains": "DefaultCodeRepository",
                 "AdditionalCodeRepositoryEquals": "AdditionalCodeRepositories"},
         defaults={"DirectInternetAccess": "Enabled", "RootAccess": "Enabled", "VolumeSizeInGB": 5,
                   "PlatformIdentifier": "notebook-al2023-v1", "IpAddressType": "ipv4",
                   "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "2"}}),
    Type("NotebookInstanceLifecycleConfig", "notebook-instance-lifecycle-config", "NotebookInstanceLifecycleConfigName",
         "NotebookInstanceLifecycleConfigs", missing=(VALIDATION, "RecordNotFound"),
         exists=(VALIDATION, 'Cannot create already existing lifecycle config "{arn}".'), modified=True),
    Type("Model", "model", "ModelName", "Models", defaults={"EnableNetworkIsolation": False}, **_plain("model")),
    Type("EndpointConfig", "endpoint-config", "EndpointConfigName", "EndpointConfigs",
         defaults={"EnableNetworkIsolation": False}, **_plain("endpoint configuration")),
    Type("Endpoint", "endpoint", "EndpointName", "Endpoints", status="EndpointStatus", coming=("Creating", "InService"),
         modified=True, **_plain("endpoint")),
    Type("InferenceComponent", "inference-component", "InferenceComponentName", "InferenceComponents",
         status="InferenceComponentStatus", coming=("Creating", "InService"), modified=True,
         listed={"EndpointNameEquals": "EndpointName", "VariantNameEquals": "VariantName"}, **_plain("inference component")),
    Type("AppImageConfig", "app-image-config", "AppImageConfigName", "AppImageConfigs", noun="AppImageConfig", modified=True,
         listed={"ModifiedTime": "LastModifiedTime"}),
    Type("Image", "image", "ImageName", "Images", noun="Image", status="ImageStatus", coming=("CREATING", "CREATED"),
         modified=True),
    *(_job_definition(kind) for kind in ("DataQuality", "ModelQuality", "ModelBias", "ModelExplainability")),
    Type("MonitoringSchedule", "monitoring-schedule", "MonitoringScheduleName", "MonitoringScheduleSummaries",
         noun="Monitoring Schedule", status="MonitoringScheduleStatus", coming=("Pending", "Scheduled"), modified=True,
         listed={"MonitoringJobDefinitionName": "MonitoringScheduleConfig.MonitoringJobDefinitionName",
                 "MonitoringTypeEquals": "MonitoringType"}),
    Type("FeatureGroup", "feature-group", "FeatureGroupName", "FeatureGroupSummaries", noun="Resource",
         status="FeatureGroupStatus", coming=("Creating", "Created"), modified=True,
         listed={"FeatureGroupStatusEquals": "FeatureGroupStatus", "OfflineStoreStatusEquals": "OfflineStoreStatus.Status"}),
    Type("InferenceExperiment", "inference-experiment", "Name", "InferenceExperiments", arn="Arn",
         created_arn="InferenceExperimentArn", noun="Inference Experiment", status="Status", coming=("Creating", "Running"),
         modified=True, listed={"Type": "Type"}),
    Type("Domain", "domain", "DomainId", "Domains", noun="Domain", status="Status", coming=("Pending", "InService"),
         defaults={"AppNetworkAccessType": "PublicInternetOnly", "TagPropagation": "DISABLED"}, modified=True,
         created={"DomainSettingsForUpdate": "DomainSettings"}),
    Type("UserProfile", "user-profile", "UserProfileName", "UserProfiles", noun="UserProfile", status="Status",
         coming=("Pending", "InService"), modified=True,
         listed={"DomainIdEquals": "DomainId", "UserProfileNameContains": "UserProfileName"}),
)
TYPES = {row.name: row for row in ROWS}
BY_PART = {row.part: row for row in ROWS}

# Members of Create that Describe does not show, and why that is no loss.
NOT_SHOWN = {
    "*": {"Tags"},  # ListTags shows them
    "NotebookInstance": {"SecurityGroupIds", "LifecycleConfigName"},  # shown under other names
    "Endpoint": {"DeploymentConfig"},  # how to get there, not what is there
    "InferenceExperiment": {"EndpointName"},  # shown as EndpointMetadata.EndpointName
}

# Start, Stop and Update: statuses it is allowed in, and the statuses while and after.
MOVES = {
    "StartNotebookInstance": (("Stopped",), "Pending", "InService"),
    "StopNotebookInstance": (("InService",), "Stopping", "Stopped"),
    "UpdateNotebookInstance": (("Stopped", "Failed"), "Updating", "Stopped"),
    "DeleteNotebookInstance": (("Stopped", "Failed"), "Deleting", None),
    "StartMonitoringSchedule": (("Stopped",), "Pending", "Scheduled"),
    "StopMonitoringSchedule": (("Scheduled", "Failed"), "Pending", "Stopped"),
    "UpdateMonitoringSchedule": (("Scheduled", "Stopped", "Failed"), "Pending", ""),
    "UpdateEndpoint": (("InService",), "Updating", "InService"),
    "UpdateInferenceComponent": (("InService",), "Updating", "InService"),
    "StartInferenceExperiment": (("Created",), "Starting", "Running"),
    "StopInferenceExperiment": (("Created", "Running"), "Stopping", "Completed"),
    "UpdateInferenceExperiment": (("Created", "Running"), "Updating", ""),
    "DeleteInferenceExperiment": (("Created", "Completed", "Cancelled"), "Stopping", None),
    "UpdateImage": (("CREATED", "CREATE_FAILED", "UPDATE_FAILED"), "UPDATING", "CREATED"),
    "DeleteEndpoint": (("InService", "Failed", "OutOfService"), "Deleting", None),
    "DeleteFeatureGroup": (("Created", "CreateFailed", "DeleteFailed"), "Deleting", None),
    "UpdateDomain": (("InService", "Failed", "Update_Failed"), "Updating", "InService"),
    "UpdateUserProfile": (("InService", "Failed", "Update_Failed"), "Updating", "InService"),
}
