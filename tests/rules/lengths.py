#!/usr/bin/env python3
"""Functions over 80 lines and files over 500 lines fail; functions over 40 and files over 400 are listed."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = [p for f in ("server", "tests") for p in sorted((ROOT / f).rglob("*.[ch]"))]
SOURCES += [p for e in ("ts", "tsx") for p in sorted((ROOT / "web/src").rglob(f"*.{e}"))]


def functions(lines):
    """A C function body starts with '{' alone in column 0 and ends with '}' in column 0."""
    start = None
    for n, line in enumerate(lines, 1):
        if line.rstrip() == "{":
            start = n
        elif line.startswith("}") and start:
            yield start, n - start - 1
            start = None


def main():
    failed, long_ones = [], 0
    for path in SOURCES:
        lines = path.read_text().splitlines()
        name = path.relative_to(ROOT)
        if len(lines) > 500 and "i18n" not in path.parts:
            failed.append(f"{name}: {len(lines)} lines")
        if path.suffix == ".c":
            for line, length in functions(lines):
                long_ones += length > 40
                if length > 80:
                    failed.append(f"{name}:{line}: function of {length} lines")
    print("\n".join(failed) or f"lengths: clean ({long_ones} functions over 40 lines)")
    return 1 if failed else 0


sys.exit(main())
