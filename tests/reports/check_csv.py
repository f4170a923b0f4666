"""CSV as Python's reader sees it, and what a spreadsheet would make of each cell."""

import csv
import io

import checking

check = checking.Check()
csv.field_size_limit(10**7)
WANTED = ["id", "control", "compliance", "severity", "type", "arn", "name", "account", "region", "reasons", "file",
          "line", "suppressed"]


def is_formula(cell):
    text = cell.lstrip(" \"\u00a0\ufeff")
    return text[:1] in tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")


for name, path in checking.samples("csv"):
    text = checking.read(path)
    check.that(text.endswith("\r\n") and text.count("\n") == text.count("\r\n"), f"{name}: line ends")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    header, records = rows[0], rows[1:]
    check.that(len(text.splitlines()) >= len(rows), f"{name}: lines")
    check.that(text.count("\r\n") == len(rows), f"{name}: a record is more than a line")
    check.that(not [column for column in WANTED if column not in header], f"{name}: header {header}")
    check.that(all(len(row) == len(header) for row in records), f"{name}: a record of another length")
    for row in records:
        for column, cell in zip(header, row):
            check.that(not is_formula(cell), f"{name}: {column} is a formula: {cell[:60]!r}")
            check.that("\x1b" not in cell and "\0" not in cell, f"{name}: {column} holds a control character")
    # The same findings as in the JSON report.
    document = checking.read_json(path[:-3] + "json")
    findings = [row for row in records if row[0] == "finding"]
    gaps = [row for row in records if row[0] == "gap"]
    check.that(len(findings) == len(document["findings"]), f"{name}: {len(findings)} findings")
    wanted = len(document["coverage"]["gaps"]) + (1 if document["run"]["interrupted"] else 0)
    check.that(len(gaps) == wanted, f"{name}: {len(gaps)} gaps, not {wanted}")

hostile = list(csv.reader(io.StringIO(checking.read(dict(checking.samples("csv"))["hostile"]), newline="")))
names = [row[hostile[0].index("name")] for row in hostile]
check.that("'=cmd|'/C calc'!A0" in names, "hostile: the formula is kept, behind an apostrophe")
check.finish()
