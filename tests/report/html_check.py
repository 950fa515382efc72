# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads a page of a report as a strict reader would.

In: HTML. Out: a list of what is wrong: tags that do not balance, anything that could run or fetch something, a
missing policy, a policy that does not fit the style. Judges no looks.
"""

import base64
import hashlib
import html.parser
import re

VOID = {"meta", "br", "link", "hr", "img", "input"}
TAGS = {"html", "head", "meta", "title", "style", "body", "main", "footer", "nav", "section", "figure", "figcaption",
        "h1", "h2", "h3", "p", "ul", "li", "dl", "dt", "dd", "div", "span", "b", "code", "pre", "a", "table", "thead",
        "tbody", "tr", "th", "td", "details", "summary", "svg", "desc", "g", "path", "rect", "line", "text", "tspan"}
ATTRIBUTES = {"lang", "charset", "name", "content", "http-equiv", "class", "id", "scope", "title", "href", "tabindex",
              "role", "aria-label", "aria-hidden", "open", "xmlns", "viewbox", "width", "height", "d", "x", "y", "x1",
              "y1", "x2", "y2", "rx", "text-anchor"}


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.problems, self.open, self.ids, self.links, self.text = [], [], [], [], []
        self.style, self.policy = "", ""

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            self.problems.append(f"<{tag}> at {self.getpos()}")
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.problems.append(f"attribute {name} at {self.getpos()}")
            if name == "href" and not re.fullmatch(r"#[\w-]+", value or ""):
                self.problems.append(f"a link that leaves the page: {value}")
        attributes = dict(attrs)
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes.get("content", "")
        self.links += [attributes["href"][1:]] if "href" in attributes else []
        self.ids += [attributes["id"]] if "id" in attributes else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> at {self.getpos()} closes {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, data):
        if self.open[-1:] == ["style"]:
            self.style += data
        else:
            self.text.append(data)


def problems(page):
    """(what is wrong, the text that a person sees)"""
    reader = Reader()
    reader.feed(page)
    reader.close()
    found = list(reader.problems)
    digest = base64.b64encode(hashlib.sha256(reader.style.encode()).digest()).decode()
    if not reader.policy.startswith("default-src 'none';") or f"'sha256-{digest}'" not in reader.policy:
        found.append(f"the policy: {reader.policy}, the style: {digest}")
    if re.search(r"url\(|@import|expression", reader.style):
        found.append("the style fetches something")
    found += [f"id {name} stands there twice" for name in set(reader.ids) if reader.ids.count(name) > 1]
    found += [f"link to #{name}, which is nowhere" for name in set(reader.links) - set(reader.ids)]
    found += [f"<{tag}> is not closed" for tag in reader.open]
    if not page.startswith("<!DOCTYPE html>"):
        found.append("no document type")
    return found, "".join(reader.text)
