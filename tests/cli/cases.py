#!/usr/bin/env python3
"""Runs whole-program cases: folders with

  cmd      a bash script; `sagewarden` is the program, the current folder is a copy of in/, $INPUTS has files that many
           cases use, $ROOT is the project
  in/      the files it finds there (may be missing)
  out      what it must write to standard output   (missing: nothing)
  err      what it must write to standard error    (missing: nothing)
  rc       its exit status                         (missing: 0)

In out and err, `{*}` stands for any text within a line, and a line `{...}` for any number of lines.
A case that cannot run here says so itself by exiting with status 77, which counts as skipped.

usage: cases.py PROGRAM CASE...            runs them
       cases.py --update PROGRAM CASE...   writes what came out; read the difference before committing it
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
TIMEOUT = 60
ROOT = Path(__file__).resolve().parents[2]


def pattern_of(expected):
    parts = []
    for line in expected.splitlines(keepends=True):
        if line == "{...}\n":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*".join(re.escape(part) for part in line.split("{*}")))
    return re.compile("".join(parts))


def run(program, case):
    """Standard output, standard error and exit status of the case's script."""
    # What a failing case leaves running may still write while its folder is removed.
    with tempfile.TemporaryDirectory(prefix="case-", ignore_cleanup_errors=True) as top:
        work = Path(top, "work")
        if (case / "in").is_dir():
            shutil.copytree(case / "in", work, symlinks=True)
        else:
            work.mkdir()
        tools = Path(top, "bin")
        tools.mkdir()
        (tools / "sagewarden").symlink_to(program)
        environment = {
            "PATH": f"{tools}:{os.environ['PATH']}", "HOME": top, "TMPDIR": top, "LC_ALL": "C.UTF-8", "TERM": "xterm",
            "ROOT": str(ROOT), "INPUTS": str(ROOT / "tests/cli/inputs"),
        }
        done = subprocess.run(["bash", "-u", str(case / "cmd")], cwd=work, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=TIMEOUT, check=False)
    return done.stdout.decode("utf-8", "backslashreplace"), done.stderr.decode("utf-8", "backslashreplace"), done.returncode


def read(path, otherwise=""):
    return path.read_text() if path.exists() else otherwise


def check(program, case):
    """What is wrong, as text; empty when nothing is, None when the case was skipped."""
    out, err, status = run(program, case)
    if status == SKIPPED:
        return None
    wrong = []
    wanted = int(read(case / "rc", "0"))
    if status != wanted:
        wrong.append(f"exit status {status}, not {wanted}")
    for name, got in (("out", out), ("err", err)):
        expected = read(case / name)
        if not pattern_of(expected).fullmatch(got):
            wrong.append(f"--- {name} expected\n{expected}--- {name} got\n{got}")
    return "\n".join(wrong)


def update(program, case):
    out, err, status = run(program, case)
    if status == SKIPPED:
        return
    for name, got in (("out", out), ("err", err), ("rc", f"{status}\n" if status else "")):
        path = case / name
        # What is right already keeps its placeholders.
        if name != "rc" and pattern_of(read(path)).fullmatch(got):
            continue
        if got:
            path.write_text(got)
        else:
            path.unlink(missing_ok=True)


def main():
    arguments = sys.argv[1:]
    updating = arguments[0] == "--update"
    program, *cases = arguments[1:] if updating else arguments
    program = Path(program).resolve()
    passed = failed = skipped = 0
    for case in map(lambda name: Path(name).resolve(), cases):
        if updating:
            print(case.name, flush=True)
            update(program, case)
            continue
        wrong = check(program, case)
        if wrong is None:
            skipped += 1
            print(f"{case.name}: skipped")
        elif wrong:
            failed += 1
            print(f"{case.name}: FAILED\n{wrong}")
        else:
            passed += 1
    print(f"cases: {passed} passed, {failed} failed, {skipped} skipped")
    if failed:
        return 1
    return SKIPPED if skipped and not passed else 0


if __name__ == "__main__":
    sys.exit(main())
