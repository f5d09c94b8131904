// Rule: nothing crosses an organisation's border. Every route and command that takes an id, listed by
// the server itself from its tables, first succeeds with its own organisation's id and then answers
// 404 or forbidden with the other's. A route or command without an example here fails the test.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { root } from "./lib/need.mjs";
import { hcps, organisation, poll } from "./lib/people.mjs";
import { Postgres, temporaryFolder } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const tables = JSON.parse(execFileSync(`${root}build/release/amphi`, ["tables"]).toString());
let pg, server, own, other;
after(cleanup);

// Everything an organisation can have one of. Called afresh for routes that destroy what they touch.
async function furnish(name) {
  const o = organisation(pg, name);
  o.hcp = hcps(pg, o, 1)[0];
  o.poll = poll(pg, o, 1);
  o.profile = randomUUID();
  o.question = randomUUID();
  pg.sql(`INSERT INTO target_profile (id, organisation_id, congress_id, name, position, created_at) VALUES ('${o.profile}', '${o.id}', '${o.congress}', 'P', 1, now());
    INSERT INTO question (id, organisation_id, session_id, registration_id, text, asked_at, state_at) VALUES ('${o.question}', '${o.id}', '${o.session}', '${o.hcp.registration}', 'Q', now(), now())`);
  o.deck = await deck(o);
  return o;
}

let pdf;
async function deck(o) {
  if (!pdf) {
    const file = `${temporaryFolder("pdf")}/deck.pdf`;
    execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", "2", file]);
    pdf = (await import("node:fs")).readFileSync(file);
  }
  const up = await request({ port: server.port, method: "POST", path: `/api/sessions/${o.session}/decks?file_name=deck.pdf`, cookie: o.staff.organiser.cookie, body: pdf, headers: { "Content-Type": "application/pdf" } });
  assert.equal(up.status, 201, up.text);
  await waitFor("the deck to be rendered", () => pg.sql(`SELECT state FROM deck WHERE id = '${up.json.id}'`)[0][0] === "ready", 60000);
  return up.json.id;
}

const session = { title: "T", description: "", language: "fr", starts_at: "2030-01-01T10:00:00Z", planned_minutes: 60, capacity: 10, listen_at: "" };
const profile = { name: "N", goal_registrations: null, goal_attendees: null, goal_participation_rate: null, universe: null, universe_source: null, criteria: { all_of: [], any_of: [], none_of: [] } };
const pollBody = { question: "?", choice: "single", options: ["a", "b"] };

