#!/usr/bin/env python3
"""Scans the example account on the server that checks requests (server.py), undisturbed and under its faults. Each request
must be one that AWS's model allows and botocore would have sent; the findings are those of the files, or a gap says why not.

usage: checked_scan_test.py PROGRAM
"""
import json
import subprocess
import sys
import tempfile
import unittest

import environment
import live_scan_test
from server import Server

# What each fault may cost: nothing, or gaps.
FAULTS = {
    "throttled": ({"service": "sagemaker", "when": {"probability": 0.3}, "fault": {"kind": "throttle"}}, False),
    "internal": ({"service": "sagemaker", "when": {"probability": 0.2}, "fault": {"kind": "internal"}}, False),
    "reset": ({"service": "sagemaker", "when": {"probability": 0.1}, "fault": {"kind": "reset"}}, False),
    "truncated": ({"operation": "Describe*", "service": "sagemaker", "when": {"probability": 0.2},
                   "fault": {"kind": "truncated"}}, False),
    # (Not of ListTags, which takes no small pages.)
    "short pages": ({"operation": "ListM*", "fault": {"kind": "short_page", "size": 1}}, False),
    "duplicate pages": ({"operation": "ListM*", "fault": {"kind": "duplicate_page"}}, False),
    "empty pages": ({"operation": "ListM*", "fault": {"kind": "empty_page"}}, False),
    "denied": ({"operation": "DescribeModel", "fault": {"kind": "denied"}}, True),
    "denied by policy": ({"operation": "ListImages", "fault": {"kind": "denied", "reason": "scp"}}, True),
    "not enabled": ({"region": "us-east-1", "service": "sagemaker", "fault": {"kind": "region_not_enabled"}}, True),
    "web pages": ({"operation": "DescribeEndpointConfig", "fault": {"kind": "html"}}, True),
    "other shapes": ({"operation": "DescribeFeatureGroup", "fault": {"kind": "wrong_shape"}}, True),
    "endless": ({"operation": "ListModels", "fault": {"kind": "endless_token", "style": "same"}}, True),
}


class CheckedScan(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = Server().start()
        cls.top = tempfile.TemporaryDirectory()
        cls.expected = live_scan_test.expected_findings(PROGRAM, cls.top.name)

    @classmethod
    def tearDownClass(cls):
        cls.aws.stop()
        cls.top.cleanup()

    def scan(self, *faults):
        self.aws.reset()
        self.aws.seed()
        if faults:
            self.aws.faults(*faults, seed=7)
        done = subprocess.run(
            [PROGRAM, "scan", "--aws", "--set", "all", "-o", "json", "--region", "eu-west-1", "--region", "us-east-1"],
            env=self.aws.env() | {"AWS_MAX_ATTEMPTS": "6" if faults else "1"}, capture_output=True, text=True, timeout=300,
            check=False)
        self.assertIn(done.returncode, (0, 1, 3), done.stderr)
        self.assertEqual(self.aws.violations(), [])
        report = json.loads(done.stdout)
        rows = live_scan_test.check_coverage(report)
        self.assertEqual(len(rows), 2 * 13)  # no control is about endpoints alone
        findings = {finding["id"]: finding["compliance"] for finding in report["findings"]}
        for identity, compliance in findings.items():
            if compliance in ("PASSED", "FAILED"):
                self.assertEqual(compliance, self.expected[identity]["compliance"], identity)
        return findings, live_scan_test.gaps_of(report)

    def test_undisturbed(self):
        findings, gaps = self.scan()
        self.assertEqual(gaps, [])
        self.assertEqual(findings, {i: f["compliance"] for i, f in self.expected.items()})
        self.assertEqual(self.aws.differences()["different"], [])

    def test_faults(self):
        for name, (fault, costs) in FAULTS.items():
            with self.subTest(name):
                findings, gaps = self.scan(fault)
                same = findings == {i: f["compliance"] for i, f in self.expected.items()}
                self.assertTrue(same or gaps, set(self.expected) - set(findings))
                self.assertEqual(bool(gaps), costs, gaps)


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    if not environment.find():
        print("skipped: no Python has moto")
        sys.exit(environment.SKIPPED)
    del sys.argv[1]
    unittest.main()
