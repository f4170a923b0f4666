#!/usr/bin/env python3
"""Scans the example account from AWS (loopback.py) and from its files, and compares. Without faults the findings are the
same, by id and compliance. With each fault they still are, or a gap names what is missing; and nothing passes that was not
read.

usage: live_scan_test.py PROGRAM
"""
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM = None
REGIONS = ("eu-west-1", "us-east-1")


def gaps_of(report):
    return report["coverage"]["gaps"]


def check_coverage(report):
    """The rows of what was seen add up, and agree with the gaps; gives the rows."""
    rows = report["coverage"].get("aws", [])
    for row in rows:
        assert row["listed"] == row["read"] + row["not_read"] + row["gone"], row
        gaps = [gap for gap in gaps_of(report) if gap["account"] in ("", row["account"])
                and gap["region"] in ("", row["region"]) and gap["type"] in ("", row["type"])]
        whole = row["complete"] and not row["not_read"]
        assert whole == (not gaps) or report["run"]["interrupted"], (row, gaps)
    return rows


def scan(command, cwd):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=200, check=False)
    if done.returncode not in (0, 1, 3):
        raise AssertionError(f"exit status {done.returncode}: {done.stderr}")
    report = json.loads(done.stdout)
    assert bool(check_coverage(report)) == ("--aws" in command)
    findings = {finding["id"]: finding for finding in report["findings"]}
    assert len(findings) == len(report["findings"])
    return findings, gaps_of(report)


def expected_findings(program, top):
    """Those of the files, a copy of which is made in top/account."""
    folder = Path(top, "account")
    shutil.copytree(ROOT / "examples/account", folder)
    # AWS always knows the tags; the example leaves out some, to show what comes of it.
    for path in list(folder.glob("*/*/*.json")):
        beside = path.with_suffix(".tags.json")
        if ".tags." not in path.name and not beside.exists():
            beside.write_text('{"Tags": []}')
    findings, gaps = scan([program, "scan", "--set", "all", "-o", "json", str(folder)], top)
    assert len(findings) > 100 and not gaps
    return findings


class LiveScan(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.top = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.top.name, "account")
        cls.expected = expected_findings(PROGRAM, cls.top.name)

    @classmethod
    def tearDownClass(cls):
        cls.top.cleanup()

    def live(self, *faults, options=()):
        calls = Path(self.top.name, "calls")
        findings, gaps = scan(
            [sys.executable, str(HERE / "loopback.py"), "--calls", str(calls), *faults, str(self.folder), "--",
             PROGRAM, "scan", "--aws", "--set", "all", "-o", "json", *options], self.top.name)
        self.calls = calls.read_text().splitlines()
        # Whatever is wrong: no verdict but the right one.
        for identity, finding in findings.items():
            if finding["compliance"] in ("PASSED", "FAILED"):
                self.assertEqual(finding["compliance"], self.expected[identity]["compliance"], identity)
            self.assertEqual(finding["location"]["file"], "")
            self.assertTrue(finding["resource"]["arn"] if "resource" in finding else finding["arn"])
        return findings, gaps

    def same(self, findings):
        self.assertEqual({i: f["compliance"] for i, f in findings.items()},
                         {i: f["compliance"] for i, f in self.expected.items()})

    def missing(self, findings, part):
        """Every finding that is missing has the part in its ARN, and all that have it are missing."""
        gone = set(self.expected) - set(findings)
        self.assertEqual(gone, {i for i in self.expected if part in i})
        self.assertTrue(gone)

    def test_undisturbed(self):
        findings, gaps = self.live()
        self.assertEqual(gaps, [])
        self.same(findings)

    def test_small_pages(self):
        findings, gaps = self.live("--page", "1")
        self.assertEqual(gaps, [])
        self.same(findings)

    def test_one_at_a_time(self):
        findings, gaps = self.live(options=("--concurrency", "1"))
        self.assertEqual(gaps, [])
        self.same(findings)

    def test_throttled(self):
        findings, gaps = self.live("--throttle", "30", options=("--region", "eu-west-1"))
        self.assertEqual(gaps, [])
        self.assertEqual({i: f["compliance"] for i, f in findings.items()},
                         {i: f["compliance"] for i, f in self.expected.items() if ":eu-west-1:" in i})

    def test_token_expires(self):
        findings, gaps = self.live("--expire", "30")
        self.assertEqual(gaps, [])
        self.same(findings)

    def test_list_denied(self):
        findings, gaps = self.live("--deny", "ListModels@eu-west-1")
        self.assertEqual([(g["code"], g["region"], g["operation"]) for g in gaps],
                         [("ACCESS_DENIED", "eu-west-1", "sagemaker:ListModels")])
        self.missing(findings, ":eu-west-1:111122223333:model/")

    def test_describe_denied(self):
        findings, gaps = self.live("--deny", "DescribeModel@us-east-1")
        self.assertEqual({(g["code"], g["region"], g["operation"]) for g in gaps},
                         {("ACCESS_DENIED", "us-east-1", "sagemaker:DescribeModel")})
        self.assertEqual(len(gaps), 3)
        about = [f for i, f in findings.items() if ":us-east-1:111122223333:model/" in i]
        self.assertTrue(about)
        self.assertEqual({f["compliance"] for f in about}, {"NOT_AVAILABLE"})

    def test_tags_denied(self):
        findings, gaps = self.live("--deny", "ListTags")
        self.assertEqual({(g["code"], g["operation"]) for g in gaps}, {("ACCESS_DENIED", "sagemaker:ListTags")})
        tagged = {f["compliance"] for i, f in findings.items() if i.startswith(("SageMaker.6/", "SageMaker.7/"))}
        self.assertEqual(tagged, {"NOT_AVAILABLE"})

    def test_region_not_enabled(self):
        findings, gaps = self.live("--not-enabled", "us-east-1")
        self.assertEqual([(g["code"], g["region"]) for g in gaps], [("REGION_NOT_ENABLED", "us-east-1")])
        self.missing(findings, ":us-east-1:")

    def test_vanishing(self):
        vanished = [i for i in self.expected if i.endswith("/notebook-instance/analyst-01")] or \
                   [i for i in self.expected if ":notebook-instance/" in i]
        name = vanished[0].rsplit("/", 1)[1]
        findings, gaps = self.live("--vanish", name)
        self.assertEqual(gaps, [])
        self.missing(findings, f":notebook-instance/{name}")

    def test_endless_list(self):
        findings, gaps = self.live("--endless", "ListModels")
        self.assertEqual([(g["code"], g["operation"]) for g in gaps], [("MALFORMED", "sagemaker:ListModels")] * 2)
        self.same(findings)

    def test_empty_answers(self):
        for operation, part in (("ListModels", ":model/"), ("ListImages", ":image/")):
            findings, gaps = self.live("--empty", operation)
            self.assertEqual([(g["code"], g["operation"]) for g in gaps], [("MALFORMED", "sagemaker:" + operation)] * 2)
            self.missing(findings, part)
        findings, gaps = self.live("--empty", "DescribeEndpointConfig")
        self.assertEqual(len(gaps), 7)
        self.assertEqual({f["compliance"] for i, f in findings.items() if ":endpoint-config/" in i}, {"NOT_AVAILABLE"})


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
