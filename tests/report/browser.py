#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Opens the pages in headless Chromium, and looks at what a person would meet.

In: the drivers, the cases. Chromium reaches nothing but a proxy of this script, which hands out the pages and writes
down whatever else is asked for. Out: exit status 1 where a page asks for anything, scrolls sideways at 400 or 1280
pixels, or has text in its ladder that runs into other text or out of the picture; 77 where Chromium is missing. A
planted page that does all three must be caught.
"""

import argparse
import html
import http.server
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--disable-extensions",
         "--disable-features=NetworkTimeServiceQuerying,OptimizationHints", "--proxy-bypass-list=<-loopback>",
         "--hide-scrollbars"]
# Chromium looks for updates, the time and hints of its own accord; no page here could name these hosts (html_check.py).
OWN = re.compile(r"(https?://)?[\w.-]+\.(google|googleapis|gvt1)\.com([:/]|$)")
WIDTHS = (400, 1280)
PLANTED = """<!DOCTYPE html><title>planted</title><img src="http://planted.test/x.png"><p style="width:3000px">wide</p>
<svg viewBox="0 0 100 40" width="100"><text x="0" y="20">some text</text><text x="10" y="20">other text</text>
<text x="90" y="39">out of it</text></svg>"""
PROBE = """<!DOCTYPE html><meta charset="utf-8"><title>probe</title><link rel="icon" href="data:,"><pre id="out"></pre><script>
const pages = %s, widths = %s, out = [];
function texts(svg) {
  const found = [], size = svg.viewBox.baseVal, boxes = [];
  for (const text of svg.querySelectorAll("text")) {
    const box = text.getBBox();
    if (box.width === 0) continue;
    if (box.x < -1 || box.x + box.width > size.width + 1) found.push("out: " + text.textContent);
    boxes.push([box, text.textContent]);
  }
  for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
    const a = boxes[i][0], b = boxes[j][0];
    if (a.x + a.width > b.x + 1 && b.x + b.width > a.x + 1 && a.y + a.height > b.y + 4 && b.y + b.height > a.y + 4)
      found.push("over each other: " + boxes[i][1] + " | " + boxes[j][1]);
  }
  return found;
}
async function probe(page, width) {
  const frame = document.createElement("iframe");
  frame.style = "border:0;height:900px;width:" + width + "px";
  const loaded = new Promise(done => frame.onload = done);
  frame.src = page;
  document.body.append(frame);
  await loaded;
  const inner = frame.contentDocument, seen = [...inner.querySelectorAll("svg")].filter(s => s.getBoundingClientRect().width);
  for (const part of inner.querySelectorAll("details")) part.open = true;
  out.push({page: page, width: width, scroll: inner.documentElement.scrollWidth, ladders: seen.length,
            title: inner.title, texts: seen.flatMap(texts)});
  frame.remove();
}
(async () => {
  for (const page of pages) for (const width of widths) await probe(page, width);
  document.getElementById("out").textContent = JSON.stringify(out);
})();
</script>"""


class Proxy(http.server.ThreadingHTTPServer):
    """Hands out pages of http://report.test and remembers every other request."""

    def __init__(self, pages):
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages, self.asked = pages, []


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        page = self.server.pages.get(self.path)
        if page is None:
            self.server.asked.append(self.path)
            self.send_error(404)
            return
        body = page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_CONNECT(self):
        self.server.asked.append(self.path)
        self.send_error(404)

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        pass


def chromium():
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def visit(proxy, url):
    """The page at URL as it is when its scripts are done, and what was asked for."""
    proxy.asked.clear()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [chromium(), *FLAGS, f"--proxy-server=127.0.0.1:{proxy.server_address[1]}",
                   f"--user-data-dir={profile}", "--virtual-time-budget=60000", "--dump-dom", url]
        result = subprocess.run(command, capture_output=True, timeout=300, check=True)
    return result.stdout.decode(errors="replace"), list(proxy.asked)


def probe(proxy, names):
    """What the browser measured of the pages, and what was asked for."""
    urls = [f"http://report.test/{name}" for name in names]
    proxy.pages["http://report.test/probe"] = PROBE % (json.dumps(urls), json.dumps(WIDTHS))
    dom, asked = visit(proxy, "http://report.test/probe")
    found = re.search(r'<pre id="out">(.+?)</pre>', dom, re.S)
    if not found:
        sys.exit(f"the probe did not finish: {dom[-500:]}")
    return json.loads(html.unescape(found.group(1))), asked


def problems(measured, asked):
    found = [f"asks for {url}" for url in asked if not OWN.match(url)]
    for page in measured:
        where = f"{page['page']} at {page['width']}"
        if page["scroll"] > page["width"]:
            found.append(f"{where}: {page['scroll']} pixels wide")
        found += [f"{where}: {text}" for text in page["texts"]]
    return found


def run(command):
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def pages_of(arguments):
    """The file name of each page, with the number of its ladders."""
    cases = sorted(map(str, (arguments.folder / "handshake").glob("*.ini")))
    pages, ladders = {}, {}
    for name, files in [("all", cases)] + [(pathlib.Path(case).stem, [case]) for case in cases]:
        pages[name] = run([arguments.handshakes, arguments.certificates, "html", *files])
        ladders[name] = len(files)
    for case in sorted((arguments.folder / "matrix").glob("*.ini")):
        pages[f"matrix-{case.stem}"] = run([arguments.matrix, str(case), "html"])
        ladders[f"matrix-{case.stem}"] = 0
    return pages, ladders


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--handshakes", required=True)
    parser.add_argument("--matrix", required=True)
    parser.add_argument("--certificates", required=True)
    arguments = parser.parse_args()
    if not chromium():
        print("SKIP: chromium is not installed")
        return 77
    pages, ladders = pages_of(arguments)
    proxy = Proxy({f"http://report.test/{name}": page for name, page in pages.items()})
    proxy.pages["http://report.test/planted"] = PLANTED
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    caught = problems(*probe(proxy, ["planted"]))
    measured, asked = probe(proxy, pages)
    found = problems(measured, asked + visit(proxy, "http://report.test/all")[1])
    for page in measured:
        name = page["page"].rsplit("/", 1)[1]
        if page["ladders"] != ladders[name] or not page["title"]:
            found.append(f"{name} at {page['width']}: {page['ladders']} ladders to be seen, title {page['title']!r}")
    for wanted in ("asks for http://planted.test/x.png", "pixels wide", "over each other", "out: out of it"):
        if not any(wanted in line for line in caught):
            found.append(f"the planted page is not caught: {wanted}")
    print("\n".join(found))
    print(f"{len(measured)} views of {len(pages)} pages, {len(found)} problems; the planted page has {len(caught)}")
    return 1 if found or len(measured) != len(pages) * len(WIDTHS) else 0


if __name__ == "__main__":
    sys.exit(main())
