#!/usr/bin/env python3
"""Plans and repairs on the server that checks requests (server.py): what failed passes afterwards, everything else is as it
was, planning changes nothing, what is killed goes on, and what was done can be taken back.

usage: repair_test.py PROGRAM
"""
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import environment
from policies import actions, not_allowed
from server import Server
from shards import run_tests

ACCOUNT = "111122223333"
REGION = "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11112222-3333-4444-5555-666677778888"
READING = ("Describe", "List", "Get")
# What AWS, and not we, writes into a resource.
TIMES = {"CreationTime", "LastModifiedTime"}


def without_times(value):
    if isinstance(value, dict):
        return {name: without_times(below) for name, below in value.items() if name not in TIMES}
    if isinstance(value, list):
        return [without_times(element) for element in value]
    return value


def arn_of(row):
    return next(row["Describe"][name] for name in (f"{row['Type']}Arn", "JobDefinitionArn", "Arn") if name in row["Describe"])


class Repair(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.aws = Server().start()

    @classmethod
    def tearDownClass(cls):
        cls.aws.stop()

    def prepare(self):
        """The example account, with endpoints on configurations that fail."""
        self.aws.reset()
        self.aws.seed()
        rows = [row for row in self.aws.resources() if row["Region"] == REGION and row["Type"] == "EndpointConfig"
                and all("InstanceType" in variant for variant in row["Describe"]["ProductionVariants"])]
        self.assertTrue(rows)
        self.aws.seed(rows=[self.endpoint(row["Describe"], number) for number, row in enumerate(rows)])

    @staticmethod
    def endpoint(config, number):
        name = f"live-{number}"
        variants = [{"VariantName": variant["VariantName"], "CurrentInstanceCount": variant["InitialInstanceCount"],
                     "DesiredInstanceCount": variant["InitialInstanceCount"],
                     "CurrentWeight": 1.0, "DesiredWeight": 1.0} for variant in config["ProductionVariants"]]
        return {"Describe": {
            "EndpointName": name, "EndpointArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/{name}",
            "EndpointConfigName": config["EndpointConfigName"], "EndpointStatus": "InService",
            "ProductionVariants": variants, "CreationTime": 1750000000, "LastModifiedTime": 1750000000,
            **{name: config[name] for name in ("AsyncInferenceConfig",) if name in config}}, "Tags": []}

    def setUp(self):
        self.prepare()
        self.top = tempfile.TemporaryDirectory()
        self.plan_file = str(Path(self.top.name, "repair.plan.json"))

    def tearDown(self):
        self.top.cleanup()
        self.assertEqual([text[:300] for text in self.aws.violations()[:3]], [])

    def environment(self, account=ACCOUNT):
        return self.aws.env(account) | {"AWS_MAX_ATTEMPTS": "4", "XDG_STATE_HOME": self.top.name}

    def run_program(self, *arguments, status=0, **more):
        done = subprocess.run([PROGRAM, *arguments], env=self.environment(**more), cwd=self.top.name, capture_output=True,
                              text=True, timeout=300, check=False, stdin=subprocess.DEVNULL)
        self.assertIn(done.returncode, status if isinstance(status, tuple) else (status,), done.stdout + done.stderr)
        return done

    def plan(self, *arguments, status=(0, 3)):
        self.run_program("plan", "--region", REGION, "-o", self.plan_file, "--quiet", *arguments, status=status)
        return json.loads(Path(self.plan_file).read_text())

    def apply(self, *arguments, status=0):
        return self.run_program("apply", "--yes", "--poll", "1", "--max-resources", "1000", *arguments, self.plan_file,
                                status=status)

    def state(self):
        """All resources of the Region as Describe and ListTags show them, by ARN."""
        return {arn_of(row): {"Describe": without_times(row["Describe"]),
                              "Tags": {tag["Key"]: tag["Value"] for tag in row["Tags"]}}
                for row in self.aws.resources() if row["Region"] == REGION}

    def failed(self, *arguments):
        """What fails: (control, ARN)."""
        report = str(Path(self.top.name, "report.json"))
        self.run_program("scan", "--aws", "--region", REGION, "--quiet", "-o", f"json={report}", *arguments, status=(0, 1, 3))
        return {(finding["control"], finding["arn"]) for finding in json.loads(Path(report).read_text())["findings"]
                if finding["compliance"] == "FAILED"}

    def writes(self):
        return [call["operation"] for call in self.aws.calls() if not call["operation"].startswith(READING)]

    def repairable(self, plan):
        return [action for action in plan["actions"] if action["way"] != "by-hand"]

    OPTIONS = ("--set", "all", "--tag", "Owner=ml-platform", "--kms-key", KEY, "--isolate-clarify")

    def test_planning_only_reads(self):
        plan = self.plan(*self.OPTIONS)
        self.assertGreater(len(self.repairable(plan)), 5)
        self.assertEqual(self.writes(), [])
        self.assertEqual(self.aws.differences()["different"], [])
        self.assertEqual(os.stat(self.plan_file).st_mode & 0o777, 0o600)
        # Every finding that failed is in exactly one action.
        planned = sorted((finding["control"], finding["arn"]) for action in plan["actions"] for finding in action["findings"])
        self.assertEqual(planned, sorted(self.failed("--set", "all")))
        # The same state gives the same actions.
        again = self.plan(*self.OPTIONS)
        self.assertEqual(again["actions"], plan["actions"])
        for form in ("text", "markdown", "script", "json"):
            self.run_program("show", "-o", form, self.plan_file)

    def test_everything_that_can_be_repaired_passes(self):
        plan = self.plan(*self.OPTIONS)
        before = self.state()
        policy = json.loads(self.run_program("policy", "remediate", self.plan_file).stdout)
        # Before there is a plan, it is what any could need.
        controls = ",".join(sorted({finding["control"] for action in self.repairable(plan) for finding in action["findings"]}))
        beforehand = json.loads(self.run_program("policy", "remediate", "--controls", controls).stdout)
        self.assertEqual(actions(policy) - actions(beforehand), set())
        self.aws.reset("calls")
        done = self.apply()
        self.assertEqual(not_allowed(policy, self.aws.calls()), set())
        self.assertEqual(self.aws.differences()["different"], [])
        after = self.state()
        failed = self.failed("--set", "all")
        for action in self.repairable(plan):
            for finding in action["findings"]:
                self.assertNotIn((finding["control"], finding["passes_at"]), failed, done.stdout)
        # What no action is about is as it was; what was replaced still is there.
        touched = {resource["arn"] for action in self.repairable(plan) for resource in action["resources"]}
        for arn, resource in before.items():
            # Endpoints and schedules are pointed to what is new.
            if arn not in touched and ":endpoint/" not in arn and ":monitoring-schedule/" not in arn:
                self.assertEqual(after[arn], resource, arn)
        endpoints = [arn for arn in before if ":endpoint/" in arn]
        self.assertTrue(any(after[arn]["Describe"]["EndpointConfigName"] != before[arn]["Describe"]["EndpointConfigName"]
                            for arn in endpoints))
        self.assertEqual({after[arn]["Describe"]["EndpointStatus"] for arn in endpoints}, {"InService"})
        # Undone, it is as it was before, and nothing that was created is left.
        self.aws.reset("calls")
        undone = self.run_program("undo", "--yes", "--poll", "1", status=(0, 2, 3)).stdout
        for control in ("SageMaker.3", "SageMaker.5"):
            self.assertRegex(undone, rf"(?m)^{control} +now FAILED  arn:")
        self.assertEqual(not_allowed(policy, self.aws.calls()), set())
        self.compare(before, self.state(), self.irreversible(plan))

    def irreversible(self, plan):
        """ARNs with a step that AWS cannot take back."""
        return {action["resources"][0]["arn"] for action in plan["actions"]
                for step in action.get("steps", []) if step.get("no_undo")}

    def compare(self, before, after, but=()):
        self.assertEqual(set(after), set(before))
        for arn, resource in before.items():
            if arn not in but:
                self.assertEqual(after[arn], resource, arn)

    def test_cleanup_deletes_what_was_replaced(self):
        plan = self.plan(*self.OPTIONS)
        replaced = [action for action in self.repairable(plan) if action["way"] == "replace" and action.get("cleanup")]
        self.assertTrue(replaced)
        self.run_program("apply", "--yes", "--cleanup", "--max-resources", "1000", self.plan_file, status=2)
        self.assertEqual(self.writes(), [])
        before = self.state()
        done = self.apply("--cleanup", "--allow-delete")
        failed = self.failed("--set", "all")
        for action in self.repairable(plan):
            for finding in action["findings"]:
                self.assertNotIn((finding["control"], finding["arn"]), failed, done.stdout)
        self.run_program("undo", "--yes", "--poll", "1", status=(0, 2, 3))
        self.compare(before, self.state(), self.irreversible(plan))

    def test_cleanup_can_come_later(self):
        plan = self.plan(*self.OPTIONS)
        self.apply()
        execution = self.execution()
        later = ("resume", "--yes", "--poll", "1", "--cleanup")
        self.assertIn("--allow-delete", self.run_program(*later, execution, status=2).stderr)
        # What somebody has come to use meanwhile is not deleted.
        config = next(resource for action in self.repairable(plan) for resource in action["resources"]
                      if resource["type"] == "AWS::SageMaker::EndpointConfig")
        endpoint = next(row for row in self.aws.resources() if row["Type"] == "Endpoint" and row["Region"] == REGION)
        self.aws.seed(rows=[endpoint | {"Describe": endpoint["Describe"] | {"EndpointConfigName": config["name"]}}])
        done = self.run_program(*later, "--allow-delete", execution, status=2)
        self.assertIn("is used by endpoint " + endpoint["Describe"]["EndpointName"], done.stdout)
        self.assertIn(config["arn"], self.state())
        self.aws.seed(rows=[endpoint])
        self.run_program(*later, "--allow-delete", execution)
        failed = self.failed("--set", "all")
        for action in self.repairable(plan):
            for finding in action["findings"]:
                self.assertNotIn((finding["control"], finding["arn"]), failed)

    def test_what_was_taken_back_is_not_cleaned_up(self):
        self.plan(*self.OPTIONS)
        before = self.state()
        self.apply()
        execution = self.execution()
        self.run_program("undo", "--yes", "--poll", "1", "--quiet")
        done = self.run_program("resume", "--yes", "--cleanup", "--allow-delete", execution, status=2)
        self.assertIn("was taken back by", done.stderr)
        self.assertLessEqual(set(before), set(self.state()))
        self.assertIn("nothing to take back", self.run_program("undo", "--yes", status=2).stderr)

    def test_only_what_was_chosen_is_gone_on_with(self):
        # A parameter of a control that has nothing to do with what is chosen is nobody's hindrance.
        actions = [action for action in self.repairable(self.plan("--controls", "SageMaker.3,SageMaker.9", "--param",
                                                                  "SageMaker.9.min_instance_count=1"))
                   if action["findings"][0]["control"] == "SageMaker.3"]
        first, others = actions[0]["resources"][0], [action["resources"][0]["arn"] for action in actions[1:]]
        self.aws.faults({"operation": "UpdateNotebookInstance", "fault": {"kind": "denied"}})
        self.apply("--only", actions[0]["id"], status=2)
        self.aws.faults()
        self.run_program("resume", "--yes", "--poll", "1", "--quiet", self.execution())
        failed = {arn for _, arn in self.failed("--controls", "SageMaker.3")}
        self.assertNotIn(first["arn"], failed)
        self.assertLessEqual(set(others), failed)
        self.run_program("undo", "--yes", "--poll", "1")

    def test_a_changed_resource_is_left_alone(self):
        plan = self.plan("--controls", "SageMaker.3")
        action = self.repairable(plan)[0]
        name = action["resources"][0]["name"]
        arn = action["resources"][0]["arn"]
        changed = next(row for row in self.aws.resources() if arn_of(row) == arn)
        self.aws.seed(rows=[{"Describe": changed["Describe"], "Tags": changed["Tags"] + [{"Key": "Later", "Value": "x"}]}])
        self.aws.reset("calls")
        done = self.apply(status=2)
        self.assertIn("refused", done.stdout)
        touched = [call["input"].get("NotebookInstanceName") for call in self.aws.calls()
                   if not call["operation"].startswith(READING)]
        self.assertNotIn(name, touched)

    def test_limits_are_kept(self):
        self.plan("--controls", "SageMaker.3")
        for arguments, words in ((("--max-resources", "1"), "--max-resources"), (("--only", "999"), "--only 999"),
                                 (("--only", "x"), "--only x")):
            done = self.run_program("apply", "--yes", *arguments, self.plan_file, status=2)
            self.assertIn(words, done.stderr)
        done = self.run_program("apply", self.plan_file, status=2)
        self.assertIn("--yes", done.stderr)
        done = self.run_program("apply", "--yes", self.plan_file, account="444455556666", status=2)
        self.assertIn("--role-name", done.stderr)
        text = Path(self.plan_file).read_text()
        Path(self.plan_file).write_text(text.replace('"Disabled"', '"Enabled"', 1))
        done = self.run_program("apply", "--yes", self.plan_file, status=2)
        self.assertIn("changed after it was made", done.stderr)
        self.assertEqual(self.writes(), [])

    def test_a_denied_step_stops_its_action_only(self):
        plan = self.plan("--controls", "SageMaker.3")
        actions = self.repairable(plan)
        self.assertGreater(len(actions), 1)
        struck = actions[0]["resources"][0]
        self.aws.faults({"operation": "UpdateNotebookInstance", "resource": struck["name"], "fault": {"kind": "denied"}})
        done = self.apply(status=2)
        self.assertIn("sagemaker:UpdateNotebookInstance", done.stdout)
        failed = self.failed("--controls", "SageMaker.3")
        self.assertEqual({arn for _, arn in failed}, {struck["arn"]} | {
            finding["arn"] for action in plan["actions"] if action["way"] == "by-hand" for finding in action["findings"]})
        # Once it is allowed, it goes on.
        self.aws.faults()
        self.run_program("resume", "--yes", "--poll", "1", self.execution())
        self.assertNotIn(("SageMaker.3", struck["arn"]), self.failed("--controls", "SageMaker.3"))

    def execution(self):
        return sorted(Path(self.top.name, "sagewarden").glob("*.journal"))[-1].stem

    def test_faults_on_the_way_change_nothing(self):
        before = self.state()
        plan = self.plan(*self.OPTIONS)
        self.apply()
        wanted = self.state()
        for seed, kind in enumerate(("throttle", "internal", "reset_after", "reset"), 1):
            with self.subTest(kind):
                self.prepare()
                self.assertEqual(self.state(), before)
                self.assertEqual(self.plan(*self.OPTIONS)["actions"], plan["actions"])
                self.aws.faults({"service": "sagemaker", "when": {"probability": 0.15}, "fault": {"kind": kind}}, seed=seed)
                done = self.apply(status=(0, 2, 3))
                self.aws.faults()
                if done.returncode == 2:
                    self.run_program("resume", "--yes", "--poll", "1", self.execution(), status=(0, 3))
                self.compare(wanted, self.state())

    def test_killed_at_any_time_it_goes_on(self):
        before = self.state()
        plan = self.plan(*self.OPTIONS)
        self.apply()
        wanted = self.state()
        chance = random.Random(7)
        for attempt in range(6):
            with self.subTest(attempt=attempt):
                self.prepare()
                self.assertEqual(self.state(), before)
                self.assertEqual(self.plan(*self.OPTIONS)["actions"], plan["actions"])
                process = subprocess.Popen([PROGRAM, "apply", "--yes", "--poll", "1", "--quiet", "--max-resources", "1000",
                                            "--parallel", "2", self.plan_file], env=self.environment(), cwd=self.top.name,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                writes = chance.randrange(1, 30)
                while process.poll() is None and len(self.writes()) < writes:
                    time.sleep(0.01)
                process.send_signal(signal.SIGKILL)
                process.wait(timeout=60)
                if process.returncode == -signal.SIGKILL:
                    self.assertIn("interrupted", self.run_program("status").stdout)
                    self.run_program("resume", "--yes", "--poll", "1", status=(0, 3))
                self.compare(wanted, self.state())
                created = [json.dumps(call["input"].get(name), sort_keys=True) for call in self.aws.calls()
                           for name in call["input"] if call["operation"].startswith("Create") and call["status"] == 200
                           and name.endswith("Name") and name[:-4] in call["operation"]]
                self.assertEqual(len(created), len(set(created)))

    def test_life_cycles_take_their_time(self):
        self.aws.settings(transitions=2)
        plan = self.plan("--controls", "SageMaker.3,SageMaker.8")
        running = {action["resources"][0]["arn"]: next(
            seen["output"]["NotebookInstanceStatus"] for seen in action["seen"]
            if "NotebookInstanceStatus" in seen["output"]) for action in self.repairable(plan)}
        self.assertIn("InService", running.values())
        self.apply()
        self.aws.settings(transitions=0)
        state = self.state()
        for arn, status in running.items():
            self.assertEqual(state[arn]["Describe"]["NotebookInstanceStatus"], status)

    def test_two_at_once_exclude_each_other(self):
        self.plan("--controls", "SageMaker.3")
        self.aws.faults({"operation": "StopNotebookInstance", "fault": {"kind": "delay", "seconds": 3}})
        first = subprocess.Popen([PROGRAM, "apply", "--yes", "--poll", "1", "--max-resources", "1000", self.plan_file],
                                 env=self.environment(), cwd=self.top.name, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        while not any(call["operation"] == "DescribeNotebookInstance" for call in self.aws.calls()[-3:]) \
                and not list(Path(self.top.name, "sagewarden").glob("*.lock")):
            time.sleep(0.02)
        time.sleep(0.5)
        done = self.apply(status=2)
        self.assertIn("another sagewarden", done.stderr)
        self.assertEqual(first.wait(timeout=120), 0)

    def test_what_another_machine_changes_is_left_alone(self):
        plan = self.plan("--controls", "SageMaker.3")
        arn = self.repairable(plan)[0]["resources"][0]["arn"]
        row = next(row for row in self.aws.resources() if arn_of(row) == arn)
        lock = {"Key": "sagewarden:lock:20261130T080000Z-beef", "Value": "2026-11-30T08:00:00Z"}
        self.aws.seed(rows=[{"Describe": row["Describe"], "Tags": row["Tags"] + [lock]}])
        before = self.state()
        only = ("--only", self.repairable(plan)[0]["id"])
        done = self.apply(*only, status=2)
        self.assertIn("is being changed by execution 20261130T080000Z-beef since 2026-11-30T08:00:00Z", done.stdout)
        self.assertEqual(self.state(), before)
        # Nor is it in a plan.
        self.assertEqual(self.plan("--controls", "SageMaker.3")["actions"], plan["actions"])
        self.apply(*only, "--break-lock")
        self.assertNotIn("sagewarden:lock", json.dumps(self.state()))
        self.assertNotIn(("SageMaker.3", arn), self.failed("--controls", "SageMaker.3"))

    def test_a_deployment_that_is_rolled_back_leaves_what_was(self):
        plan = self.plan(*self.OPTIONS)
        action = next(action for action in self.repairable(plan)
                      if any(step["call"]["operation"] == "UpdateEndpoint" for step in action["steps"]))
        endpoint = next(json.loads(step["call"]["input"])["EndpointName"] if isinstance(step["call"]["input"], str)
                        else step["call"]["input"]["EndpointName"]
                        for step in action["steps"] if step["call"]["operation"] == "UpdateEndpoint")
        before = self.state()
        self.aws.settings(failing_deployments=[endpoint], transitions=2)
        done = self.apply("--only", action["id"], status=2)
        self.assertIn("health check", done.stdout)
        self.aws.settings(failing_deployments=[], transitions=0)
        arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/{endpoint}"
        state = self.state()[arn]["Describe"]
        self.assertEqual((state["EndpointStatus"], state["EndpointConfigName"]),
                         ("InService", before[arn]["Describe"]["EndpointConfigName"]))
        self.run_program("undo", "--yes", "--poll", "1", status=(0, 3))
        after = self.state()
        after[arn]["Describe"].pop("FailureReason")
        self.compare(before, after)


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv[1])
    if not environment.find():
        print("skipped: no Python has moto")
        sys.exit(environment.SKIPPED)
    run_tests(sys.argv[2:])
