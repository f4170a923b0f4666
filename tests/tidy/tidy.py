#!/usr/bin/env python3
"""The rules of the code that neither compiler, formatter nor linter knows.

usage: tidy.py ROOT
"""
import re
import sys
from pathlib import Path

MAX_LINES = 600
SKIPPED = {".git", "build", "node_modules", "__pycache__", "corpus", "golden", "in", "data", "sigv4"}
TEXT = {".cc", ".h", ".py", ".sh", ".cmake", ".txt", ".md", ".yaml", ".yml", ".json", ".js", ".css", ".html", ""}
# Users that AWS's own images have are no machine's.
MACHINE_PATH = re.compile(r"(?<![\w.])/(work/|home/(?!ec2-user|sagemaker-user)\w|Users/\w|root/\w)")
# Where words count that are forbidden elsewhere.
OF_RULES = {"tests/tidy/words.txt", "tests/tidy/tidy.py"}


def files_of(root):
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if path.is_file() and not SKIPPED & set(relative.parts) and path.suffix in TEXT:
            yield relative.as_posix(), path


def read_words(path):
    words = []
    for line in path.read_text().splitlines():
        if line and not line.startswith("# "):
            pattern, advice, suffixes = re.split(r"\s{2,}", line.strip(), maxsplit=2)
            wanted = tuple(s for s in suffixes.split() if not s.startswith("!"))
            unwanted = tuple(s[1:] for s in suffixes.split() if s.startswith("!"))
            words.append((re.compile(pattern), advice, wanted, unwanted))
    return words


def check_words(name, lines, words):
    for number, line in enumerate(lines, 1):
        for pattern, advice, wanted, unwanted in words:
            if name.endswith(wanted) and not (unwanted and name.endswith(unwanted)) and pattern.search(line):
                yield f"{name}:{number}: '{pattern.search(line).group().strip()}'; instead: {advice}"
        if MACHINE_PATH.search(line):
            yield f"{name}:{number}: a path of one machine"


def check_text(name, text, lines):
    if len(lines) > MAX_LINES and name.endswith((".cc", ".h", ".py", ".sh")):
        yield f"{name}: {len(lines)} lines, more than {MAX_LINES}"
    if text and not text.endswith("\n"):
        yield f"{name}: no line end at the end"
    if "\r" in text:
        yield f"{name}: carriage returns"
    if name.endswith((".cc", ".h", ".py", ".cmake", "CMakeLists.txt")):
        for number, line in enumerate(lines, 1):
            if line != line.rstrip() or "\t" in line:
                yield f"{name}:{number}: a tab or a blank at the end"


def check_header(name, lines):
    if not name.startswith("src/") or not name.endswith(".h"):
        return
    if "#pragma once" not in lines:
        yield f"{name}: no #pragma once"
    if not lines[0].startswith("// "):
        yield f"{name}: does not say in its first line what it is for"


def check_listed(root, name):
    """A source that no CMakeLists.txt names is not compiled, and its tests never run."""
    if not name.startswith("src/") or not name.endswith(".cc"):
        return
    path = root / name
    for folder in path.parents:
        listing = folder / "CMakeLists.txt"
        if listing.exists():
            if re.search(rf"\b{re.escape(path.relative_to(folder).as_posix())}\b", listing.read_text()):
                return
            if folder == root:
                break
    yield f"{name}: no CMakeLists.txt names it"


def check_controls(root):
    """Each control has a section in the reference, and each section a control."""
    ids = {path.stem for path in (root / "controls").rglob("*.yaml")}
    page = root / "docs/controls.md"
    reference = page.read_text() if page.exists() else ""
    sections = set(re.findall(r"^#{2,3} ((?:SageMaker|Sagewarden)\.\d+)\b", reference, re.MULTILINE))
    for control in sorted(ids ^ sections):
        yield f"docs/controls.md: {control} is {'missing' if control in ids else 'no control'}; made by: " \
              "sagewarden controls reference"
    for path in (root / "controls").rglob("*.yaml"):
        if not re.search(rf"^id: {re.escape(path.stem)}$", path.read_text(), re.MULTILINE):
            yield f"{path.relative_to(root)}: is not named after its id"


def main():
    root = Path(sys.argv[1]).resolve()
    words = read_words(root / "tests/tidy/words.txt")
    wrong, count = [], 0
    for name, path in files_of(root):
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            wrong.append(f"{name}: not UTF-8")
            continue
        count += 1
        lines = text.splitlines()
        wrong += check_text(name, text, lines)
        wrong += check_header(name, lines)
        wrong += check_listed(root, name)
        if name not in OF_RULES:
            wrong += check_words(name, lines, words)
    wrong += check_controls(root)
    print("\n".join(wrong))
    print(f"tidy: {count} files, {len(wrong)} wrong")
    return 1 if wrong or count < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
