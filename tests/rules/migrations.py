#!/usr/bin/env python3
"""Holds that migrations from 0062 on leave the database readable and writable for the version before, which serves beside
the new one while servers are exchanged one by one. A file that breaks this says so, with the reason, in a line
`-- breaks: …`; then all servers have to be stopped first. A constraint that takes the place of a narrower one says so in
a line `-- wider: NAME`. Exits 1 with one line a finding."""
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "migrations"
FIRST = 62
# Dollar-quoted bodies, texts and comments: nothing in them changes a table, but for DO blocks, which are looked into.
TEXT = re.compile(r"'(?:[^']|'')*'")
COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.S)
BODY = re.compile(r"\$(\w*)\$.*?\$\1\$", re.S)
BREAKS = re.compile(r"^-- breaks: *\S.{9,}", re.M)
NAME = r'(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?:ONLY\s+)?(?:public\.)?"?(\w+)"?'
RULES = [
    (r"\bDROP\s+(TABLE|COLUMN|VIEW|TYPE|FUNCTION|SCHEMA|SEQUENCE)\b", "drops what the version before may use"),
    (r"\bRENAME\b", "renames what the version before may use"),
    (r"\bALTER\s+(COLUMN\s+)?\w+\s+(SET\s+DATA\s+)?TYPE\b", "changes a column's type"),
    (r"\bALTER\s+(COLUMN\s+)?\w+\s+SET\s+NOT\s+NULL\b", "the version before may write null"),
    (r"\bALTER\s+(COLUMN\s+)?\w+\s+DROP\s+DEFAULT\b", "the version before may leave the column out"),
    (r"\bADD\s+(CONSTRAINT\s+\w+\s+)?(CHECK|UNIQUE|EXCLUDE|FOREIGN\s+KEY|PRIMARY\s+KEY)\b", "the version before may write what this refuses"),
]
COLUMN = re.compile(r"\bADD\s+(?:COLUMN\s+)?(?!CONSTRAINT\b|CHECK\b|UNIQUE\b|EXCLUDE\b|FOREIGN\b|PRIMARY\b|VALUE\b)" + NAME + r"\s+(.*)", re.I | re.S)


def actions(rest):
    """What one ALTER TABLE does, action by action: commas outside of brackets part them."""
    depth, begin, found = 0, 0, []
    for i, c in enumerate(rest):
        depth += (c == "(") - (c == ")")
        if c == "," and depth == 0:
            found.append(rest[begin:i])
            begin = i + 1
    return [*found, rest[begin:]]


def statements(text):
    text = TEXT.sub("''", COMMENT.sub(" ", text))
    inside = [m[0].strip("$") for m in re.finditer(r"\bDO\s+\$(\w*)\$(.*?)\$\1\$", text, re.S | re.I)]
    return [s.strip() for s in (BODY.sub(" ", text) + ";" + ";".join(inside)).split(";")]


