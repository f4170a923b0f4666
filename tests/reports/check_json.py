"""JSON and NDJSON as Python's reader sees them, against each other and their documented fields."""

import json

import checking

check = checking.Check()
FIELDS = {"id": str, "control": str, "compliance": str, "severity": str, "type": str, "arn": str, "name": str,
          "account": str, "region": str, "partition": str, "tags": dict, "reasons": list, "evidence": list,
          "location": dict, "suppressed": (dict, type(None)), "captured_at": str}
COMPLIANCE = ("PASSED", "FAILED", "WARNING", "NOT_AVAILABLE")
SEVERITY = ("INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL")


def check_finding(where, finding):
    for name, kind in FIELDS.items():
        check.that(isinstance(finding.get(name, check), kind), f"{where}: {name}")
    check.that(finding["compliance"] in COMPLIANCE and finding["severity"] in SEVERITY, f"{where}: words")
    check.that(finding["compliance"] == "PASSED" or finding["reasons"], f"{where}: no reason")
    check.that(finding["compliance"] != "FAILED" or finding["evidence"], f"{where}: no evidence")
    check.that(set(finding["location"]) == {"file", "line", "column", "address"}, f"{where}: location")


for name, path in checking.samples("json"):
    document = checking.read_json(path)
    check.that(document["format"] == "sagewarden-report/1", f"{name}: format")
    findings = document["findings"]
    for number, finding in enumerate(findings):
        check_finding(f"{name}: finding {number}", finding)
    counted = {word.lower(): 0 for word in COMPLIANCE}
    suppressed = 0
    for finding in findings:
        if finding["suppressed"]:
            suppressed += 1
        else:
            counted[finding["compliance"].lower()] += 1
    summary = document["summary"]
    known = summary["findings"].pop("known")
    check.that(set(known) == {"failed", "not_judged", "suppressed", "passed"}, f"{name}: known {known}")
    for word in known:
        check.that(sum(control["known"][word] for control in summary["controls"]) == known[word], f"{name}: known {word}")
    check.that((name == "baseline") == any(known.values()), f"{name}: known {known}")
    for control in summary["controls"]:
        bad = control["failed"] + control["warning"] + control["not_available"]
        bad += control["known"]["failed"] + control["known"]["not_judged"]
        check.that(control["status"] != "PASSED" or bad == 0, f"{name}: {control['id']} is {control['status']}")
    bad = known["failed"] + known["not_judged"]
    check.that(not summary["verdict"].startswith("Nothing failed") or bad == 0, f"{name}: {summary['verdict']}")
    check.that(summary["findings"] == dict(counted, suppressed=suppressed), f"{name}: summary {summary['findings']}")
    for word in counted:
        total = sum(control[word] for control in summary["controls"])
        check.that(total == counted[word], f"{name}: {word} by control")
    check.that([c["id"] for c in document["controls"]] == [c["id"] for c in summary["controls"]], f"{name}: controls")

    for row in document["coverage"].get("aws", []):
        check.that(set(row) == {"account", "region", "type", "listed", "read", "not_read", "gone", "complete"}, f"{name}: {row}")
        check.that(row["listed"] == row["read"] + row["not_read"] + row["gone"], f"{name}: {row}")
        whole = row["complete"] and not row["not_read"]
        gaps = [gap for gap in document["coverage"]["gaps"] if gap["account"] == row["account"]
                and gap["region"] in ("", row["region"]) and gap["type"] in ("", row["type"])]
        check.that(name == "hostile" or whole == (not gaps), f"{name}: {row} does not agree with the gaps")
    check.that((name in ("aws", "hostile")) == ("aws" in document["coverage"]), f"{name}: coverage of AWS")

    lines = checking.read(path[:-4] + "ndjson").splitlines()
    records = [json.loads(line) for line in lines]
    rows = [record for record in records if record["format"] == "sagewarden-coverage/1"]
    runs = [record for record in records if record["format"] == "sagewarden-run/1"]
    records = records[:len(records) - len(rows) - len(runs)]  # they are the last
    check.that(len(runs) == 1 and json.loads(lines[-1]) == runs[0], f"{name}: {len(runs)} records of the run, or not at the end")
    for run in runs:
        check.that(run["counts"] == {"findings": len(findings), "gaps": len(records) - len(findings), "coverage": len(rows)},
                   f"{name}: the run's counts {run['counts']}")
        check.that(run["evaluated"] == document["coverage"]["evaluated"], f"{name}: what was evaluated differs from JSON's")
        check.that({key: run[key] for key in document["run"]} == document["run"], f"{name}: the run differs from JSON's")
        check.that([control["id"] for control in run["controls"]] == [control["id"] for control in document["controls"]],
                   f"{name}: the run's controls differ from JSON's")
        check.that(run["known"] == known, f"{name}: what was known differs from JSON's")
    check.that([{key: value for key, value in row.items() if key != "format"} for row in rows]
               == document["coverage"].get("aws", []), f"{name}: coverage of AWS differs from JSON's")
    for number, record in enumerate(records):
        check_finding(f"{name}: line {number}", record)
    same = [{key: value for key, value in record.items() if key != "format"} for record in records
            if record["format"] == "sagewarden-finding/1"]
    check.that(same == findings, f"{name}: NDJSON holds other findings than JSON")
    gaps = [record for record in records if record["format"] == "sagewarden-gap/1"]
    check.that(len(gaps) + len(same) == len(records), f"{name}: a record of another format")
    wanted = len(document["coverage"]["gaps"]) + (1 if document["run"]["interrupted"] else 0)
    check.that(len(gaps) == wanted, f"{name}: {len(gaps)} gaps, not {wanted}")
    check.that(all(gap["compliance"] == "NOT_AVAILABLE" and not gap["control"] for gap in gaps), f"{name}: gaps")

check.finish()
