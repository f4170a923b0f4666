#!/usr/bin/env python3
"""Publishes to Security Hub on the server that checks requests (server.py): what is new, changed and gone comes there, what
is the same is left alone, and nothing is archived that was not looked for.

usage: publish_hub_test.py PROGRAM
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import environment
from server import Server

ACCOUNT = "111122223333"
MEMBER = "444455556666"
NOTEBOOK = "NotebookInstance"
EXCEPTIONS = """version: 1
exceptions:
  - controls: [SageMaker.3]
    resources: ["*"]
    reason: a test account
    owner: ml
    expires: 2029-12-31
"""


class PublishHub(unittest.TestCase):
    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        cls.aws = Server().start()
        cls.top = tempfile.TemporaryDirectory()

    @classmethod
    def tearDownClass(cls):
        cls.aws.stop()
        cls.top.cleanup()

    def setUp(self):
        self.aws.reset()
        self.aws.seed()
        self.report = str(Path(self.top.name, "report.json"))

    def tearDown(self):
        self.assertEqual([text[:300] for text in self.aws.violations()[:3]], [])

    def run_program(self, *arguments, status=0, account=ACCOUNT, **more):
        done = subprocess.run([PROGRAM, *arguments], env=self.aws.env(account) | {"AWS_MAX_ATTEMPTS": "4"}, cwd=self.top.name,
                              capture_output=True, text=True, timeout=300, check=False, **more)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def scan(self, *arguments, status=1, form="json"):
        self.run_program("scan", "--aws", "--region", "eu-west-1", "--quiet", "-o", f"{form}={self.report}", *arguments,
                         status=status)

    def publish(self, *arguments, status=0):
        return self.run_program("publish", "securityhub", *arguments, self.report, status=status)

    def findings(self, **wanted):
        """What is stored, by id; `wanted` are members that it must have."""
        return {finding["Id"]: finding for finding in self.aws.findings()
                if all(finding[name] == value for name, value in wanted.items())}

    def notebook(self):
        return next(row["Describe"]["NotebookInstanceArn"] for row in self.aws.resources()
                    if row["Type"] == NOTEBOOK and row["Region"] == "eu-west-1")

    def calls(self, operation):
        return self.aws.calls(service="securityhub", operation=operation)

    def test_twice_changes_nothing(self):
        self.scan()
        self.assertIn("same", self.publish().stdout)
        wanted = {finding["id"]: finding for finding in json.loads(Path(self.report).read_text())["findings"]}
        first = self.findings()
        self.assertEqual(set(first), set(wanted))
        for identity, finding in first.items():
            self.assertEqual(finding["Compliance"]["Status"], wanted[identity]["compliance"])
            self.assertEqual(finding["CreatedAt"], finding["UpdatedAt"])
        self.assertEqual(self.aws.differences()["different"], [])
        self.aws.reset("calls")
        # The same report, a later scan of the same, and the same by way of ndjson.
        self.publish()
        self.scan()
        self.publish()
        self.scan(form="ndjson")
        self.publish()
        again = [finding for call in self.calls("BatchImportFindings") for finding in call["input"]["Findings"]]
        self.assertEqual([(finding, first.get(finding["Id"])) for finding in again], [])
        self.assertEqual(len(self.calls("BatchUpdateFindings")), 0)
        self.assertEqual(self.findings(), first)

    def test_of_a_scan_at_once(self):
        done = self.run_program("scan", "--aws", "--region", "eu-west-1", "--publish", "securityhub", status=1)
        self.assertIn("Published to Security Hub", done.stdout)
        self.scan()
        published = json.loads(Path(self.report).read_text())["findings"]
        self.assertEqual(set(self.findings()), {finding["id"] for finding in published})
        self.aws.reset("calls")
        self.publish()
        self.assertEqual(len(self.calls("BatchImportFindings")), 0)
        # Another report on standard output stays what it is.
        done = self.run_program("scan", "--aws", "--region", "eu-west-1", "--publish", "securityhub", "-o", "json", status=1)
        json.loads(done.stdout)

    def later(self):
        """A run that begins in the second in which another one ended does not know which came first."""
        time.sleep(1.1)

    def test_what_is_gone_is_archived(self):
        self.scan()
        self.publish()
        arn = self.notebook()
        self.aws.control("remove", {"arn": arn})
        self.later()
        self.scan()
        self.assertIn("Nothing was sent", self.publish("--dry-run").stdout)
        self.assertEqual(self.findings(RecordState="ARCHIVED"), {})
        self.publish()
        archived = self.findings(RecordState="ARCHIVED")
        self.assertTrue(archived)
        self.assertEqual({finding["Resources"][0]["Id"] for finding in archived.values()}, {arn})
        self.assertFalse([f for f in self.findings(RecordState="ACTIVE").values() if f["Resources"][0]["Id"] == arn])
        self.aws.reset("calls")
        self.publish()
        self.assertEqual(len(self.calls("BatchImportFindings")), 0)

    def test_a_part_of_a_report_archives_nothing(self):
        self.scan(form="ndjson")
        self.publish()
        before = self.findings()
        self.later()
        self.scan(form="ndjson")
        lines = Path(self.report).read_text().splitlines(keepends=True)
        parts = {"grep": [line for line in lines if "SageMaker.3/" not in line], "head": lines[:3],
                 "without coverage": [line for line in lines if "sagewarden-coverage/" not in line]}
        for name, part in parts.items():
            with self.subTest(name):
                Path(self.report).write_text("".join(part))
                self.assertIn("is not whole", self.publish(status=3).stderr)
                self.assertEqual(self.findings(), before)

    def test_an_old_report_changes_nothing(self):
        self.scan("--controls", "SageMaker.3")
        old = Path(self.report).read_bytes()
        self.later()
        self.aws.control("remove", {"arn": self.notebook()})
        self.scan("--controls", "SageMaker.3")
        self.publish()
        before = self.findings()
        gone = len(json.loads(old)["findings"]) - len(before)
        self.assertEqual(gone, 1)
        Path(self.report).write_bytes(old)
        self.assertIn(f"{len(before)} findings are there from a later time than this report's, and left as they are",
                      self.publish().stdout)
        self.assertEqual({identity: self.findings()[identity] for identity in before}, before)

    def test_what_comes_back(self):
        self.scan("--controls", "SageMaker.3")
        self.publish()
        arn = self.notebook()
        identity = f"SageMaker.3/{arn}"
        resource = next(row for row in self.aws.resources() if row["Describe"].get("NotebookInstanceArn") == arn)
        self.aws.control("remove", {"arn": arn})
        self.later()
        self.scan("--controls", "SageMaker.3")
        self.publish()
        self.assertEqual(self.findings()[identity]["RecordState"], "ARCHIVED")
        self.assertTrue(resource)
        self.aws.reset("resources")
        self.aws.seed()
        self.scan("--controls", "SageMaker.3")
        self.publish()
        self.assertEqual((self.findings()[identity]["RecordState"], self.findings()[identity]["Workflow"]["Status"]),
                         ("ACTIVE", "RESOLVED" if self.findings()[identity]["Compliance"]["Status"] == "PASSED" else "NEW"))
        self.aws.reset("calls")
        self.publish()
        self.assertEqual(len(self.calls("BatchUpdateFindings")), 0)

    def test_an_organisation_by_its_role(self):
        members = self.aws.organization(3)
        accounts = {member["Account"]["Id"] for member in members if member["Account"]["State"] == "ACTIVE"}
        self.aws.seed(accounts=sorted(accounts))
        self.aws.settings(roles=[{"name": "SagewardenAudit", "external_id": "acme-42"}])
        self.run_program("scan", "--aws", "--organization", "--external-id", "acme-42", "--region", "eu-west-1", "--controls",
                         "SageMaker.3", "--publish", "securityhub", status=1)
        self.assertGreater(len(accounts), 1)
        self.assertEqual({finding["AwsAccountId"] for finding in self.findings().values()}, accounts)

    def test_interrupted(self):
        self.scan("--controls", "SageMaker.3")
        self.aws.faults({"operation": "BatchImportFindings", "fault": {"kind": "delay", "seconds": 20}})
        started = subprocess.Popen([PROGRAM, "publish", "securityhub", self.report], env=self.aws.env(ACCOUNT),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        end = time.monotonic() + 30
        while not self.calls("GetFindings") and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(0.5)
        started.send_signal(signal.SIGINT)
        _, error = started.communicate(timeout=15)
        self.assertEqual(started.returncode, 130, error)
        self.assertIn("publishing was stopped: not everything has come to Security Hub", error)

    def test_what_was_not_looked_for_is_not_archived(self):
        self.scan()
        self.publish()
        self.later()
        arn = self.notebook()
        self.aws.control("remove", {"arn": arn})
        partial = {
            "denied": (["-o", "text"], {"operation": "ListNotebookInstances", "fault": {"kind": "denied"}}),
            "breaks off": ([], {"operation": "ListNotebookInstances", "fault": {"kind": "endless_token", "style": "same"}}),
            "one not read": ([], {"operation": "DescribeNotebookInstance", "when": {"first": 1}, "fault": {"kind": "denied"}}),
            "another control": (["--controls", "SageMaker.4"], None),
            "another Region": (["--region", "us-east-1"], None),
        }
        for name, (options, fault) in partial.items():
            with self.subTest(name):
                self.aws.faults(*([fault] if fault else []))
                command = ["scan", "--aws", "--quiet", "-o", f"json={self.report}",
                           *([] if name == "another Region" else ["--region", "eu-west-1"]), *options]
                if options == ["-o", "text"]:
                    command = command[:-2]
                self.run_program(*command, status=1)
                self.aws.faults()
                self.publish()
                self.assertEqual(self.findings(RecordState="ARCHIVED"), {})
        # Files say nothing about what they do not hold.
        folder = Path(self.top.name, "export")
        self.aws.export(folder)
        self.run_program("scan", "--quiet", "-o", f"json={self.report}", str(folder), status=1)
        self.publish()
        self.assertEqual(self.findings(RecordState="ARCHIVED"), {})
        # All that was missing was a look.
        self.later()
        self.scan()
        self.publish()
        archived = self.findings(RecordState="ARCHIVED")
        self.assertEqual({finding["Resources"][0]["Id"] for finding in archived.values()}, {arn})

    def test_many_in_few_calls(self):
        self.aws.reset("resources")
        self.aws.seed()
        made = 250 - sum(1 for row in self.aws.resources() if row["Type"] == NOTEBOOK and row["Region"] == "eu-west-1")
        self.aws.populate(ACCOUNT, "eu-west-1", NotebookInstance=made)
        self.scan("--controls", "SageMaker.3")
        self.publish()
        self.assertEqual(len(self.findings()), 250)
        # Several are under way at a time, in any order.
        self.assertEqual(sorted(len(call["input"]["Findings"]) for call in self.calls("BatchImportFindings")), [50, 100, 100])

    def test_throttling_costs_nothing(self):
        self.scan()
        self.aws.faults({"service": "securityhub", "when": {"probability": 0.3}, "fault": {"kind": "throttle"}}, seed=3)
        self.publish()
        self.assertEqual(len(self.findings()), len(json.loads(Path(self.report).read_text())["findings"]))

    def test_what_is_not_taken_is_named(self):
        self.scan("--controls", "SageMaker.3")
        arn = self.notebook()
        self.aws.settings(refused_findings=[arn])
        done = self.publish(status=2)
        self.assertIn(f"Security Hub did not take SageMaker.3/{arn}: InternalError: ", done.stderr)
        self.assertNotIn(f"SageMaker.3/{arn}", self.findings())
        self.assertTrue(self.findings())
        self.aws.settings(refused_findings=[])
        self.publish()
        self.assertIn(f"SageMaker.3/{arn}", self.findings())

    def test_refusals(self):
        self.scan("--controls", "SageMaker.3")
        for operation in ("GetFindings", "BatchImportFindings"):
            self.aws.faults({"operation": operation, "fault": {"kind": "denied"}})
            self.assertIn(f"allow securityhub:{operation}", self.publish(status=2).stderr)
        self.aws.faults()
        self.aws.settings(hub_off=[ACCOUNT])
        self.assertIn("Security Hub is not enabled there", self.publish(status=2).stderr)
        self.assertEqual(self.findings(), {})
        # The findings of a scan do not hide that.
        done = self.run_program("scan", "--aws", "--region", "eu-west-1", "--publish", "securityhub", status=2)
        self.assertIn("Security Hub is not enabled there", done.stderr)

    def test_suppressed(self):
        self.scan("--controls", "SageMaker.3,SageMaker.1")
        self.publish()
        file = Path(self.top.name, "exceptions.yaml")
        file.write_text(EXCEPTIONS)
        self.scan("--controls", "SageMaker.3,SageMaker.1", "--exceptions", str(file), "--today", "2026-03-01")
        self.publish()
        failed = {identity: finding for identity, finding in self.findings().items()
                  if finding["Compliance"]["Status"] == "FAILED"}
        self.assertTrue(failed)
        for identity, finding in failed.items():
            status = "SUPPRESSED" if identity.startswith("SageMaker.3/") else "NEW"
            self.assertEqual(finding["Workflow"]["Status"], status, identity)
        self.aws.reset("calls")
        self.publish()
        self.assertEqual(len(self.calls("BatchUpdateFindings")), 0)
        self.scan("--controls", "SageMaker.3,SageMaker.1")
        self.publish()
        self.assertNotIn("SUPPRESSED", {finding["Workflow"]["Status"] for finding in self.findings().values()})

    def test_each_account_by_its_role(self):
        self.aws.seed(accounts=[ACCOUNT, MEMBER])
        both = ["--account", ACCOUNT, "--account", MEMBER, "--role-name", "Audit"]
        self.scan("--controls", "SageMaker.3", *both)
        done = self.publish(status=2)
        self.assertIn(f"account {MEMBER} in eu-west-1: nothing is published: Security Hub takes an account's findings from "
                      "itself only", done.stderr)
        self.assertEqual({finding["AwsAccountId"] for finding in self.findings().values()}, {ACCOUNT})
        self.publish("--role-name", "Audit")
        self.assertEqual({finding["AwsAccountId"] for finding in self.findings().values()}, {ACCOUNT, MEMBER})

    def test_templates_have_no_place(self):
        file = Path(self.top.name, "template.yaml")
        file.write_text("Resources:\n  Mine:\n    Type: AWS::SageMaker::NotebookInstance\n    Properties:\n"
                        "      InstanceType: ml.t3.medium\n      RoleArn: arn:aws:iam::111122223333:role/r\n")
        self.run_program("scan", "--quiet", "--controls", "SageMaker.3", "-o", f"ndjson={self.report}", str(file), status=1)
        done = self.publish(status=2)
        self.assertIn("has no account and Region", done.stderr)
        self.assertIn("1 finding without account and Region cannot be in Security Hub", done.stdout)

    def test_from_standard_input(self):
        self.scan("--controls", "SageMaker.3", form="ndjson")
        with open(self.report, encoding="utf-8") as report:
            self.run_program("publish", "securityhub", stdin=report)
        self.assertTrue(self.findings())


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv[1])
    if not environment.find():
        print("skipped: no Python has moto")
        sys.exit(environment.SKIPPED)
    del sys.argv[1]
    unittest.main()
