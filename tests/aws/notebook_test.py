#!/usr/bin/env python3
"""Replaces notebook instances with their volumes: the scripts that a plan makes really run, with bash and the AWS CLI, on
folders in place of volumes and the test server's S3 in place of AWS's.

usage: notebook_test.py PROGRAM [PART/PARTS]
"""
import base64
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

from environment import SKIPPED
from policies import actions, not_allowed
from shards import run_tests
from testing import ACCOUNT, REGION, ServerTest

HERE = Path(__file__).resolve().parent
VOLUME = "/home/ec2-user/SageMaker"
BUCKET = "backups"
OLD = "Fraud-dev"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11112222-3333-4444-5555-666677778888"
OPTIONS = ("--notebook-backup", f"s3://{BUCKET}/notebooks", "--subnet", "subnet-0a1b2c3d", "--security-group", "sg-0a1b2c3d",
           "--kms-key", KEY)
# In front of the AWS CLI: fails or changes the volume where the test wants it to.
AWS = """#!/bin/bash
if [[ "$1 $2" == "s3 sync" && -e {top}/denied ]]; then
  echo 'upload failed: "x" An error occurred (AccessDenied) when calling the PutObject operation: Access Denied' >&2
  exit 1
fi
status=0
{python} -I -S {here}/aws_cli.py {cli} "$@" || status=$?
if [[ "$1 $2" == "s3 sync" && -e {top}/changing ]]; then
  echo later >> "$(cat {top}/changing)"
  rm {top}/changing
fi
exit "$status"
"""


def tree(folder):
    """All that lies below a folder: path → what it is."""
    found = {}
    for top, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(top, name)
            info = os.lstat(path)
            what = [stat.S_IFMT(info.st_mode), stat.S_IMODE(info.st_mode), info.st_uid, info.st_gid]
            if stat.S_ISLNK(info.st_mode):
                what = [stat.S_IFMT(info.st_mode), os.readlink(path)]
            elif stat.S_ISREG(info.st_mode):
                what += [info.st_mtime_ns, hashlib.sha256(Path(path).read_bytes()).hexdigest()]
            found[os.path.relpath(path, folder)] = what
    return found


def fill(folder):
    """A volume as people leave it."""
    top = Path(folder)
    for name in ("lost+found", "empty", "a b/c [1]*?/deeper", ".git/objects", "ünïcode/日本"):
        top.joinpath(name).mkdir(parents=True)
    (top / "lost+found/x").write_text("not ours")
    (top / "large.bin").write_bytes(os.urandom(9_000_001))  # in parts
    for number, name in enumerate((".hidden", "empty/.keep", "a b/c [1]*?/it's \"quoted\" $HOME;&.ipynb", "ünïcode/日本/ä.txt",
                                   ".git/HEAD", "-rf", "+%20#.txt")):
        (top / name).write_text(f"{name}\n" * number)  # the first is empty
        os.utime(top / name, ns=(1_600_000_000_123_456_789 + number,) * 2)
    (top / "run.sh").write_text("#!/bin/sh\n")
    (top / "run.sh").chmod(0o755)
    (top / "secret").write_text("s")
    (top / "secret").chmod(0o600)
    (top / "empty").chmod(0o700)
    (top / "link").symlink_to("run.sh")
    (top / "dangling").symlink_to("/nowhere/at all")
    (top / "folder-link").symlink_to("a b")
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(top / "socket"))
    (top / "empty" / ".keep").unlink()


def carried(folder):
    """What of a volume is to arrive elsewhere."""
    return {path: what for path, what in tree(folder).items() if not path.startswith("lost+found") and path != "socket"}


class Instances(threading.Thread):
    """The notebook instances of the test server: what runs their scripts when they are started."""

    def __init__(self, test):
        super().__init__(daemon=True)
        self.test, self.over, self.running = test, threading.Event(), {}

    def run(self):
        while not self.over.wait(0.3):
            rows = self.test.aws.resources()
            scripts = {row["Describe"]["NotebookInstanceLifecycleConfigName"]: row["Describe"] for row in rows
                       if row["Type"] == "NotebookInstanceLifecycleConfig"}
            started = {}
            for row in rows:
                seen = row["Describe"]
                name = seen.get("NotebookInstanceLifecycleConfigName")
                if row["Type"] == "NotebookInstance" and seen["NotebookInstanceStatus"] == "InService" and name:
                    started[seen["NotebookInstanceName"], name, seen["LastModifiedTime"]] = scripts[name]
            for start in set(self.running) - set(started):
                self.test.end(self.running.pop(start))
            for start in set(started) - set(self.running):
                script = base64.b64decode(started[start]["OnStart"][0]["Content"]).decode()
                self.running[start] = self.test.begin(script, start[0])

    def stop(self):
        self.over.set()
        self.join()
        for process in self.running.values():
            self.test.end(process)


