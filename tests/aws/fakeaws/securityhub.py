"""AWS Security Hub: importing, reading and updating findings."""

import copy
import json
import re
import threading

from . import shaping
from .answers import ApiError, result
from .configquery import values_at
from .identity import iso

MOST_FINDING_BYTES = 240 * 1024
LENGTHS = {"Id": 512, "GeneratorId": 512, "Title": 256, "Description": 1024}
COUNTS = {"Resources": 32, "Types": 50, "ProductFields": 50, "UserDefinedFields": 50}
TYPE = re.compile(r"(Software and Configuration Checks|TTPs|Effects|Unusual Behaviors|Sensitive Data Identifications)"
                  r"(/[^/]+){0,2}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)")
# What belongs to the customer: an import changes it only in a finding that is new.
CUSTOMERS = ("Note", "UserDefinedFields", "VerificationState", "Workflow")
# GetFindings' filters that this server knows, and where in a finding they look.
FILTERS = {
    "Id": "Id", "ProductArn": "ProductArn", "AwsAccountId": "AwsAccountId", "GeneratorId": "GeneratorId", "Region": "Region",
    "Type": "Types", "CreatedAt": "CreatedAt", "UpdatedAt": "UpdatedAt", "FirstObservedAt": "FirstObservedAt",
    "LastObservedAt": "LastObservedAt", "SeverityLabel": "Severity.Label", "Title": "Title", "RecordState": "RecordState",
    "WorkflowStatus": "Workflow.Status", "ComplianceStatus": "Compliance.Status", "ProductName": "ProductName",
    "CompanyName": "CompanyName", "ComplianceSecurityControlId": "Compliance.SecurityControlId", "ResourceId": "Resources.Id",
    "ResourceType": "Resources.Type", "ProductFields": "ProductFields", "UserDefinedFields": "UserDefinedFields",
}
COMPARISONS = {
    "EQUALS": lambda value, wanted: value == wanted, "PREFIX": lambda value, wanted: value.startswith(wanted),
    "CONTAINS": lambda value, wanted: wanted in value,
}
POSITIVE = {"PREFIX_NOT_EQUALS": "PREFIX", "NOT_EQUALS": "EQUALS", "NOT_CONTAINS": "CONTAINS"}


