// Rule: who is on a target list is a criterion of profiles: lists of the organisation alone, none of which is removed while a profile names
// it; matches and universes follow whenever somebody is put on a list, taken off it, or becomes known as one of its people.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { hcps, organisation, staff } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, o, other, people, names = 0;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un");
  other = organisation(pg, "Deux");
  people = hcps(pg, o, 3);
});
beforeEach(() => pg.sql("DELETE FROM target_profile"));
after(cleanup);

const call = (method, path, body, cookie = o.staff.organiser.cookie) => request({ port: server.port, method, path, cookie, body });
const PROFILES = () => `/api/congresses/${o.congress}/target-profiles`;
const criteria = (mode, attribute, ...codes) => ({ all_of: [], any_of: [], none_of: [], [mode]: [{ attribute, codes }] });
const onList = (list) => criteria("all_of", "target_list", list);
const ok = (answer, status) => (assert.equal(answer.status, status, answer.text), answer.json);
const bad = (answer) => assert.deepEqual([answer.status, answer.json.field, answer.json.reason], [422, "criteria", "no such code"], answer.text);

// `emails`: of lines that are linked if that is somebody's.
function list(who = o, emails = []) {
  const id = randomUUID();
  pg.sql(`INSERT INTO target_list (id, organisation_id, name, people, created_at, changed_at) VALUES ('${id}', '${who.id}', 'List ${++names}', ${emails.length}, now(), now());
    ${emails.map((email, n) => `INSERT INTO target_list_person (organisation_id, target_list_id, position, last_name, email, hcp_id)
      VALUES ('${who.id}', '${id}', ${n}, 'Nom', '${email}', (SELECT id FROM hcp WHERE email = '${email}'));`).join("")}`);
  return id;
}

const add = async (wanted, more) => ok(await call("POST", PROFILES(), { name: `P${++names}`, criteria: wanted, ...more }), 201);
const profile = async (id) => ok(await call("GET", PROFILES()), 200).items.find((one) => one.id === id);

// What a list adds to be done waits for half a minute at most; somebody who saves a profile has it done at once.
async function becomes(id, wanted) {
  await call("DELETE", `/api/target-profiles/${(await add(criteria("all_of", "region", "11"))).id}`);
  await waitFor("what is due", () => pg.sql("SELECT 1 FROM target_profile WHERE universe_work IS NOT NULL OR matches_due").length === 0);
  const seen = await profile(id);
  for (const [key, value] of Object.entries(wanted)) assert.equal(seen[key], value, key);
}

async function imported(into, file) {
  const up = ok(await request({ port: server.port, method: "POST", path: `/api/target-lists/${into}/imports?file_name=a.csv`, cookie: o.staff.organiser.cookie, body: Buffer.from(file), headers: { "Content-Type": "text/csv" } }), 201);
  const path = `/api/target-lists/${into}/imports/${up.id}`, state = (wanted) => waitFor(wanted, () => pg.sql(`SELECT state FROM target_list_import WHERE id = '${up.id}'`)[0][0] === wanted);
  ok(await call("PUT", `${path}/mapping`, { fields: up.columns.map((c) => c.proposed), duplicates: "keep" }), 200);
  await state("checked");
  ok(await call("POST", `${path}/confirm`), 200);
  await state("stored");
}

test("lists of others, lists that are none, and what is no id are refused, and one's own are named", async () => {
  const own = list(), made = await add(onList(own));
  assert.deepEqual(made.target_lists, [{ id: own, name: pg.sql(`SELECT name FROM target_list WHERE id = '${own}'`)[0][0] }]);
  for (const [mode, code] of [["all_of", list(other)], ["any_of", randomUUID()], ["none_of", list(other)], ["all_of", own.toUpperCase()], ["any_of", "SM04"]]) {
    bad(await call("POST", PROFILES(), { name: "N", criteria: criteria(mode, "target_list", own, code) }));
    bad(await call("PATCH", `/api/target-profiles/${made.id}`, { criteria: criteria(mode, "target_list", code) }));
    bad(await call("POST", `${PROFILES()}/preview`, { criteria: criteria(mode, "target_list", code) }));
    bad(await call("POST", `${PROFILES()}/universe`, { criteria: criteria(mode, "target_list", code), universe_from: "registry" }));
  }
  assert.throws(() => pg.sql(`UPDATE target_profile_criterion SET codes = '{${list(other)}}'`), "nor in the tables");
});

// As scopes.test.mjs has it: lists are read by organisers of the whole organisation.
test("whoever organises one congress alone asks for no list but those that a profile names", async () => {
  const own = list(), made = await add(onList(own)), { cookie } = staff(pg, o, "one", ["organiser"], { congress: o.congress });
  const change = (wanted) => call("PATCH", `/api/target-profiles/${made.id}`, { criteria: wanted }, cookie);
  bad(await call("POST", PROFILES(), { name: "N", criteria: onList(own) }, cookie));
  bad(await call("POST", `${PROFILES()}/preview`, { criteria: onList(own) }, cookie));
  bad(await change(onList(list())));
  ok(await change(criteria("none_of", "target_list", own)), 200);
  ok(await call("POST", `${PROFILES()}/preview`, { criteria: onList(own), profile: made.id }, cookie), 200);
});

