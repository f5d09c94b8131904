// Rule: a target profile is kept in the organisation's library and copied into any of its congresses as it is, with what it builds on
// and without goals; copies and library change without each other. Nothing of it crosses the border of an organisation; it has 200
// profiles at most; who organises one congress reads and copies, and keeps nothing.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { elsewhere, hcps, organisation, staff } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { registryEdition } from "./lib/registry.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, o, there, other, names = 0;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un");
  there = elsewhere(pg, o, "congress");
  other = organisation(pg, "Deux");
  hcps(pg, there, 3);
});
beforeEach(() => {
  pg.sql("DELETE FROM target_profile; DELETE FROM library_profile");
  o.staff.organiser = staff(pg, o, `organiser${++names}`, ["organiser"], {}); // one client may not ask so much in a moment
});
after(cleanup);

const call = (method, path, body, cookie = o.staff.organiser.cookie) => request({ port: server.port, method, path, cookie, body });
const ok = (answer, status) => (assert.equal(answer.status, status, answer.text), answer.json);
const refused = (answer, code, reason) => assert.deepEqual([answer.status, answer.json.code, answer.json.reason], [409, code, reason], answer.text);
const criteria = (mode, attribute, ...codes) => ({ all_of: [], any_of: [], none_of: [], [mode]: [{ attribute, codes }] });
const add = async (fields, where = o) => ok(await call("POST", `/api/congresses/${where.congress}/target-profiles`, { name: `P${++names}`, criteria: criteria("all_of", "region", "53"), ...fields }), 201);
const keep = (profile, more, cookie) => call("POST", "/api/library-profiles", { profile: profile.id, ...more }, cookie);
const kept = async (profile, more) => ok(await keep(profile, more), 201);
const copy = (profiles, where = there, cookie) => call("POST", `/api/congresses/${where.congress}/target-profiles/from-library`, { library_profiles: profiles.map(({ id }) => id) }, cookie);
const copied = async (...profiles) => ok(await copy(profiles), 201).items;
const library = async (where = o, cookie) => ok(await call("GET", `/api/congresses/${where.congress}/library-profiles`, undefined, cookie), 200).items;
const profilesOf = async (where) => ok(await call("GET", `/api/congresses/${where.congress}/target-profiles`), 200).items;

function list(name) {
  const id = randomUUID();
  pg.sql(`INSERT INTO target_list (id, organisation_id, name, created_at, changed_at) VALUES ('${id}', '${o.id}', '${name}', now(), now())`);
  return id;
}

const SAME = ["name", "criteria", "universe", "universe_source", "universe_from", "universe_list"];
const only = (profile, keys = SAME) => Object.fromEntries(keys.map((key) => [key, profile[key]]));

test("what is copied is the source, field by field, but for goals", async () => {
  const lists = [list("Key accounts"), list("Visited")];
  const all = {
    all_of: [{ attribute: "specialty", codes: ["SM04", "SM26"] }, { attribute: "target_list", codes: [lists[0]] }],
    any_of: [{ attribute: "region", codes: ["53"] }, { attribute: "department", codes: ["35", "29"] }],
    none_of: [{ attribute: "target_list", codes: lists }],
  };
  const goals = { goal_registrations: 20, goal_attendees: 10, goal_participation_rate: 0.5 };
  const sources = [
    await add({ criteria: all, ...goals, universe: 900, universe_source: "INSEE" }),
    await add({ criteria: all, universe_from: "target_list", universe_list: lists[1] }),
    await add({ universe_from: "registry" }),
  ];
  const inLibrary = [];
  for (const source of sources) inLibrary.push(await kept(source));
  for (const [n, one] of inLibrary.entries()) assert.deepEqual(only(one), only(sources[n]), "as it is kept");
  assert.deepEqual(inLibrary[0].target_lists, [{ id: lists[0], name: "Key accounts", removed: false }, { id: lists[1], name: "Visited", removed: false }]);
  const first = await add({ name: "First there" }, there);
  const made = await copied(...inLibrary);
  for (const [n, one] of made.entries()) {
    assert.deepEqual(only(one), only(sources[n]), "as it is copied");
    assert.deepEqual(Object.keys(goals).map((goal) => one[goal]), [null, null, null]);
    assert.ok(!sources.some(({ id }) => id === one.id));
  }
  assert.deepEqual((await profilesOf(there)).map(({ id }) => id), [first.id, ...made.map(({ id }) => id)], "at the end, as they were asked for");
  assert.deepEqual((await profilesOf(o)).map(({ id }) => id), sources.map(({ id }) => id));
});

