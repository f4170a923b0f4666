#!/usr/bin/env python3
"""Reads the #includes of src/ and fails on one that layers.txt does not allow.

usage: layers.py ROOT
"""
import re
import sys
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def read_table(path):
    table = {}
    for line in path.read_text().splitlines():
        line = line.split("#")[0].strip()
        if line:
            folder, allowed = line.split(":")
            table[folder.strip()] = allowed.split()
    return table


def layer_of(file, table):
    """The longest folder of the table that the file is in."""
    parts = file.split("/")[:-1]
    while parts:
        if "/".join(parts) in table:
            return "/".join(parts)
        parts.pop()
    return "main"


def is_below(file, folder):
    return file == folder or file.startswith(folder + "/")


def main():
    root = Path(sys.argv[1]) / "src"
    table = read_table(Path(__file__).with_name("layers.txt"))
    wrong, includes, files = [], 0, 0
    for path in sorted(root.rglob("*")):
        if path.suffix not in (".cc", ".h"):
            continue
        files += 1
        file = path.relative_to(root).as_posix()
        layer = layer_of(file, table)
        for included in INCLUDE.findall(path.read_text()):
            includes += 1
            if not any(is_below(included, folder) for folder in (layer, *table[layer])):
                wrong.append(f'src/{file}: {layer} may not include "{included}"')
    print("\n".join(wrong))
    print(f"layers: {includes} includes in {files} files, {len(wrong)} wrong")
    # A test that finds nothing to look at has not looked.
    return 1 if wrong or includes < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