test("a list that a profile names is not removed, and the refusal says which; the log names the list", async () => {
  const own = list(), made = await add(criteria("none_of", "target_list", own)), { name } = made.target_lists[0];
  const refused = await call("DELETE", `/api/target-lists/${own}`);
  assert.deepEqual([refused.status, refused.json.code, refused.json.reason], [409, "target_list.used", `${made.name} – Congrès`]);
  assert.throws(() => pg.sql(`DELETE FROM target_list WHERE id = '${own}'`), "nor by the tables");
  ok(await call("PATCH", `/api/target-profiles/${made.id}`, { criteria: criteria("all_of", "region", "11") }), 200);
  assert.equal((await call("DELETE", `/api/target-lists/${own}`)).status, 204);
  assert.deepEqual(JSON.parse(pg.sql(`SELECT details FROM audit_log WHERE object_id = '${made.id}' AND action = 'target_profile.change'`)[0][0]).before.target_lists, [name]);
});

test("copies of a congress name the lists, too", async () => {
  const own = list();
  await call("DELETE", `/api/target-profiles/${(await add(onList(own))).id}`);
  const made = await add(onList(own));
  const copy = ok(await call("POST", "/api/congress-copies", { congress: o.congress, title: "Suite", first_day: "2027-03-30" }), 201);
  const [there] = ok(await call("GET", `/api/congresses/${copy.id}/target-profiles`), 200).items;
  assert.deepEqual([there.criteria, there.target_lists], [made.criteria, made.target_lists]);
  assert.equal((await call("DELETE", `/api/target-lists/${own}`)).json.reason, `${made.name} – Congrès, ${made.name} – Suite`);
  pg.sql(`DELETE FROM target_profile WHERE congress_id = '${copy.id}'`);
});

test("matches and universes follow an import, a removal and an erasure, and those of profiles that build on it do", async () => {
  const asked = list(o, [people[0].email]), crm = list(o, people.map((p) => p.email));
  const made = await add(onList(asked), { universe_from: "target_list", universe_list: crm });
  const without = await add(criteria("none_of", "target_profile", made.id), { universe_from: "target_list", universe_list: crm });
  await becomes(made.id, { registered: 1, universe_counted: 1 });
  await becomes(without.id, { registered: 2, universe_counted: 2 });
  await imported(asked, `Nom;E-mail\nNom;${people[1].email}\nNom;${people[2].email}\nNom;nobody@example.org\n`);
  await becomes(made.id, { registered: 3, universe_counted: 3 });
  await becomes(without.id, { registered: 0, universe_counted: 0 });
  const { items } = ok(await call("GET", `/api/target-lists/${asked}/people`), 200), second = items.find((p) => p.email === people[1].email);
  assert.equal((await call("DELETE", `/api/target-lists/${asked}/people/${second.id}`)).status, 204);
  await becomes(made.id, { registered: 2, universe_counted: 2 });
  await becomes(without.id, { registered: 1, universe_counted: 1 });
  assert.equal((await call("POST", `/api/registrations/${people[2].registration}/erase`)).status, 204);
  await becomes(made.id, { registered: 1, universe_counted: 1 });
});

test("whoever becomes known as one of a list's people matches at once, and is counted in other lists", async () => {
  const [anne] = hcps(pg, o, 1), address = "anne.nom@example.org";
  const asked = list(o, [address]), crm = list(o, [address]);
  const made = await add(onList(asked), { universe_from: "target_list", universe_list: crm });
  await becomes(made.id, { registered: 0, universe_counted: 0 });
  pg.sql(`UPDATE hcp SET email = '${address}' WHERE id = '${anne.hcp}'`);
  assert.deepEqual(pg.sql(`SELECT registration_id FROM registration_profile WHERE target_profile_id = '${made.id}'`), [[anne.registration]]);
  await becomes(made.id, { universe_counted: 1 });
});

test("criteria that are being typed are counted by lists, in a list and among those registered; the register knows no list", async () => {
  const asked = list(o, [people[0].email]), crm = list(o, [people[0].email, people[1].email, "nobody@example.org"]);
  const ask = async (wanted, more) => ok(await call("POST", `${PROFILES()}/universe`, { criteria: wanted, universe_from: "target_list", universe_list: crm, ...more }), 200);
  assert.equal((await ask(onList(asked))).count, 1);
  assert.equal((await ask(criteria("none_of", "target_list", asked))).count, 2);
  assert.equal((await ask(criteria("any_of", "target_list", asked, crm))).count, 3);
  assert.deepEqual((await ask(onList(asked), { universe_from: "registry", universe_list: null })).lacks, ["target_list"]);
  assert.equal(ok(await call("POST", `${PROFILES()}/preview`, { criteria: onList(crm) }), 200).registered, 2);
});
