"""Whether a policy allows the calls that the test server saw: actions, and what they are about."""
from fnmatch import fnmatchcase

# Members of a call to SageMaker that name what it is about; what else it names is not asked for.
JOBS = {f"{kind}JobDefinition": part for kind, part in (
    ("DataQuality", "data-quality"), ("ModelQuality", "model-quality"), ("ModelBias", "model-bias"),
    ("ModelExplainability", "model-explainability"))}
PARTS = {"Endpoint": "endpoint", "EndpointConfig": "endpoint-config", "Model": "model", "Domain": "domain",
         "MonitoringSchedule": "monitoring-schedule", "NotebookInstance": "notebook-instance",
         "NotebookInstanceLifecycleConfig": "notebook-instance-lifecycle-config", "InferenceExperiment": "inference-experiment"}
MEMBERS = {"Domain": "DomainId", "InferenceExperiment": "Name"}
VERBS = ("Create", "Delete", "Update", "Start", "Stop")


def subjects(call):
    """ARNs that a call has to be allowed on."""
    given = call["input"]
    if call["service"] == "s3":
        return [f"arn:aws:s3:::{given['Bucket']}" + (f"/{given['Key']}" if "Key" in given else "")]
    if call["service"] != "sagemaker" or "ResourceArn" in given:
        return [given.get("ResourceArn", "*")]
    verb = next((verb for verb in VERBS if call["operation"].startswith(verb)), None)
    if verb is None:
        return ["*"]
    what = call["operation"][len(verb):]
    if what in JOBS:
        named = [(f"{JOBS[what]}-job-definition", given["JobDefinitionName"])]
    else:
        named = [(PARTS[what], given[MEMBERS.get(what, f"{what}Name")])]
    if call["operation"] in ("CreateEndpoint", "UpdateEndpoint"):
        named.append(("endpoint-config", given["EndpointConfigName"]))
    # AWS has names in small letters in some ARNs.
    return sorted({f"arn:aws:sagemaker:{call['region']}:{call['account']}:{part}/{spelt}"
                   for part, name in named for spelt in (name, name.lower())})


def actions(policy):
    return {action for statement in policy["Statement"] for action in statement["Action"]}


def texts(value, ending):
    """Texts of members with such names, at any depth."""
    if isinstance(value, list):
        return [text for element in value for text in texts(element, ending)]
    if not isinstance(value, dict):
        return []
    own = [below for name, below in value.items() if name.endswith(ending) and isinstance(below, str)]
    return own + [text for below in value.values() for text in texts(below, ending)]


def needs(call):
    """(action, ARN) of all that a call has to be allowed: itself, tags that it gives, roles that it passes on."""
    found = [(f"{call['service']}:{call['operation']}", arn) for arn in subjects(call)]
    if call["service"] != "sagemaker" or not call["operation"].startswith(("Create", "Update")):
        return found
    if call["input"].get("Tags"):
        found += [("sagemaker:AddTags", arn) for action, arn in found if not arn.rsplit(":", 1)[1].startswith("inference-")]
    return found + [("iam:PassRole", role) for role in texts(call["input"], "RoleArn")]


def not_allowed(policy, calls):
    """What of the calls it does not allow, "service:Operation on ARN" each; and what it allows to change everywhere."""
    lists = [(statement["Action"], statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]])
             for statement in policy["Statement"]]
    found = {f"{action} everywhere" for actions, resources in lists for action in actions
             # AWS cannot limit tags of inference experiments to one.
             if "*" in resources and action.startswith(tuple(f"sagemaker:{verb}" for verb in VERBS)) and not action.endswith("Tags")}
    for action, arn in {need for call in calls for need in needs(call)}:
        if not any(action in actions and any(fnmatchcase(arn, pattern) for pattern in resources) for actions, resources in lists):
            found.add(f"{action} on {arn}")
    # Who one is needs no permission.
    return {line for line in found if not line.startswith("sts:GetCallerIdentity ")}