// For each parameter of a pattern: which of an organisation's things it names.
const parameter = {
  congress: (o) => o.congress, session: (o) => o.session, profile: (o) => o.profile, registration: (o) => o.hcp.registration,
  account: (o) => o.staff.speaker.id, deck: (o) => o.deck, poll: (o) => o.poll, page: () => "1", width: () => "480",
};
// Bodies of the routes that need one, and what must be prepared so that a route succeeds.
const example = {
  "PATCH /api/congresses/{congress}": { body: { title: "Other" } },
  "POST /api/congresses/{congress}/rooms": { body: () => ({ name: `R${Math.random()}` }) },
  "POST /api/congresses/{congress}/tracks": { body: () => ({ name: `T${Math.random()}` }) },
  "POST /api/congresses/{congress}/sessions": { body: { ...session, room: null, track: null } },
  "PATCH /api/sessions/{session}": { body: { title: "Other" } },
  "POST /api/sessions/{session}/publish": { prepare: (o) => pg.sql(`UPDATE session SET state = 'draft' WHERE id = '${o.session}'`) },
  "POST /api/congresses/{congress}/target-profiles": { body: () => ({ ...profile, name: `N${Math.random()}` }) },
  "POST /api/congresses/{congress}/target-profiles/preview": { body: { criteria: profile.criteria } },
  "PATCH /api/target-profiles/{profile}": { body: { name: "Other" } },
  "POST /api/congresses/{congress}/links": { body: () => ({ channel: "web_site", label: `L${Math.random()}` }) },
  "PATCH /api/staff/{account}": { body: { name: "Other" } },
  "POST /api/sessions/{session}/decks": { binary: () => pdf, query: "?file_name=deck.pdf" },
  "POST /api/sessions/{session}/polls": { body: pollBody },
  "PATCH /api/polls/{poll}": { body: { question: "Other?" } },
  "PUT /api/sessions/{session}/polls/order": { body: (o) => ({ polls: pg.sql(`SELECT id FROM poll WHERE session_id = '${o.session}' ORDER BY position`).map((r) => r[0]) }) },
};
const withoutExample = new Set([
  "GET /api/congresses/{congress}", "GET /api/sessions/{session}", "POST /api/sessions/{session}/cancel", "GET /api/congresses/{congress}/target-profiles",
  "DELETE /api/target-profiles/{profile}", "GET /api/congresses/{congress}/links", "GET /api/congresses/{congress}/registrations",
  "POST /api/registrations/{registration}/erase", "POST /api/registrations/{registration}/cancel", "POST /api/staff/{account}/invite",
  "GET /api/sessions/{session}/participation", "GET /api/sessions/{session}/attendance.csv", "GET /api/sessions/{session}/participation.csv",
  "GET /api/sessions/{session}/decks", "DELETE /api/decks/{deck}", "GET /api/decks/{deck}/pages/{page}/{width}", "GET /api/sessions/{session}/polls", "DELETE /api/polls/{poll}",
]);
// {code} is a public address on a registration page, not an id that belongs to somebody.
const withIds = tables.routes.filter((r) => /\{(?!code\})/.test(r.pattern));

async function call(route, as, target) {
  const key = `${route.method} ${route.pattern}`;
  const e = example[key] ?? {};
  const path = route.pattern.replace(/\{(\w+)\}/g, (_, name) => parameter[name](target)) + (e.query ?? "");
  const body = e.binary ? e.binary() : typeof e.body === "function" ? e.body(target) : e.body;
  const role = route.roles.find((r) => r !== "hcp");
  return request({ port: server.port, method: route.method, path, cookie: role ? as.staff[role].cookie : as.hcp.cookie, body, headers: e.binary ? { "Content-Type": "application/pdf" } : {} });
}

before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  own = await furnish("Un");
  other = await furnish("Deux");
});

test("every route that takes an id has an example", () => {
  for (const r of withIds) {
    const key = `${r.method} ${r.pattern}`;
    assert.ok(example[key] || withoutExample.has(key), `${key} is not in this test`);
    for (const [, name] of r.pattern.matchAll(/\{(\w+)\}/g)) assert.ok(parameter[name], `parameter ${name} of ${key}`);
  }
});

test("routes: another organisation's id is refused, one's own is served", { timeout: 120000 }, async () => {
  for (const route of withIds) {
    const key = `${route.method} ${route.pattern}`;
    const destroys = route.method === "DELETE" || /\/(erase|cancel|publish)$/.test(route.pattern);
    const mine = destroys ? await furnish(`Un ${key}`) : own;
    example[key]?.prepare?.(mine);
    const refused = await call(route, mine, other);
    assert.ok([403, 404].includes(refused.status), `${key} with the other's id: ${refused.status} ${refused.text.slice(0, 200)}`);
    const served = await call(route, mine, mine);
    assert.ok(served.status >= 200 && served.status < 300, `${key} with one's own id: ${served.status} ${served.text.slice(0, 300)}`);
  }
});

