# SPDX-License-Identifier: GPL-2.0-or-later
"""Proves that each check can fail: small made-up trees with a violation planted in them.

In: a check. Out: exit status 1 where the check passes a planted violation, blames another file,
complains about the clean tree, or accepts an empty one.
"""

import pathlib
import tempfile

C_LICENCE = "/* SPDX-License-Identifier: GPL-2.0-or-later */\n"
LICENCE = "# SPDX-License-Identifier: GPL-2.0-or-later\n"
SCRIPT = "#!/usr/bin/env bash\n" + LICENCE
RULE_FILE = C_LICENCE + '#include "tlsfit.h"\nconst TlsfitRule r = { .id = "one" };\n'


def long_function(lines):
    return "static int f(int a)\n{\n" + "    a++;\n" * (lines - 3) + "}\n"


CLEAN = {
    "src/tlsfit.h": C_LICENCE + "/* <epan/packet.h> is only named here */\nvoid f(void);\n",
    "src/engine.h": C_LICENCE + '#include "tlsfit.h"\n',
    "src/certificate.c": C_LICENCE + "#include <gnutls/x509.h>\n" + long_function(60),
    "src/device.c": C_LICENCE + "static GKeyFile *file;\n",
    "src/rules.def": C_LICENCE + "TLSFIT_RULE(one)\n",
    "src/rules/one.c": RULE_FILE,
    "src/cli/check.c": C_LICENCE + '#include "tlsfit.h"\n',
    "tests/rules/one/ok.ini": "[case]\nurl = https://example.org/home/x\n",
    "plugin/ws_compat.h": C_LICENCE + "#include <epan/packet.h>\n#if WIRESHARK_VERSION_MINOR > 3\n#endif\n",
    "plugin/annotate.c": C_LICENCE + '#include "ws_compat.h"\n#include "tlsfit.h"\n',
    "capture/ws_compat_capture.h": C_LICENCE + "#include <wiretap/wtap.h>\n#if WIRESHARK_VERSION_MINOR > 3\n#endif\n",
    "capture/run.c": C_LICENCE + '#include "ws_compat.h"\n#include "tlsfit.h"\n',
    "scripts/run": SCRIPT + 'echo "${TMPDIR:-/' + 'tmp}"\n',
    "tests/run.py": LICENCE + "# TO" + "DO: more of it, issue 4\n",
    "build/x/generated.c": "#include <epan/packet.h>\n",
}