test("a copy is matched and counted, and open rooms hear of it, as of a new profile", async () => {
  registryEdition(pg, [{ specialty: "SM04" }, { specialty: "SM26" }], "2026-11-05");
  const one = await kept(await add({ criteria: criteria("all_of", "specialty", "SM04"), universe_from: "registry" }));
  pg.sql(`UPDATE session SET state = 'live', live_at = now() WHERE id = '${there.session}'`);
  const live = await new Live({ port: server.port, cookie: o.staff.organiser.cookie, session: there.session }).open();
  const [made] = await copied(one);
  await waitFor("the room's figures", () => live.states.get("participation ")?.data.profiles.some(({ id }) => id === made.id));
  await waitFor("the count", async () => (await profilesOf(there))[0].universe === 1);
  const expected = pg.sql(`SELECT count(*) FROM registration WHERE congress_id = '${there.congress}' AND specialty = 'SM04'`)[0][0];
  assert.equal(pg.sql(`SELECT count(*) FROM registration_profile WHERE target_profile_id = '${made.id}'`)[0][0], expected);
  assert.ok(Number(expected) > 0);
  live.close();
});

test("copies and library change without each other", async () => {
  const source = await add({ name: "Source" });
  const one = await kept(source);
  const [made] = await copied(one);
  ok(await call("PATCH", `/api/target-profiles/${made.id}`, { name: "Made", criteria: criteria("all_of", "region", "11") }), 200);
  ok(await call("PATCH", `/api/target-profiles/${source.id}`, { name: "Other", criteria: criteria("all_of", "region", "84") }), 200);
  assert.deepEqual(only((await library())[0]), only(source));
  assert.equal(ok(await call("PATCH", `/api/library-profiles/${one.id}`, { name: "Renamed" }), 200).name, "Renamed");
  assert.deepEqual((await profilesOf(there)).map(({ name }) => name), ["Made"]);
  ok(await call("DELETE", `/api/library-profiles/${one.id}`), 204);
  assert.deepEqual([(await library()).length, (await profilesOf(there)).length, (await profilesOf(o)).length], [0, 1, 1]);
});

test("a profile is kept and copied with those that it builds on, which are copied once and come first", async () => {
  const base = await add({ name: "Base" });
  const middle = await add({ name: "Middle", criteria: criteria("none_of", "target_profile", base.id) });
  const top = await add({ name: "Top", criteria: { ...criteria("all_of", "target_profile", middle.id), any_of: [{ attribute: "target_profile", codes: [base.id, middle.id] }] } });
  const one = await kept(top);
  const inLibrary = await library();
  assert.deepEqual(inLibrary.map(({ name }) => name), ["Base", "Middle", "Top"]);
  const [b, m] = inLibrary;
  assert.deepEqual(one.criteria, { all_of: [{ attribute: "target_profile", codes: [m.id] }], any_of: [{ attribute: "target_profile", codes: [b.id, m.id] }], none_of: [] });
  const made = await copied(one, b);
  assert.deepEqual(made.map(({ name }) => name), ["Base", "Middle", "Top"]);
  assert.deepEqual(made[1].criteria.none_of, [{ attribute: "target_profile", codes: [made[0].id] }]);
  assert.deepEqual(made[2].criteria, { all_of: [{ attribute: "target_profile", codes: [made[1].id] }], any_of: [{ attribute: "target_profile", codes: [made[0].id, made[1].id] }], none_of: [] });
  refused(await call("DELETE", `/api/library-profiles/${b.id}`), "library.used", "Middle, Top");
  for (const { id } of [one, m, b]) ok(await call("DELETE", `/api/library-profiles/${id}`), 204);
});

