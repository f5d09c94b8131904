// Rule: a profile's universe is a number that somebody gave with its source, or a count in the register or in a target list that is taken
// again whenever the profile, one it builds on, the register or the list changes; nothing that is not known is counted as none.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { organisation, staff } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { registryEdition } from "./lib/registry.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, o, other, names = 0;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un");
  other = organisation(pg, "Deux");
});
after(cleanup);

const call = (method, path, body, who = o) => request({ port: server.port, method, path, cookie: who.staff.organiser.cookie, body });
const PROFILES = () => `/api/congresses/${o.congress}/target-profiles`;
const criteria = (...all_of) => ({ all_of: all_of.map(([attribute, ...codes]) => ({ attribute, codes })), any_of: [], none_of: [] });
const CARDIOLOGY = ["specialty", "SM04"], BRITTANY = ["region", "53"];
const bad = (answer, field) => {
  assert.equal(answer.status, 422, answer.text);
  assert.equal(answer.json.field, field);
};

// So many cardiologists in each region.
const edition = (day, regions) =>
  registryEdition(pg, Object.entries(regions).flatMap(([region, people]) => Array.from({ length: people }, () => ({ specialty: "SM04", region }))), day);

// What an import from outside, or a list, adds waits for half a minute at most; somebody who saves a profile has it done at once.
async function soon() {
  const id = await add({});
  await call("DELETE", `/api/target-profiles/${id}`);
}

function list(who, people) {
  const id = randomUUID();
  pg.sql(`INSERT INTO target_list (id, organisation_id, name, people, as_of, created_at, changed_at) VALUES ('${id}', '${who.id}', 'CRM ${++names}', ${people}, '2026-10-01', now(), now());
    INSERT INTO target_list_person (organisation_id, target_list_id, position, last_name, specialty) SELECT '${who.id}', '${id}', n, 'N' || n, 'SM04' FROM generate_series(1, ${people}) n`);
  return id;
}

async function add(fields) {
  const made = await call("POST", PROFILES(), { name: `P${++names}`, criteria: criteria(CARDIOLOGY), ...fields });
  assert.equal(made.status, 201, made.text);
  return made.json.id;
}

const profile = async (id) => (await call("GET", PROFILES())).json.items.find((one) => one.id === id);

// As it is once it is counted, with this count.
async function counted(id, count) {
  let seen;
  await soon();
  await waitFor(`a count of ${count}`, async () => (seen = await profile(id)) && !seen.universe_counting && seen.universe_counted === count, 40000);
  assert.equal(seen.universe, count || null);
  return seen;
}

test("without a register nothing is counted, with one it is, with its day, and again with the next one", async () => {
  const id = await add({ universe_from: "registry" });
  assert.equal((await counted(id, null)).universe_source, null);
  edition("2026-11-05", { 53: 3, 11: 4 });
  const first = await counted(id, 7);
  assert.equal(first.universe_source, "Annuaire Santé, 2026-11-05");
  assert.ok(first.universe_counted_at);
  edition("2026-11-12", { 53: 2, 11: 1 });
  assert.equal((await counted(id, 3)).universe_source, "Annuaire Santé, 2026-11-12");
});

test("a changed profile is counted again, and so are those that build on it", async () => {
  edition("2026-11-13", { 53: 2, 11: 5 });
  const below = await add({}), id = await add({ universe_from: "registry", criteria: criteria(["target_profile", below]) });
  await counted(id, 7);
  assert.equal((await call("PATCH", `/api/target-profiles/${below}`, { criteria: criteria(CARDIOLOGY, BRITTANY) })).status, 200);
  await counted(id, 2);
  assert.equal((await call("PATCH", `/api/target-profiles/${id}`, { criteria: criteria(["target_profile", below], ["region", "11"]) })).status, 200);
  await counted(id, 0);
});

test("what the register does not know is said, also of profiles below, and is not counted as nobody", async () => {
  edition("2026-11-14", { 53: 2 });
  const below = await add({ criteria: criteria(["age_band", "35_44"]) }), id = await add({ universe_from: "registry", criteria: criteria(CARDIOLOGY) });
  await counted(id, 2);
  await call("PATCH", `/api/target-profiles/${id}`, { criteria: criteria(["target_profile", below]) });
  assert.deepEqual((await counted(id, null)).universe_lacks, ["age_band"]);
});

