"""JUnit XML by a schema (xmllint), and its counts by Python's own XML reader."""

import os
import subprocess
import xml.etree.ElementTree as ElementTree

import checking

xmllint = checking.program("xmllint", "libxml2-utils")
check = checking.Check()
schema = os.path.join(checking.HERE, "junit.xsd")

for name, path in checking.samples("junit"):
    done = subprocess.run([xmllint, "--noout", "--nonet", "--huge", "--schema", schema, path], capture_output=True, text=True)
    check.that(done.returncode == 0, f"{name}: {done.stderr}")
    root = ElementTree.parse(path).getroot()
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in root:
        cases = suite.findall("testcase")
        counted = {"tests": len(cases), "failures": len(suite.findall("testcase/failure")),
                   "errors": len(suite.findall("testcase/error")), "skipped": len(suite.findall("testcase/skipped"))}
        for attribute, count in counted.items():
            check.that(int(suite.get(attribute)) == count, f"{name}: {attribute} of {suite.get('name')[:60]}")
            totals[attribute] += count
    for attribute in ("tests", "failures", "errors"):
        check.that(int(root.get(attribute)) == totals[attribute], f"{name}: {attribute} of all")
    document = checking.read_json(path[:-5] + "json")
    gaps = len(document["coverage"]["gaps"]) + (1 if document["run"]["interrupted"] else 0)
    summary = document["summary"]["findings"]
    check.that(totals["failures"] == summary["failed"], f"{name}: failures")
    check.that(totals["errors"] == summary["warning"] + summary["not_available"] + gaps, f"{name}: errors")
    check.that(totals["skipped"] == summary["suppressed"], f"{name}: skipped")
    coverage = [suite for suite in root if suite.get("name") == "coverage"]
    check.that(len(coverage) == 1 and int(coverage[0].get("errors")) == gaps, f"{name}: the suite of what was not read")

check.finish()
