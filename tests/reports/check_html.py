"""HTML without a browser: what Python's parser finds in it. No input may have become an element, an attribute or a link,
and nothing may be loaded from anywhere."""

import base64
import hashlib
import html.parser
import re

import checking

check = checking.Check()
ELEMENTS = {"html", "head", "meta", "title", "style", "body", "script", "header", "main", "section", "footer", "nav",
            "div", "span", "p", "b", "i", "br", "a", "h1", "h2", "h3", "h4", "ul", "li", "dl", "dt", "dd", "table",
            "thead", "tbody", "tr", "th", "td", "details", "summary", "code", "button", "form", "input", "select",
            "option", "output", "svg", "path", "circle", "rect", "text", "wbr"}
VOID = {"meta", "br", "input", "wbr"}


class Page(html.parser.HTMLParser):
    def __init__(self, name):
        super().__init__(convert_charrefs=True)
        self.name, self.open, self.counts, self.ids, self.links = name, [], {}, [], []
        self.texts, self.policy = {"style": "", "script": ""}, ""

    def handle_starttag(self, tag, attributes):
        self.counts[tag] = self.counts.get(tag, 0) + 1
        check.that(tag in ELEMENTS, f"{self.name}: element {tag} {attributes}")
        for attribute, value in attributes:
            check.that(not attribute.startswith("on"), f"{self.name}: {attribute} on {tag}")
            check.that(attribute not in ("src", "srcset", "style", "action", "background"), f"{self.name}: {attribute}")
            if attribute == "href":
                self.links.append(value)
            if attribute == "id":
                self.ids.append(value)
        if ("http-equiv", "Content-Security-Policy") in attributes:
            self.policy = dict(attributes)["content"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        check.that(self.open and self.open[-1] == tag, f"{self.name}: </{tag}> closes {self.open[-1:]}")
        if self.open:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] in self.texts:
            self.texts[self.open[-1]] += data

    def handle_comment(self, data):
        check.that(False, f"{self.name}: a comment: {data[:60]!r}")


def policy_hash(text):
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


for name, path in checking.samples("html"):
    text = checking.read(path)
    page = Page(name)
    page.feed(text)
    page.close()
    check.that(not page.open, f"{name}: not closed: {page.open}")
    for tag in ("style", "script", "title", "body", "h1"):
        check.that(page.counts.get(tag) == 1, f"{name}: {page.counts.get(tag)} times {tag}")
    check.that("default-src 'none'" in page.policy, f"{name}: policy {page.policy}")
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        check.that(f"{directive} '{policy_hash(page.texts[tag])}'" in page.policy, f"{name}: the hash of {tag}")
    check.that("unsafe" not in page.policy, f"{name}: policy {page.policy}")
    check.that(len(page.ids) == len(set(page.ids)), f"{name}: an id is given twice")
    for link in page.links:
        check.that(link.startswith("https://docs.aws.amazon.com/") or link[1:] in page.ids and link[0] == "#",
                   f"{name}: link {link[:80]}")
    check.that(not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|innerHTML", page.texts["style"] + page.texts["script"]),
               f"{name}: style or script loads or writes markup")
    document = checking.read_json(path[:-4] + "json")
    rows = text.count('<details class="f"')
    check.that(rows == len(document["findings"]), f"{name}: {rows} rows for {len(document['findings'])} findings")
    gaps = len(document["coverage"]["gaps"]) + (1 if document["run"]["interrupted"] else 0)
    check.that(text.count('<div class="gap">') == gaps, f"{name}: gaps")
    check.that(("Everything that was given was read" in text) == (gaps == 0), f"{name}: what was read")
    check.that(("<h3>In AWS</h3>" in text) == ("aws" in document["coverage"]), f"{name}: coverage of AWS")
    known = document["summary"]["findings"]["known"]
    if known["failed"]:
        check.that("<b>0</b> failed" not in text and ">100%<" not in text, f"{name}: the score passes over what is known")
        check.that("Nothing failed" not in text, f"{name}: verdict")
    unread = re.search(r'<p class="alert open"><b>([\d,]+) parts? of the input', text)
    listed = len(document["coverage"]["gaps"])
    check.that((int(unread.group(1).replace(",", "")) if unread else 0) == listed, f"{name}: parts that were not read")
    check.that((unread is not None) == (listed > 0), f"{name}: says that nothing was not read")
    check.that(("<b>Interrupted" in text) == document["run"]["interrupted"], f"{name}: interruption")
    check.that(("Interrupted" in text.split("<main")[1]) == document["run"]["interrupted"], f"{name}: interruption")

check.finish()
