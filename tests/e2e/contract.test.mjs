// Rule: openapi.yaml, PROTOCOL.md, the golden files and the browser's decoders are what the server's
// features declare, and real replies fit the schemas.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { cleanup } from "./lib/cleanup.mjs";
import { declared, frameFault, shapes, snapshotFault, tables } from "./lib/declared.mjs";
import { parseForm, shapesIn } from "./lib/forms.mjs";
import { MARKED, generated, live, protocolParts } from "./lib/generated.mjs";
import { request } from "./lib/http.mjs";
import { need, root } from "./lib/need.mjs";
import { bundle } from "./lib/openapi.mjs";
import { hcps, organisation, poll, staff } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const Ajv = need("ajv/dist/2020.js").default;
const formats = need("ajv-formats").default;
const api = bundle();
const protocol = protocolParts.map((path) => readFileSync(root + path, "utf8")).join("");
const golden = `${root}tests/golden`;
const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
ajv.addSchema(api, "api");
after(cleanup);

test("every route is described, and every description is a route", () => {
  const served = tables.routes.map((r) => `${r.method} ${r.pattern}`);
  const described = Object.entries(api.paths).flatMap(([path, item]) => Object.keys(item).filter((m) => /^(get|post|put|patch|delete)$/.test(m)).map((m) => `${m.toUpperCase()} ${path}`));
  assert.deepEqual(described.filter((d) => !/ \/(healthz|readyz|api\/live.*)$/.test(d)).sort(), served.sort());
});

test("who may call a route, and whether with a fresh proof, is described as it is declared", () => {
  for (const { method, pattern, roles, fresh } of tables.routes) {
    const operation = api.paths[pattern][method.toLowerCase()];
    assert.deepEqual([...operation["x-roles"]].sort(), [...roles].sort(), `${method} ${pattern}`);
    assert.equal(operation["x-fresh"] ?? false, fresh, `${method} ${pattern}`);
  }
});

// What a golden file shows: the frame, and the command that it answers when it is an answer.
function shown(file) {
  const [feature, message] = file.replace(/\.json$/, "").split("/");
  const frame = JSON.parse(readFileSync(`${golden}/${file}`, "utf8"));
  const asked = frame.ok && declared.answer.has(message.replace(/\.\w+$/, "")) ? message.replace(/\.\w+$/, "") : undefined;
  // In the envelope the parts of the snapshot are empty: those of the features have files of their own.
  if (feature === "envelope" && frame.ok?.snapshot) frame.ok.snapshot = undefined;
  return { feature, frame: JSON.parse(JSON.stringify(frame)), asked };
}

test("every golden file has the declared form, and every message a golden file", () => {
  const seen = new Set();
  for (const file of readdirSync(golden, { recursive: true }).filter((f) => f.endsWith(".json"))) {
    const { feature, frame, asked } = shown(file);
    const isSnapshot = "common" in frame || "own" in frame;
    assert.equal(isSnapshot ? snapshotFault(frame, true) : frameFault(frame, asked), null, file);
    const kind = ["command", "event", "state", "notice"].find((k) => k in frame);
    if (kind && feature !== "envelope") assert.equal(declared[kind].get(frame[kind]).feature, feature, `${file} is another feature's`);
    if (kind) seen.add(`${kind} ${frame[kind]}`);
    if (asked) seen.add(`answer ${asked}`);
    if (isSnapshot) for (const [whose, parts] of Object.entries(frame)) for (const part of Object.keys(parts)) seen.add(`snapshot ${whose}.${part}`);
  }
  // Of notices one shows the frame: what they say is what the events of their names say.
  const { notice, ...messages } = declared;
  assert.ok([...notice.keys()].some((name) => seen.has(`notice ${name}`)));
  const all = Object.entries(messages).flatMap(([kind, rows]) => [...rows.keys()].map((name) => `${kind} ${name}`));
  assert.deepEqual(all.filter((message) => !seen.has(message)), [], "without a golden file");
});