test("what has the name is replaced only when that is said, and keeps its id", async () => {
  const base = await add({ name: "Base" }), top = await add({ name: "Top", criteria: criteria("all_of", "target_profile", base.id) });
  const one = await kept(top);
  refused(await keep(top), "library.name", "Top");
  const before = await library();
  await add({ name: "Base", criteria: criteria("all_of", "region", "11") }, there);
  const theirs = await add({ name: "Top", criteria: criteria("all_of", "target_profile", (await profilesOf(there))[0].id) }, there);
  refused(await keep(theirs), "library.name", "Top, Base");
  assert.deepEqual(await library(), before);
  assert.equal((await kept(theirs, { replace: true })).id, one.id);
  const now = await library();
  assert.deepEqual(now.map(({ id, name }) => [id, name]), before.map(({ id, name }) => [id, name]));
  assert.deepEqual(now[0].criteria, criteria("all_of", "region", "11"));
  // What it builds on is the same in the library: nothing to ask.
  const third = await add({ name: "Third", criteria: criteria("all_of", "target_profile", (await profilesOf(there))[0].id) }, there);
  assert.deepEqual((await kept(third)).criteria.all_of[0].codes, [now[0].id]);
  refused(await call("PATCH", `/api/library-profiles/${one.id}`, { name: "Base" }), "library.name", "Base");
  ok(await call("PATCH", `/api/library-profiles/${one.id}`, { name: "Top" }), 200);
});

test("a copy whose name is taken has a number behind it", async () => {
  const long = "x".repeat(100);
  const both = [await kept(await add({ name: long })), await kept(await add({ name: "A" }))];
  await add({ name: "A (2)" }, there);
  assert.deepEqual((await copied(...both)).map(({ name }) => name), [long, "A"]);
  assert.deepEqual((await copied(...both)).map(({ name }) => name), [`${"x".repeat(95)} (2)`, "A (3)"]);
});

test("lists that were removed meanwhile are named, and nothing is copied", async () => {
  const [gone, stays] = [list("Gone"), list("Stays")];
  const source = await add({ name: "Listed", criteria: criteria("all_of", "target_list", gone) });
  const counted = await add({ name: "Counted", universe_from: "target_list", universe_list: gone });
  const fine = await kept(await add({ name: "Fine", criteria: criteria("all_of", "target_list", stays) }));
  const top = await kept(await add({ name: "Top", criteria: criteria("all_of", "target_profile", source.id) }));
  const two = await kept(counted);
  pg.sql(`DELETE FROM target_profile WHERE congress_id = '${o.congress}'`);
  ok(await call("DELETE", `/api/target-lists/${gone}`), 204);
  refused(await copy([fine, top]), "library.lists", "Gone – Listed");
  refused(await copy([top, two]), "library.lists", "Gone – Counted, Listed");
  assert.deepEqual(await profilesOf(there), []);
  assert.deepEqual((await library()).find(({ name }) => name === "Listed").target_lists, [{ id: gone, name: "Gone", removed: true }]);
  assert.equal((await copied(fine)).length, 1);
});

test("codes that the organisation has no more are said by the profile's name", async () => {
  pg.sql(`INSERT INTO organisation_code (organisation_id, list, code, label_fr, label_en, position) VALUES ('${o.id}', 'segment', 'vip', 'VIP', 'VIP', 1) ON CONFLICT DO NOTHING`);
  const one = await kept(await add({ name: "VIP", criteria: criteria("all_of", "segment", "vip") }));
  pg.sql(`DELETE FROM target_profile; DELETE FROM organisation_code WHERE organisation_id = '${o.id}'`);
  refused(await copy([one]), "library.codes", "VIP");
});

test("a library has 200 profiles, a congress 64, and what does not fit is not begun", async () => {
  pg.sql(`INSERT INTO library_profile (organisation_id, name, criteria, lists, universe_from, kept_at)
    SELECT '${o.id}', 'L' || n, '{"all_of": [], "any_of": [], "none_of": []}', '{}', 'given', now() FROM generate_series(1, 199) n`);
  const base = await add({ name: "Base" }), top = await add({ name: "Top", criteria: criteria("all_of", "target_profile", base.id) });
  refused(await keep(top), "library.limit", undefined);
  await kept(base);
  refused(await keep(top), "library.limit", undefined);
  await kept(base, { replace: true });
  assert.equal((await library()).length, 200);
  const some = (await library()).slice(0, 64);
  ok(await copy([...some, { id: randomUUID() }]), 422);
  ok(await copy([some[0], some[0]]), 422);
  ok(await copy([]), 422);
  await add({}, there);
  refused(await copy(some), "profile.limit", undefined);
  assert.equal((await profilesOf(there)).length, 1);
  assert.equal((await copied(...some.slice(1))).length, 63);
});

