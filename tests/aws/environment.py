#!/usr/bin/env python3
"""Finds a Python that has what the server needs, or makes one: a virtual environment below build/.

usage: environment.py     prints the path of that Python; exit status 77 when there is none and none can be made
"""
import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
# moto's internals are used (see fakeaws/motoapp.py), and botocore is what requests are judged by: both are pinned.
PACKAGES = ("moto[server]==5.2.1", "botocore==1.43.11", "boto3==1.43.11", "awscli==1.45.11")
# Looks only, as importing all of it takes a second. Says which Python it is: a name in PATH may be a script that looks for it.
PROBE = ("import sys\n"
         "from importlib.metadata import version\n"
         "from importlib.util import find_spec\n"
         "assert version('moto') == '5.2.1' and version('botocore') == '1.43.11'\n"
         "assert all(find_spec(name) for name in ('boto3', 'flask', 'flask_cors', 'werkzeug', 'cryptography'))\n"
         "print(sys.executable)")
ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / "build" / "aws-python"


def _serving(python):
    """The path of that Python, or None when it has not all that is needed."""
    if not python or not os.path.exists(python):
        return None
    done = subprocess.run([python, "-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def _make(log):
    """Makes the virtual environment; False when that fails. Tests run side by side: the first makes it for all."""
    VENV.parent.mkdir(exist_ok=True)
    with open(VENV.with_suffix(".lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _serving(str(VENV / "bin" / "python")) is not None or _install(log)


def _install(log):
    print(f"environment: installing {', '.join(PACKAGES)} into {VENV}", file=log, flush=True)
    steps = ([sys.executable, "-m", "venv", "--clear", str(VENV)],
             [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--retries", "1", *PACKAGES])
    for step in steps:
        done = subprocess.run(step, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            print(done.stdout, file=log)
            return False
    return True


def find(log=sys.stderr):
    """The path of a Python that can run the server, or None."""
    for python in (os.environ.get("SAGEWARDEN_AWS_PYTHON"), sys.executable, str(VENV / "bin" / "python"),
                   shutil.which("python3")):
        found = _serving(python)
        if found:
            return found
    return _serving(str(VENV / "bin" / "python")) if _make(log) else None


def find_or_skip():
    """As find(); without one says so and ends the program as skipped."""
    python = find()
    if python is None:
        print(f"skipped: no Python with {', '.join(PACKAGES)}, and pip could not install them; name one in "
              "SAGEWARDEN_AWS_PYTHON")
        sys.exit(SKIPPED)
    return python


def run_in_it():
    """Goes on in that Python, for a script that itself needs boto3."""
    python = find_or_skip()
    if os.path.realpath(python) != os.path.realpath(sys.executable) or not _serving(sys.executable):
        os.execv(python, [python, *sys.argv])


if __name__ == "__main__":
    print(find_or_skip())
