#!/usr/bin/env python3
"""Holds the includes of server/ to the layers of server/README.md. Exits 1 with one line a breach."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2] / "server"

# folder -> folders of ours it may include (itself always)
LAYERS = {
    "base": set(),
    "crypto": {"base"},
    "loop": {"base"},
    "blob": {"base", "crypto"},
    "db": {"base", "loop/mailbox.h", "crypto"},
    "nodes": {"base", "db"},
    "jobs": {"base", "loop/mailbox.h", "db"},
    "storage": {"base", "loop/mailbox.h", "db", "blob/blob.h"},
    "mail": {"base", "loop/mailbox.h", "db", "crypto"},
    "render": {"base", "loop/mailbox.h", "crypto"},
    "grants": {"base", "db"},
    "media": {"base"},
    "recording": {"base", "media"},
    "http": {"base", "loop/mailbox.h", "db/job.h", "db/db.h", "grants", "crypto", "blob"},
    "room": {"base", "loop/mailbox.h", "db/job.h", "db/lane.h", "media", "nodes/bus.h", "nodes/node.h", "nodes/times.h"},
    "net": {"base", "loop", "http", "room/dispatch.h", "crypto", "db/job.h", "db/db.h", "blob/blob.h"},
}
# The two halves of room/ meet in room/message.h: neither sees the other's folder.
HALVES = {"home", "conn"}
RULES = {"base", "room"}                                       # features/x/x.c, also by what that includes
STORE = RULES | {"recording", "db", "grants", "jobs", "mail", "crypto", "blob", "storage", "http/cursor.h", "loop/mailbox.h"}  # x_store.c, x_mail.c
EDGE = STORE | {"http", "render"}                              # messages, routes and the rest
# library header prefix -> the only folders that may see it
LIBRARIES = {
    "libwebsockets": {"net", "loop"},
    "uv.h": {"net", "loop"},
    "libpq": {"db"},
    "libpq-fe": {"db"},
    "openssl": {"net", "crypto"},
    "curl/": {"mail", "blob", "features"},
    "cjose": {"crypto"},
    "archive": {"features"},
    "libical": {"mail"},
    "unicode/": {"base", "mail"},
    "sodium": {"crypto"},
    "cbor": {"crypto"},
    "poppler": {"render"},
    "cairo": {"render"},
    "webp": {"render"},
    "seccomp": {"render"},
    "ini.h": {"base"},
    "opus": {"recording"},
    "nats": {"nodes"},
}
# Circles between the files of a folder that are still there; none is added.
KNOWN = [
    {"room/tell", "room/event", "room/dispatch", "room/message", "room/feature"},
    {"jobs/jobs", "jobs/jobs_store", "jobs/runner"},
    {"blob/blob", "blob/cache"},
    {"render/client", "render/client_reader"},
    {"db/db", "db/query", "db/pool", "db/conn"},
]
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)


def allowed(path):
    parts = path.relative_to(ROOT).parts
    if len(parts) == 1 or parts[0] == "sample":
        return None  # main, what builds the server, and the sample may see all
    if parts[0] == "room":
        return LAYERS["room"] | room_part(parts) | ({"db/query.h"} if path.stem.endswith("_store") else set())
    if parts[0] != "features":
        return LAYERS[parts[0]] | {parts[0]}
    feature, name = parts[1], path.stem
    own = {f"features/{feature}"}
    if name == feature and path.suffix == ".c":
        return RULES | own
    if name.endswith(("_store", "_mail")):
        return STORE | own
    return EDGE | own


def room_part(parts):
    top = {f"room/{p.name}" for p in (ROOT / "room").glob("*.h")}
    return top | ({f"room/{parts[1]}"} if parts[1] in HALVES else set())


def own_includes(path):
    return [t for kind, t in INCLUDE.findall(path.read_text()) if kind == '"']


def reached(path):
    """Every header of ours that a file sees, also through others."""
    seen, todo = set(), own_includes(path)
    while todo:
        target = todo.pop()
        if target not in seen:
            seen.add(target)
            todo += own_includes(ROOT / target)
    return seen


def circles():
    """Headers that include each other."""
    graph = {str(p.relative_to(ROOT)): own_includes(p) for p in ROOT.rglob("*.h")}
    for start in sorted(graph):
        seen, todo = set(), list(graph[start])
        while todo:
            target = todo.pop()
            if target not in seen:
                seen.add(target)
                todo += graph.get(target, [])
        if start in seen:
            yield f"{start} includes itself through others"


def module(name):
    """x.c, x.h and what only they and their neighbours share, x_private.h, are one."""
    return name.rsplit(".", 1)[0].removesuffix("_private")


def modules():
    """What each module of ours includes of others."""
    graph = {}
    for p in ROOT.rglob("*.[ch]"):
        own = module(str(p.relative_to(ROOT)))
        graph.setdefault(own, set()).update(module(t) for t in own_includes(p) if module(t) != own)
    return graph


def reachable(graph, start):
    seen, todo = set(), list(graph.get(start, ()))
    while todo:
        target = todo.pop()
        if target not in seen:
            seen.add(target)
            todo += graph.get(target, ())
    return seen


def file_circles():
    """Files that include each other, x.c and x.h taken as one, beyond those that are KNOWN."""
    graph = modules()
    reach = {m: reachable(graph, m) for m in graph}
    found = {frozenset(n for n in reach[m] if m in reach[n]) for m in graph if m in reach[m]}
    for circle in sorted(sorted(c) for c in found):
        if not any(set(circle) <= known for known in KNOWN):
            yield f"{', '.join(circle)} include each other"
    for known in KNOWN:
        if not any(c <= known for c in found):
            yield f"{', '.join(sorted(known))} are no circle any more: take it out of KNOWN"


def fits(target, permitted):
    return any(target == p or target.startswith(p + "/") for p in permitted)


def breaches(path):
    text = path.read_text()
    permitted = allowed(path)
    folder = path.relative_to(ROOT).parts[0]
    if permitted == RULES | {f"features/{path.parent.name}"}:
        for target in sorted(reached(path)):
            if not fits(target, permitted | {"loop/mailbox.h"}):
                yield f"{path.relative_to(ROOT)} reaches {target}"
    for kind, target in INCLUDE.findall(text):
        if kind == '"' and permitted is not None and not fits(target, permitted):
            yield f"{path.relative_to(ROOT)} may not include {target}"
        if kind == "<":
            for library, folders in LIBRARIES.items():
                if target.startswith(library) and folder not in folders and not path.name == "main.c":
                    yield f"{path.relative_to(ROOT)} may not see <{target}>"
    if re.search(r"(ZONE|'TimeZone',) *\w*\.?time_zone", text):
        yield f"{path.relative_to(ROOT)} computes with a zone as it was typed; zone_here() is the database's name"
    if path.suffix == ".c" and folder == "features" and not path.name.endswith("_store.c"):
        if re.search(r"\bdb_(query|exec|stream)\(", text):
            yield f"{path.relative_to(ROOT)} holds SQL; it belongs into the feature's _store.c"
        if path.name.endswith("_messages.c") and "json_read_id(" in text:
            yield f"{path.relative_to(ROOT)} reads an id itself; declare it in the command's ids"


def main():
    found = [b for p in sorted(ROOT.rglob("*.[ch]")) for b in breaches(p)] + list(circles()) + list(file_circles())
    print("\n".join(found) or "includes: clean")
    return 1 if found else 0


sys.exit(main())