test("nothing crosses the border of an organisation", async () => {
  const theirs = other.staff.organiser.cookie, mine = await add({}), one = await kept(mine);
  assert.deepEqual(await library(other, theirs), []);
  ok(await keep(mine, {}, theirs), 404);
  ok(await copy([one], other, theirs), 404);
  ok(await copy([one], there, theirs), 404);
  ok(await call("PATCH", `/api/library-profiles/${one.id}`, { name: "N" }, theirs), 404);
  ok(await call("DELETE", `/api/library-profiles/${one.id}`, undefined, theirs), 404);
  ok(await copy([one, { id: randomUUID() }]), 404);
  assert.deepEqual(await profilesOf(there), []);
  assert.equal((await library()).length, 1);
});

test("who organises one congress reads and copies there, with lists too, and keeps, renames and removes nothing", async () => {
  const narrow = staff(pg, o, `narrow${++names}`, ["organiser"], { congress: there.congress }).cookie;
  const mine = await add({ criteria: criteria("all_of", "target_list", list("For all")) }), one = await kept(mine);
  assert.equal((await library(there, narrow)).length, 1);
  assert.equal(ok(await copy([one], there, narrow), 201).items.length, 1);
  ok(await copy([one], o, narrow), 404);
  ok(await call("GET", `/api/congresses/${o.congress}/library-profiles`, undefined, narrow), 404);
  ok(await keep((await profilesOf(there))[0], {}, narrow), 403);
  ok(await call("PATCH", `/api/library-profiles/${one.id}`, { name: "N" }, narrow), 403);
  ok(await call("DELETE", `/api/library-profiles/${one.id}`, undefined, narrow), 403);
  for (const role of ["host", "moderator", "speaker"]) {
    ok(await copy([one], there, o.staff[role].cookie), 403);
    ok(await call("GET", `/api/congresses/${there.congress}/library-profiles`, undefined, o.staff[role].cookie), 403);
  }
});

test("each change is a line of the audit log, a copy one for each profile besides", async () => {
  const [[last]] = pg.sql("SELECT coalesce(max(id), 0) FROM audit_log");
  const base = await add({ name: "Base" }), one = await kept(await add({ name: "Top", criteria: criteria("all_of", "target_profile", base.id) }));
  await copied(one);
  ok(await call("PATCH", `/api/library-profiles/${one.id}`, { name: "New" }), 200);
  ok(await call("DELETE", `/api/library-profiles/${one.id}`), 204);
  const lines = pg.sql(`SELECT action, details FROM audit_log WHERE id > ${last} ORDER BY id`).slice(2).map(([action, details]) => [action, JSON.parse(details)]);
  assert.deepEqual(lines.map(([action]) => action), ["library_profile.keep", "target_profile.create", "target_profile.create", "library_profile.copy", "library_profile.rename", "library_profile.delete"]);
  assert.deepEqual(lines.filter(([action]) => action.startsWith("library")).map(([, details]) => details),
    [{ profiles: ["Top", "Base"], replace: false }, { profiles: 2 }, { before: { name: "Top" }, after: { name: "New" } }, { name: "New" }]);
});

test("keeping and copying at the same time neither lose a profile nor deadlock", async () => {
  const base = await add({ name: "Base" }), top = await add({ name: "Top", criteria: criteria("all_of", "target_profile", base.id) });
  const one = await kept(top);
  const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => (n % 2 ? keep(top, { replace: true }) : copy([one]))));
  assert.deepEqual(answers.map(({ status }) => status), Array(8).fill(201), answers.map(({ text }) => text).join("\n"));
  assert.equal((await profilesOf(there)).length, 8);
  for (const { criteria: c, name } of await profilesOf(there)) if (name.startsWith("Top")) assert.equal(c.all_of[0].codes.length, 1);
});