def findings(text):
    """What breaks the version before, but for tables that the same file makes."""
    if BREAKS.search(text):
        return []
    found, made, empty = [], set(), set()
    wider = {name for name in re.findall(r"^-- wider: *(\w+)", text, re.M) if re.search(rf"\bDROP\s+CONSTRAINT\s+{name}\b", text, re.I)}
    for statement in statements(text):
        create = re.search(r"\bCREATE\s+(?:UNLOGGED\s+)?TABLE\s+" + NAME, statement, re.I)
        if create:
            made.add(create[1].lower())
            continue
        alter = re.search(r"\bALTER\s+TABLE\s+" + NAME + r"\s(.*)", statement, re.I | re.S)
        if alter and alter[1].lower() in made:
            continue
        for action in actions(alter[2]) if alter else []:
            column = COLUMN.search(action)
            if column and not re.search(r"\bNOT\s+NULL\b|\bDEFAULT\b|\bGENERATED\b", column[2], re.I):
                empty.add((alter[1].lower(), column[1].lower()))
        for action in actions(alter[2]) if alter else [statement]:
            key = re.match(r"\s*ADD\s+(?:CONSTRAINT\s+\w+\s+)?FOREIGN\s+KEY\s*\(([^)]*)\)", action, re.I)
            if key and any((alter[1].lower(), name.strip().lower()) in empty for name in key[1].split(",")):
                continue  # the version before leaves that column null, and nothing is looked up
            if (constraint := re.search(r"\bADD\s+CONSTRAINT\s+(\w+)", action, re.I)) and constraint[1] in wider:
                continue
            unique = re.search(r"\bCREATE\s+UNIQUE\s+INDEX\b.*?\bON\s+" + NAME, action, re.I | re.S)
            if unique and unique[1].lower() not in made:
                found.append((action, "the version before may write what this refuses"))
            found += [(action, why) for pattern, why in RULES if re.search(pattern, action, re.I)]
            column = COLUMN.search(action) if alter else None
            if column and re.search(r"\bNOT\s+NULL\b", column[2], re.I) and not re.search(r"\b(DEFAULT|GENERATED)\b", column[2], re.I):
                found.append((action, "the version before does not write this column"))
    return found


GOOD = [
    "ALTER TABLE node ADD COLUMN a text NOT NULL DEFAULT '', ADD COLUMN b int; -- DROP TABLE x",
    "CREATE TABLE t (a int NOT NULL CHECK (a > 0)); ALTER TABLE t ADD CONSTRAINT c CHECK (a < 9); CREATE UNIQUE INDEX ON t (a)",
    "ALTER TABLE slide ADD links jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(links) = 'array')",
    "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE temporary; END $$",
    "ALTER TABLE node ADD COLUMN a uuid, ADD FOREIGN KEY (id, a) REFERENCES t (id, a)",
    "INSERT INTO word VALUES ('DROP TABLE node')",
    "-- wider: c\nALTER TABLE node DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (name IN ('a', 'b', 'c'))",
    "-- breaks: nobody reads it since 0070\nDROP TABLE node",
]
BAD = [
    "ALTER TABLE node ADD COLUMN a uuid DEFAULT gen_random_uuid(), ADD FOREIGN KEY (a) REFERENCES t (a)", "ALTER TABLE node ADD COLUMN a uuid, ADD FOREIGN KEY (name) REFERENCES t (name)",
    "DROP TABLE IF EXISTS node", "ALTER TABLE node DROP COLUMN name", "ALTER TABLE node RENAME name TO title",
    "ALTER TABLE node ADD COLUMN a text NOT NULL", "ALTER TABLE node ADD a text DEFAULT '', ADD b int NOT NULL",
    "ALTER TABLE node ADD CONSTRAINT c CHECK (name <> '')", "ALTER TABLE node ALTER COLUMN name SET NOT NULL",
    "ALTER TABLE node ALTER name TYPE int", "CREATE UNIQUE INDEX u ON node (name)", "DO $x$ BEGIN ALTER TABLE node DROP COLUMN a; END $x$",
    "-- wider: c\nALTER TABLE node ADD CONSTRAINT c CHECK (name <> '')", "DROP FUNCTION f(uuid)", "-- breaks:\nDROP TABLE node",
]


def main():
    wrong = [("missed", sql) for sql in BAD if not findings(sql)] + [("minded", sql) for sql in GOOD if findings(sql)]
    for what, sql in wrong:
        print(f"tests/rules/migrations.py: {what}: {sql}")
    files = [p for p in sorted(FOLDER.glob("*.sql")) if int(p.name[:4]) >= FIRST]
    for path in files:
        for statement, why in findings(path.read_text()):
            wrong.append(path)
            print(f"migrations/{path.name}: {' '.join(statement.split())[:90]}: {why}")
    if not wrong:
        print(f"migrations: {len(files)} readable by the version before")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
