#!/usr/bin/env python3
"""Holds the imports of web/src to the layers of web/README.md. Exits 1 with one line a breach."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2] / "web/src"

# folder -> folders it may import (itself always); features and app follow below
LAYERS = {
    "net": set(),
    "i18n": {"net"},
    "state": {"net", "i18n"},
    "ui": {"net", "i18n", "state"},
    "media": {"net"},
}
LAZY = "media/index.ts"  # loaded by import() when it is needed; other folders see nothing else of media, but:
EAGER = {"media/streams.ts"}
PACKAGES = {"preact", "preact/hooks", "@preact/signals", "lean-qr"}
WORKER_PACKAGES = {"fflate", "read-excel-file/universal"}  # only in files named .worker.ts
TEST_PACKAGES = {"jsqr"}  # beside Node's own
LIST = "app/features.ts"  # the only file that imports the declarations of features

# Where a feature may see another one: its routes or its messages, never its views. With the reason.
SEAMS = {
    ("features/feature.tsx", "features/sessions/messages.ts"): "every view of a live room stands in a session",
    ("features/audit", "features/accounts/api.ts"): "the log shows the names of staff",
    ("features/congress", "features/accounts/api.ts"): "the overview says whether the privacy notice is there",
    ("features/congress", "features/audience/api.ts"): "the overview says whether there are target profiles",
    ("features/congress", "features/participation/api.ts"): "the overviews show figures and goals",
    ("features/congress", "features/polls/api.ts"): "a session's overview counts its polls",
    ("features/congress", "features/registration/api.ts"): "the overviews count registrations over all links, which they offer to copy",
    ("features/congress", "features/slides/api.ts"): "a session's overview counts its decks",
    ("features/goals", "features/congress/api.ts"): "the page of a profile's people says of which congress",
    ("features/mails", "features/congress/api.ts"): "the page of a text says of which congress",
    ("features/goals", "features/lists/api.ts"): "the regions that a profile's list has, to choose from",
    ("features/invitations", "features/audience/api.ts"): "the lists and profiles that a round may invite",
    ("features/invitations", "features/congress/api.ts"): "the page of a round says of which congress",
    ("features/registration", "features/audience/api.ts"): "the names of the profiles that a registration matches",
}
IMPORT = re.compile(r"""^(?:import|export)\b[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'""", re.M)


def name(path):
    return path.relative_to(ROOT).as_posix()


def imports(path):
    """Each target, and whether it is loaded together with this file."""
    for match in IMPORT.finditer(path.read_text()):
        later = match.group(3) or re.match(r"(?:import|export) type\b", match.group(0))
        yield next(group for group in match.groups() if group), not later


def resolve(path, target):
    base = (path.parent / target).resolve()
    candidates = [base.with_name(base.name + end) for end in (".ts", ".tsx")] + [base / "index.ts"]
    return next((c for c in candidates if c.is_file()), None)


def feature(file):
    parts = file.split("/")
    return "/".join(parts[:2]) if parts[0] == "features" and len(parts) > 2 else None


def allowed(source, target, used):
    folder, top = source.split("/")[0], target.split("/")[0]
    if re.fullmatch(r"features/\w+/index\.ts", target):
        return source == LIST
    if folder in LAYERS:
        return top == folder or top in LAYERS[folder]
    if folder != "features":
        return True  # app, and what starts it
    if top in LAYERS or target == "features/feature.tsx":
        return True
    if feature(source) and feature(source) == feature(target):
        return True
    seam = (feature(source) or source, target)
    used.add(seam)
    return seam in SEAMS


def too_early(source, target, together):
    """The media library is no part of a first load."""
    if not target.startswith("media/") or source.startswith("media/") or target in EAGER:
        return False
    return together or target != LAZY


def circle(graph):
    """The files of one circle, or nothing."""
    done, path = set(), []

    def visit(file):
        if file in path:
            return path[path.index(file):] + [file]
        if file in done:
            return None
        path.append(file)
        for target in graph[file]:
            found = visit(target)
            if found:
                return found
        path.pop()
        done.add(file)
        return None

    return next((found for found in map(visit, graph) if found), None)


def main():
    found, used, graph = [], set(), {}
    for path in sorted(p for p in ROOT.rglob("*.ts*") if p.suffix in (".ts", ".tsx")):
        source = name(path)
        graph[source] = []
        for target, together in imports(path):
            if not target.startswith("."):
                of_tests = target.startswith("node:") or target in TEST_PACKAGES
                of_worker = target in WORKER_PACKAGES and source.endswith(".worker.ts")
                if target not in PACKAGES and not of_worker and not (of_tests and ".test." in source):
                    found.append(f"{source} may not import {target}")
                continue
            file = resolve(path, target)
            if not file:
                found.append(f"{source} imports {target}, which is not there")
                continue
            graph[source].append(name(file))
            if not allowed(source, name(file), used):
                found.append(f"{source} may not import {name(file)}")
            if too_early(source, name(file), together):
                found.append(f"{source} may import {LAZY} alone of media, as a type or by import()")
    found += [f"nothing uses the seam from {a} to {b}" for a, b in SEAMS if (a, b) not in used]
    around = circle(graph)
    if around:
        found.append("circle: " + " → ".join(around))
    print("\n".join(found) or "web layers: clean")
    return 1 if found else 0


sys.exit(main())
