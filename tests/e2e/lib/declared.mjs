// What the server's features declare (`amphi tables`), with their forms read; and whether a frame of the
// live protocol is as declared.
import { execFileSync } from "node:child_process";
import { faultOf, parseForm } from "./forms.mjs";
import { root } from "./need.mjs";

export const tables = JSON.parse(execFileSync(`${root}build/release/amphi`, ["tables"], { maxBuffer: 1 << 24 }).toString());

export const shapes = {}; // feature → name → form
for (const { feature, name, form } of tables.shapes) (shapes[feature] ??= {})[name] = parseForm(form);

const byName = (rows) => new Map(rows.map((row) => [row.name, row]));
const formed = (rows, field) => byName(rows.filter((r) => r[field] != null).map((r) => ({ ...r, form: parseForm(r[field]) })));
// kind of message → name → row, with its form
export const declared = {
  command: formed(tables.commands, "data"),
  answer: formed(tables.commands, "ok"),
  event: formed([...tables.events, ...tables.tells], "data"),
  notice: formed(tables.events, "noticed"),
  state: formed(tables.states, "data"),
  snapshot: formed(tables.snapshots, "data"),
};

const envelope = Object.fromEntries(
  Object.entries({
    hello: "{hello: {protocol: int, build: text, now: time, ping_ms: int}}",
    bye: "{bye: {code: text, retry_ms: int}}",
    event: "{event: text, place: text, seq: int, at: time, data: object}",
    state: "{state: text, place: text, key: text, version: int, data: object}",
    notice: "{notice: text, session: id, seq: int, at: time, data: object}",
    answer: "{id: int, ok: object} | {id: int, error: {code: text, field?: text, reason?: text}}",
    command: "{id: int, place?: text, command: text, data: object}",
  }).map(([kind, form]) => [kind, parseForm(form)]),
);

const dataFault = (kind, name, data) => {
  const row = declared[kind].get(name);
  return row ? faultOf(row.form, data, shapes[row.feature], `${name}: data`) : `${kind} ${name} is not declared`;
};

// Parts of a snapshot: all that are declared, and no other.
export function snapshotFault(snapshot, some = false) {
  const said = Object.entries(snapshot).flatMap(([whose, parts]) => Object.keys(parts).map((part) => `${whose}.${part}`));
  for (const name of said) {
    const row = declared.snapshot.get(name);
    if (!row) return `${name} is not declared`;
    const [whose, part] = name.split(".");
    const fault = faultOf(row.form, snapshot[whose][part], shapes[row.feature], name);
    if (fault) return fault;
  }
  const missing = [...declared.snapshot.keys()].find((name) => !said.includes(name));
  return missing && !some ? `${missing} is missing` : null;
}

// What is wrong with a frame of the server, or of a client with its `command`; null: nothing. asked: the
// command that an answer answers, when that is known.
export function frameFault(frame, asked) {
  const kind = "id" in frame ? ("command" in frame ? "command" : "answer") : ["hello", "bye", "event", "state", "notice"].find((k) => k in frame);
  if (!kind) return "nobody declared such a frame";
  const fault = faultOf(envelope[kind], frame, {}, kind);
  if (fault || kind === "hello" || kind === "bye") return fault;
  if (kind !== "answer") {
    const single = kind === "state" && declared.state.get(frame.state)?.key === "";
    if (kind === "state" && (frame.key === "") !== single) return `state ${frame.state}: key "${frame.key}"`;
    return dataFault(kind, frame[kind], frame.data);
  }
  if (!frame.ok || !asked) return null;
  const { snapshot } = frame.ok;
  return dataFault("answer", asked, frame.ok) ?? (snapshot ? snapshotFault(snapshot) : null);
}
