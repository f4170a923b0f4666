"""What the report checks share: the samples, and how a check says what it needs and what it found."""

import importlib
import json
import os
import re
import shutil
import sys

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
HERE = os.path.dirname(os.path.abspath(__file__))
SYSTEM_PYTHON = "/usr/bin/python3"


def skip(what, package):
    print(f"skipped: {what} is not installed (Debian: apt-get install {package})")
    sys.exit(SKIPPED)


def module(name, package):
    """Imports a module. Debian's packages belong to the system's own python, so that is tried as well."""
    try:
        return importlib.import_module(name)
    except ImportError:
        pass
    if os.path.exists(SYSTEM_PYTHON) and "REPORTS_CHECK_AGAIN" not in os.environ:
        os.environ["REPORTS_CHECK_AGAIN"] = "1"
        os.execv(SYSTEM_PYTHON, [SYSTEM_PYTHON] + sys.argv)
    skip(f"python module {name}", package)


def program(name, package):
    path = shutil.which(name)
    if path is None:
        skip(name, package)
    return path


def samples(format_name):
    """(sample name, path) of every sample in that format; it is an error if there is none."""
    folder = sys.argv[1]
    ending = "." + format_name
    found = [(name[: -len(ending)], os.path.join(folder, name))
             for name in sorted(os.listdir(folder)) if name.endswith(ending)]
    if not found:
        sys.exit(f"no sample ends in {ending} in {folder}: run report_samples first")
    return found


# Marks, embeddings, overrides and isolates: a reader of the file would see other words than are there.
TURNS_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def read(path):
    with open(path, "rb") as file:
        text = file.read().decode("utf-8")  # strict: broken UTF-8 is a failure
    if TURNS_DIRECTION.search(text):
        sys.exit(f"{path}: holds characters that turn the direction of text")
    return text


def read_json(path):
    def unique(pairs):
        names = [name for name, _ in pairs]
        if len(names) != len(set(names)):
            raise ValueError(f"{path}: a name is given twice: {sorted(names)}")
        return dict(pairs)

    def constant(text):
        raise ValueError(f"{path}: {text} is not JSON")

    return json.loads(read(path), object_pairs_hook=unique, parse_constant=constant)


class Check:
    """Counts what was checked and collects what was wrong."""

    def __init__(self):
        self.count = 0
        self.problems = []

    def that(self, holds, problem):
        self.count += 1
        if not holds:
            self.problems.append(problem)

    def finish(self):
        for problem in self.problems[:20]:
            print("WRONG", problem[:600])
        print(f"{self.count} checks, {len(self.problems)} wrong")
        sys.exit(1 if self.problems or self.count == 0 else 0)