# check -> (planted file, its text, what the violation must say)
PLANTED = {
    "layering": [
        ("src/session.c", C_LICENCE + "#include <epan/packet.h>\n", "src/session.c:2: the core includes"),
        ("src/session.c", C_LICENCE + "# include\t<wsutil/wmem.h>\n", "src/session.c:2"),
        ("src/rules/one.c", RULE_FILE + '#include "wiretap/wtap.h"\n', "src/rules/one.c:4"),
        ("src/session.c", C_LICENCE + "#include <gnutls/gnutls.h>\n", "gnutls/gnutls.h outside of"),
        ("src/session.c", C_LICENCE + "int f(GKeyFile *file);\n", "GKeyFile outside of"),
        ("src/cli/check.c", C_LICENCE + '#include "engine.h"\n', "the command includes engine.h"),
        ("plugin/annotate.c", C_LICENCE + '#include "engine.h"\n', "the plugin includes engine.h"),
        ("plugin/annotate.c", C_LICENCE + '#include "../src/engine.h"\n', "the plugin includes"),
        ("plugin/annotate.c", C_LICENCE + "#include <epan/proto.h>\n", "outside of plugin/ws_compat.h"),
        ("capture/run.c", C_LICENCE + "#include <wiretap/wtap.h>\n", "outside of plugin/ws_compat.h and capture/"),
        ("capture/run.c", C_LICENCE + '#include "engine.h"\n', "the capture program includes engine.h"),
        ("src/session.c", C_LICENCE + '#include "../capture/run.h"\n#include <wiretap/wtap.h>\n', "src/session.c:3"),
    ],
    "spdx": [
        ("src/session.c", "/* no licence */\n", "src/session.c:1"),
        ("scripts/run", "#!/usr/bin/env bash\necho\n", "scripts/run:1"),
        ("CMakeLists.txt", "project(x)\n", "CMakeLists.txt:1"),
    ],
    "version-macros": [
        ("plugin/annotate.c", C_LICENCE + "#if WIRESHARK_VERSION_MINOR > 3\n#endif\n", "plugin/annotate.c:2"),
        ("capture/run.c", C_LICENCE + "#if WIRESHARK_VERSION_MINOR > 3\n#endif\n", "capture/run.c:2"),
        ("src/session.c", C_LICENCE + "int a = VERSION_MINOR;\n", "src/session.c:2"),
    ],
    "generated-includes": [
        ("src/session.c", C_LICENCE + '#include "generated.h"\n', 'src/session.c:2: "generated.h"'),
    ],
    "open-ends": [
        ("src/session.c", C_LICENCE + "/* TO" + "DO later */\n", "src/session.c:2"),
        ("README.md", "FIX" + "ME\n", "README.md:1"),
    ],
    "machine-paths": [
        ("README.md", "Look into /wo" + "rk/main.\n", "README.md:1"),
        ("scripts/run", SCRIPT + "rm /tm" + "p/x\n", "scripts/run:3"),
        ("tests/rules/one/ok.ini", "file = /ro" + "ot\n", "ok.ini:1"),
    ],
    "shell": [
        ("scripts/run", SCRIPT + "if true; then\n", "scripts/run"),
        ("scripts/run", SCRIPT + "rm $1/*\n", "scripts/run:3"),
    ],
    "function-length": [
        ("src/session.c", C_LICENCE + long_function(61), "src/session.c:2: f has 61 lines"),
        ("src/session.c", C_LICENCE + "MACRO(a, b)\n\n" + long_function(61), "src/session.c:4: f has 61 lines"),
        ("src/session.c", C_LICENCE + "int x[] = { 1 };\n#if A\nint g(int a) {\n#else\nint g(char a) {\n#endif\n"
         + "a++;\n" * 70 + "}\n", "g has 7"),
        ("src/session.c", C_LICENCE + "void f(void) {{\n}\n", "cannot be read"),
        ("tests/run.py", LICENCE + "def f():\n" + "    pass\n" * 60, "tests/run.py:2: f has 61"),
        ("scripts/run", SCRIPT + "f() {\n" + "    :\n" * 59 + "}\n", "scripts/run:3: f has 61"),
    ],
    "file-length": [
        ("src/session.c", C_LICENCE + "\n" * 400, "src/session.c:1: 401 lines"),
        ("scripts/run", SCRIPT + "\n" * 400, "scripts/run:1: 402 lines"),
    ],
    "rule-list": [
        ("src/rules/two.c", RULE_FILE.replace("one", "two"), "src/rules/two.c:1: not in"),
        ("src/rules.def", C_LICENCE + "TLSFIT_RULE(one)\nTLSFIT_RULE(two)\n", "two has no src/rules/two.c"),
        ("src/rules.def", C_LICENCE + "TLSFIT_RULE(one)\nTLSFIT_RULE(one)\n", "one stands there 2 times"),
        ("src/rules.def", C_LICENCE + "/* TLSFIT_RULE(one) */\n", "src/rules/one.c:1: not in"),
        ("src/rules/one.c", RULE_FILE.replace("one", "two"), 'its .id is not "one"'),
        ("tests/rules/one/ok.ini", None, "one has no cases"),
        ("tests/rules/gone/ok.ini", "", "tests/rules/gone:1: no such rule"),
    ],
}


def write_tree(folder, files):
    for name, text in files.items():
        if text is not None:
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def result_for(check, files):
    with tempfile.TemporaryDirectory() as folder:
        write_tree(folder, files)
        return check(folder)


def run(name, check):
    failures = []
    counted, violations = result_for(check, CLEAN)
    if counted == 0 or violations:
        failures.append(f"the clean tree: {counted} checked, {violations}")
    if result_for(check, {})[0] != 0:
        failures.append("the empty tree: something was checked")
    for file, text, wanted in PLANTED[name]:
        _, violations = result_for(check, {**CLEAN, file: text})
        if not any(wanted in violation for violation in violations):
            failures.append(f"{file} should give '{wanted}' and gives {violations}")
    for failure in failures:
        print(failure)
    print(f"{name}: {len(PLANTED[name])} planted violations, {len(failures)} failures")
    return 1 if failures else 0
