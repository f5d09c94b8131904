// What is made from the features' declarations: the tables in the PROTOCOL.md files and the list of routes in
// openapi.yaml, between their comments, and the browser's decoders. `make docs` writes them, contract.test.mjs
// holds that they are current.
import { readFileSync } from "node:fs";
import { declared, shapes, tables } from "./declared.mjs";
import { shapesIn } from "./forms.mjs";
import { root } from "./need.mjs";

const of = (table, feature) => tables[table].filter((row) => row.feature === feature);

// --- PROTOCOL.md ---

const STAFF = ["organiser", "host", "moderator", "speaker"];
function who(roles) {
  const staff = STAFF.every((role) => roles.includes(role));
  if (staff) return roles.includes("hcp") ? "everybody" : "staff";
  return roles.join(", ");
}
const cell = (text) => (text ?? "").replaceAll("|", "\\|");
const code = (form) => (form == null ? "" : `\`${cell(form)}\``);
function table(heads, rows) {
  if (rows.length === 0) return [];
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(heads), `|${"---|".repeat(heads.length)}`, ...rows.map(line), ""];
}

function protocolTables(feature) {
  const events = [...of("events", feature).filter((e) => e.data), ...of("tells", feature)];
  const form = feature === "connection" ? [] : ["who"];
  const lines = [
    ...table(["command", ...form, "data", "ok", ""], of("commands", feature).map((c) => [code(c.name), ...form.map(() => who(c.roles)), code(c.data), code(c.ok), cell(c.what)])),
    ...table(["event", "who", "data", "when"], events.map((e) => [code(e.name), who(e.roles), code(e.data), cell(e.what)])),
    ...table(["state", "who", "key", "data", "when"], of("states", feature).map((s) => [code(s.name), who(s.roles), s.key || '`""`', code(s.data), cell(s.what)])),
    ...table(["notice", "data", "when"], of("events", feature).filter((e) => e.noticed).map((e) => [code(e.name), code(e.noticed), cell(e.what)])),
    ...table(["snapshot", "data", ""], of("snapshots", feature).map((s) => [code(s.name), code(s.data), cell(s.what)])),
    ...table(["shape", "form"], of("shapes", feature).map((s) => [code(s.name), code(s.form)])),
  ];
  return lines.join("\n").trimEnd();
}

export const MARKED = /<!-- (\w+): made by `make docs` -->\n[^]*?<!-- end -->/g;
const protocol = (text) => text.replace(MARKED, (_, feature) => `<!-- ${feature}: made by \`make docs\` -->\n${protocolTables(feature)}\n<!-- end -->`);

// --- web/src/features/<x>/declared.ts ---

const BASES = { id: "string", time: "string", text: "string", int: "number", number: "number", bool: "boolean", object: "unknown" };
const call = (name, inner) => `${name}(${inner})`;
const key = (text) => (/^\w+$/.test(text) ? text : `'${text}'`);

function eitherOf(forms, known) {
  if (forms.every((f) => f.word !== undefined)) return call("oneOf", forms.map((f) => `'${f.word}'`).join(", "));
  const [a, b] = forms;
  const keys = (form) => (form.shape ? known[form.shape] : form).fields;
  const only = (some, others) => keys(some).find((f) => !f.optional && !keys(others).some((g) => g.key === f.key))?.key;
  return only(b, a) ? call("either", `'${only(b, a)}', ${decoder(b, known)}, ${decoder(a, known)}`) : call("either", `'${only(a, b)}', ${decoder(a, known)}, ${decoder(b, known)}`);
}

function decoder(form, known) {
  if (form.base) return BASES[form.base];
  if (form.word !== undefined) return call("oneOf", `'${form.word}'`);
  if (form.value !== undefined) return "boolean";
  if (form.shape) return form.shape;
  if (form.list) return call("array", decoder(form.list, known));
  if (form.nullable) return call("nullable", decoder(form.nullable, known));
  if (form.either) return eitherOf(form.either, known);
  if (form.fields.length === 0) return "unknown";
  return objectOf(form.fields.map((f) => [f.key, f.optional ? call("optional", decoder(f.form.nullable ?? f.form, known)) : decoder(f.form, known)]));
}