class Notebooks(ServerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.cli = f"{folder.name}/socket"
        process = subprocess.Popen([sys.executable, HERE / "aws_cli.py", cls.cli], stdin=subprocess.PIPE)
        cls.addClassCleanup(process.wait)
        cls.addClassCleanup(process.stdin.close)

    def setUp(self):
        super().setUp()
        self.top = tempfile.TemporaryDirectory()
        self.addCleanup(self.top.cleanup)
        self.programs = Path(self.top.name, "bin")
        self.programs.mkdir()
        for name, text in (("aws", AWS.format(python=sys.executable, here=HERE, cli=self.cli, top=self.top.name)),
                           ("sleep", "#!/bin/bash\nexec /bin/sleep 1\n")):
            (self.programs / name).write_text(text)
            (self.programs / name).chmod(0o755)
        self.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        own = f"#!/bin/bash\necho $PWD >> {self.top.name}/own-script\nexit 3\n"
        self.client("sagemaker").create_notebook_instance_lifecycle_config(
            NotebookInstanceLifecycleConfigName="own", OnStart=[{"Content": base64.b64encode(own.encode()).decode()}])
        self.client("sagemaker").create_notebook_instance(
            NotebookInstanceName=OLD, InstanceType="ml.t3.medium", RoleArn=f"arn:aws:iam::{ACCOUNT}:role/notebooks",
            LifecycleConfigName="own", VolumeSizeInGB=20, Tags=[{"Key": "Team", "Value": "fraud"}])
        fill(self.volume(OLD))
        self.plan_file = str(Path(self.top.name, "repair.plan.json"))

    def tearDown(self):
        self.no_violations()

    def volume(self, name):
        path = Path(self.top.name, "volumes", name)
        path.mkdir(parents=True, exist_ok=True)
        return str(path)

    def environment(self):
        env = self.aws.env() | {"XDG_STATE_HOME": self.top.name, "TMPDIR": self.top.name}
        return env | {"PATH": f"{self.programs}:{env['PATH']}"}

    def begin(self, script, name):
        """Runs a script as an instance does at its start."""
        return subprocess.Popen(["bash", "-c", script.replace(VOLUME, self.volume(name))], env=self.environment(),
                                start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @staticmethod
    def end(process):
        """The script and its job."""
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()

    def run_program(self, *arguments, status=0):
        done = subprocess.run([PROGRAM, *arguments], env=self.environment(), cwd=self.top.name, capture_output=True, text=True,
                              timeout=300, check=False, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def plan(self):
        self.run_program("plan", "--region", REGION, "-o", self.plan_file, "--quiet", *OPTIONS)
        plan = json.loads(Path(self.plan_file).read_text())
        self.assertEqual([action["way"] for action in plan["actions"]], ["replace"])
        return plan["actions"][0]

    def scripts(self, action):
        """(the one that saves, the one that restores)"""
        return [base64.b64decode(step["call"]["input"]["OnStart"][0]["Content"]).decode() for step in action["steps"]
                if step.get("call", {}).get("operation") == "CreateNotebookInstanceLifecycleConfig"]

    def folder(self, action):
        return f"notebooks/{ACCOUNT}/{REGION}/{OLD}/{self.new_name(action)}/"

    @staticmethod
    def new_name(action):
        return next(step["call"]["input"]["NotebookInstanceName"] for step in action["steps"]
                    if step.get("call", {}).get("operation") == "CreateNotebookInstance")

    def marker(self, action, name, state):
        """What a job says once it says that; whatever it says before."""
        end = time.time() + 120
        while time.time() < end:
            try:
                said = self.client("s3").head_object(Bucket=BUCKET, Key=self.folder(action) + name)["Metadata"]
            except self.client("s3").exceptions.ClientError:
                said = {}
            if said.get("state") == state:
                return said
            time.sleep(0.1)
        self.fail(f"{name} is {said}, not {state}")

    def instance(self, name):
        found = [row["Describe"] for row in self.aws.resources()
                 if row["Type"] == "NotebookInstance" and row["Describe"]["NotebookInstanceName"] == name]
        return found[0] if found else None

    def names(self, kind):
        return sorted(row["Describe"][f"{kind}Name"] for row in self.aws.resources() if row["Type"] == kind)


class Scripts(Notebooks):
    """What carries a volume, without the repair around it."""

    def test_planning_looks_at_the_bucket(self):
        self.aws.reset("calls")
        self.plan()
        self.assertEqual([call["operation"] for call in self.aws.calls(service="s3")], ["GetObject"])
        self.assertEqual(self.aws.differences()["different"], [])

    def test_scripts_are_sound(self):
        if not shutil.which("shellcheck"):
            self.skipTest("there is no shellcheck")
        for script in self.scripts(self.plan()):
            job = script.split("<<'SAGEWARDEN_JOB'\n", 1)[1].split("\nSAGEWARDEN_JOB\n", 1)[0]
            self.assertTrue(job.startswith("#!/bin/bash\n"))
            for text in (script, job):
                done = subprocess.run(["shellcheck", "-"], input=text, capture_output=True, text=True, check=False)
                self.assertEqual(done.stdout, "")

    def test_the_same_tree_arrives(self):
        action = self.plan()
        save, restore = self.scripts(action)
        self.addCleanup(self.end, self.begin(save, OLD))
        saved = self.marker(action, "saved", "done")
        before = carried(self.volume(OLD))
        files = [path for path, what in before.items() if what[0] == stat.S_IFREG]
        manifest = self.client("s3").get_object(Bucket=BUCKET, Key=self.folder(action) + "manifest.jsonl")
        text = manifest["Body"].read()
        self.assertEqual(saved["manifest"], hashlib.sha256(text).hexdigest())
        self.assertEqual(sorted(json.loads(line)["path"] for line in text.splitlines()), sorted(before))
        self.assertEqual((saved["files"], saved["bytes"]), (str(len(files)), str(sum(
            os.path.getsize(os.path.join(self.volume(OLD), path)) for path in files))))
        self.assertEqual((manifest["ServerSideEncryption"], manifest["SSEKMSKeyId"]), ("aws:kms", KEY))
        # What AWS puts there itself is in nobody's way.
        Path(self.volume("new"), "lost+found").mkdir()
        Path(self.volume("new"), "run.sh").write_text("another!!\n")
        self.addCleanup(self.end, self.begin(restore, "new"))
        self.assertEqual(self.marker(action, "restored", "done"), saved)
        self.assertEqual(carried(self.volume("new")), before)
        # A later start changes nothing any more.
        Path(self.volume("new"), ".hidden").write_text("worked on")
        again = self.begin(restore, "new")
        self.addCleanup(self.end, again)
        again.wait(timeout=60)
        time.sleep(2)
        self.assertEqual(Path(self.volume("new"), ".hidden").read_text(), "worked on")

    def test_what_changes_meanwhile_is_saved_too(self):
        Path(self.top.name, "changing").write_text(self.volume(OLD) + "/.git/HEAD")
        action = self.plan()
        save, restore = self.scripts(action)
        self.addCleanup(self.end, self.begin(save, OLD))
        self.marker(action, "saved", "done")
        self.assertTrue(Path(self.volume(OLD), ".git/HEAD").read_text().endswith("later\n"))
        self.addCleanup(self.end, self.begin(restore, "new"))
        self.marker(action, "restored", "done")
        self.assertEqual(carried(self.volume("new")), carried(self.volume(OLD)))

    def test_what_arrives_otherwise_is_seen(self):
        action = self.plan()
        save, restore = self.scripts(action)
        self.addCleanup(self.end, self.begin(save, OLD))
        self.marker(action, "saved", "done")
        self.client("s3").put_object(Bucket=BUCKET, Key=self.folder(action) + "files/.git/HEAD", Body=b"forged")
        self.addCleanup(self.end, self.begin(restore, "new"))
        self.assertIn("not restored as it was", self.marker(action, "restored", "failed")["reason"])
        self.client("s3").put_object(Bucket=BUCKET, Key=self.folder(action) + "manifest.jsonl", Body=b"{}\n")
        for _ in range(100):
            said = self.marker(action, "restored", "failed")["reason"]
            if "manifest" in said:
                break
            time.sleep(0.1)
        self.assertIn("the manifest in S3 is not the one that was saved", said)


class Whole(Notebooks):
    """From the plan to the clean-up."""

    def with_instances(self):
        instances = Instances(self)
        instances.start()
        self.addCleanup(instances.stop)

    def own_script_ran(self, times):
        """An instance is in service before its script has run."""
        path = Path(self.top.name, "own-script")
        end = time.time() + 60
        while time.time() < end and (not path.exists() or len(path.read_text().splitlines()) < times):
            time.sleep(0.1)
        self.assertEqual(len(path.read_text().splitlines()), times)

    def apply(self, *arguments, status=0):
        return self.run_program("apply", "--yes", "--poll", "1", *arguments, self.plan_file, status=status)

    def test_an_instance_is_replaced_and_taken_back(self):
        action = self.plan()
        new = self.new_name(action)
        policy = json.loads(self.run_program("policy", "remediate", self.plan_file).stdout)
        controls = "SageMaker.1,SageMaker.2,SageMaker.3,SageMaker.21"
        beforehand = json.loads(self.run_program("policy", "remediate", "--controls", controls).stdout)
        self.assertEqual(actions(policy) - actions(beforehand), set())
        before = carried(self.volume(OLD))
        seen = self.instance(OLD)
        self.aws.reset("calls")
        self.with_instances()
        self.own_script_ran(1)
        self.apply()
        self.assertEqual(carried(self.volume(new)), before)
        made = self.instance(new)
        for name, value in {"DirectInternetAccess": "Disabled", "RootAccess": "Disabled", "SubnetId": "subnet-0a1b2c3d",
                            "SecurityGroups": ["sg-0a1b2c3d"], "KmsKeyId": KEY, "NotebookInstanceStatus": "InService",
                            "NotebookInstanceLifecycleConfigName": "own", "VolumeSizeInGB": 20}.items():
            self.assertEqual(made[name], value)
        old = self.instance(OLD)
        self.assertEqual({name for name in seen if seen[name] != old.get(name)}, {"NotebookInstanceStatus", "LastModifiedTime"})
        # When the old one was made, before it was saved, and on the new one.
        self.own_script_ran(3)
        report = json.loads(self.run_program("scan", "--aws", "--region", REGION, "-o", "json", "--controls",
                                             controls, status=1).stdout)
        self.assertEqual({finding["name"] for finding in report["findings"] if finding["compliance"] == "FAILED"}, {OLD})
        self.run_program("undo", "--yes", "--poll", "1")
        self.assertIsNone(self.instance(new))
        old = self.instance(OLD)
        self.assertEqual({name for name in seen if seen[name] != old.get(name)}, {"LastModifiedTime"})
        self.assertEqual(self.names("NotebookInstanceLifecycleConfig"), ["own"])
        self.assertEqual(not_allowed(policy, [call for call in self.aws.calls() if call["user_agent"].startswith("sagewarden")]),
                         set())
        # The same plan again would take what is in S3 for its own.
        self.assertIn("LastModifiedTime", self.apply(status=2).stdout)

    def test_the_old_one_goes_at_a_word(self):
        action = self.plan()
        new = self.new_name(action)
        self.with_instances()
        self.apply()
        execution = sorted(Path(self.top.name, "sagewarden").glob("*.journal"))[-1].stem
        cleanup = ("resume", "--yes", "--poll", "1", "--cleanup", "--allow-delete", execution)
        # Somebody works on the old one again.
        self.client("sagemaker").start_notebook_instance(NotebookInstanceName=OLD)
        self.assertIn('NotebookInstanceStatus is "InService"', self.run_program(*cleanup, status=2).stdout)
        self.client("sagemaker").stop_notebook_instance(NotebookInstanceName=OLD)
        self.run_program(*cleanup)
        self.assertEqual(self.names("NotebookInstance"), [new])
        self.assertEqual(self.names("NotebookInstanceLifecycleConfig"), ["own"])
        kept = self.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=self.folder(action) + "files/")
        self.assertGreater(kept["KeyCount"], 5)
        # Now the new one has all that there is.
        done = self.run_program("undo", "--yes", "--poll", "1", status=2)
        self.assertIn("it is not there any more", done.stdout)
        self.assertEqual(self.instance(new)["NotebookInstanceStatus"], "InService")

    def test_a_job_that_fails_is_gone_on_with(self):
        Path(self.top.name, "denied").touch()
        self.client("sagemaker").stop_notebook_instance(NotebookInstanceName=OLD)
        action = self.plan()
        self.with_instances()
        said = self.apply(status=2).stdout
        self.assertIn("(AccessDenied) when calling the PutObject operation", said)
        self.assertIn("tried again every 5 minutes", said)
        self.assertIsNone(self.instance(self.new_name(action)))
        Path(self.top.name, "denied").unlink()
        self.marker(action, "saved", "done")
        execution = sorted(Path(self.top.name, "sagewarden").glob("*.journal"))[-1].stem
        self.run_program("resume", "--yes", "--poll", "1", execution)
        self.assertEqual(carried(self.volume(self.new_name(action))), carried(self.volume(OLD)))
        # As the old one was before.
        self.assertEqual(self.instance(self.new_name(action))["NotebookInstanceStatus"], "Stopped")


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv[1])
    if not importlib.util.find_spec("awscli"):
        print("skipped: this Python has no AWS CLI (awscli)")
        sys.exit(SKIPPED)
    run_tests(sys.argv[2:])