test("a list is counted, again when its people change, and its last count stands when it is removed", async () => {
  const crm = list(o, 4), id = await add({ universe_from: "target_list", universe_list: crm });
  assert.match((await counted(id, 4)).universe_source, /^CRM \d+, 2026-10-01$/);
  const people = (await call("GET", `/api/target-lists/${crm}/people`)).json.items;
  assert.equal((await call("DELETE", `/api/target-lists/${crm}/people/${people[0].id}`)).status, 204);
  await counted(id, 3);
  assert.equal((await call("DELETE", `/api/target-lists/${crm}`)).status, 204);
  const after = (await call("PATCH", `/api/target-profiles/${id}`, { goal_attendees: 2 })).json;
  assert.deepEqual([after.universe_from, after.universe_list, after.universe], ["given", null, 3]);
});

test("lists of others, lists that are none, and numbers without a source are refused", async () => {
  const theirs = list(other, 2);
  for (const universe_list of [theirs, randomUUID()]) {
    bad(await call("POST", PROFILES(), { name: "N", criteria: criteria(CARDIOLOGY), universe_from: "target_list", universe_list }), "universe_list");
    bad(await call("POST", `${PROFILES()}/universe`, { criteria: criteria(CARDIOLOGY), universe_from: "target_list", universe_list }), "universe_list");
  }
  bad(await call("POST", PROFILES(), { name: "N", criteria: criteria(CARDIOLOGY), universe_from: "target_list" }), "universe_list");
  bad(await call("POST", PROFILES(), { name: "N", criteria: criteria(CARDIOLOGY), universe_from: "guess" }), "universe_from");
  bad(await call("POST", PROFILES(), { name: "N", criteria: criteria(CARDIOLOGY), universe: 3 }), "universe_source");
  assert.equal((await call("POST", `${PROFILES()}/universe`, { criteria: criteria(CARDIOLOGY), universe_from: "registry" }, other)).status, 404);
});

// As scopes.test.mjs has it: lists are read by organisers of the whole organisation.
test("whoever organises one congress alone counts in no list, but keeps the one that a profile has", async () => {
  const crm = list(o, 4), another = list(o, 5), id = await add({ universe_from: "target_list", universe_list: crm });
  const theirs = { staff: { organiser: staff(pg, o, "one", ["organiser"], { congress: o.congress }) } };
  const ask = (universe_list, more) => call("POST", `${PROFILES()}/universe`, { criteria: criteria(CARDIOLOGY), universe_from: "target_list", universe_list, ...more }, theirs);
  bad(await ask(crm), "universe_list");
  bad(await ask(another, { profile: id }), "universe_list");
  bad(await call("PATCH", `/api/target-profiles/${id}`, { universe_list: another }, theirs), "universe_list");
  assert.equal((await ask(crm, { profile: id })).json.count, 4);
  assert.equal((await call("PATCH", `/api/target-profiles/${id}`, { goal_attendees: 3 }, theirs)).status, 200);
});

test("copies of profiles are counted for themselves", async () => {
  edition("2026-11-16", { 53: 8 });
  await counted(await add({ universe_from: "registry" }), 8);
  const copy = randomUUID();
  pg.sql(`INSERT INTO congress (id, organisation_id, title, language, time_zone, created_at) VALUES ('${copy}', '${o.id}', 'Copy', 'fr', 'Europe/Paris', now());
    UPDATE target_profile SET universe_work = gen_random_uuid() WHERE congress_id = '${o.congress}' AND universe_from = 'registry';
    SELECT target_profiles_copy('${o.congress}', '${copy}', now())`);
  await soon();
  const wrong = () => pg.sql(`SELECT 1 FROM target_profile WHERE congress_id = '${copy}' AND universe_from = 'registry' AND universe_work IS NOT NULL`);
  await waitFor("the copies to be counted", () => wrong().length === 0, 40000);
});

test("criteria that are being typed are counted without being kept", async () => {
  edition("2026-11-15", { 53: 2, 11: 5 });
  const crm = list(o, 6), ask = (universe_from, asked, more) => call("POST", `${PROFILES()}/universe`, { criteria: asked, universe_from, ...more });
  const registry = await ask("registry", criteria(CARDIOLOGY, BRITTANY));
  assert.deepEqual(registry.json, { count: 2, source: "Annuaire Santé, 2026-11-15", lacks: [] });
  assert.deepEqual((await ask("registry", criteria(["age_band", "35_44"], ["language", "fr"]))).json, { count: null, source: "Annuaire Santé, 2026-11-15", lacks: ["age_band", "language"] });
  assert.equal((await ask("target_list", criteria(CARDIOLOGY), { universe_list: crm })).json.count, 6);
  assert.equal((await ask("target_list", criteria(BRITTANY), { universe_list: crm })).json.count, 0);
  bad(await ask("given", criteria(CARDIOLOGY)), "universe_from");
});
