#!/usr/bin/env python3
"""Times scans and a repair of AWS against a stub that answers after a fixed time (live_stub), beside what the time or the
rate alone dictate and beside the loop that one would write with the AWS CLI.

Prints a Markdown table. Standard library only. usage: live_bench.py SAGEWARDEN LIVE_STUB. The exit status is 1 when a
target was missed.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

PROGRAM, STUB = (os.path.abspath(path) for path in sys.argv[1:3])
CONCURRENCY = 32
SAMPLE = 10  # calls of the AWS CLI
missed = False


class Stub:
    def __init__(self, latency_ms, rate, resources, accounts, regions, life_ms=0):
        self.words = [str(word) for word in (latency_ms, rate, resources, accounts, regions, life_ms)]

    def __enter__(self):
        self.child = subprocess.Popen([STUB, *self.words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self.child.stdout.readline())}"
        self.folder = tempfile.TemporaryDirectory()
        self.env = {
            "PATH": os.environ["PATH"], "HOME": self.folder.name, "AWS_ENDPOINT_URL": self.url, "AWS_REGION": "eu-west-1",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "AKIA100000000000", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true",
            "no_proxy": "127.0.0.1"}
        return self

    def __exit__(self, *_):
        self.child.communicate("")
        self.folder.cleanup()

    def all_counts(self):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.url + "/") as answer:
            return json.load(answer)

    def counts(self):
        counts = self.all_counts()
        return counts["calls"] - 1, counts["throttled"]  # without this one

    def scan(self, *options):
        """Wall seconds, peak memory in MB."""
        start = time.perf_counter()
        child = subprocess.Popen([PROGRAM, "scan", "--aws", "--no-progress", "-o", "ndjson", "--concurrency", str(CONCURRENCY),
                                  *options], env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        errors = child.stderr.read().decode()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 1):
            sys.exit(f"live_bench: the scan ended with {child.returncode}: {errors}")
        return time.perf_counter() - start, usage.ru_maxrss / 1024


def row(what, figure, limit, ratio, target, met):
    global missed
    missed = missed or not met
    print(f"| {what} | {figure} | {limit} | {ratio} | {target}{'' if met else ' (missed)'} |", flush=True)


def many_in_one_account():
    with Stub(20, 0, 2000, 1, 1) as aws:
        seconds, _ = aws.scan()
        calls, _ = aws.counts()
        ideal = calls * 0.020 / CONCURRENCY
        row("2,000 notebooks and 2,000 models, 20 ms an answer", f"{seconds:.2f} s, {calls} calls",
            f"calls × 20 ms ÷ {CONCURRENCY}: {ideal:.2f} s", f"{seconds / ideal:.2f} ×", "≤ 1.3 ×", seconds <= 1.3 * ideal)
        cli = shutil.which("aws")
        if not cli:
            return
        start = time.perf_counter()
        for number in range(SAMPLE):
            subprocess.run([cli, "sagemaker", "describe-model", "--model-name", f"n{number}"], env=aws.env | {
                "HOME": os.environ.get("HOME", "/")}, stdout=subprocess.DEVNULL, check=True)
        loop = (time.perf_counter() - start) / SAMPLE * 4000
        row("the same", f"{seconds:.2f} s", f"a loop with the AWS CLI: {loop:.0f} s ({SAMPLE} calls of it, scaled)",
            f"{loop / seconds:.0f} × faster", "≥ 100 ×", loop >= 100 * seconds)


def throttled():
    rate, resources = 10, 1000
    with Stub(20, rate, resources, 1, 1) as aws:
        seconds, _ = aws.scan("--controls", "SageMaker.3")
        calls, refused = aws.counts()
        limit = (resources - rate) / rate  # what the bucket holds at first comes for free
        row(f"{resources} notebooks, {rate} Describe calls a second allowed", f"{seconds:.1f} s",
            f"the limit alone: {limit:.1f} s", f"{seconds / limit:.2f} ×", "≤ 1.15 ×", seconds <= 1.15 * limit)
        row("the same, throttled calls", f"{refused} of {calls}", "", f"{refused / calls:.1%}", "≤ 5 %", refused <= 0.05 * calls)


def organisation():
    with Stub(20, 0, 2, 200, 17) as aws:
        seconds, megabytes = aws.scan("--organization", "--role-name", "Audit")
        calls, _ = aws.counts()
        ideal = calls * 0.020 / CONCURRENCY
        row("200 accounts × 17 Regions, 4 resources each", f"{seconds:.1f} s, {calls} calls, {megabytes:.0f} MB",
            f"calls × 20 ms ÷ {CONCURRENCY}: {ideal:.1f} s", f"{seconds / ideal:.2f} ×", "≤ 1.3 ×", seconds <= 1.3 * ideal)


def memory():
    with Stub(0, 0, 50_000, 1, 1) as aws:
        seconds, megabytes = aws.scan()
        row("100,000 resources, no latency", f"{seconds:.1f} s, {megabytes:.0f} MB", "", "", "≤ 96 MB", megabytes <= 96)


# Kinder than the one that is usually written: AWS's own `aws sagemaker wait` looks every 30 seconds.
LOOP = """
for name in "$@"; do
  until_it_is() {
    until [ "$(aws sagemaker describe-notebook-instance --notebook-instance-name "$name" \\
      --query NotebookInstanceStatus --output text)" = "$1" ]; do sleep 1; done
  }
  aws sagemaker stop-notebook-instance --notebook-instance-name "$name" 2> /dev/null
  until_it_is Stopped
  aws sagemaker update-notebook-instance --notebook-instance-name "$name" --root-access Disabled || exit
  until_it_is Stopped
  aws sagemaker start-notebook-instance --notebook-instance-name "$name"
