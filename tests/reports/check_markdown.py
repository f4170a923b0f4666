"""Markdown as GitHub takes it: its limit, and no markup, link or mention that comes from the input."""

import re

import checking

check = checking.Check()
# All the HTML that a comment of ours may hold.
TAGS = re.compile(r"</?(?:details|details open|summary|b|sub)>")


def without_code(text):
    """The text without code spans: a fence of backticks up to the next of the same length."""
    return re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", text)


for name, path in checking.samples("markdown"):
    text = checking.read(path)
    check.that(len(text) <= 65_536, f"{name}: {len(text)} characters")
    check.that("\r" not in text and "\x1b" not in text, f"{name}: control characters")
    for line in text.splitlines():
        bare = TAGS.sub("", without_code(line)).replace("> [!CAUTION]", "")
        check.that("<" not in bare, f"{name}: markup: {bare[:100]}")
        check.that("`" not in bare, f"{name}: an open code span: {line[:100]}")
        check.that("](" not in bare and "![" not in bare, f"{name}: a link: {bare[:100]}")
        check.that("@" not in bare and "://" not in bare, f"{name}: a mention or an address: {bare[:100]}")
    bare = without_code(text)
    check.that(bare.count("<details") == bare.count("</details>"), f"{name}: details")
    document = checking.read_json(path[:-8] + "json")
    open_findings = [f for f in document["findings"] if f["compliance"] != "PASSED" or f["suppressed"]]
    shown = len(re.findall(r"^- \*\*", text, re.M))
    more = re.search(r"\*\*([\d,]+) more\*\* do not fit", text)
    left_out = int(more.group(1).replace(",", "")) if more else 0
    check.that(shown + left_out == len(open_findings), f"{name}: {shown} + {left_out} of {len(open_findings)} findings")
    gaps = document["coverage"]["gaps"]
    check.that(not gaps or f"### Not read: {len(gaps)}" in text, f"{name}: gaps")
    check.that(("<b>Coverage</b>" in text) == ("aws" in document["coverage"]), f"{name}: coverage of AWS")
    known = document["summary"]["findings"]["known"]
    if known["failed"]:
        check.that("Nothing new failed" in text and "Nothing failed" not in text, f"{name}: verdict")
        quiet = [c for c in document["summary"]["controls"] if c["passed"] + c["known"]["passed"] and not c["known"]["failed"]]
        check.that(f"{len(quiet)} controls with only passed findings" in text, f"{name}: only passed")

check.finish()
