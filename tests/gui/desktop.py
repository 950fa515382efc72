# SPDX-License-Identifier: GPL-2.0-or-later
"""A desktop that nobody sees: Xvfb, a window manager, and hands for the windows on it.

In: commands to run on it. Out: windows by title, what they show as pixels, pictures as files. Everything is waited for
by looking (titles, pixels), never by time alone; what does not come in time is a Failure that says what was awaited.
"""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

PATIENCE_S = 120
PROGRAMS = ("Xvfb", "openbox", "xdotool", "import", "convert")


class Failure(Exception):
    """What the user would not have seen; the text is for people."""


def missing():
    """The programs that this machine lacks."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


def wait(what, probe, seconds=PATIENCE_S):
    """Asks until the answer is true, and returns it."""
    end = time.monotonic() + seconds
    while True:
        answer = probe()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Failure(f"not seen within {seconds} seconds: {what}")
        time.sleep(0.2)


class Picture:
    """The pixels of a window."""

    def __init__(self, ppm):
        kind, size, depth, self.data = ppm.split(b"\n", 3)
        if kind != b"P6" or depth != b"255":
            raise Failure("import gives no picture of 8 bits a colour")
        self.width, self.height = map(int, size.split())

    def places(self, colour):
        """Where pixels of that colour (#rrggbb) are, in reading order."""
        wanted, found = bytes.fromhex(colour[1:]), -1
        while True:
            found = self.data.find(wanted, found + 1)
            if found < 0:
                return
            if found % 3 == 0:
                yield (found // 3 % self.width, found // 3 // self.width)

    def rows(self, colour):
        """How many lines of text have that colour as their background: a line has a run of rows that are full of it."""
        full, lines, inside = {}, 0, False
        for _, y in self.places(colour):
            full[y] = full.get(y, 0) + 1
        for y in range(self.height + 1):
            now = full.get(y, 0) > self.width / 4
            lines += now and not inside
            inside = now
        return lines


class Desktop:
    """with Desktop(1400, 900) as desktop: ..."""

    def __init__(self, width, height):
        self.size = f"{width}x{height}x24"
        self.processes = []
        self.folder = tempfile.TemporaryDirectory()

    def __enter__(self):
        try:
            self.begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def begin(self):
        reading, writing = os.pipe()
        # What is on the screen is in a file too: reading it costs nothing, a screenshot does.
        self.screen = pathlib.Path(self.folder.name) / "Xvfb_screen0"
        self.start(["Xvfb", "-displayfd", str(writing), "-screen", "0", self.size, "-nolisten", "tcp",
                    "-fbdir", self.folder.name], dict(os.environ), pass_fds=[writing])
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise Failure("Xvfb does not start: " + self.errors_of(self.processes[0]))
        self.environment = {**os.environ, "DISPLAY": ":" + number, "QT_SCALE_FACTOR": "1", "LC_ALL": "C.UTF-8"}
        self.start(["openbox", "--sm-disable"], {**self.environment, "HOME": self.folder.name})
        wait("the window manager", lambda: self.say("xdotool", "get_num_desktops"))

    def __exit__(self, *_):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self.folder.cleanup()

    def start(self, command, environment=None, **options):
        """A process that ends with the desktop; its standard error is kept."""
        errors = pathlib.Path(self.folder.name) / f"errors-{len(self.processes)}"
        with open(errors, "wb") as file:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=file,
                                       env=environment or self.environment, **options)
        process.errors = errors
        self.processes.append(process)
        return process

    @staticmethod
    def errors_of(process):
        return process.errors.read_text(encoding="utf-8", errors="replace")

    def say(self, *command):
        """What a short command prints; nothing where it fails."""
        done = subprocess.run(command, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=30, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    def window(self, title):
        """The window whose title begins so."""
        found = wait(f"a window \"{title}\"",
                     lambda: self.say("xdotool", "search", "--onlyvisible", "--name", "^" + title))
        return Window(self, found.splitlines()[0])

    def root(self):
        return Window(self, "root")

    def is_open(self, title):
        return bool(self.say("xdotool", "search", "--onlyvisible", "--name", "^" + title))


class Window:
    def __init__(self, desktop, number):
        self.desktop, self.number = desktop, number

    def place(self, x, y, width, height):
        def there():
            # Asked for again and again: a window that has just opened may still take its own size.
            self.desktop.say("xdotool", "windowmove", self.number, str(x), str(y), "windowsize", self.number, str(width),
                             str(height))
            return f"{width}x{height}" in self.desktop.say("xdotool", "getwindowgeometry", self.number)
        wait(f"the window as wide as {width}", there)

    def activate(self):
        def in_front():
            # Asked for again and again: a dialog that is about to close takes the focus along.
            self.desktop.say("xdotool", "windowactivate", self.number)
            return self.desktop.say("xdotool", "getactivewindow") == self.number
        wait("the window to be in front", in_front)

    def keys(self, *keys):
        """Keys one after the other, as xdotool names them; the window is in front."""
        for key in keys:
            self.desktop.say("xdotool", "key", key)
            self.settle()

    def run_of_keys(self, *keys):
        """Keys of which only the last one's effect matters."""
        self.desktop.say("xdotool", "key", "--delay", "60", *keys)
        self.settle()

    def text(self, text):
        self.desktop.say("xdotool", "type", "--delay", "40", text)
        self.settle()

    def click(self, x, y):
        self.desktop.say("xdotool", "mousemove", "--window", self.number, str(x), str(y), "click", "1")
        self.settle()

    def picture(self):
        done = subprocess.run(["import", "-window", self.number, "-depth", "8", "ppm:-"], stdin=subprocess.DEVNULL,
                              env=self.desktop.environment, capture_output=True, timeout=60, check=False)
        return Picture(done.stdout) if done.returncode == 0 else None

    def rows(self, colour):
        """Lines of text with that background; -1 where the window cannot be looked at just now."""
        picture = self.picture()
        return picture.rows(colour) if picture else -1

    def settle(self):
        """Until two looks at the screen are the same."""
        before = [None]

        def still():
            now = self.desktop.screen.read_bytes()
            same = now == before[0]
            before[0] = now
            return same
        wait("the screen to stand still", still)

    def save(self, path):
        """A small PNG; the number of colours is what makes it small."""
        self.settle()
        subprocess.run(["import", "-window", self.number, "-strip", "+dither", "-colors", "64", "PNG8:" + str(path)],
                       env=self.desktop.environment, stdin=subprocess.DEVNULL, check=True, timeout=60)
