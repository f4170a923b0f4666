"""SARIF by the published schema, and what GitHub code scanning and the SARIF text ask beyond it."""

import os
import re
from urllib.parse import urlsplit

import checking

jsonschema = checking.module("jsonschema", "python3-jsonschema")
check = checking.Check()
schema = checking.read_json(os.path.join(checking.HERE, "vendor", "sarif-schema-2.1.0.json"))
validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())

URI = re.compile(r"^[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+$")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")


def check_result(name, result, rules, number):
    where = f"{name}: result {number}"
    check.that(result["ruleId"] == rules[result["ruleIndex"]]["id"], f"{where}: ruleIndex points at another rule")
    check.that(result["message"]["text"].strip(), f"{where}: no message")
    check.that("](" not in result["message"]["text"], f"{where}: the message holds a link")
    # SARIF 3.27.10: a result that is no failure has no level.
    check.that(result["kind"] == "fail" or result["level"] == "none", f"{where}: a level without a failure")
    check.that((result["kind"] == "fail") == (result["properties"]["compliance"] == "FAILED"), f"{where}: kind")
    check.that(result["properties"]["compliance"] != "PASSED", f"{where}: GitHub would show PASSED as an alert")
    check.that(len(result["locations"]) == 1, f"{where}: GitHub wants one location")
    physical = result["locations"][0]["physicalLocation"]
    uri = physical["artifactLocation"]["uri"]
    check.that(URI.match(uri), f"{where}: {uri[:80]} is no URI")
    check.that(urlsplit(uri).scheme in ("", "file"), f"{where}: scheme of {uri[:80]}")
    region = physical["region"]
    for member in ("startLine", "startColumn", "endLine", "endColumn"):
        check.that(region.get(member, 0) >= 1, f"{where}: {member}")
    check.that(re.match(r"^[0-9a-f]{16}:1$", result["partialFingerprints"]["primaryLocationLineHash"]),
               f"{where}: fingerprint")


def check_run(name, run):
    rules = run["tool"]["driver"]["rules"]
    check.that(len(rules) <= 25_000 and len(run["results"]) <= 25_000, f"{name}: GitHub's limits")
    for rule in rules:
        check.that(len(rule["shortDescription"]["text"]) <= 1024, f"{name}: shortDescription of {rule['id']}")
        check.that(0 < len(rule["fullDescription"]["text"]) <= 1024, f"{name}: fullDescription of {rule['id']}")
        check.that(rule["help"]["text"].strip(), f"{name}: help of {rule['id']}")
        check.that(0 < float(rule["properties"]["security-severity"]) <= 10, f"{name}: score of {rule['id']}")
        check.that(len(rule["properties"]["tags"]) <= 10, f"{name}: tags of {rule['id']}")
        check.that(rule.get("helpUri", "https://").startswith("https://"), f"{name}: helpUri of {rule['id']}")
        markdown = rule["help"]["markdown"]
        check.that("<script" not in markdown and "<img" not in markdown, f"{name}: markup in {rule['id']}")
    for number, result in enumerate(run["results"]):
        check_result(name, result, rules, number)
    hashes = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    check.that(len(hashes) == len(set(hashes)), f"{name}: two results have one fingerprint")
    if name == "aws":
        places = run["properties"]["coverage"]
        check.that([place["region"] for place in places] == ["eu-central-1", "eu-west-1", "us-east-1", ""], f"{name}: {places}")
        check.that(sum(place["listed"] for place in places) == 1043, f"{name}: {places}")
    invocation = run["invocations"][0]
    errors = [note for note in invocation["toolExecutionNotifications"] if note["level"] == "error"]
    check.that(invocation["executionSuccessful"] == (not errors), f"{name}: executionSuccessful")
    for member in ("startTimeUtc", "endTimeUtc"):
        check.that(TIME.match(invocation[member]), f"{name}: {member}")


for name, path in checking.samples("sarif"):
    log = checking.read_json(path)
    for error in validator.iter_errors(log):
        check.that(False, f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message}")
    check.that(log["version"] == "2.1.0" and len(log["runs"]) == 1, f"{name}: one run of 2.1.0")
    for run in log["runs"]:
        check_run(name, run)

usual = checking.read_json(dict(checking.samples("sarif"))["usual"])["runs"][0]
kinds = [result["kind"] for result in usual["results"]]
check.that(kinds.count("fail") == 6 and kinds.count("open") == 3, f"usual: kinds {kinds}")
suppressions = sorted(s["kind"] for result in usual["results"] for s in result.get("suppressions", []))
check.that(suppressions == ["external", "inSource"], f"usual: suppressions {suppressions}")
check.that(not usual["invocations"][0]["executionSuccessful"], "usual: two gaps, and yet successful")
template = [r for r in usual["results"] if "ScoringModel" in r["message"]["text"]][0]["locations"][0]
check.that(template["physicalLocation"]["artifactLocation"]["uri"] == "infra/ml%20platform.yaml", "usual: URI")
check.that(template["physicalLocation"]["region"]["startLine"] == 44, "usual: the line of the setting")
check.finish()
