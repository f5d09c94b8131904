// Rule: a grant counts in its scope. Somebody with every role in one session, or in one congress, reads,
// changes, exports and enters nothing of another one in the same organisation; all routes and commands are
// tried, as the server lists them. What is revoked or expires ends within a second, also in an open room.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { root } from "./lib/need.mjs";
import { elsewhere, hcps, ROLES, staff } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";
import { call, commandExample, destroys, example, furnish, keyOf, tables, use, withIds } from "./lib/tables.mjs";

let pg, server, here, sibling, other;
after(cleanup);

before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  use(pg, server);
  here = await furnish("Un", { rendered: true });
  sibling = await furnish("", { o: elsewhere(pg, here, "session") });
  other = await furnish("", { o: elsewhere(pg, here, "congress") });
});

// How far a thing's place is from one session: the scope that is needed.
const level = { session: 0, deck: 0, poll: 0, recording: 0, guest_speaker: 0, congress: 1, profile: 1, registration: 1, link: 1, speaker: 1, person: 2, account: 2, target_list: 2, universe: 2, library_profile: 2, invitations: 2, invitation_round: 2, comparison: 2 };
const scopes = { session: (o) => ({ congress: o.congress, session: o.session }), congress: (o) => ({ congress: o.congress }) };

function narrow(o, scope, roles = ROLES, more = {}) {
  const person = staff(pg, o, scope, roles, { ...scopes[scope](o), ...more });
  return { ...person, staff: Object.fromEntries(ROLES.map((role) => [role, person])) };
}

for (const [depth, scope] of Object.keys(scopes).entries())
  test(`routes: every role in one ${scope} and nothing beyond`, { timeout: 120000 }, async () => {
    let person;
    for (const [n, route] of withIds.entries()) {
      const key = keyOf(route);
      if (n % 10 === 0) person = narrow(here, scope); // one client may not ask so much in a moment
      if (/^(sign_in|passkey)$/.test(route.kind)) continue; // whatever the roles, one's own and no other: accounts_test, passkey_test
      const need = level[route.kind];
      assert.notEqual(need, undefined, `${key}: where is a ${route.kind}?`);
      if (need === 0 && depth === 0) assert.equal((await call(route, person, sibling)).status, 404, `${key} of a sibling`);
      const beyond = await call(route, person, other);
      assert.equal(beyond.status, need <= 1 ? 404 : 403, `${key} of another congress: ${beyond.text.slice(0, 200)}`);
      const fresh = destroys(route) && need <= depth;
      const mine = fresh ? await furnish(`Un ${key}`) : here;
      example[key]?.prepare?.(mine);
      const own = await call(route, fresh ? narrow(mine, scope) : person, mine);
      const served = need <= depth || route.inside;
      assert.ok(served ? own.status >= 200 && own.status < 300 : own.status === 403, `${key} of one's own: ${own.status} ${own.text.slice(0, 300)}`);
    }
  });

test("routes that name nothing are about the whole organisation, or show one's part", async () => {
  const person = narrow(here, "session");
  for (const route of tables.routes.filter((r) => r.roles.some((role) => ROLES.includes(role)) && !r.pattern.includes("{") && r.pattern !== "/api/sign-out")) {
    const { status, text } = await request({ port: server.port, method: route.method, path: route.pattern, cookie: person.cookie });
    if (route.inside) assert.ok(route.method === "GET" ? status === 200 : ![401, 403].includes(status), `${keyOf(route)}: ${status} ${text}`);
    else assert.equal(status, 403, `${keyOf(route)}: ${text}`);
  }
  const get = async (path) => (await request({ port: server.port, path, cookie: person.cookie })).json;
  assert.deepEqual((await get("/api/congresses")).items.map((c) => [c.id, c.session_count]), [[here.congress, 1]]);
  assert.deepEqual((await get(`/api/congresses/${here.congress}`)).sessions.map((s) => s.id), [here.session]);
  assert.deepEqual((await get("/api/me")).account.roles, []);
});

const enter = (cookie, session) => new Live({ port: server.port, cookie, session }).open();
const rolesOf = (live) => live.joined.snapshot.own.me.roles.slice().sort();

test("a live session beyond the scope cannot be entered, and roles are those in the session", async () => {
  const one = narrow(here, "session", ["host"]);
  for (const o of [sibling, other]) await assert.rejects(enter(one.cookie, o.session), /not_found/);
  const wide = narrow(here, "congress", ["moderator"]);
  await assert.rejects(enter(wide.cookie, other.session), /not_found/);
  pg.sql(`INSERT INTO role_grant (organisation_id, account_id, role, congress_id, session_id, granted_at) VALUES ('${here.id}', '${wide.id}', 'speaker', '${here.congress}', '${here.session}', now())`);
  for (const [o, expected] of [[here, ["moderator", "speaker"]], [sibling, ["moderator"]]]) {
    const live = await enter(wide.cookie, o.session);
    assert.deepEqual(rolesOf(live), expected);
    live.close();
  }
});

