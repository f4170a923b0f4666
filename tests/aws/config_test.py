#!/usr/bin/env python3
"""Scans the example account by what AWS Config has recorded of it, of each account and Region and by an aggregator, on the
server that checks requests (server.py). No verdict differs from that of scanning SageMaker itself; what AWS Config does not
know makes findings that are undecided, or gaps.

usage: config_test.py PROGRAM
"""
import json
import subprocess
import sys
import tempfile
import unittest

import environment
import live_scan_test
from server import Server

ACCOUNT, REGION = "111122223333", "eu-west-1"
MODEL, SCHEDULE = "AWS::SageMaker::Model", "AWS::SageMaker::MonitoringSchedule"
DECIDED = ("PASSED", "FAILED")


class ConfigScan(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = Server().start()
        cls.top = tempfile.TemporaryDirectory()
        expected = live_scan_test.expected_findings(PROGRAM, cls.top.name)
        cls.expected = {i: finding["compliance"] for i, finding in expected.items()}

    @classmethod
    def tearDownClass(cls):
        cls.aws.stop()
        cls.top.cleanup()

    def setUp(self):
        self.aws.reset()
        self.aws.seed()

    def run_program(self, *words, region=REGION, good=(0, 1, 3)):
        env = {name: value for name, value in self.aws.env().items() if not name.endswith("_REGION")}
        env |= {"AWS_REGION": region, "AWS_MAX_ATTEMPTS": "1"} if region else {}
        done = subprocess.run([PROGRAM, *words], env=env,
                              cwd=self.top.name, capture_output=True, text=True, timeout=300, check=False)
        self.assertIn(done.returncode, good, done.stderr)
        self.assertEqual(self.aws.violations(), [])
        return done

    def scan(self, *options, source="config", **given):
        done = self.run_program("scan", "--aws", "--from", source, "--set", "all", "-o", "json", *options, **given)
        report = json.loads(done.stdout)
        findings = {finding["id"]: finding["compliance"] for finding in report["findings"]}
        for identity, compliance in findings.items():
            # Those of other accounts are copies of the example.
            ours = identity
            for account in ("222222222222", "333333333333"):
                ours = ours.replace(account, ACCOUNT)
            if compliance in DECIDED:
                self.assertEqual(compliance, self.expected[ours], identity)
            elif ours not in self.expected:
                self.assertEqual(compliance, "WARNING", identity)  # whether the control applies is not known either
        return findings, report["coverage"]["gaps"]

    def both_regions(self, **given):
        return self.scan("--region", REGION, "--region", "us-east-1", **given)

    def codes(self, gaps):
        return sorted({(gap["code"], gap["region"], gap["type"].removeprefix("AWS::SageMaker::")) for gap in gaps})

    def test_all_recorded(self):
        findings, gaps = self.both_regions()
        self.assertEqual(gaps, [])
        self.assertGreaterEqual(set(findings), set(self.expected))
        decided = [i for i, compliance in findings.items() if compliance in DECIDED]
        self.assertGreater(len(decided), len(findings) / 2)
        self.assertEqual(self.aws.differences()["different"], [])
        # Four calls a Region.
        self.assertEqual(len(self.aws.calls(service="config")), 8)

    def test_a_recorder_that_is_off_or_missing(self):
        for recorder in ({"recording": False}, {"missing": True}):
            self.aws.settings(recorders=[{"region": "us-east-1", **recorder}])
            findings, gaps = self.both_regions()
            self.assertEqual(self.codes(gaps), [("RECORDER_OFF", "us-east-1", "")])
            self.assertGreaterEqual(set(findings), {i for i in self.expected if ":eu-west-1:" in i})
            self.assertFalse([i for i in findings if ":us-east-1:" in i])

    def test_a_recorder_that_fails(self):
        self.aws.settings(recorders=[{"region": "us-east-1", "error": "the bucket is gone"}])
        findings, gaps = self.both_regions()
        self.assertEqual(self.codes(gaps), [("RECORDER_FAILING", "us-east-1", "")])
        self.assertIn("the bucket is gone", gaps[0]["message"])
        self.assertGreaterEqual(set(findings), set(self.expected))

    def test_a_type_that_is_not_recorded(self):
        groups = ({"allSupported": False, "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
                   "exclusionByResourceTypes": {"resourceTypes": [MODEL]}},
                  {"allSupported": False, "resourceTypes": ["AWS::SageMaker::NotebookInstance"]})
        for group in groups:
            self.aws.settings(recorders=[{"region": REGION, "group": group}])
            findings, gaps = self.scan("--region", REGION, "--controls", "SageMaker.3,SageMaker.5")
            self.assertEqual(self.codes(gaps), [("NOT_RECORDED", REGION, "Model")])
            self.assertTrue(findings)
            self.assertFalse([i for i in findings if ":model/" in i])

    def test_a_type_that_cannot_be_queried(self):
        self.aws.settings(not_queryable=["MonitoringSchedule"])
        findings, gaps = self.both_regions()
        self.assertEqual(self.codes(gaps), [("INCOMPLETE", "eu-west-1", "MonitoringSchedule"),
                                            ("INCOMPLETE", "us-east-1", "MonitoringSchedule")])
        self.assertFalse([i for i in findings if ":monitoring-schedule/" in i])

    def test_denied(self):
        rows = (("SelectResourceConfig", "nothing of this Region was seen", False),
                ("DescribeConfigurationRecorders", "whether AWS Config records all types", True),
                ("DescribeConfigurationRecorderStatus", "whether AWS Config records all types", True),
                ("GetDiscoveredResourceCounts", "whether the query gave all", True))
        for operation, words, has_findings in rows:
            self.aws.faults({"operation": operation, "fault": {"kind": "denied"}}, seed=7)
            findings, gaps = self.scan("--region", REGION)
            self.assertEqual([(gap["code"], gap["operation"]) for gap in gaps], [("ACCESS_DENIED", "config:" + operation)])
            self.assertIn(words, gaps[0]["message"])
            self.assertIn("allow config:" + operation, gaps[0]["message"])
            self.assertEqual(bool(findings), has_findings)

    def test_a_region_that_is_not_enabled(self):
        self.aws.faults({"region": "us-east-1", "service": "config", "fault": {"kind": "region_not_enabled"}}, seed=7)
        findings, gaps = self.both_regions()
        self.assertEqual(self.codes(gaps), [("REGION_NOT_ENABLED", "us-east-1", "")])
        self.assertTrue(findings)

    def test_many_pages(self):
        self.aws.populate(ACCOUNT, REGION, Model=350)
        done = self.run_program("scan", "--aws", "--from", "config", "--region", REGION, "--controls", "SageMaker.5", "-o", "json")
        report = json.loads(done.stdout)
        self.assertEqual(report["coverage"]["gaps"], [])
        self.assertGreater(sum(report["coverage"]["evaluated"].values()), 350)

    def aggregate(self, **settings):
        self.aws.seed(accounts=["222222222222", "333333333333"])
        self.aws.settings(aggregators={"organization": {"account": ACCOUNT, "region": REGION, **settings}})

    def test_an_aggregator(self):
        self.aggregate()
        findings, gaps = self.scan(source="config-aggregator=organization")
        self.assertEqual(gaps, [])
        for account in (ACCOUNT, "222222222222", "333333333333"):
            self.assertGreaterEqual(set(findings), {i.replace(ACCOUNT, account) for i in self.expected})
        self.assertEqual(self.aws.differences()["different"], [])
        # Two pages of items, the sources and the counts.
        self.assertEqual(len(self.aws.calls(service="config")), 4)
        findings, _ = self.scan("--account", "222222222222", "--region", "us-east-1", source="config-aggregator=organization")
        wanted = {i.replace(ACCOUNT, "222222222222") for i in self.expected if ":us-east-1:" in i}
        self.assertGreaterEqual(set(findings), wanted)
        self.assertEqual({":us-east-1:222222222222:" in i for i in findings}, {True})

    def test_an_aggregator_says_what_is_missing(self):
        self.aggregate(failed=[{"SourceId": "444444444444", "AwsRegion": "us-east-1", "LastErrorMessage": "not authorized"}])
        self.aws.settings(recorders=[{"account": "222222222222", "region": REGION, "recording": False},
                                     {"account": "333333333333", "region": REGION, "missing": True},
                                     {"account": "333333333333", "region": "us-east-1",
                                      "group": {"allSupported": False, "resourceTypes": [MODEL]}}])
        _, gaps = self.scan("--controls", "SageMaker.5,SageMaker.3", source="config-aggregator=organization")
        self.assertEqual(
            [(gap["code"], gap["account"], gap["region"], gap["type"].removeprefix("AWS::SageMaker::")) for gap in gaps],
            [("NOT_RECORDED", "222222222222", "eu-west-1", "Model"),
             ("NOT_RECORDED", "222222222222", "eu-west-1", "NotebookInstance"),
             ("NOT_RECORDED", "333333333333", "us-east-1", "NotebookInstance"),
             ("NOT_AGGREGATED", "444444444444", "us-east-1", "")])

    def test_what_an_aggregator_could_not_read_is_not_complete(self):
        self.aggregate(failed=[{"SourceId": "222222222222", "AwsRegion": "us-east-1", "LastErrorMessage": "not authorized"}])
        done = self.run_program("scan", "--aws", "--from", "config-aggregator=organization", "--controls", "SageMaker.3", "-o",
                                "json")
        rows = json.loads(done.stdout)["coverage"]["aws"]
        self.assertEqual({(row["account"], row["region"]) for row in rows if not row["complete"]},
                         {("222222222222", "us-east-1")})

    def test_an_account_that_the_aggregator_does_not_have(self):
        self.aggregate()
        for words, place in ((("--account", "999999999999"), ("999999999999", "")),
                             (("--region", "eu-central-1"), ("", "eu-central-1"))):
            findings, gaps = self.scan(*words, source="config-aggregator=organization")
            self.assertEqual(findings, {})
            self.assertEqual([(gap["code"], gap["account"], gap["region"]) for gap in gaps], [("NOT_AGGREGATED", *place)])

    def test_lists_without_an_end(self):
        self.aggregate()
        for operation, source in (("SelectResourceConfig", "config"),
                                  ("DescribeConfigurationAggregatorSourcesStatus", "config-aggregator=organization"),
                                  ("GetAggregateDiscoveredResourceCounts", "config-aggregator=organization")):
            for style in ("repeat", "same"):
                with self.subTest(f"{operation} {style}"):
                    self.aws.faults({"operation": operation, "fault": {"kind": "endless_token", "style": style}})
                    done = self.run_program("scan", "--aws", "--from", source, "--region", REGION, "-o", "json")
                    gaps = json.loads(done.stdout)["coverage"]["gaps"]
                    self.assertIn(("MALFORMED", f"config:{operation}"), [(gap["code"], gap["operation"]) for gap in gaps])

    def test_an_aggregator_that_is_none(self):
        done = self.run_program("scan", "--aws", "--from", "config-aggregator=other", good=(3,))
        self.assertIn("NoSuchConfigurationAggregatorException", done.stderr)
        done = self.run_program("scan", "--aws", "--from", "config-aggregator=other", region="", good=(2,))
        self.assertIn("in which Region the aggregator is", done.stderr)

    def test_a_bundle_of_it(self):
        self.run_program("collect", "--aws", "--from", "config", "--region", REGION, "-o", "config.ndjson.gz", good=(0, 3))
        done = self.run_program("scan", "config.ndjson.gz", "--set", "all", "-o", "json")
        live, _ = self.scan("--region", REGION)
        self.assertEqual({finding["id"]: finding["compliance"] for finding in json.loads(done.stdout)["findings"]}, live)


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    if not environment.find():
        print("skipped: no Python has moto")
        sys.exit(environment.SKIPPED)
    del sys.argv[1]
    unittest.main()
