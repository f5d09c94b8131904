// Rule: openapi.yaml and PROTOCOL.md are true. Every route and command of the server's tables is in
// them and the other way round, and real replies fit the schemas.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { cleanup } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { need, root } from "./lib/need.mjs";
import { hcps, organisation, poll } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const Ajv = need("ajv/dist/2020.js").default;
const formats = need("ajv-formats").default;
const YAML = need("yaml");
const api = YAML.parse(readFileSync(`${root}server/openapi.yaml`, "utf8"));
const protocol = readFileSync(`${root}server/PROTOCOL.md`, "utf8");
const tables = JSON.parse(execFileSync(`${root}build/release/amphi`, ["tables"]).toString());
const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
ajv.addSchema(api, "api");
after(cleanup);

test("every route is described, and every description is a route", () => {
  const served = tables.routes.map((r) => `${r.method} ${r.pattern}`);
  const described = Object.entries(api.paths).flatMap(([path, item]) => Object.keys(item).filter((m) => /^(get|post|put|patch|delete)$/.test(m)).map((m) => `${m.toUpperCase()} ${path}`));
  assert.deepEqual(described.filter((d) => !/\/(healthz|readyz)$/.test(d)).sort(), served.sort());
});

test("every command is described with its roles' section, and every described command exists", () => {
  const described = new Set([...protocol.matchAll(/`((?:session|congress|slide|question|poll|presence)\.[a-z_]+)`/g)].map((m) => m[1]));
  const served = new Set(tables.commands.map((c) => c.name));
  for (const name of served) assert.ok(described.has(name), `${name} is not in PROTOCOL.md`);
  const rows = [...protocol.matchAll(/^\| (`[^|]+`) \| [^|]+ \| `\{/gm)].flatMap((m) => [...m[1].matchAll(/`([a-z_.]+)`/g)].map((n) => n[1]));
  for (const name of rows) assert.ok(served.has(name), `PROTOCOL.md has a command ${name} that nobody serves`);
});

let server, o;
before(async () => {
  const pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un");
  o.hcp = hcps(pg, o, 3)[0];
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
    const cookie = r.roles.includes("organiser") ? o.staff.organiser.cookie : r.roles.includes("hcp") ? o.hcp.cookie : undefined;
    if (/\/(sign-out|my\/cancel|cancel|erase|invite|publish)$/.test(r.pattern)) continue;
    check(r.method, r.pattern, await request({ port: server.port, method: r.method, path: fill(r.pattern), cookie, body: { no_such_field: 1 } }));
  }
  const post = async (pattern, body, extra) => {
    const reply = await request({ port: server.port, method: "POST", path: fill(pattern, extra), cookie: o.staff.organiser.cookie, body });
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
    check("GET", pattern, await request({ port: server.port, path: fill(pattern), cookie: o.staff.organiser.cookie }));
});