test("a frame that is not as declared is found", () => {
  const frame = () => shown("polls/poll.opened.json").frame;
  const { poll } = frame().data;
  for (const wrong of [{ ...poll, more: 1 }, { ...poll, id: undefined }, { ...poll, id: "1" }, { ...poll, state: "half" }, { ...poll, opened_at: "now" }, { ...poll, position: 1.5 }, null])
    assert.ok(frameFault({ ...frame(), data: JSON.parse(JSON.stringify({ poll: wrong })) }), JSON.stringify(wrong));
  for (const wrong of [{ event: "poll.burnt" }, { seq: "1" }, { data: {} }, { more: 1 }]) assert.ok(frameFault({ ...frame(), ...wrong }), JSON.stringify(wrong));
  assert.equal(frameFault(frame()), null);
});

test("a command's ids are ids of its form, every shape is used, and an event has data where it is told", () => {
  for (const { name, ids, data } of tables.commands) for (const id of ids) assert.equal(parseForm(data).fields.find((f) => f.key === id)?.form.base, "id", `${name}: ${id}`);
  for (const [feature, known] of Object.entries(shapes)) {
    const forms = Object.values(declared).flatMap((rows) => [...rows.values()].filter((r) => r.feature === feature).map((r) => r.form));
    const used = new Set([...forms, ...Object.values(known)].flatMap(shapesIn));
    assert.deepEqual(Object.keys(known).sort(), [...used].sort(), feature);
  }
  for (const { name, data, roles } of tables.events) assert.equal(data !== null, roles.length > 0, name);
});

test("PROTOCOL.md's tables and the browser's decoders are current", () => {
  for (const [path, text] of generated()) assert.equal(readFileSync(root + path, "utf8"), text, `${path}: make docs`);
  assert.deepEqual([...protocol.matchAll(MARKED)].map((m) => m[1]).sort(), ["connection", ...live].sort());
});

test("what PROTOCOL.md names is in the server's sources", () => {
  const sources = execFileSync("grep", ["-rhoE", '"[a-z]+\\.[a-z_]+"', `${root}server`, "--include=*.c"]).toString().split("\n");
  for (const [, name] of protocol.matchAll(/`([a-z]+\.[a-z_]+)`/g)) if (!/^(common|own)\./.test(name)) assert.ok(sources.includes(`"${name}"`), name);
});

let server, o;
before(async () => {
  const pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un");
  o.hcp = hcps(pg, o, 3)[0];
  o.colleagues = [0, 1].map((n) => staff(pg, o, `organiser ${n}`, ["organiser"], {})); // one may not ask so much in a moment
  poll(pg, o, 1);
});

function check(method, pattern, reply) {
  const operation = api.paths[pattern][method.toLowerCase()];
  const pointer = (s) => s.replaceAll("~", "~0").replaceAll("/", "~1");
  let response = operation.responses[reply.status];
  let base = `api#/paths/${pointer(pattern)}/${method.toLowerCase()}/responses/${reply.status}`;
  if (!response) {
    response = operation.responses.default;
    base = `api#/paths/${pointer(pattern)}/${method.toLowerCase()}/responses/default`;
  }
  assert.ok(response, `${method} ${pattern} answered ${reply.status}, which is not described`);
  if (response.$ref) {
    base = `api${response.$ref}`;
    response = response.$ref.slice(2).split("/").reduce((node, key) => node[key], api);
  }
  const type = (reply.headers["content-type"] ?? "").split(";")[0];
  if (!response.content) return assert.equal(reply.text, "", `${method} ${pattern}: no body is described`);
  assert.ok(response.content[type], `${method} ${pattern}: ${type} is not described for ${reply.status}`);
  if (!/json/.test(type)) return;
  const validate = ajv.getSchema(`${base}/content/${pointer(type)}/schema`);
  assert.ok(validate, `no schema at ${base}`);
  assert.ok(validate(reply.json), `${method} ${pattern} ${reply.status}: ${ajv.errorsText(validate.errors)}\n${reply.text.slice(0, 400)}`);
}

