#!/usr/bin/env python3
"""Scans an organisation on the server that checks requests (server.py): every active account is seen or named in a gap,
whatever of it is chosen, refused, or interrupted. Beside that: what a person at a terminal sees and is asked.

usage: organization_test.py PROGRAM
"""
import json
import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import environment
import live_scan_test
from server import Server

MANAGEMENT = "111122223333"
NOTEBOOKS = ("--controls", "SageMaker.3")
ONE_REGION = ("--region", "eu-west-1")
PATIENCE = 60


def accounts_of(rows):
    return {row["account"] for row in rows}


def most_at_once(calls):
    """How many of the calls were under way at the same time."""
    edges = sorted([(call["time"], 1) for call in calls] + [(call["time"] + call["seconds"], -1) for call in calls])
    most = now = 0
    for _, change in edges:
        now += change
        most = max(most, now)
    return most


class OrganizationScan(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.aws = Server().start()

    @classmethod
    def tearDownClass(cls):
        cls.aws.stop()

    def setUp(self):
        self.aws.reset()

    def organization(self, accounts=40, seeded=True):
        """Makes one; gives its active accounts with unit and tags, and those that are not active."""
        members = self.aws.organization(accounts)
        if seeded:
            self.aws.seed(accounts=[member["Account"]["Id"] for member in members])
        active = [m for m in members if m["Account"]["State"] == "ACTIVE"]
        return active, [m for m in members if m["Account"]["State"] != "ACTIVE"]

    def command(self, *options):
        return [PROGRAM, "scan", "--aws", "--organization", "-o", "json", *options]

    def run_program(self, *options, env=None):
        return subprocess.run(self.command(*options), env=env or self.aws.env(), capture_output=True, text=True, timeout=300,
                              check=False)

    def scan(self, *options, env=None):
        """The report, its rows of coverage and the standard error."""
        done = self.run_program(*options, env=env)
        self.assertIn(done.returncode, (0, 1, 3), done.stderr)
        self.assertEqual(self.aws.violations(), [])
        report = json.loads(done.stdout)
        return report, live_scan_test.check_coverage(report), done.stderr

    def fails(self, *options, env=None):
        done = self.run_program(*options, env=env)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertEqual(done.stderr.count("sagewarden: error:"), 1, done.stderr)
        return done.stderr

    def test_all_active_accounts(self):
        active, others = self.organization()
        self.aws.settings(roles=[{"name": "SagewardenAudit", "external_id": "acme-42"}])
        report, rows, _ = self.scan("--external-id", "acme-42", *ONE_REGION, *NOTEBOOKS)
        self.assertEqual(report["coverage"]["gaps"], [])
        self.assertEqual(len(others), 3)
        self.assertEqual(accounts_of(rows), {member["Account"]["Id"] for member in active})
        self.assertEqual(len({row["listed"] for row in rows}), 1)  # the same was put into each
        self.assertEqual(accounts_of(report["findings"]), accounts_of(rows))
        notices = "\n".join(report["run"]["notices"])
        for member in others:
            self.assertIn(member["Account"]["Id"], notices)
        self.assertEqual(len(self.aws.calls(operation="ListAccounts")), 2)  # of 20 each
        roles = [call["input"]["RoleArn"] for call in self.aws.calls(operation="AssumeRole")]
        self.assertEqual(len(roles), len(set(roles)), "a role was acted as twice")
        self.assertEqual(len(roles), len(active) - 1)
        self.assertFalse([role for role in roles if MANAGEMENT in role], "the own account needs no role")
        self.assertEqual(self.aws.differences()["different"], [])

    def test_choice(self):
        active, _ = self.organization(12)
        units = {member["Account"]["Id"]: member["Account"]["Name"].split("-")[0] for member in active}
        tags = {member["Account"]["Id"]: member["Tags"] for member in active}
        workloads, prod, test = "ou-ex01-00000003", "ou-ex01-00000004", "ou-ex01-00000005"
        one = next(account for account, unit in units.items() if unit == "prod")
        cases = [
            (["--ou", workloads], lambda a: units[a] in ("prod", "test")),  # a unit of units
            (["--ou", prod, "--ou", test], lambda a: units[a] in ("prod", "test")),
            (["--exclude-ou", workloads], lambda a: units[a] not in ("prod", "test")),
            (["--ou", workloads, "--exclude-ou", prod], lambda a: units[a] == "test"),
            (["--ou", prod, "--exclude-account", one], lambda a: units[a] == "prod" and a != one),
            (["--account-tag", "Owner=team-1", "--account-tag", "Owner=team-2"],
             lambda a: tags[a]["Owner"] in ("team-1", "team-2")),
            (["--account-tag", "Owner=team-1", "--account-tag", "Stage=prod"],
             lambda a: tags[a] == {"Owner": "team-1", "Stage": "prod"}),
        ]
        for options, chosen in cases:
            with self.subTest(options):
                report, rows, _ = self.scan(*options, *ONE_REGION, *NOTEBOOKS)
                wanted = {account for account in units if chosen(account)}
                self.assertTrue(wanted)
                self.assertEqual(accounts_of(rows), wanted)
                self.assertEqual(report["coverage"]["gaps"], [])

    def test_a_member_that_refuses(self):
        active, _ = self.organization(6)
        refusing = active[2]["Account"]["Id"]
        self.aws.settings(roles=[{"account": refusing, "external_id": "another"}, {}])
        for options in (ONE_REGION, ()):  # it is found out when it is scanned, or before
            with self.subTest(options):
                report, rows, _ = self.scan("--external-id", "acme-42", *options, *NOTEBOOKS)
                gaps = report["coverage"]["gaps"]
                self.assertEqual([(gap["code"], gap["account"], gap["operation"]) for gap in gaps],
                                 [("NO_CREDENTIALS", refusing, "sts:AssumeRole")])
                self.assertIn(f"arn:aws:iam::{refusing}:role/SagewardenAudit", gaps[0]["message"])
                self.assertIn("--external-id must be the one that it asks for", gaps[0]["message"])
                self.assertEqual(accounts_of(rows), {member["Account"]["Id"] for member in active})
                self.assertFalse(any(row["complete"] for row in rows if row["account"] == refusing))
                self.assertTrue(all(row["complete"] for row in rows if row["account"] != refusing))
                self.assertNotIn(refusing, accounts_of(report["findings"]))

    def test_a_delegated_administrator(self):
        active, _ = self.organization(6)
        security = active[1]["Account"]["Id"]
        self.aws.settings(delegated_administrators=[security], roles=[{"account": MANAGEMENT, "external_id": "none"}, {}])
        report, rows, _ = self.scan(*ONE_REGION, *NOTEBOOKS, env=self.aws.env(account=security))
        self.assertEqual(accounts_of(rows), {member["Account"]["Id"] for member in active})
        gaps = report["coverage"]["gaps"]
        self.assertEqual([gap["account"] for gap in gaps], [MANAGEMENT])
        self.assertIn("management account, which a StackSet does not reach", gaps[0]["message"])
        report, rows, _ = self.scan("--exclude-account", MANAGEMENT, *ONE_REGION, *NOTEBOOKS, env=self.aws.env(account=security))
        self.assertEqual(report["coverage"]["gaps"], [])
        self.assertNotIn(MANAGEMENT, accounts_of(rows))

    def test_what_keeps_the_accounts_from_being_known(self):
        active, _ = self.organization(6, seeded=False)
        member = self.aws.env(account=active[3]["Account"]["Id"])
        error = self.fails(env=member)
        self.assertIn("allow organizations:ListAccounts, and scan with credentials of the management account or of a "
                      "delegated administrator", error)
        self.assertIn("there is no such unit", self.fails("--ou", "ou-ex01-99999999"))
        self.assertIn("no account of the organisation is left", self.fails("--account-tag", "Stage=none"))
        self.aws.faults({"operation": "ListTagsForResource", "fault": {"kind": "denied"}})
        self.assertIn("allow organizations:ListTagsForResource", self.fails("--account-tag", "Stage=prod"))
        self.aws.reset()
        self.assertIn("in no organisation: leave out --organization", self.fails())
        self.assertEqual(self.aws.calls(service="sagemaker"), [])

    def test_throttled(self):
        active, _ = self.organization(25)
        self.aws.faults({"when": {"probability": 0.2}, "fault": {"kind": "throttle"}}, seed=7)
        report, rows, error = self.scan(*ONE_REGION, *NOTEBOOKS, "--verbose")
        self.assertEqual(report["coverage"]["gaps"], [])
        self.assertEqual(len(accounts_of(rows)), len(active))
        summary = [line for line in error.splitlines() if "all calls: " in line]
        self.assertEqual(len(summary), 1)
        for word in (" retries, ", " throttled, ", " bytes, ", " s waited, ", " s of it throttled"):
            self.assertIn(word, summary[0])
        self.assertNotIn(" 0 retries", summary[0])
        self.assertIn("organizations:ListAccounts: 2 calls", error)

    # Every account in all of its Regions; nothing is asked of an account before its turn.
    def test_many_accounts_and_regions(self):
        active, _ = self.organization(60, seeded=False)
        _, rows, _ = self.scan(*NOTEBOOKS, "--concurrency", "6")
        regions = len({row["region"] for row in rows})
        self.assertEqual(regions, 17)
        self.assertEqual(len(rows), regions * len(active))
        self.assertTrue(all(row["complete"] for row in rows))
        self.assertLessEqual(most_at_once(self.aws.calls(operation="AssumeRole")), 6)
        # (Slow answers to a scan that another test interrupted may still be recorded.)
        lists = self.aws.calls(operation="ListNotebookInstances")
        self.assertEqual(len(lists), len(rows))
        self.assertLessEqual(most_at_once(lists), 6)
        # Fair: when the first account has all its Regions done, others are almost as far.
        seen = {}
        for call in lists:
            seen[call["account"]] = seen.get(call["account"], 0) + 1
            if seen[call["account"]] == regions:
                break
        self.assertEqual(len(seen), len(active))

    def test_interrupted(self):
        self.organization(6)
        self.aws.faults({"operation": "DescribeNotebookInstance", "fault": {"kind": "delay", "seconds": 3}})
        with tempfile.TemporaryDirectory() as folder:
            report_file = Path(folder, "report.json")
            started = subprocess.Popen(
                [PROGRAM, "scan", "--aws", "--organization", "-o", "text", "-o", f"json={report_file}", *ONE_REGION, *NOTEBOOKS,
                 "--concurrency", "4"], env=self.aws.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            end = time.monotonic() + PATIENCE
            while not self.aws.calls(operation="ListNotebookInstances") and time.monotonic() < end:
                time.sleep(0.05)
            time.sleep(0.3)
            signalled = time.monotonic()
            started.send_signal(signal.SIGINT)
            out, error = started.communicate(timeout=PATIENCE)
            self.assertLess(time.monotonic() - signalled, 20, "much slower than three seconds: it waited for all")
            self.assertEqual(started.returncode, 130, error)
            self.assertIn("stopping; what has been read is still reported", error)
            self.assertTrue(out.startswith("INTERRUPTED: "), out[:200])
            report = json.loads(report_file.read_text())
        self.assertTrue(report["run"]["interrupted"])
        rows = live_scan_test.check_coverage(report)
        self.assertTrue(any(not row["complete"] or row["not_read"] for row in rows))

    def at_terminal(self, command, env, reply):
        """Runs at a terminal of its own; `reply` is called with what was shown so far, and gives what to type."""
        process, terminal = pty.fork()
        if process == 0:
            os.execve(command[0], command, env)
        shown, end, status = "", time.monotonic() + PATIENCE, None
        while time.monotonic() < end:
            if select.select([terminal], [], [], 0.1)[0]:
                try:
                    shown += os.read(terminal, 4096).decode("utf-8", "replace")
                except OSError:
                    break
                typed = reply(shown)
                if typed:
                    os.write(terminal, typed.encode())
        _, status = os.waitpid(process, 0)
        os.close(terminal)
        return os.waitstatus_to_exitcode(status), shown

    def test_progress(self):
        self.organization(6)
        self.aws.settings(latency=0.05)
        command = self.command(*ONE_REGION, *NOTEBOOKS, "--concurrency", "2")
        command[4:6] = ["-o", "text"]
        status, shown = self.at_terminal(command, self.aws.env() | {"TERM": "xterm", "COLUMNS": "100"}, lambda shown: None)
        self.assertIn(status, (1, 3), shown)
        self.assertRegex(shown, r"\d+ of 6 accounts · \d+ of 6 Regions · \d+ calls \(\d+/s\) · \d+ resource")
        done = self.run_program(*ONE_REGION, *NOTEBOOKS, "--concurrency", "2")
        self.assertNotIn(" of 6 ", done.stderr)  # a pipe

    def test_the_code_of_an_mfa_device(self):
        self.organization(3)
        self.aws.settings(roles=[{"name": "admin", "mfa": "123456"}, {}])
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder, "config")
            config.write_text("[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/admin\nsource_profile = user\n"
                              f"mfa_serial = arn:aws:iam::{MANAGEMENT}:mfa/tester\n[profile user]\n"
                              "aws_access_key_id = {AccessKeyId}\naws_secret_access_key = {SecretAccessKey}\n"
                              .format(**self.aws.credentials()))
            env = self.aws.env() | {"AWS_CONFIG_FILE": str(config), "TERM": "dumb"}
            command = [PROGRAM, "scan", "--aws", "--profile", "admin", *ONE_REGION, *NOTEBOOKS]
            typed = []

            def reply(shown):
                if "MFA code" in shown and not typed:
                    typed.append("123456\n")
                    return typed[0]
                return None

            status, shown = self.at_terminal(command, env, reply)
            self.assertIn(f"MFA code for arn:aws:iam::{MANAGEMENT}:mfa/tester", shown)
            self.assertEqual(status, 1, shown)
            self.assertEqual(len(self.aws.calls(operation="AssumeRole")), 1)
            # Where nobody can be asked, nobody is waited for.
            done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False,
                                  start_new_session=True)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("mfa", done.stderr.lower())


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv[1])
    if not environment.find():
        print("skipped: no Python has moto")
        sys.exit(environment.SKIPPED)
    del sys.argv[1]
    unittest.main()