test("routes: nobody signed in, and an HCP on staff routes, are refused", async () => {
  for (const route of tables.routes.filter((r) => r.roles.length > 0)) {
    const path = route.pattern.replace(/\{(\w+)\}/g, (_, name) => (parameter[name] ?? (() => "x"))(own));
    const body = example[`${route.method} ${route.pattern}`]?.binary ? Buffer.from("%PDF-1.4") : undefined; // an upload must have a size
    const nobody = await request({ port: server.port, method: route.method, path, body });
    assert.equal(nobody.status, 401, `${route.method} ${route.pattern}: ${nobody.status}`);
    if (route.roles.includes("hcp")) continue;
    const hcp = await request({ port: server.port, method: route.method, path, body, cookie: own.hcp.cookie });
    assert.equal(hcp.status, 403, `${route.method} ${route.pattern} as HCP: ${hcp.status}`);
  }
});

// How a command succeeds with one's own thing: who sends it, and its other fields.
const commandExample = {
  "slide.move": { thing: (o) => o.deck, data: (v) => ({ version: v, page: 1 }) },
  "question.ask": { thing: () => randomUUID(), data: () => ({ text: "?", anonymous: false }), foreign: (o) => o.question },
  "question.vote": { thing: (o) => asked(o, "approved") },
  "question.approve": { thing: (o) => asked(o, "asked") },
  "question.answer": { thing: (o) => asked(o, "approved") },
  "question.dismiss": { thing: (o) => asked(o, "asked") },
  "poll.open": { thing: (o) => prepared(o, "draft") },
  "poll.close": { thing: (o) => prepared(o, "open") },
  "poll.show_results": { thing: (o) => prepared(o, "open") },
  "poll.hide_results": { thing: (o) => prepared(o, "open", true) },
  "poll.vote": { thing: (o) => prepared(o, "open"), data: () => ({ choices: [1] }) },
};
function asked(o, state) {
  const id = randomUUID();
  const someone = hcps(pg, o, 1)[0];
  pg.sql(`INSERT INTO question (id, organisation_id, session_id, registration_id, text, asked_at, state_at, state) VALUES ('${id}', '${o.id}', '${o.session}', '${someone.registration}', 'Q', now(), now(), '${state}')`);
  return id;
}
function prepared(o, state, shown = false) {
  const [[next]] = pg.sql(`SELECT coalesce(max(position), 0) + 1 FROM poll WHERE session_id = '${o.session}'`);
  const id = poll(pg, o, Number(next), { state });
  if (shown) pg.sql(`UPDATE poll SET results_shown = true WHERE id = '${id}'`);
  return id;
}

test("commands: another organisation's id is refused, one's own is served", { timeout: 120000 }, async () => {
  for (const command of tables.commands.filter((c) => c.ids.length > 0)) {
    const e = commandExample[command.name];
    assert.ok(e, `${command.name} is not in this test`);
    // Things are made before the room opens, because they are put into the database behind its back.
    const mine = await furnish(`Un ${command.name}`);
    const theirs = await furnish(`Deux ${command.name}`);
    for (const o of [mine, theirs]) pg.sql(`UPDATE session SET state = 'live', live_at = now() WHERE id = '${o.session}'`);
    const thing = e.thing(mine);
    const foreign = e.foreign ? e.foreign(theirs) : e.thing(theirs);
    const role = command.roles.find((r) => r !== "hcp");
    const live = await new Live({ port: server.port, cookie: role ? mine.staff[role].cookie : mine.hcp.cookie, session: mine.session }).open();
    const data = e.data?.(live.joined.snapshot.common.session.version) ?? {};
    await assert.rejects(live.command(command.name, { ...data, [command.ids[0]]: foreign }), (error) => ["not_found", "auth.forbidden", "slide.page", "request.invalid"].includes(error.code), command.name);
    await live.command(command.name, { ...data, [command.ids[0]]: thing });
    live.close();
  }
});

test("a live session of another organisation cannot be entered", async () => {
  for (const cookie of [own.staff.organiser.cookie, own.hcp.cookie]) {
    const live = new Live({ port: server.port, cookie, session: other.session });
    await assert.rejects(live.open(), /4404|not_found/);
  }
  const inside = await new Live({ port: server.port, cookie: own.hcp.cookie, session: own.session }).open();
  assert.ok(inside.joined.snapshot);
  inside.close();
});
