#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every field of the protocol as a column, as a filter, and in every output format, with and without -V.

In: fields.ini (a section a field), the build. Out: one line a field; exit status 1 where one is missing somewhere, or
where the plugin registers a field that fields.ini does not know.

    fields.py --build BUILD
"""
import argparse
import configparser
import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

from tshark import CAPTURES, Failure, Tshark, check

FORMATS = ("json", "ek", "pdml")


class Field:
    def __init__(self, name, section):
        self.name, self.run, self.frame = name, section["run"], section["frame"]
        value = section["value"]
        self.begins = value.startswith("begins ")
        self.value = None if value == "*" else value.removeprefix("begins ")

    def found_in(self, values):
        """Is the value among VALUES, None for an occurrence without one?"""
        if self.value is None:
            return bool(values)
        texts = [value for value in values if value is not None]
        return any(text.startswith(self.value) if self.begins else text == self.value for text in texts)

    def filter(self):
        """True for this frame; frame 1 is no part of a handshake and must stay out."""
        condition = self.name
        if self.value is not None and self.value.isdigit():
            condition += " == " + self.value
        elif self.value is not None:
            condition += (" contains " if self.begins else " == ") + json.dumps(self.value)
        return f"(frame.number == 1 || frame.number == {self.frame}) && {condition}"


def read_cases(path):
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.read(path, encoding="utf-8")
    runs = {name.removeprefix("run "): parser[name] for name in parser.sections() if name.startswith("run ")}
    fields = [Field(name, parser[name]) for name in parser.sections() if not name.startswith("run ")]
    check(fields and runs, f"{path} has no fields or no runs")
    return runs, fields


def check_complete(tshark, fields):
    """Every field that is registered has its section. The rules' expert fields are alike: some stand for all."""
    registered = {line.split("\t")[2] for line in tshark.run("-G", "fields").splitlines()
                  if line.startswith("F\t") and line.split("\t")[4] == "tlsfit"}
    registered = {name for name in registered if not name.startswith("tlsfit.rule.")}
    check(registered, "tshark -G fields names no field of the plugin: is it loaded?")
    missing = sorted(registered - {field.name for field in fields})
    check(not missing, f"fields.ini has no section for {missing}")


def pairs_of(tree):
    """(key, value) of everything in a document that was read with its pairs."""
    if isinstance(tree, tuple):
        tree = [tree]
    for entry in tree if isinstance(tree, list) else []:
        if isinstance(entry, tuple) and len(entry) == 2 and isinstance(entry[0], str):
            values = entry[1] if isinstance(entry[1], list) and not is_object(entry[1]) else [entry[1]]
            for value in values:
                yield entry[0], value if isinstance(value, str) else None
        yield from pairs_of(entry[1] if isinstance(entry, tuple) else entry)


def is_object(value):
    return bool(value) and isinstance(value[0], tuple)


def collect(pairs, rename):
    found = {}
    for key, value in pairs:
        found.setdefault(rename(key), []).append(value)
    return found


def read_json(text):
    packets = json.loads(text, object_pairs_hook=lambda pairs: pairs)
    for packet in packets:
        found = collect(pairs_of(packet), lambda key: key)
        yield found["frame.number"][0], found


def read_ek(text):
    """A line each; a field is called by its protocol, an underscore, and its name with underscores for dots."""
    for line in text.splitlines():
        packet = json.loads(line, object_pairs_hook=lambda pairs: pairs)
        found = collect(pairs_of(packet), lambda key: key)
        if "frame_frame_number" in found:
            yield found["frame_frame_number"][0], found


def read_pdml(text):
    for packet in ElementTree.fromstring(text).iter("packet"):
        found = {}
        for element in packet.iter():
            if element.get("name"):
                found.setdefault(element.get("name"), []).append(element.get("show") or None)
        yield found["num"][0], found


READERS = {"json": read_json, "ek": read_ek, "pdml": read_pdml}


