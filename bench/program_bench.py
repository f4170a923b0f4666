#!/usr/bin/env python3
"""Times the whole program, start to exit, on templates and plans, and beside it what else is installed for the same job.

Prints a Markdown table: what was measured, the figure, the target, and the limit or peer measured in the same run.
Standard library only. usage: program_bench.py SAGEWARDEN FOLDER [MEGABYTES] (inputs are made in FOLDER, once; the AWS Config
snapshots are those of config_bench). The exit status is 1 when a target was missed.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

PROGRAM = os.path.abspath(sys.argv[1])
FOLDER = Path(sys.argv[2])
SNAPSHOT = sys.argv[3] if len(sys.argv) > 3 else "500"
MEGABYTE = 1_000_000


def run(command, times=5):
    """Median wall seconds and the largest peak memory in MB; the output is thrown away."""
    seconds, megabytes = [], 0.0
    for _ in range(times):
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(child.pid, 0)
        child.returncode = 0
        seconds.append(time.perf_counter() - start)
        megabytes = max(megabytes, usage.ru_maxrss / 1024)
    return statistics.median(seconds), megabytes


def scan(path, *more):
    return [PROGRAM, "scan", "--no-progress", *more, str(path)]


NOTEBOOK = """  Notebook{n}:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      NotebookInstanceName: !Sub "${{AWS::StackName}}-{n}"
      InstanceType: !If [IsProduction, ml.m5.xlarge, ml.t3.medium]
      RoleArn: !GetAtt Role.Arn
      SubnetId: !Ref Subnet
      SecurityGroupIds: [!Ref Group]
      DirectInternetAccess: Disabled
      RootAccess: {root}
      KmsKeyId: !ImportValue shared-key
      Tags:
        - {{Key: Owner, Value: team-{n}}}
"""
HEAD = """AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Subnet: {Type: String}
  Group: {Type: String}
  Stage: {Type: String, Default: test}