test("commands: what belongs to a sibling session is not found, and roles of elsewhere do not count", { timeout: 300000 }, async () => {
  for (const command of tables.commands.filter((c) => c.roles.some((role) => ROLES.includes(role)))) {
    const e = commandExample[command.name];
    const mine = await furnish(`Un ${command.name}`);
    const theirs = await furnish("", { o: elsewhere(pg, mine, "session") });
    for (const o of [mine, theirs]) pg.sql(`UPDATE session SET state = 'live', live_at = now() WHERE id = '${o.session}'`);
    const [thing, foreign] = e ? [await e.thing(mine), await (e.foreign ? e.foreign(theirs) : e.thing(theirs))] : [];
    if (e) {
      const live = await enter(narrow(mine, "session").cookie, mine.session);
      const data = e.data?.(live.joined.snapshot.common.session.version) ?? {};
      await assert.rejects(live.command(command.name, { ...data, [command.ids[0]]: foreign }), (error) => ["not_found", "slide.page"].includes(error.code), command.name);
      await live.command(command.name, { ...data, [command.ids[0]]: thing });
      live.close();
    }
    // The role that is needed is held in the sibling session, another one here.
    const lacking = ROLES.find((role) => !command.roles.includes(role));
    if (!lacking) continue;
    const person = narrow(mine, "session", [lacking]);
    for (const role of command.roles.filter((r) => ROLES.includes(r)))
      pg.sql(`INSERT INTO role_grant (organisation_id, account_id, role, congress_id, session_id, granted_at) VALUES ('${mine.id}', '${person.id}', '${role}', '${mine.congress}', '${theirs.session}', now())`);
    const live = await enter(person.cookie, mine.session);
    await assert.rejects(live.command(command.name, e ? { [command.ids[0]]: thing } : {}), (error) => error.code === "auth.forbidden", command.name);
    live.close();
  }
});

// Ends what `live` holds and tells how long after `at` (Date.now()) it was closed, and by which code.
async function closedAfter(live, at) {
  await waitFor("the connection to be closed", () => live.closed !== null, 5000);
  return { ms: live.closedAt - at, code: live.closed };
}

function watched(live) {
  live.onClose = () => (live.closedAt = Date.now());
  return live;
}

test("a revoked role ends within a second, in rooms and over HTTP", async () => {
  const person = staff(pg, here, "leaver", ["host", "speaker"], {});
  const lives = [];
  for (const o of [here, sibling, other]) lives.push(watched(await enter(person.cookie, o.session)));
  const at = Date.now();
  const changed = await request({ port: server.port, method: "PATCH", path: `/api/staff/${person.id}`, cookie: here.staff.organiser.cookie, body: { roles: ["speaker"] } });
  assert.equal(changed.status, 200, changed.text);
  for (const live of lives) {
    const { ms, code } = await closedAfter(live, at);
    assert.equal(code, 1001);
    assert.ok(ms < 1000, `closed after ${ms} ms`);
  }
  const poll = await request({ port: server.port, method: "DELETE", path: `/api/polls/${here.poll}`, cookie: person.cookie });
  assert.equal(poll.status, 403);
  const again = await new Live({ port: server.port, cookie: person.cookie, session: here.session }).open({ resume: { epoch: lives[0].epoch, seq: lives[0].seq } });
  assert.ok(again.joined.snapshot, "what was told to a host is not continued for a speaker");
  assert.deepEqual(rolesOf(again), ["speaker"]);
  again.close();
});

test("a grant that expires ends within a second, in a room and over HTTP", async () => {
  const at = Date.now() + 2500;
  const person = narrow(here, "session", ["host"], { expires: `to_timestamp(${at / 1000})` });
  const live = watched(await enter(person.cookie, here.session));
  const read = () => request({ port: server.port, path: `/api/sessions/${here.session}`, cookie: person.cookie });
  assert.equal((await read()).status, 200);
  const { ms } = await closedAfter(live, at);
  assert.ok(ms > -200 && ms < 1000, `closed ${ms} ms after the expiry`);
  assert.equal((await read()).status, 401, "nothing else is held");
  await assert.rejects(enter(person.cookie, here.session), /4401/);
});

test("a personal link may hold a role for one session", async () => {
  const [hcp] = hcps(pg, here, 1);
  pg.sql(`INSERT INTO role_grant (organisation_id, registration_id, role, congress_id, session_id, granted_at) VALUES ('${here.id}', '${hcp.registration}', 'speaker', '${here.congress}', '${here.session}', now())`);
  for (const [o, expected] of [[here, ["hcp", "speaker"]], [sibling, ["hcp"]]]) {
    const live = await enter(hcp.cookie, o.session);
    assert.deepEqual(rolesOf(live), expected);
    live.close();
  }
  // Its presence is that of the registration, as before.
  await waitFor("the spans", () => pg.sql(`SELECT count(*) FROM span WHERE registration_id = '${hcp.registration}'`)[0][0] === "2");
});

// The browser says them in words, which its tests hold to the same file.
test("what the audit log holds of each action is known", () => {
  const known = JSON.parse(readFileSync(`${root}tests/fixtures/audit_details.json`, "utf8"));
  const keys = (details) => Object.entries(details).flatMap(([key, value]) => (["before", "after"].includes(key) ? keys(value) : [key]));
  const found = pg.sql("SELECT DISTINCT action, details FROM audit_log WHERE details <> '{}'").map(([action, details]) => [action, keys(JSON.parse(details))]);
  assert.ok(found.length > 5);
  for (const [action, held] of found) {
    const entry = known.find((k) => k.action === action);
    assert.ok(entry, `${action} is not in audit_details.json`);
    for (const key of held) assert.ok(keys(entry.details).includes(key), `${action}: ${key} of ${held}`);
  }
});
