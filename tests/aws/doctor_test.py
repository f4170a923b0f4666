#!/usr/bin/env python3
"""What `sagewarden doctor` finds out on the server that checks requests (server.py): nothing where all is well, and each
thing that a scan would stumble over. `policy audit` must hold what the server saw being called.

usage: doctor_test.py PROGRAM
"""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import environment
from server import Server

PROGRAM = None
REGIONS = ("--region", "eu-west-1", "--region", "us-east-1")


class Doctor(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = Server().start()

    @classmethod
    def tearDownClass(cls):
        cls.aws.stop()

    def run_doctor(self, *faults, options=REGIONS, env=None, settings=None):
        self.aws.reset()
        if settings:
            self.aws.settings(**settings)
        if faults:
            self.aws.faults(*faults)
        done = subprocess.run([PROGRAM, "doctor", "-o", "json", *options],
                              env=self.aws.env() | {"AWS_MAX_ATTEMPTS": "1"} | (env or {}), capture_output=True, text=True,
                              timeout=120, check=False)
        self.assertIn(done.returncode, (0, 3), done.stderr)
        # One request without a signature looks whether anybody is there.
        self.assertEqual([v for v in self.aws.violations() if v["violations"] != ["no such operation: GET /"]], [])
        checks = json.loads(done.stdout)
        wrong = [check for check in checks if check["state"] != "ok"]
        self.assertEqual(done.returncode, 3 if wrong else 0)
        return checks, wrong

    def test_all_is_well(self):
        checks, wrong = self.run_doctor()
        self.assertEqual(wrong, [])
        self.assertEqual([check["subject"].split()[0] for check in checks],
                         ["endpoint", "clock", "credentials", "Regions", "account"])
        # Nothing but reading, and each operation in each Region.
        called = {call["operation"] for call in self.aws.calls(service="sagemaker")}
        self.assertTrue(all(name.startswith(("List", "Describe")) for name in called), called)
        self.assertIn("DescribeNotebookInstance", called)

    def test_the_policy_allows_what_is_called(self):
        self.run_doctor(options=())
        called = {f"{call['service']}:{call['operation']}" for call in self.aws.calls()
                  if call["service"] in ("sagemaker", "ec2")}
        policy = json.loads(subprocess.run([PROGRAM, "policy", "audit"], capture_output=True, check=True).stdout)
        allowed = {action for statement in policy["Statement"] for action in statement["Action"]}
        self.assertEqual(called, allowed)

    def test_denied(self):
        _, wrong = self.run_doctor({"operation": "DescribeModel", "fault": {"kind": "denied"}})
        self.assertEqual(len(wrong), 1, wrong)
        self.assertEqual(wrong[0]["found"], "sagemaker:DescribeModel is denied in eu-west-1, us-east-1")
        self.assertIn("allow sagemaker:DescribeModel", wrong[0]["advice"])

    def test_a_region_that_is_not_enabled(self):
        _, wrong = self.run_doctor({"region": "us-east-1", "service": "sagemaker", "fault": {"kind": "region_not_enabled"}})
        self.assertEqual(len(wrong), 1, wrong)
        self.assertIn("us-east-1", wrong[0]["found"])
        self.assertIn("enable", wrong[0]["found"])

    def test_no_answer_says_neither(self):
        _, wrong = self.run_doctor({"operation": "DescribeModel", "fault": {"kind": "internal"}})
        self.assertEqual([check["state"] for check in wrong], ["unclear"])

    def test_credentials_that_are_no_good(self):
        checks, wrong = self.run_doctor({"service": "sts", "fault": {"kind": "expired_token"}})
        self.assertEqual([check["subject"] for check in wrong], ["credentials"])
        self.assertNotIn("Regions", [check["subject"] for check in checks])

    def test_a_role_that_cannot_be_acted_as(self):
        _, wrong = self.run_doctor({"operation": "AssumeRole", "fault": {"kind": "denied"}},
                                   options=(*REGIONS, "--account", "222222222222", "--role-name", "Audit"))
        self.assertEqual([check["subject"] for check in wrong], ["account 222222222222"])
        self.assertIn("role/Audit", wrong[0]["found"])

    def test_a_type_that_cannot_be_read(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "bucket.yaml").write_text(
                "id: Mine.1\ntitle: Buckets have a name\nseverity: LOW\nresource: AWS::S3::Bucket\napplies: \"true\"\n"
                "passes: has(resource.BucketName)\nwhy: For the test.\nfix: Name it.\ntests:\n"
                "  - {name: named, given: {BucketName: a}, expect: PASSED}\n  - {name: not named, given: {}, expect: FAILED}\n")
            _, wrong = self.run_doctor(options=(*REGIONS, "--controls-dir", folder))
        self.assertEqual([check["subject"] for check in wrong], ["controls"])
        self.assertIn("AWS::S3::Bucket", wrong[0]["found"])

    def test_nobody_at_the_address(self):
        _, wrong = self.run_doctor(env={"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
        self.assertEqual(wrong[0]["subject"], "endpoint")

    def test_a_clock_that_is_wrong(self):
        _, wrong = self.run_doctor(settings={"clock_offset": 900})
        self.assertEqual([check["subject"] for check in wrong], ["clock"])
        self.assertIn("behind", wrong[0]["found"])


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    if not environment.find():
        print("skipped: no Python has moto")
        sys.exit(environment.SKIPPED)
    del sys.argv[1]
    unittest.main()
