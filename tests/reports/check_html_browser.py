"""HTML in headless Chromium: the page as it is runs its own script and nothing of the input's; a copy with a probe in
place of the Content-Security-Policy is used as a reader would, and a picture of it is taken."""

import html
import json
import os
import re
import subprocess
import tempfile

import checking

browser = checking.program("chromium", "chromium")
check = checking.Check()
probe = checking.read(os.path.join(checking.HERE, "html_probe.js"))
layout = checking.read(os.path.join(checking.HERE, "html_layout.js"))
LAYOUTS = ((400, "light"), (400, "dark"), (1280, "light"), (1280, "dark"))
COLLECT = """const all = []; addEventListener("message", (event) => { all.push(JSON.parse(event.data));
if (all.length === %d) document.title = "PROBE" + JSON.stringify(all); });""" % len(LAYOUTS)


def run(page, *arguments):
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                   "--disable-background-networking", "--disable-component-update", "--disable-sync",
                   "--disable-dev-shm-usage", "--virtual-time-budget=5000", f"--user-data-dir={profile}",
                   *arguments, "file://" + page]
        return subprocess.run(command, capture_output=True, timeout=120)


def title_of(dom):
    return html.unescape(re.search(r"<title>(.*?)</title>", dom, re.S).group(1))


with tempfile.TemporaryDirectory() as folder:
    for name, path in checking.samples("html"):
        path = os.path.abspath(path)
        document = checking.read_json(path[:-4] + "json")
        if name in ("usual", "hostile"):
            dom = run(path, "--dump-dom").stdout.decode("utf-8", "replace")
            check.that('class="js"' in dom[:300], f"{name}: the page's own script did not run")
            check.that(title_of(dom) == "Sagewarden report", f"{name}: something changed the title")
            check.that(dom.count("<script") == 1 and "<img" not in dom, f"{name}: an element came from the input")

        copy = os.path.join(folder, name + ".html")
        text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", checking.read(path), count=1)
        with open(copy, "w", encoding="utf-8") as file:
            file.write(text.replace("</body>", f"<script>{probe}</script></body>"))
        title = title_of(run(copy, "--dump-dom").stdout.decode("utf-8", "replace"))
        check.that(title.startswith("PROBE"), f"{name}: the probe did not end: {title[:100]}")
        if not title.startswith("PROBE"):
            continue
        seen = json.loads(title[5:])
        check.that(not seen["problems"], f"{name}: {seen['problems']}")
        check.that(seen["all"] == len(document["findings"]), f"{name}: {seen['all']} rows")
        failed = [f for f in document["findings"] if f["compliance"] == "FAILED" and not f["suppressed"]]
        check.that(seen["failed"] == len(failed), f"{name}: {seen['failed']} failed rows, not {len(failed)}")
        low = [f for f in failed if f["severity"] == "LOW"]
        check.that(seen["low"] == len(low), f"{name}: {seen['low']} low rows, not {len(low)}")
        # Three changes of the filter, on however busy a machine.
        check.that(seen["filter_ms"] < 6000, f"{name}: filtering took {seen['filter_ms']} ms")
        print(f"{name}: {seen}")

        if name not in ("usual", "baseline", "hostile"):
            continue
        # On a telephone and on a desk, by day and by night. Frames, because a window has a least width.
        frames = ""
        for width, theme in LAYOUTS:
            with open(os.path.join(folder, f"{width}-{theme}.html"), "w", encoding="utf-8") as file:
                themed = text.replace("<html ", f'<html data-theme="{theme}" ', 1)
                file.write(themed.replace("</body>", f"<script>{layout}</script></body>"))
            frames += f'<iframe width="{width}" height="2000" src="{width}-{theme}.html"></iframe>'
        frame = os.path.join(folder, "frames.html")
        with open(frame, "w", encoding="utf-8") as file:
            file.write(f"<title>none</title><script>{COLLECT}</script>{frames}")
        title = title_of(run(frame, "--dump-dom").stdout.decode("utf-8", "replace"))
        check.that(title.startswith("PROBE"), f"{name}: the layouts were not measured: {title[:100]}")
        for seen in json.loads(title[5:]) if title.startswith("PROBE") else []:
            where = f"{name}, {seen['width']} wide"
            check.that(not seen["problems"], f"{where}: {seen['problems']}")
            check.that(seen["titles"] == len(document["controls"]), f"{where}: {seen['titles']} titles of controls")

    picture = os.path.join(folder, "usual.png")
    usual = os.path.abspath(dict(checking.samples("html"))["usual"])
    run(usual, "--hide-scrollbars", "--window-size=1280,2000", f"--screenshot={picture}")
    check.that(os.path.exists(picture) and os.path.getsize(picture) > 50_000, "no picture was taken, or an empty one")

check.finish()
