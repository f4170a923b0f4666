"""OCSF by what schema version 1.5.0 requires of class 2003 and its objects, and by its enumerations."""

import checking

check = checking.Check()
REQUIRED = {
    "": ("activity_id", "category_uid", "class_uid", "type_uid", "severity_id", "time", "metadata", "finding_info",
         "compliance"),
    "metadata": ("product", "version"),
    "metadata.product": ("vendor_name", "name"),
    "finding_info": ("uid", "title"),
}
# What each object may hold at all, so that a misspelt name shows.
MEMBERS = {
    "": {"activity_id", "activity_name", "category_uid", "category_name", "class_uid", "class_name", "type_uid",
         "type_name", "time", "severity_id", "severity", "status_id", "status", "comment", "metadata", "finding_info",
         "compliance", "resources", "evidences", "remediation", "cloud"},
    "metadata": {"version", "uid", "product", "profiles"},
    "metadata.product": {"name", "vendor_name", "version"},
    "finding_info": {"uid", "title", "desc", "last_seen_time", "src_url"},
    "compliance": {"control", "status", "status_id", "status_code", "status_details", "desc", "category", "standards",
                   "requirements", "control_parameters"},
    "remediation": {"desc", "references"},
    "cloud": {"provider", "account", "region"},
}
SEVERITY = {1: "Informational", 2: "Low", 3: "Medium", 4: "High", 5: "Critical"}
STATE = {1: "New", 3: "Suppressed", 4: "Resolved"}
COMPLIANCE = {1: "Pass", 2: "Warning", 3: "Fail", 99: "NOT_AVAILABLE"}


def at(event, path):
    for name in filter(None, path.split(".")):
        event = event.get(name)
        if event is None:
            return None
    return event


def check_event(where, event):
    for path, names in REQUIRED.items():
        for name in names:
            check.that(at(event, path).get(name) not in (None, ""), f"{where}: {path}.{name} is required")
    for path, names in MEMBERS.items():
        value = at(event, path)
        if value is not None:
            check.that(set(value) <= names, f"{where}: {path} holds {sorted(set(value) - names)}")
    check.that(event["class_uid"] == 2003 and event["category_uid"] == 2, f"{where}: class")
    check.that(event["type_uid"] == event["class_uid"] * 100 + event["activity_id"], f"{where}: type_uid")
    check.that(SEVERITY.get(event["severity_id"]) == event["severity"], f"{where}: severity")
    check.that(STATE.get(event["status_id"]) == event["status"], f"{where}: status")
    compliance = event["compliance"]
    check.that(COMPLIANCE.get(compliance["status_id"]) == compliance["status"], f"{where}: compliance")
    check.that(isinstance(event["time"], int) and 10**12 < event["time"] < 10**13, f"{where}: time in milliseconds")
    cloud = "cloud" in event["metadata"].get("profiles", [])
    check.that(cloud == ("cloud" in event), f"{where}: the cloud profile")
    check.that(not cloud or event["cloud"]["provider"] == "AWS", f"{where}: provider")
    for resource in event["resources"]:
        check.that(resource.get("uid") or resource.get("name"), f"{where}: a resource has a name or uid")
    for parameter in compliance.get("control_parameters", []):
        check.that(set(parameter) == {"name", "value"}, f"{where}: parameter")
    for evidence in event.get("evidences", []):
        check.that("data" in evidence, f"{where}: evidence needs at least one of its objects")


for name, path in checking.samples("ocsf"):
    events = checking.read_json(path)
    check.that(isinstance(events, list), f"{name}: not an array")
    for number, event in enumerate(events):
        check_event(f"{name}: event {number}", event)
    document = checking.read_json(path[:-4] + "json")
    gaps = len(document["coverage"]["gaps"]) + (1 if document["run"]["interrupted"] else 0)
    check.that(len(events) == len(document["findings"]) + gaps, f"{name}: {len(events)} events")

usual = checking.read_json(dict(checking.samples("ocsf"))["usual"])
check.that(usual[0]["time"] == 1772359202000, f"usual: 2026-03-01T10:00:02Z is not {usual[0]['time']}")
check.finish()
