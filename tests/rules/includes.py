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
    "mail": {"base", "loop/mailbox.h", "db", "crypto"},
    "bus": {"base", "loop/mailbox.h"},
    "render": {"base", "loop/mailbox.h", "crypto"},
    "grants": {"base", "db"},
    "http": {"base", "loop/mailbox.h", "db/job.h", "db/db.h", "grants", "crypto"},
    "room": {"base", "loop/mailbox.h", "bus", "db/job.h", "db/lane.h", "features/feature.h"},
    "net": {"base", "loop", "http", "room/dispatch.h", "crypto", "db/job.h", "db/db.h"},
}
RULES = {"base", "room", "features/feature.h"}                # features/x/x.c
STORE = RULES | {"db", "grants", "mail", "crypto", "blob", "http/cursor.h", "loop/mailbox.h"}  # x_store.c, x_mail.c
EDGE = STORE | {"http", "render", "config.h"}                  # messages, routes and the rest
# library header prefix -> the only folders that may see it
LIBRARIES = {
    "libwebsockets": {"net", "loop"},
    "uv.h": {"net", "loop"},
    "libpq": {"db"},
    "libpq-fe": {"db"},
    "openssl": {"net"},
    "curl/": {"mail"},
    "libical": {"mail"},
    "sodium": {"crypto"},
    "poppler": {"render"},
    "cairo": {"render"},
    "webp": {"render"},
    "seccomp": {"render"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)


def allowed(path):
    parts = path.relative_to(ROOT).parts
    if len(parts) == 1:
        return None  # main and what builds the server may see all
    if parts[0] != "features":
        return LAYERS[parts[0]] | {parts[0]}
    if len(parts) == 2:
        return {"base", "http", "room"}
    feature, name = parts[1], path.stem
    own = {f"features/{feature}"}
    if name == feature and path.suffix == ".c":
        return RULES | own
    if name.endswith(("_store", "_mail")):
        return STORE | own
    return EDGE | own


def fits(target, permitted):
    return any(target == p or target.startswith(p + "/") for p in permitted)


def breaches(path):
    text = path.read_text()
    permitted = allowed(path)
    folder = path.relative_to(ROOT).parts[0]
    for kind, target in INCLUDE.findall(text):
        if kind == '"' and permitted is not None and not fits(target, permitted):
            yield f"{path.relative_to(ROOT)} may not include {target}"
        if kind == "<":
            for library, folders in LIBRARIES.items():
                if target.startswith(library) and folder not in folders and not path.name == "main.c":
                    yield f"{path.relative_to(ROOT)} may not see <{target}>"
    if path.suffix == ".c" and "features" in path.parts and not path.name.endswith("_store.c"):
        if re.search(r"\bdb_(query|exec|stream)\(", text):
            yield f"{path.relative_to(ROOT)} holds SQL; it belongs into the feature's _store.c"
        if path.name.endswith("_messages.c") and "json_read_id(" in text:
            yield f"{path.relative_to(ROOT)} reads an id itself; declare it in the command's ids"


def main():
    found = [b for p in sorted(ROOT.rglob("*.[ch]")) for b in breaches(p)]
    print("\n".join(found) or "includes: clean")
    return 1 if found else 0


sys.exit(main())
