#!/usr/bin/env python3
"""Hostile and broken input, given to the whole program.

Each case makes its input, runs `sagewarden scan` on it beside one healthy file, and checks four things: the exit status, a
message that names the file and the reason, bounded peak memory and time, and that the healthy neighbour was not lost.
Standard library only.

usage: hostile_test.py SAGEWARDEN [CASE …]
HOSTILE_MEGABYTES sets how long the longest line is (default 1024; a build without optimisation takes its time).
"""
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

PROGRAM = os.path.abspath(sys.argv[1])
CASES = []
MEGABYTE = 1024 * 1024
LONG = int(os.environ.get("HOSTILE_MEGABYTES", "1024"))

# SageMaker.3 fails on it, everything else passes.
HEALTHY = {
    "NotebookInstanceArn": "arn:aws:sagemaker:eu-west-1:111122223333:notebook-instance/healthy",
    "NotebookInstanceName": "healthy", "NotebookInstanceStatus": "InService", "InstanceType": "ml.t3.medium",
    "SubnetId": "subnet-1", "RoleArn": "arn:aws:iam::111122223333:role/n", "KmsKeyId": "k",
    "DirectInternetAccess": "Disabled", "RootAccess": "Enabled", "PlatformIdentifier": "notebook-al2023-v1",
}


class Skip(Exception):
    pass


def case(function):
    CASES.append(function)
    return function


class Run:
    """One run of the program: exit status, output, peak memory in MB, seconds."""

    def __init__(self, *arguments, feed=None, program=PROGRAM, prefix=()):
        command = [*prefix, str(program), "scan", "--no-progress", "-o", "ndjson", *map(str, arguments)]
        # Output goes to files, so that a child that prints much can't block while it is being fed.
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            start = time.monotonic()
            child = subprocess.Popen(command, stdin=subprocess.PIPE if feed else subprocess.DEVNULL, stdout=out,
                                     stderr=err)
            try:
                for piece in feed or ():
                    child.stdin.write(piece)
                if feed:
                    child.stdin.close()
            except BrokenPipeError:
                pass
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            self.seconds = time.monotonic() - start
            self.status = child.returncode
            self.megabytes = usage.ru_maxrss / 1024
            out.seek(0)
            err.seek(0)
            records = [json.loads(line) for line in out.read().splitlines() if line.startswith(b"{")]
            self.findings = [record for record in records if record["format"] != "sagewarden-run/1"]
            self.err = err.read().decode("utf-8", "replace")

    def failed(self, name):
        return [f["control"] for f in self.findings if f["name"] == name and f["compliance"] == "FAILED"]


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def check_named(run, *words):
    """The broken thing is named on standard error, and the run did not end as if all were well."""
    check(run.status in (1, 2, 3), f"exit status {run.status}\n{run.err}")
    for word in words:
        check(word.lower() in run.err.lower(), f"standard error does not say {word!r}:\n{run.err}")


def check_bounds(run, megabytes, seconds):
    check(run.megabytes <= megabytes, f"{run.megabytes:.0f} MB, more than {megabytes}")
    check(run.seconds <= seconds, f"{run.seconds:.1f} s, more than {seconds}")


def check_neighbour(run):
    check("SageMaker.3" in run.failed("healthy"), f"the healthy neighbour was lost\n{run.err}")


def write(folder, name, content):
    path = Path(folder) / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def config_item(number, **more):
    return {"configurationItemStatus": "OK", "configurationItemCaptureTime": "2026-11-01T00:00:00Z",
            "ARN": f"arn:aws:sagemaker:eu-west-1:111122223333:notebook-instance/n{number}",
            "awsAccountId": "111122223333", "awsRegion": "eu-west-1", "resourceName": f"n{number}",
            "resourceId": f"n{number}", "resourceType": "AWS::SageMaker::NotebookInstance", "tags": {},
            "configuration": {"RootAccess": "Enabled", "DirectInternetAccess": "Disabled", "SubnetId": "s",
                              "KmsKeyId": "k"}, **more}


def snapshot(items):
    return '{"fileVersion":"1.0","configSnapshotId":"x","configurationItems":[' + ",".join(items) + "]}"


def broken_file(folder, name, content, words, megabytes=200, seconds=30):
    """The common course: one broken file, named, beside a healthy one that is still reported."""
    write(folder, "healthy.json", json.dumps(HEALTHY))
    write(folder, name, content)
    run = Run(folder)
    check_named(run, name, *words)
    check(run.status == 1, f"exit status {run.status}: the healthy neighbour fails a control")
    check_neighbour(run)
    check_bounds(run, megabytes, seconds)
    alone = Run(Path(folder) / name)
    check_named(alone, name)
    check(alone.status in (2, 3), f"alone, exit status {alone.status}")
    check(not alone.failed(""), "a finding without a name")


