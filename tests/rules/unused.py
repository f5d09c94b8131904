#!/usr/bin/env python3
"""Holds that the server uses each of its functions: one that only tests call, or nobody, goes. Exits 1 with
one line a function."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2] / "server"
NOISE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|^[ \t]*#[ \t]*include[^\n]*', re.S | re.M)
ELSEWHERE = {
    "clock_init_fake": "the clock that tests pass in",
    "clock_advance": "the clock that tests pass in",
    "__asan_default_options": "AddressSanitizer calls it",
    "fstat": "stands before libc's in the render helper",
    "fstat64": "stands before libc's in the render helper",
    "main": "",
    "recv": "libwebsockets calls it (net/tap.c)",
    "SSL_read": "libwebsockets calls it (net/tap.c)",
}
# What is at the left margin and has a body: a function. Its name is what stands before the parameters.
FUNCTION = re.compile(r"^(?!static\b(?! inline\b)|#|struct \w+\s*\{|typedef)[a-z][^;{}=()]*?\b(\w+)\([^;{}]*\)\s*\{", re.M)
MACRO = re.compile(r"^[ \t]*#[ \t]*define(?:[^\n]*\\\n)*[^\n]*", re.M)
BODY = re.compile(r"^\{.*?^\}", re.S | re.M)


def uses(text, header):
    """The part of a file in which a name is a use. In a header most names are declarations."""
    return "\n".join(MACRO.findall(text) + BODY.findall(text)) if header else text


def main():
    defined, used = {}, {}
    for path in sorted([*ROOT.rglob("*.c"), *ROOT.rglob("*.h")]):
        text = NOISE.sub(" ", path.read_text())
        for match in FUNCTION.finditer(text):
            line = text[: match.start()].count("\n") + 1
            defined[match[1]] = (path.relative_to(ROOT), line)
            if path.suffix == ".c":
                used[match[1]] = used.get(match[1], 0) - 1  # the definition itself
        for name in re.findall(r"\b[a-z]\w+\b", uses(text, path.suffix == ".h")):
            used[name] = used.get(name, 0) + 1
    unused = [(path, line, name) for name, (path, line) in defined.items() if name not in ELSEWHERE and used.get(name, 0) < 1]
    for path, line, name in sorted(unused):
        print(f"server/{path}: {name}() is used by nothing in server/")
    if not unused:
        print(f"unused functions: none of {len(defined)}")
    return 1 if unused else 0


if __name__ == "__main__":
    sys.exit(main())
