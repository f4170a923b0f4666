#!/usr/bin/env python3
"""Collects the example account from AWS (loopback.py) as a bundle and scans that: the report is the one that scanning AWS
gives, whatever goes wrong on the way and whichever controls are chosen; and what happens to the bundle later is noticed.

usage: bundle_test.py PROGRAM
"""
import gzip
import hashlib
import json
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM = None
ALL = ("--set", "all")
# Each with the controls to apply, as faults matter only to those who ask.
FAULTS = (
    (),
    ("--page", "1"),
    ("--deny", "ListModels@eu-west-1"),
    ("--deny", "DescribeModel@us-east-1"),
    ("--deny", "ListTags"),
    ("--not-enabled", "us-east-1"),
    ("--vanish", "churn-research"),
    ("--endless", "ListModels"),
    ("--empty", "DescribeEndpointConfig"),
)
SELECTIONS = (ALL, (), ("--controls", "SageMaker.3"), ("--controls", "SageMaker.6,SageMaker.1"), ("--severity", "high"))


def same_in_both(report):
    """Without what differs by the time and the input's name."""
    del report["run"]
    for name in ("files", "bytes", "calls"):
        report["coverage"].pop(name, None)
    for finding in report["findings"]:
        del finding["captured_at"]
    for gap in report["coverage"]["gaps"]:
        # It names the call that found it out, and which is made first depends on the selection.
        if gap["code"] == "REGION_NOT_ENABLED":
            del gap["operation"]
    return report


class Bundles(unittest.TestCase):
    def setUp(self):
        self.top = tempfile.TemporaryDirectory()
        self.bundle = Path(self.top.name, "bundle.ndjson.gz")

    def tearDown(self):
        self.top.cleanup()

    def run_program(self, *words, faults=None, good=(0, 1, 3)):
        before = [sys.executable, str(HERE / "loopback.py"), *faults, str(ROOT / "examples/account"), "--"] \
            if faults is not None else []
        done = subprocess.run([*before, PROGRAM, *words], cwd=self.top.name, capture_output=True, text=True, timeout=200,
                              check=False)
        self.assertIn(done.returncode, good, done.stderr)
        return done

    def collect(self, *options, faults=(), good=(0, 3)):
        return self.run_program("collect", "--aws", "-o", str(self.bundle), *options, faults=faults, good=good)

    def lines(self):
        return gzip.decompress(self.bundle.read_bytes()).decode().splitlines(keepends=True)

    def scan(self, *options):
        done = self.run_program("scan", str(self.bundle), "-o", "json", *options)
        return json.loads(done.stdout), done.returncode

    def live(self, *options, faults=()):
        done = self.run_program("scan", "--aws", "-o", "json", *options, faults=faults)
        return json.loads(done.stdout), done.returncode

    def test_the_same_as_scanning_aws(self):
        for faults in FAULTS:
            self.collect(faults=faults)
            for selection in SELECTIONS:
                with self.subTest(faults=faults, selection=selection):
                    live, live_status = self.live(*selection, faults=faults)
                    scanned, status = self.scan(*selection)
                    self.assertEqual(same_in_both(scanned), same_in_both(live))
                    self.assertEqual(status, live_status)

    def test_exceptions_by_tag(self):
        exceptions = Path(self.top.name, "exceptions.yaml")
        exceptions.write_text("exceptions:\n  - {controls: '*', tags: {Stage: prod}, reason: known, owner: ml}\n")
        self.collect()
        options = (*ALL, "--exceptions", str(exceptions))
        live, _ = self.live(*options)
        scanned, _ = self.scan(*options)
        self.assertEqual(same_in_both(scanned), same_in_both(live))
        self.assertTrue(any(finding["suppressed"] for finding in scanned["findings"]))

    def test_what_was_not_collected_is_a_gap(self):
        self.collect("--controls", "SageMaker.3")
        report, status = self.scan("--controls", "SageMaker.3,SageMaker.4")
        self.assertEqual([(gap["code"], gap["type"]) for gap in report["coverage"]["gaps"]],
                         [("NOT_COLLECTED", "AWS::SageMaker::EndpointConfig")])
        self.assertEqual({finding["control"] for finding in report["findings"]}, {"SageMaker.3"})
        self.assertEqual(status, 1)

    def test_the_file(self):
        self.collect()
        self.assertEqual(stat.S_IMODE(self.bundle.stat().st_mode), 0o600)
        lines = self.lines()
        header = json.loads(lines[0])
        self.assertEqual(header["sagewarden_inventory"], 2)
        self.assertEqual(header["asked"]["accounts"],
                         [{"account": "111122223333", "partition": "aws", "regions": ["eu-west-1", "us-east-1"]}])
        self.assertEqual(len(header["asked"]["types"]), len({each["type"] for each in header["asked"]["types"]}))
        end = json.loads(lines[-1])["end"]
        self.assertEqual(end["sha256"], hashlib.sha256("".join(lines[:-1]).encode()).hexdigest())
        self.assertEqual(end["resources"], sum('"type":' in line[:10] for line in lines))

    def test_secrets(self):
        self.collect()
        hidden = "".join(self.lines())
        self.collect("--with-secrets")
        kept = "".join(self.lines())
        self.assertIn('["PrimaryContainer","Environment","MAX_INPUT_LENGTH"]', hidden)
        self.assertNotIn("4095", hidden)
        self.assertIn('"MAX_INPUT_LENGTH":"4095"', kept)
        self.assertFalse(json.loads(hidden.splitlines()[0])["asked"]["secrets"])
        self.assertTrue(json.loads(kept.splitlines()[0])["asked"]["secrets"])

    def test_changed_and_cut_off(self):
        self.collect()
        lines = self.lines()
        whole, whole_status = self.scan(*ALL)
        changed = [line.replace('"RootAccess":"Enabled"', '"RootAccess":"Disabled"') for line in lines]
        self.assertNotEqual(changed, lines)
        for text, code in ((changed, "CHANGED"), (lines[:-1], "TRUNCATED"), (lines[:5] + lines[6:], "TRUNCATED")):
            self.bundle.write_bytes(gzip.compress("".join(text).encode()))
            report, status = self.scan(*ALL)
            self.assertEqual([gap["code"] for gap in report["coverage"]["gaps"]], [code])
            self.assertNotEqual(status, 0)
        packed = gzip.compress("".join(lines).encode())
        self.bundle.write_bytes(packed[:len(packed) // 2])
        done = self.run_program("scan", str(self.bundle), good=(2,))
        self.assertIn("the file is truncated", done.stderr)

    def test_nothing_is_left_of_a_failure(self):
        self.collect(faults=("--deny", "GetCallerIdentity"), good=(2,))
        self.collect(faults=("--deny", "DescribeRegions"), good=(2,))
        self.assertEqual(list(Path(self.top.name).iterdir()), [])

    def test_standard_output(self):
        done = self.run_program("collect", "--aws", "-o", "-", "--controls", "SageMaker.3", faults=())
        self.bundle.write_text(done.stdout)
        report, _ = self.scan("--controls", "SageMaker.3")
        self.assertEqual(report["coverage"]["gaps"], [])
        self.assertTrue(report["findings"])


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