test("real replies fit their schemas: reading, creating, failing", { timeout: 60000 }, async () => {
  const ids = () => ({ congress: o.congress, session: o.session, code: "abcdefghjkmn", page: 1, width: 480, registration: o.hcp.registration, account: o.staff.host.id });
  const fill = (pattern, extra = {}) => pattern.replace(/\{(\w+)\}/g, (_, n) => ({ ...ids(), ...extra })[n] ?? "00000000-0000-4000-8000-000000000000");
  for (const r of tables.routes.filter((x) => x.method === "GET" && !x.pattern.endsWith(".csv"))) {
    const cookie = r.roles.length === 0 || r.roles.includes("organiser") ? o.staff.organiser.cookie : o.hcp.cookie;
    check("GET", r.pattern, await request({ port: server.port, path: fill(r.pattern), cookie }));
  }
  for (const r of tables.routes.filter((x) => x.roles.length > 0)) check(r.method, r.pattern, await request({ port: server.port, method: r.method, path: fill(r.pattern) }));
  for (const r of tables.routes.filter((x) => ["POST", "PUT", "PATCH"].includes(x.method) && !/decks$/.test(x.pattern))) {
    const cookie = r.roles.includes("organiser") ? o.colleagues[0].cookie : r.roles.includes("hcp") ? o.hcp.cookie : undefined;
    if (/\/(sign-out|my\/cancel|cancel|erase|invite|publish)$/.test(r.pattern)) continue;
    check(r.method, r.pattern, await request({ port: server.port, method: r.method, path: fill(r.pattern), cookie, body: { no_such_field: 1 } }));
  }
  const post = async (pattern, body, extra) => {
    const reply = await request({ port: server.port, method: "POST", path: fill(pattern, extra), cookie: o.colleagues[1].cookie, body });
    check("POST", pattern, reply);
    assert.equal(reply.status, 201, reply.text);
    return reply.json;
  };
  const congress = await post("/api/congresses", { title: "Congrès", description: "", language: "fr", time_zone: "Europe/Paris" });
  await post("/api/congresses/{congress}/sessions", { title: "S", description: "", language: "fr", starts_at: "2030-01-01T10:00:00Z", planned_minutes: 60, capacity: 10, listen_at: "", hall: null, track: null }, { congress: congress.id });
  await post("/api/congresses/{congress}/target-profiles", { name: "P", goal_registrations: 10, goal_attendees: 5, goal_participation_rate: 0.5, universe: 100, universe_source: "s", criteria: { all_of: [{ attribute: "profession", codes: ["10"] }], any_of: [], none_of: [] } });
  await post("/api/congresses/{congress}/links", { channel: "web_site", label: "x" });
  await post("/api/sessions/{session}/polls", { question: "?", choice: "multiple", options: ["a", "b"] });
  await post("/api/staff", { email: "new@example.org", name: "New", language: "en", roles: ["host"] });
  for (const pattern of ["/api/congresses", "/api/congresses/{congress}", "/api/congresses/{congress}/target-profiles", "/api/congresses/{congress}/links", "/api/congresses/{congress}/registrations", "/api/sessions/{session}/polls", "/api/staff", "/api/audit"])
    check("GET", pattern, await request({ port: server.port, path: fill(pattern), cookie: o.colleagues[1].cookie }));
});

test("what carries a connection answers as described", async () => {
  const post = async (pattern, connection, body, status, cookie = o.hcp.cookie) => {
    const reply = await request({ port: server.port, method: "POST", path: pattern.replace("{connection}", connection), cookie, body, headers: { Origin: `https://localhost:${server.port}`, "Content-Type": "text/plain" } });
    check("POST", pattern, reply);
    assert.equal(reply.status, status, reply.text);
    return reply;
  };
  const { connection } = (await post("/api/live", "", '{"protocol":2}', 201)).json;
  const [first, ...frames] = (await post("/api/live/{connection}/next", connection, '{"ack":0}', 200)).text.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(first, { answer: 1 });
  assert.deepEqual(frames.map((frame) => frameFault(frame)), [null]);
  await post("/api/live/{connection}/commands", connection, '{"number":1}\n{"id":1,"command":"session.leave","data":{}}', 204);
  await post("/api/live/{connection}/commands", connection, "no number", 400);
  await post("/api/live/{connection}/close", connection, "", 404, null);
  await post("/api/live/{connection}/next", connection, '{"ack":1}', 200);
  await post("/api/live/{connection}/close", connection, "", 404);
});