const indent = (text) => text.replaceAll("\n", "\n  ");
function objectOf(entries, call = "object(") {
  const fields = entries.map(([k, v]) => (k === v ? k : `${key(k)}: ${v}`));
  const short = `${call}{ ${fields.join(", ")} }${call ? ")" : ""}`;
  if (short.length <= 80 && !short.includes("\n")) return short;
  return `${call}{\n${fields.map((f) => `  ${indent(f)},\n`).join("")}}${call ? ")" : ""}`;
}

// Those that are named, before those that name them.
function inOrder(known) {
  const done = [];
  const visit = (name) => {
    if (done.includes(name)) return;
    shapesIn(known[name]).forEach(visit);
    done.push(name);
  };
  Object.keys(known).sort().forEach(visit);
  return done;
}

function importOf(names) {
  const line = `import { ${names.join(", ")} } from '../../net/decode';`;
  return line.length <= 100 ? line : `import {\n${names.map((name) => `  ${name},\n`).join("")}} from '../../net/decode';`;
}

function decoders(feature) {
  const known = shapes[feature] ?? {};
  const all = (kind, rows) => objectOf(rows.filter((r) => declared[kind].has(r.name)).map((r) => [r.name, decoder(declared[kind].get(r.name).form, known)]), "");
  const part = (whose) => {
    const rows = of("snapshots", feature).filter((s) => s.name.startsWith(`${whose}.`));
    return rows.length ? objectOf(rows.map((s) => [s.name.split(".")[1], decoder(declared.snapshot.get(s.name).form, known)])) : "unknown";
  };
  const body = `${inOrder(known).map((name) => `export const ${name} = ${decoder(known[name], known)};\n`).join("")}
export const declared = ${objectOf([["common", part("common")], ["own", part("own")], ["events", all("event", [...of("events", feature), ...of("tells", feature)])],
    ["states", all("state", of("states", feature))], ["commands", all("answer", of("commands", feature))]], "")};
`;
  const used = ["array", "boolean", "either", "nullable", "number", "object", "oneOf", "optional", "string", "unknown"].filter((name) => new RegExp(`(?<!['\\w.])${name}\\b(?!['\\w]|: )`).test(body));
  return `// Made by \`make docs\` from server/features/${feature}/${feature}_feature.c; not to be edited.
${importOf(used)}

${body.startsWith("\n") ? body.slice(1) : body}`;
}

const live = [...new Set([...tables.commands, ...tables.events.filter((e) => e.data), ...tables.states, ...tables.snapshots].map((row) => row.feature))].filter((f) => f !== "connection");

// The general part, and a part beside each feature's code.
export const protocolParts = ["server/PROTOCOL.md", ...live.map((feature) => `server/features/${feature}/PROTOCOL.md`)];

// --- openapi.yaml ---

const LISTED = /( {2}# The features' routes: made by `make docs`\n)[^]*?( {2}# end\n)/;
const pointer = (pattern) => pattern.replaceAll("~", "~0").replaceAll("/", "~1");
function routesOf(feature) {
  const patterns = [...new Set(of("routes", feature).map((route) => route.pattern))];
  return patterns.map((pattern) => `  ${pattern}: { $ref: "features/${feature}/openapi.yaml#/paths/${pointer(pattern)}" }\n`).join("");
}
const routed = [...new Set(tables.routes.map((route) => route.feature))].sort();
const openapi = (text) => text.replace(LISTED, (_, begin, end) => begin + routed.map(routesOf).join("") + end);

// path → text as it should be
export function generated() {
  const files = new Map([["server/openapi.yaml", openapi(readFileSync(`${root}server/openapi.yaml`, "utf8"))]]);
  for (const path of protocolParts) files.set(path, protocol(readFileSync(root + path, "utf8")));
  for (const feature of live) files.set(`web/src/features/${feature}/declared.ts`, decoders(feature));
  return files;
}
export { live };
