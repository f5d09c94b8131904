#!/usr/bin/env python3
"""Holds that each npm package, and each program of ours that Node.js runs, works on the oldest Node.js that web/package.json
promises: Debian 12's. npm refuses packages there, and a test fails, where a machine with a newer Node.js sees nothing.
Exits 1 with one line a finding."""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
VERSION = re.compile(r"(>=|\^|~|=)?\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?")
LAST = 19  # a minor version that Debian 12's Node.js 18 surely has
# What JavaScript and Node.js have since version 20 or later, of what is easily written without a thought.
NEWER = re.compile(
    r"\.(?:toSorted|toReversed|toSpliced|isWellFormed|toWellFormed|isSubsetOf|isSupersetOf|isDisjointFrom|symmetricDifference)\("
    r"|\b(?:Object|Map)\.groupBy\(|\bPromise\.(?:withResolvers|try)\(|\bArray\.fromAsync\(|\bimport\.meta\.(?:dirname|filename)\b")


def accepts(wanted, major):
    """Whether a range, whose alternatives begin with their least version, has a version of this major."""
    for alternative in wanted.split("||"):
        found = VERSION.search(alternative)
        if not found:
            return True
        sign, least, minor = found[1], int(found[2]), int(found[3] or 0)
        if least == major and minor <= LAST or least < major and sign == ">=":
            return True
    return False


def newer(text):
    """The lines that want a newer Node.js, by number."""
    return [n for n, line in enumerate(text.split("\n"), 1) if NEWER.search(line)]


def programs():
    own = [*ROOT.glob("tests/**/*.mjs"), *WEB.glob("*.mjs"), *WEB.glob("src/**/*.test.ts")]
    return [path for path in own if "node_modules" not in path.parts]


def main():
    assert newer("a\nb.toSorted()\nconst c = Object.groupBy(d, e)\nsorted()") == [2, 3]
    assert accepts(">=18", 18) and accepts("^16 || ^18.17.0 || >=20", 18) and accepts(">= 8.0.0", 18) and accepts("*", 18)
    assert not accepts(">= 20.12", 18) and not accepts("^16 || >=20", 18) and not accepts("^20", 18)
    major = int(VERSION.search(json.loads((WEB / "package.json").read_text())["engines"]["node"])[2])
    packages = json.loads((WEB / "package-lock.json").read_text())["packages"]
    wrong = 0
    for name, package in packages.items():
        engines = package.get("engines") or {}
        wanted = engines.get("node", "*") if isinstance(engines, dict) else "*"
        if name and not accepts(wanted, major):
            wrong += 1
            print(f"web/package-lock.json: {name} wants Node.js {wanted}, there is {major}")
    own = programs()
    for path in own:
        for line in newer(path.read_text()):
            wrong += 1
            print(f"{path.relative_to(ROOT)}:{line}: Node.js {major} does not have this")
    if not wrong:
        print(f"web engines: {len(packages)} packages and {len(own)} programs run on Node.js {major}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