Conditions:
  IsProduction: !Equals [!Ref Stage, production]
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}
"""


def template(path, size):
    with open(path, "w") as out:
        written = out.write(HEAD)
        n = 0
        while written < size:
            written += out.write(NOTEBOOK.format(n=n, root="Enabled" if n % 10 == 0 else "Disabled"))
            n += 1


def plan(path, size):
    """A plan as `terraform show -json` prints it: planned values, changes and configuration for each resource."""
    planned, changes, configuration = [], [], []
    total = n = 0
    while total < size:
        address = f"aws_sagemaker_notebook_instance.n{n}"
        values = {"name": f"n{n}", "instance_type": "ml.t3.medium", "role_arn": "arn:aws:iam::111122223333:role/r",
                  "subnet_id": "subnet-0123456789abcdef0", "security_groups": ["sg-0123456789abcdef0"],
                  "direct_internet_access": "Disabled", "root_access": "Enabled" if n % 10 == 0 else "Disabled",
                  "volume_size": 50, "lifecycle_config_name": None, "default_code_repository": None,
                  "additional_code_repositories": None, "accelerator_types": None,
                  "tags": {"Owner": f"team-{n}"}, "tags_all": {"Owner": f"team-{n}", "Stage": "production"},
                  "instance_metadata_service_configuration": []}
        unknown = {"arn": True, "id": True, "url": True, "network_interface_id": True, "kms_key_id": True,
                   "platform_identifier": True}
        common = {"mode": "managed", "type": "aws_sagemaker_notebook_instance", "name": f"n{n}",
                  "provider_name": "registry.terraform.io/hashicorp/aws"}
        parts = [json.dumps({"address": address, **common, "schema_version": 0, "values": values,
                             "sensitive_values": {"tags": {}, "tags_all": {}}}),
                 json.dumps({"address": address, **common,
                             "change": {"actions": ["create"], "before": None, "after": values,
                                        "after_unknown": unknown, "before_sensitive": False, "after_sensitive": {}}}),
                 json.dumps({"address": address, **common, "provider_config_key": "aws", "schema_version": 0,
                             "expressions": {"name": {"constant_value": f"n{n}"},
                                             "kms_key_id": {"references": ["aws_kms_key.k.arn", "aws_kms_key.k"]}}})]
        for kind, part in zip((planned, changes, configuration), parts):
            kind.append(part)
            total += len(part) + 1
        n += 1
    with open(path, "w") as out:
        out.write('{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{"resources":[')
        out.write(",".join(planned) + ']}},"resource_changes":[' + ",".join(changes))
        out.write('],"configuration":{"provider_config":{"aws":{"name":"aws","expressions":{"region":'
                  '{"constant_value":"eu-west-1"}}}},"root_module":{"resources":[' + ",".join(configuration) + "]}}}")


def made(name, make, size):
    path = FOLDER / name
    if not path.exists():
        make(path, size)
    return path


missed = []


def row(what, figure, target, is_met, beside=""):
    if not is_met:
        missed.append(what)
    print(f"| {what} | {figure} | {target}{'' if is_met else ' (missed)'} | {beside} |", flush=True)


def peers(path):
    """What else is installed, timed once on the same template."""
    found = []
    for name, command in (("cfn-lint", ["cfn-lint", str(path)]), ("jq", ["jq", ".", str(path)])):
        if shutil.which(command[0]) and not (name == "jq" and path.suffix != ".json"):
            found.append(f"{name} {run(['timeout', '60', *command], 1)[0]:.2f} s (stopped at 60 s)")
    guard = os.environ.get("CFN_GUARD") or shutil.which("cfn-guard")
    if guard:
        rule = FOLDER / "root.guard"
        rule.write_text("let notebooks = Resources.*[ Type == 'AWS::SageMaker::NotebookInstance' ]\n"
                        "rule root when %notebooks !empty { %notebooks.Properties.RootAccess == 'Disabled' }\n")
        found.append(f"cfn-guard, one rule {run([guard, 'validate', '-d', str(path), '-r', str(rule)], 1)[0]:.2f} s")
    return ", ".join(found)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    print("| what | measured | target | beside it, same run |\n|---|---|---|---|")
    small = made("small.yaml", template, 6_000)
    lines = sum(1 for _ in open(small))
    seconds, megabytes = run(scan(small), 41)
    nothing, _ = run(["/bin/true"], 41)
    row(f"template of {lines} lines, start to exit", f"{seconds * 1000:.1f} ms, {megabytes:.0f} MB", "≤ 15 ms", seconds <= 0.015,
        f"`/bin/true` {nothing * 1000:.1f} ms; {peers(small)}")
    large = made("large.yaml", template, 5 * MEGABYTE)
    seconds, megabytes = run(scan(large))
    row("YAML template of 5 MB", f"{seconds:.2f} s, {megabytes:.0f} MB", "≤ 0.3 s", seconds <= 0.3, peers(large))
    path = made("plan.json", plan, 100 * MEGABYTE)
    size = path.stat().st_size / (1024 * 1024)
    seconds, megabytes = run(scan(path))
    row(f"Terraform plan of {path.stat().st_size / MEGABYTE:.0f} MB",
        f"{seconds:.2f} s, {megabytes:.0f} MB = {megabytes / size:.1f} × its size", "≤ 1 s, ≤ 6 ×",
        seconds <= 1 and megabytes <= 6 * size, peers(path))
    for percent in (100, 5):
        for ending in ("json", "json.gz"):
            path = FOLDER / f"config-{percent}-{SNAPSHOT}mb.{ending}"
            if not path.exists():
                continue
            seconds, megabytes = run(scan(path), 1)
            read, _ = run(["cat", str(path)], 1)
            row(f"AWS Config snapshot of {SNAPSHOT} MB, {percent} % SageMaker, {ending}, text report",
                f"{seconds:.1f} s, {megabytes:.0f} MB", "≤ 48 MB", megabytes <= 48, f"`cat` {read:.1f} s")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
