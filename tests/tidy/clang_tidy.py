#!/usr/bin/env python3
"""Runs clang-tidy on sources, LINT_JOBS at a time (by default one for each processor), and remembers what was clean.

A source's key is a hash of its text, of all our headers that it includes, of its compile command, of .clang-tidy and of the
program's version, so that a second run reads only what changed. The memory is in the user's cache folder.

usage: clang_tidy.py BUILD_FOLDER FILE...
"""
import hashlib
import json
import os
import re
import resource
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import lru_cache
from pathlib import Path

CLANG_TIDY = "clang-tidy"
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sagewarden/clang-tidy"
# A debug tree's commands are g++'s; clang does not know all of their options. Reserved names are told by clang itself.
OPTIONS = ["--quiet", "--extra-arg=-Wno-unknown-warning-option", "--extra-arg=-Wreserved-identifier"]
# Following every path through GoogleTest's macros takes most of the time and finds nothing that the sanitizers don't; and how
# fast a test puts its texts together is of no interest.
OPTIONS_FOR_TESTS = ["--checks=-clang-analyzer-*,-performance-inefficient-*"]


@lru_cache(maxsize=None)
def direct_includes(path):
    found = []
    for name in INCLUDE.findall(path.read_bytes()):
        for folder in (Path("src"), path.parent):
            if (folder / name.decode()).exists():
                found.append(folder / name.decode())
                break
    return found


def all_includes(path):
    seen, waiting = {path}, [path]
    while waiting:
        for included in direct_includes(waiting.pop()):
            if included not in seen:
                seen.add(included)
                waiting.append(included)
    return sorted(seen)


def read_commands(build):
    """Each source's compile command, without the place of the checkout."""
    root = Path.cwd()
    commands = {}
    for entry in json.loads(Path(build, "compile_commands.json").read_text()):
        path = Path(entry["file"])
        if path.is_relative_to(root):
            commands[path.relative_to(root)] = entry["command"].replace(f"{root}/", "").replace(build, "")
    return commands


def key_of(path, common):
    digest = hashlib.sha256(common)
    for file in all_includes(path):
        digest.update(str(file).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def check(path, build, common):
    """The complaints about one source (none when it is clean), and whether that was remembered."""
    mark = CACHE / key_of(path, common)
    if mark.exists():
        return "", True
    options = OPTIONS + (OPTIONS_FOR_TESTS if path.stem.endswith("_test") else [])
    run = subprocess.run([CLANG_TIDY, "-p", build, *options, str(path)], capture_output=True, text=True, check=False)
    if run.returncode == 0 and not run.stdout.strip():
        mark.touch()
        return "", False
    return run.stdout or run.stderr, False


def main():
    build = sys.argv[1]
    sources = [Path(name) for name in sys.argv[2:] if name.endswith(".cc")]
    commands = read_commands(build)
    missing = [str(source) for source in sources if source not in commands]
    if missing:
        sys.exit(f"lint: {build} has no compile command for {', '.join(missing)}")
    CACHE.mkdir(parents=True, exist_ok=True)
    version = subprocess.run([CLANG_TIDY, "--version"], capture_output=True, check=True).stdout
    common = version + Path(".clang-tidy").read_bytes() + " ".join(OPTIONS + OPTIONS_FOR_TESTS).encode()

    print(f"lint: clang-tidy on {len(sources)} sources", flush=True)
    wrong = remembered = 0
    with ThreadPoolExecutor(int(os.environ.get("LINT_JOBS") or os.cpu_count())) as pool:
        runs = [pool.submit(check, source, build, common + commands[source].encode()) for source in sources]
        for run in as_completed(runs):
            complaints, known = run.result()
            remembered += known
            if complaints:
                wrong += 1
                print(complaints, flush=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"lint: {len(sources)} sources, {remembered} unchanged since they were clean, {wrong} wrong;"
          f" {(used.ru_utime + used.ru_stime) / 60:.1f} minutes of processor time")
    return 1 if wrong or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
