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


def not_allowed(policy, calls):
    """The calls that it does not allow, "service:Operation on ARN" each. Who one is needs no permission."""
    found = set()
    for call in calls:
        action = f"{call['service']}:{call['operation']}"
        patterns = [pattern for statement in policy["Statement"] if action in statement["Action"]
                    for pattern in ([statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"])]
        found |= {f"{action} on {arn}" for arn in subjects(call)
                  if not any(fnmatchcase(arn, pattern) for pattern in patterns)}
    return {line for line in found if not line.startswith("sts:GetCallerIdentity ")}