done
"""


def repair():
    notebooks, sample, life_ms = 500, ["n100", "n101", "n102", "n103"], 1000
    with Stub(20, 0, notebooks, 1, 1, life_ms) as aws:
        folder = aws.folder.name
        start = time.perf_counter()
        subprocess.run([PROGRAM, "plan", "--controls", "SageMaker.3", "--no-progress", "--quiet", "-o", f"{folder}/plan.json"],
                       env=aws.env, check=True)
        applied = subprocess.run([PROGRAM, "apply", "--yes", "--max-resources", str(notebooks), "--poll", "1", "--quiet",
                                  f"{folder}/plan.json"], env=aws.env, stderr=subprocess.PIPE, text=True)
        seconds = time.perf_counter() - start
        counts = aws.all_counts()
    # One cannot be updated, and the half that was stopped still is.
    if applied.returncode != 2 or counts["rootless"] != notebooks - 1 or counts["running"] != notebooks // 2:
        sys.exit(f"live_bench: apply ended with {applied.returncode}, {counts}: {applied.stderr}")
    if not shutil.which("aws"):
        return
    with Stub(20, 0, notebooks, 1, 1, life_ms) as aws:
        start = time.perf_counter()
        subprocess.run(["bash", "-c", LOOP, "loop", *sample], check=True,
                       env=aws.env | {"HOME": os.environ.get("HOME", "/")})
        loop = (time.perf_counter() - start) / len(sample) * notebooks
    row("root access taken from 500 notebook instances, half of them running; a second to stop, to change, to start",
        f"plan and apply {seconds:.0f} s", f"a loop with the AWS CLI: {loop:.0f} s ({len(sample)} of them, scaled)",
        f"{loop / seconds:.0f} × faster", "≥ 20 ×", loop >= 20 * seconds)


print("| what | figure | limit, same run | ratio | target |")
print("|---|---|---|---|---|")
many_in_one_account()
throttled()
organisation()
memory()
repair()
sys.exit(1 if missed else 0)