def one_line(first, rest, megabytes, memory):
    """A snapshot in one line of that length: an item, and another one again and again; memory in MB."""
    batch = (("," + json.dumps(rest)) * 1000).encode()

    def feed():
        yield snapshot([json.dumps(first)])[:-2].encode()
        for _ in range(MEGABYTE * megabytes // len(batch)):
            yield batch
        yield b"]}"

    run = Run("-", feed=feed())
    check(run.status == 1, f"exit status {run.status}\n{run.err}")
    check(run.failed("n1").count("SageMaker.3") == 1, "one resource, one finding, however often it is listed")
    check_bounds(run, memory, 120)


@case
def one_line_of_a_gigabyte(folder):
    one_line(config_item(1), config_item(2, resourceType="AWS::EC2::Instance"), LONG, 128)


@case
def a_resource_a_hundred_thousand_times(folder):
    one_line(config_item(1), config_item(1), min(LONG, 48), 64)


@case
def one_value_of_a_gigabyte(folder):
    def feed():
        yield b'{"fileVersion":"1.0","configurationItems":[' + json.dumps(config_item(1)).encode() + b',{"ARN":"'
        for _ in range(max(LONG, 100)):  # beyond what one item may have, in any case
            yield b"a" * MEGABYTE
        yield b'"},' + json.dumps(config_item(2)).encode() + b"]}"

    run = Run("-", feed=feed())
    check_named(run, "64 MB")
    check("SageMaker.3" in run.failed("n1") and "SageMaker.3" in run.failed("n2"), "a neighbour was lost")
    check_bounds(run, 300, 120)


@case
def deep_nesting_in_json(folder):
    broken_file(folder, "deep.json", '{"Resources":' + "[" * 100_000 + "]" * 100_000 + "}", ["deep"])


@case
def deep_nesting_in_yaml(folder):
    broken_file(folder, "deep.yaml", "Resources: " + "[" * 100_000, ["deep"])


@case
def deep_nesting_in_an_item(folder):
    deep = json.dumps(config_item(2)).replace('"tags": {}', '"tags":' + "[" * 100_000 + "]" * 100_000)
    path = write(folder, "config.json", snapshot([json.dumps(config_item(1)), deep, json.dumps(config_item(3))]))
    run = Run(path)
    check_named(run, "config.json", "deep")
    check("SageMaker.3" in run.failed("n1") and "SageMaker.3" in run.failed("n3"), "a neighbour was lost")
    check(not run.failed("n2"), "the broken item was judged")


@case
def alias_bomb(folder):
    text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
    for level in range(1, 12):
        text += f"a{level}: &a{level} [" + ",".join([f"*a{level - 1}"] * 9) + "]\n"
    broken_file(folder, "bomb.yaml", text + "Resources: {}\n", ["alias"])


@case
def nul_bytes(folder):
    broken_file(folder, "nul.yaml", b"Resources:\n  A: \0\n", [])


@case
def nul_bytes_in_json(folder):
    broken_file(folder, "nul.json", b'{"Resources": {"A": \0}}', [])


@case
def invalid_utf8(folder):
    broken_file(folder, "latin1.json", b'{"Resources": {"A": {"Type": "AWS::SageMaker::Model", "Metadata": "caf\xe9"}}}', [])


@case
def invalid_utf8_in_an_item(folder):
    bad = json.dumps(config_item(2)).encode().replace(b"n2", b"n\xff2")
    content = snapshot([json.dumps(config_item(1)), "@", json.dumps(config_item(3))]).encode().replace(b"@", bad)
    run = Run(write(folder, "config.json", content))
    check_named(run, "config.json")
    check(run.failed("n1") and run.failed("n3"), "a neighbour was lost")


@case
def doubled_keys(folder):
    model = '"Type":"AWS::SageMaker::Model","Properties":{"EnableNetworkIsolation":true,"EnableNetworkIsolation":false}'
    broken_file(folder, "doubled.json", '{"Resources":{"M":{' + model + "}}}", ["twice"])


@case
def doubled_keys_in_yaml(folder):
    broken_file(folder, "doubled.yaml",
                "Resources:\n  M:\n    Type: AWS::SageMaker::Model\n    Type: AWS::SageMaker::Model\n", ["twice"])


@case
def doubled_keys_in_an_item(folder):
    doubled = json.dumps(config_item(2)).replace('"RootAccess": "Enabled"',
                                                 '"RootAccess": "Disabled", "RootAccess": "Enabled"')
    run = Run(write(folder, "config.json", snapshot([json.dumps(config_item(1)), doubled])))
    check_named(run, "config.json", "RootAccess")
    check(run.failed("n1"), "a neighbour was lost")
    check(not [f for f in run.findings if f["name"] == "n2" and f["compliance"] == "PASSED"],
          "an ambiguous item passed")


@case
def integers_beyond_64_bits(folder):
    huge = json.dumps(config_item(2)).replace('"tags": {}', '"tags": {}, "version": 99999999999999999999999')
    run = Run(write(folder, "config.json", snapshot([json.dumps(config_item(1)), huge])))
    check_named(run, "config.json", "64 bits")
    check(run.failed("n1"), "a neighbour was lost")


@case
def gzip_bomb(folder):
    compressor = zlib.compressobj(1, zlib.DEFLATED, 31)
    chunk = b" " * (16 * MEGABYTE)
    with open(Path(folder) / "bomb.json.gz", "wb") as out:
        out.write(compressor.compress(b'{"Resources": '))
        for _ in range(LONG // 8):  # 2 GB by default, twice what is read of one file
            out.write(compressor.compress(chunk))
        out.write(compressor.flush())
    write(folder, "healthy.json", json.dumps(HEALTHY))
    run = Run(folder)
    # Where there is less of it than the limit, it is merely malformed.
    check_named(run, "bomb.json.gz", "larger than" if LONG >= 512 else "")
    check_neighbour(run)
    check_bounds(run, 2200, 120)  # a text of a gigabyte, the limit of one file, while it grows


@case
def truncated_gzip(folder):
    whole = gzip.compress(snapshot(json.dumps(config_item(n)) for n in range(2000)).encode())
    run = Run(write(folder, "config.json.gz", whole[: len(whole) * 2 // 3]))
    check_named(run, "config.json.gz", "truncated")
    check(run.failed("n1"), "what was whole before the cut was lost")


@case
def corrupt_gzip(folder):
    whole = bytearray(gzip.compress(snapshot(json.dumps(config_item(n)) for n in range(2000)).encode()))
    whole[-6] ^= 0xFF  # the checksum
    run = Run(write(folder, "config.json.gz", bytes(whole)))
    check_named(run, "config.json.gz")


@case
def truncated_snapshot(folder):
    whole = snapshot(json.dumps(config_item(n)) for n in range(100))
    run = Run(write(folder, "config.json", whole[:-1000]))
    check_named(run, "config.json", "truncated")
    check(run.failed("n1"), "what was whole before the cut was lost")


@case
def symlink_loop(folder):
    write(folder, "healthy.json", json.dumps(HEALTHY))
    inner = Path(folder) / "inner"
    inner.mkdir()
    (inner / "loop").symlink_to(folder)
    (inner / "self").symlink_to("self")
    run = Run(folder)
    check_neighbour(run)
    check(len(run.failed("healthy")) == 1, "a loop made a resource appear twice")
    check_bounds(run, 100, 10)


@case
def unreadable_file(folder):
    write(folder, "healthy.json", json.dumps(HEALTHY)).chmod(0o644)
    write(folder, "secret.json", json.dumps(HEALTHY)).chmod(0)
    if os.geteuid() != 0:
        run = Run(folder)
    elif not shutil.which("setpriv"):
        raise Skip("root reads everything, and setpriv is missing")
    else:  # as nobody, with a copy of the program where nobody may reach it
        os.chmod(folder, 0o755)
        program = shutil.copy(PROGRAM, Path(folder).parent / "sagewarden")
        run = Run(folder, program=program, prefix=("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"))
    check_named(run, "secret.json", "permission")
    check_neighbour(run)


@case
def an_empty_file(folder):
    broken_file(folder, "empty.json", "", [])


@case
def a_folder_without_input(folder):
    write(folder, "README.txt", "nothing here")
    run = Run(folder)
    check(run.status == 2, f"exit status {run.status}\n{run.err}")


@case
def a_missing_file(folder):
    run = Run(Path(folder) / "gone.json")
    check(run.status == 2, f"exit status {run.status}")
    check_named(run, "gone.json")


@case
def escapes_in_names(folder):
    notebook = dict(HEALTHY, NotebookInstanceName="evil\x1b[2J\x07", NotebookInstanceArn=HEALTHY["NotebookInstanceArn"] + "2")
    path = write(folder, "evil.json", json.dumps(notebook))
    out = subprocess.run([PROGRAM, "scan", path], capture_output=True, check=False)
    check(out.returncode == 1, f"exit status {out.returncode}")
    check(b"\x1b[2J" not in out.stdout + out.stderr and b"\x07" not in out.stdout + out.stderr,
          "a name moved the cursor")


def main():
    wanted = set(sys.argv[2:])
    passed = failed = skipped = 0
    for function in CASES:
        if wanted and function.__name__ not in wanted:
            continue
        outer = tempfile.mkdtemp(prefix="hostile-")
        os.chmod(outer, 0o755)
        folder = os.path.join(outer, "input")
        os.mkdir(folder)
        start = time.monotonic()
        try:
            function(folder)
            passed += 1
            print(f"ok    {function.__name__} ({time.monotonic() - start:.1f} s)", flush=True)
        except Skip as reason:
            skipped += 1
            print(f"skip  {function.__name__}: {reason}", flush=True)
        except AssertionError as reason:
            failed += 1
            print(f"FAIL  {function.__name__}: {reason}", flush=True)
        finally:
            shutil.rmtree(outer, ignore_errors=True)
    print(f"hostile: {passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
