#!/usr/bin/env python3
"""Processor time of the render helper beside pdftocairo: three widths of a page, and its text, may cost at most 1.2
times one PNG 1920 wide.

  tests/bench/render.py [HELPER] [DECK.pdf …]

Without decks it makes two: text and drawings, and pages of many small shapes. Needs pdftocairo (poppler-utils).
Each is run three times, in turns; what counts is the least. The exit code is 1 when a figure does not hold."""
import os
import shutil
import subprocess
import sys
import tempfile

MUST = 1.2
TURNS = 3


def seconds(command, document=None):
    """User and system time of the command."""
    with open(document or os.devnull, "rb") as file:
        reader, writer = os.pipe()  # the helper's sandbox refuses files
        child = subprocess.Popen(command, stdin=file, stdout=writer)
        os.close(writer)
        while os.read(reader, 1 << 20):
            pass
        os.close(reader)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{command[0]} ended with {child.returncode}")
    return used.ru_utime + used.ru_stime


def decks(folder):
    make = os.path.join(os.path.dirname(__file__), "../fixtures/make_pdf.py")
    for name, flags in (("text", ["--pages", "24"]), ("shapes", ["--pages", "12", "--shapes", "3000"])):
        path = os.path.join(folder, f"{name}.pdf")
        subprocess.run([sys.executable, make, *flags, path], check=True)
        yield path


def measure(helper, path, folder):
    ours, theirs = [], []
    for _ in range(TURNS):
        ours.append(seconds([helper], path))
        theirs.append(seconds(["pdftocairo", "-png", "-scale-to-x", "1920", "-scale-to-y", "-1", path, f"{folder}/page"]))
    return min(ours), min(theirs)


def main():
    helper = sys.argv[1] if len(sys.argv) > 1 else "build/release/amphi-render"
    if not shutil.which("pdftocairo"):
        print("render: SKIPPED, there is no pdftocairo (poppler-utils)")
        return 0
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for path in sys.argv[2:] or decks(folder):
            ours, theirs = measure(helper, path, folder)
            holds = ours <= MUST * theirs
            failed = failed or not holds
            print(f"render {os.path.basename(path):28} amphi {ours:6.2f} s, pdftocairo {theirs:6.2f} s, "
                  f"ratio {ours / theirs:.2f}, must be <= {MUST}: {'holds' if holds else 'DOES NOT HOLD'}")
    return failed


sys.exit(main())