def values_in(format_name, found, field):
    if format_name != "ek":
        return found.get(field.name, [])
    name = field.name.replace(".", "_")
    return [value for key, values in found.items() if key == name or key.endswith("_" + name) for value in values]


class Run:
    """One way of reading one capture."""

    def __init__(self, tshark, name, info, fields):
        self.tshark, self.name, self.fields = tshark, name, fields
        self.expected = "no device profile" if name == "misspelt" else None
        self.arguments = ["-r", CAPTURES / info["capture"] / "capture.pcapng", "-o", "tlsfit.device:" + info["device"]]
        self.arguments += ["-2"] if info["passes"] == "2" else []
        self.frames = " || ".join("frame.number == " + frame for frame in sorted({field.frame for field in fields}))

    def output(self, *arguments):
        return self.tshark.run(*self.arguments, *arguments, expected=self.expected)

    def check_values(self, what, text):
        """TEXT: a line a frame, its number first and then a value of each field, all occurrences after one another."""
        rows = {line.split("\t")[0]: line.split("\t")[1:] for line in text.splitlines()}
        for index, field in enumerate(self.fields):
            cell = rows.get(field.frame, [""] * len(self.fields))[index]
            values = [None] if cell and field.value is None else cell.split("|")
            check(field.found_in([value for value in values if value != ""]),
                  f"{field.name} {what} of frame {field.frame}: '{cell}', expected '{field.value}'")

    def check_fields(self):
        names = [word for field in self.fields for word in ("-e", field.name)]
        self.check_values("as -e", self.output("-Y", self.frames, "-T", "fields", "-E", "aggregator=|", "-e",
                                               "frame.number", *names))

    def check_columns(self):
        """A column shows all occurrences with commas between them, which texts have too: it is searched."""
        columns = ",".join(f'"{field.name}","%Cus:{field.name}:0:R"' for field in self.fields)
        text = self.output("-Y", self.frames, "-T", "tabs", "-o", 'gui.column.format:"number","%m",' + columns)
        rows = {line.split("\t")[0].strip(): line.split("\t")[1:] for line in text.splitlines()}
        for index, field in enumerate(self.fields):
            cell = rows[field.frame][index]
            check(cell != "" if field.value is None else field.value in cell,
                  f"{field.name} as a column in frame {field.frame}: '{cell}', expected '{field.value}'")

    def check_filters(self):
        """All in one run: a statistic that counts the frames of each filter."""
        filters = [field.filter() for field in self.fields]
        check(not any("," in text for text in filters), "a filter with a comma would be read as two")
        text = self.output("-q", "-z", "io,stat,0," + ",".join(filters))
        row = next(line for line in text.splitlines() if "<>" in line)
        counts = row.split("|")[2:2 + 2 * len(filters):2]
        for field, count in zip(self.fields, counts, strict=True):
            check(int(count) == 1, f"the filter '{field.filter()}' finds {count.strip()} frames, expected 1")

    def check_format(self, name, *more):
        frames = dict(READERS[name](self.output("-Y", self.frames, "-T", name, *more)))
        for field in self.fields:
            values = values_in(name, frames.get(field.frame, {}), field)
            check(field.found_in(values), f"{field.name} in -T {' '.join([name, *more])} of frame {field.frame}: "
                                          f"{values}, expected '{field.value}'")


def check_run(run):
    run.check_fields()
    run.check_columns()
    run.check_filters()
    for name in FORMATS:
        run.check_format(name)
        run.check_format(name, "-V")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    tshark = Tshark(parser.parse_args().build)
    failed = 0
    try:
        runs, fields = read_cases(pathlib.Path(__file__).with_name("fields.ini"))
        check_complete(tshark, fields)
    except Failure as failure:
        print("FAILED", failure)
        return 1
    for name, info in runs.items():
        of_run = [field for field in fields if field.run == name]
        try:
            check(of_run, f"no field uses [run {name}]")
            check_run(Run(tshark, name, info, of_run))
            print(*("ok     " + field.name for field in of_run), sep="\n")
        except Failure as failure:
            failed += 1
            print(f"FAILED run {name}: {failure}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
