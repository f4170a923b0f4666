"""ASFF by a schema derived from botocore's model of BatchImportFindings, and the limits that only the user guide has."""

import json
import re

import checking

botocore = checking.module("botocore", "python3-botocore")
loaders = checking.module("botocore.loaders", "python3-botocore")
jsonschema = checking.module("jsonschema", "python3-jsonschema")
check = checking.Check()
shapes = loaders.Loader().load_service_model("securityhub", "service-2")["shapes"]

# Members that the API has and an older botocore (Debian 12's) does not know yet.
LATER = {
    "Compliance": {"SecurityControlId": "NonEmptyString", "SecurityControlParameters": "SecurityControlParametersList"},
    "SecurityControlParameter": {"Name": "NonEmptyString", "Value": "NonEmptyStringList"},
    "ResourceDetails": {"AwsSageMakerNotebookInstance": "AwsSageMakerNotebookInstanceDetails"},
    "AwsSageMakerNotebookInstanceDetails": {
        name: "NonEmptyString" for name in (
            "DefaultCodeRepository", "DirectInternetAccess", "FailureReason", "InstanceType", "KmsKeyId",
            "NetworkInterfaceId", "NotebookInstanceArn", "NotebookInstanceLifecycleConfigName", "NotebookInstanceName",
            "NotebookInstanceStatus", "PlatformIdentifier", "RoleArn", "RootAccess", "SubnetId", "Url")},
}
shapes.setdefault("SecurityControlParametersList", {"type": "list", "member": {"shape": "SecurityControlParameter"}})
for shape, members in LATER.items():
    known = shapes.setdefault(shape, {"type": "structure", "members": {}})["members"]
    added = [name for name in members if name not in known]
    for name in added:
        known[name] = {"shape": members[name]}
    if added:
        print(f"note: this botocore does not know {shape}.{', '.join(added)} yet")
notebook = shapes["AwsSageMakerNotebookInstanceDetails"]["members"]
notebook.setdefault("SecurityGroups", {"shape": "NonEmptyStringList"})
notebook.setdefault("VolumeSizeInGB", {"shape": "Integer"})


def schema_of(name):
    """JSON Schema of one shape, with references for the others."""
    shape = shapes[name]
    kind = shape["type"]
    ref = lambda member: {"$ref": "#/definitions/" + member["shape"]}
    if kind == "structure":
        return {"type": "object", "additionalProperties": False, "required": shape.get("required", []),
                "properties": {key: ref(member) for key, member in shape["members"].items()}}
    if kind == "list":
        return {"type": "array", "items": ref(shape["member"]), "minItems": shape.get("min", 0),
                "maxItems": shape.get("max", 10**9)}
    if kind == "map":
        return {"type": "object", "additionalProperties": ref(shape["value"])}
    if kind == "string":
        out = {"type": "string"}
        if "enum" in shape:
            out["enum"] = shape["enum"]
        if "pattern" in shape:
            out["pattern"] = shape["pattern"]
        return out
    return {"type": {"boolean": "boolean", "integer": "integer", "long": "integer", "double": "number",
                     "float": "number", "timestamp": "string"}[kind]}


def reachable(name, seen):
    if name in seen:
        return seen
    seen.add(name)
    shape = shapes[name]
    members = list(shape.get("members", {}).values()) + [shape[key] for key in ("member", "key", "value") if key in shape]
    for member in members:
        reachable(member["shape"], seen)
    return seen


definitions = {name: schema_of(name) for name in reachable("AwsSecurityFinding", set())}
validator = jsonschema.Draft7Validator({"$ref": "#/definitions/AwsSecurityFinding", "definitions": definitions})

TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
# What a finding may be at most, from the user guide and the API reference: (path, characters).
LIMITS = (("Id", 512), ("GeneratorId", 512), ("Title", 256), ("Description", 1024),
          ("Remediation.Recommendation.Text", 512), ("Note.Text", 512))


def at(value, path):
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def strings(value, path=""):
    if isinstance(value, dict):
        for key, child in value.items():
            yield path + "." + key + " (name)", key
            yield from strings(child, path + "." + key)
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield from strings(child, f"{path}[{number}]")
    elif isinstance(value, str):
        yield path, value


def check_finding(name, finding):
    where = f"{name}: {finding['Id'][:60]!r}"
    account, region = finding["AwsAccountId"], finding["Region"]
    check.that(re.match(r"^\d{12}$", account), f"{where}: account")
    partition = finding["ProductArn"].split(":")[1]
    check.that(finding["ProductArn"] == f"arn:{partition}:securityhub:{region}:{account}:product/{account}/default",
               f"{where}: ProductArn {finding['ProductArn']}")
    for path, limit in LIMITS:
        check.that(len(at(finding, path) or "") <= limit, f"{where}: {path} is longer than {limit}")
    for path, text in strings(finding):
        check.that(text.strip(), f"{where}: {path} is blank")
    check.that(len(json.dumps(finding).encode()) <= 240 * 1024, f"{where}: more than 240 KB")
    fields = finding["ProductFields"]
    check.that(len(fields) <= 50, f"{where}: ProductFields")
    check.that(all(len(key) <= 128 and len(value) <= 2048 for key, value in fields.items()), f"{where}: ProductFields")
    check.that(len(finding["FindingProviderFields"]["Types"]) <= 50, f"{where}: Types")
    check.that(len(finding["Compliance"].get("RelatedRequirements", [])) <= 32, f"{where}: RelatedRequirements")
    check.that(TIME.match(finding["CreatedAt"]) and TIME.match(finding["UpdatedAt"]), f"{where}: times")
    resource = finding["Resources"][0]
    check.that(len(resource.get("Tags", {})) <= 50, f"{where}: Tags")
    check.that(len(resource["Details"].get("Other", {})) <= 50, f"{where}: Details.Other")
    if finding["Compliance"]["Status"] != "PASSED":
        check.that(finding["Compliance"].get("StatusReasons"), f"{where}: no reason")
    else:
        check.that(finding["FindingProviderFields"]["Severity"]["Label"] == "INFORMATIONAL", f"{where}: severity")


for name, path in checking.samples("asff"):
    findings = checking.read_json(path)
    check.that(isinstance(findings, list), f"{name}: not an array")
    for finding in findings[:2000]:
        for error in validator.iter_errors(finding):
            check.that(False, f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message}")
        check_finding(name, finding)
    ids = [finding["Id"] for finding in findings]
    check.that(len(ids) == len(set(ids)), f"{name}: two findings have one Id")

account = {f["Id"].split("/")[0] + " " + f["Resources"][0]["Id"].split("/")[-1]: f
           for f in checking.read_json(dict(checking.samples("asff"))["account"])}
check.that(account["SageMaker.1 sandbox"]["Workflow"]["Status"] == "SUPPRESSED", "account: suppressed")
check.that(account["SageMaker.1 fraud-eu"]["Workflow"]["Status"] == "RESOLVED", "account: passed is resolved")
check.that(account["SageMaker.1 churn-research"]["Resources"][0]["Details"]["AwsSageMakerNotebookInstance"]
           ["DirectInternetAccess"] == "Enabled", "account: the details come from the evidence")
check.finish()
