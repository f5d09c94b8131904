#!/usr/bin/env python3
"""Holds that each figure that server/alerts.yml asks for is one that the server has. Exits 1 with one line a name."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    had = {name for path in (ROOT / "server").rglob("*.c") for name in re.findall(r'"(amphi_[a-z_]+)"', path.read_text())}
    asked = set(re.findall(r"\bamphi_[a-z_]+\b", (ROOT / "server/alerts.yml").read_text()))
    for name in sorted(asked - had):
        print(f"server/alerts.yml: the server has no {name}")
    if not asked - had:
        print(f"alerts: {len(asked)} figures, all known")
    return 1 if asked - had else 0


if __name__ == "__main__":
    sys.exit(main())