class SecurityHub:
    """The setting `hub_off` lists "account/region" patterns, by prefix, where Security Hub isn't enabled; `refused_findings`
    parts of ids that an import fails for.
    """

    def __init__(self, settings):
        self.settings = settings
        self.lock = threading.RLock()
        self.clear()

    def clear(self):
        with self.lock:
            self.findings, self.enabled = {}, {}

    def operations(self):
        return {"BatchImportFindings": self.batch_import, "GetFindings": self.get, "BatchUpdateFindings": self.batch_update,
                "DescribeHub": self.describe_hub, "EnableSecurityHub": self.enable, "DisableSecurityHub": self.disable}

    def all(self):
        with self.lock:
            return [finding for place in sorted(self.findings) for finding in self.findings[place].values()]

    # Being enabled

    def _is_on(self, call):
        place = f"{call.account}/{call.region}"
        return self.enabled.get(place, not any(place.startswith(off) for off in self.settings["hub_off"]))

    def _require_on(self, call):
        if not self._is_on(call):
            raise ApiError("InvalidAccessException", f"Account {call.account} is not subscribed to AWS Security Hub", 401)

    def describe_hub(self, call):
        self._require_on(call)
        return result(call.model, {"HubArn": f"arn:aws:securityhub:{call.region}:{call.account}:hub/default",
                                   "SubscribedAt": "2026-01-01T00:00:00.000Z", "AutoEnableControls": True,
                                   "ControlFindingGenerator": "SECURITY_CONTROL"})

    def enable(self, call):
        if self._is_on(call):
            raise ApiError("ResourceConflictException",
                           f"Account {call.account} is already subscribed to AWS Security Hub", 409)
        self.enabled[f"{call.account}/{call.region}"] = True
        return result(call.model, {})

    def disable(self, call):
        self._require_on(call)
        self.enabled[f"{call.account}/{call.region}"] = False
        return result(call.model, {})

    # Importing

    def batch_import(self, call):
        self._require_on(call)
        failed = []
        with self.lock:
            stored = self.findings.setdefault((call.account, call.region), {})
            for number, finding in enumerate(call.input["Findings"], 1):
                wrong = self._wrong(call, finding, number)
                if wrong:
                    failed.append({"Id": finding.get("Id", ""), "ErrorCode": wrong[0], "ErrorMessage": wrong[1]})
                else:
                    self._store(call, stored, finding)
        return result(call.model, {"FailedCount": len(failed), "SuccessCount": len(call.input["Findings"]) - len(failed),
                                   "FailedFindings": failed})

    def _wrong(self, call, finding, number):
        """(code, message) of a finding that isn't taken. What a client should have known is a violation, too."""
        path = f"findings.{number}.member"
        if any(part in finding.get("Id", "") for part in self.settings["refused_findings"]):
            return "InternalError", "The finding could not be stored"
        texts = [text for _, where, text in call.finding_problems if where == path or where.startswith(path + ".")]
        for name, most in LENGTHS.items():
            if len(finding.get(name, "")) > most:
                texts.append(f"{name} is longer than {most}")
        for name, most in COUNTS.items():
            if len(finding.get(name, ())) > most:
                texts.append(f"more than {most} {name}")
        types = finding.get("Types", []) + finding.get("FindingProviderFields", {}).get("Types", [])
        texts += [f"Types: {each}" for each in types if not TYPE.fullmatch(each)]
        texts += [f"{name} is no time: {finding[name]}" for name in ("CreatedAt", "UpdatedAt")
                  if name in finding and not TIME.fullmatch(finding[name])]
        if len(json.dumps(finding, ensure_ascii=False).encode()) > MOST_FINDING_BYTES:
            texts.append("The finding is larger than 240 KB")
        if not texts:
            texts = self._of_another(call, finding)
        if texts:
            call.violations += [f"constraint: finding {number}: {text}" for text in texts]
            return "InvalidInput", "; ".join(texts)
        return None

    def _of_another(self, call, finding):
        account, region = call.account, call.region
        own = f":securityhub:{region}:{account}:product/{account}/default"
        texts = []
        if finding["AwsAccountId"] != account:
            texts.append(f"AwsAccountId {finding['AwsAccountId']} is not the caller's account {account}")
        if not finding["ProductArn"].endswith(own):
            texts.append(f"ProductArn {finding['ProductArn']} is not the caller's default product in {region}")
        return texts

    def _store(self, call, stored, finding):
        key = (finding["ProductArn"], finding["Id"])
        before = stored.get(key)
        if before and shaping.epoch(finding["UpdatedAt"]) <= shaping.epoch(before["UpdatedAt"]):
            return  # counted as a success, and ignored
        made = copy.deepcopy(finding)
        made.setdefault("RecordState", "ACTIVE")
        made.setdefault("Region", call.region)
        given = made.get("FindingProviderFields", {})
        for name in ("Severity", "Types"):
            if name in given and name not in made:
                made[name] = copy.deepcopy(given[name])
        if before:
            made["CreatedAt"] = before["CreatedAt"]
            for name in CUSTOMERS:
                made.pop(name, None)
                if name in before:
                    made[name] = before[name]
            if self._is_open_again(before, made) and made.get("Workflow", {}).get("Status") in ("NOTIFIED", "RESOLVED"):
                made["Workflow"] = {"Status": "NEW"}
        else:
            made.setdefault("Workflow", {"Status": "NEW"})
            made.setdefault("WorkflowState", "NEW")
        made["ProcessedAt"] = iso(shaping.epoch(made["UpdatedAt"]))
        stored[key] = made

    def _is_open_again(self, before, made):
        """When Security Hub itself sets the workflow status back to NEW."""
        was, now = (finding.get("Compliance", {}).get("Status") for finding in (before, made))
        return ((before["RecordState"], made["RecordState"]) == ("ARCHIVED", "ACTIVE")
                or (was == "PASSED" and now in ("FAILED", "WARNING", "NOT_AVAILABLE")))

    # Reading and updating

    def get(self, call):
        self._require_on(call)
        with self.lock:
            found = [finding for finding in self.findings.get((call.account, call.region), {}).values()
                     if self._passes(finding, call.input.get("Filters", {}))]
        for each in reversed(call.input.get("SortCriteria", [])):
            found.sort(key=lambda finding: str((values_at(finding, FILTERS.get(each["Field"], each["Field"])) or [""])[0]),
                       reverse=each.get("SortOrder") == "desc")
        token = call.input.get("NextToken") or "0"
        if not token.isdigit():
            raise ApiError("InvalidInputException", "Invalid parameter 'NextToken'.")
        start, size = int(token), call.input.get("MaxResults", 100)
        answer = {"Findings": found[start:start + size]}
        if start + size < len(found):
            answer["NextToken"] = str(start + size)
        return result(call.model, answer)

    def _passes(self, finding, filters):
        for name, conditions in filters.items():
            if name not in FILTERS:
                raise ApiError("InvalidInputException", f"The test server has no filter {name}")
            values = values_at(finding, FILTERS[name])
            if conditions and not self._meets(values, conditions):
                return False
        return True

    def _meets(self, values, conditions):
        """The positive conditions of a filter are alternatives; each negative one has to hold."""
        positive, negative = [], []
        for condition in conditions:
            comparison = condition.get("Comparison", "")
            if "Key" in condition:
                subject = [value[condition["Key"]] for value in values if condition["Key"] in value]
            else:
                subject = values
            if "Start" in condition or "End" in condition:
                low, high = condition.get("Start", "0"), condition.get("End", "9")
                positive.append(any(low <= value <= high for value in subject))
                continue
            plain = POSITIVE.get(comparison, comparison)
            hit = any(COMPARISONS[plain](str(value), condition["Value"]) for value in subject)
            (negative if "NOT" in comparison else positive).append(hit)
        return not any(negative) and (not positive or any(positive))

    def batch_update(self, call):
        self._require_on(call)
        done, undone = [], []
        changes = {name: value for name, value in call.input.items() if name != "FindingIdentifiers"}
        with self.lock:
            stored = self.findings.get((call.account, call.region), {})
            for identifier in call.input["FindingIdentifiers"]:
                finding = stored.get((identifier["ProductArn"], identifier["Id"]))
                if finding is None:
                    undone.append({"FindingIdentifier": identifier, "ErrorCode": "FindingNotFound",
                                   "ErrorMessage": "Finding Not Found"})
                else:
                    finding.update(copy.deepcopy(changes))
                    done.append(identifier)
        return result(call.model, {"ProcessedFindings": done, "UnprocessedFindings": undone})
