// Rule: what an organisation's target lists say of somebody in its own words (segment, tier, therapeutic interest) decides which profiles
// their registration matches, whichever comes first: the list, the profile or the registration. The list that changed last says it. Forms
// do not show what it says to whoever types an address.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Lists } from "./lib/lists.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, o, lists, people, first, ids;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un");
  pg.sql("DELETE FROM target_profile");
  lists = new Lists(server, pg, o.staff.organiser.cookie, ["email", "last_name", "segment", "tier"]);
  people = hcps(pg, o, 3);
  pg.sql(`DELETE FROM registration WHERE organisation_id = '${o.id}' AND id <> ALL ('{${people.map((p) => p.registration)}}')`);
  await ok("POST", "/api/organisation/codes", { codes: ["A", "B"].map((code) => ({ list: "segment", code, fr: `Segment ${code}`, en: `Segment ${code}` })).concat({ list: "tier", code: "T1", fr: "Un", en: "One" }) }, 200);
});
after(cleanup);

async function ok(method, path, body, status) {
  const answer = await request({ port: server.port, method, path, cookie: o.staff.organiser.cookie, body });
  assert.equal(answer.status, status, answer.text);
  return answer.json;
}
const criteria = (mode, attribute, ...codes) => ({ all_of: [], any_of: [], none_of: [], [mode]: [{ attribute, codes }] });
const add = async (name, wanted) => (await ok("POST", `/api/congresses/${o.congress}/target-profiles`, { name, criteria: wanted }, 201)).id;
const line = (n, segment, tier = "") => ({ email: people[n].email, last_name: "Nom", segment, tier });
const counted = () => waitFor("what is due", () => pg.sql("SELECT 1 FROM target_profile WHERE universe_work IS NOT NULL OR matches_due").length === 0);
const matched = () => Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, pg.sql(`SELECT registration_id FROM registration_profile WHERE target_profile_id = '${id}'`).map(([r]) => people.findIndex((p) => p.registration === r)).sort()]));

test("a list that comes after the registrations and the profiles", async () => {
  ids = { a: await add("A", criteria("all_of", "segment", "A")), b: await add("B", criteria("any_of", "segment", "B")), notA: await add("Not A", criteria("none_of", "segment", "A")), tier: await add("T1", criteria("all_of", "tier", "T1")) };
  ids.onA = await add("On A", criteria("all_of", "target_profile", ids.a));
  assert.deepEqual(matched(), { a: [], b: [], notA: [0, 1, 2], tier: [], onA: [] });
  first = await lists.make();
  await lists.store(first, [line(0, "Segment A", "T1"), line(1, "B")], "keep");
  await counted();
  assert.deepEqual(matched(), { a: [0], b: [1], notA: [1, 2], tier: [0], onA: [0] });
});

test("a profile that comes after the list, and what is said while it is edited", async () => {
  ids.both = await add("A or B", criteria("all_of", "segment", "A", "B"));
  assert.deepEqual(matched().both, [0, 1]);
  assert.equal((await ok("POST", `/api/congresses/${o.congress}/target-profiles/preview`, { criteria: criteria("none_of", "segment", "A") }, 200)).registered, 2);
});

test("the list that changed last says it, word by word; without it the other one does", async () => {
  const second = await lists.make();
  await lists.store(second, [line(0, "B"), line(2, "A")], "keep");
  await counted();
  assert.deepEqual(matched(), { a: [2], b: [0, 1], notA: [0, 1], tier: [0], onA: [2], both: [0, 1, 2] });
  await ok("DELETE", `/api/target-lists/${second}`, undefined, 204);
  await counted();
  assert.deepEqual(matched(), { a: [0], b: [1], notA: [1, 2], tier: [0], onA: [0], both: [0, 1] });
});

test("whoever is taken off the list is none of its words any more", async () => {
  const listed = pg.sql(`SELECT id FROM target_list_person WHERE target_list_id = '${first}' AND email = '${people[1].email}'`)[0][0];
  await ok("DELETE", `/api/target-lists/${first}/people/${listed}`, undefined, 204);
  await counted();
  assert.deepEqual([matched().b, matched().both], [[], [0]]);
});

test("a registration that comes after the list", async () => {
  await lists.store(first, [{ email: "late@example.org", last_name: "Nom", segment: "A", tier: "" }], "keep");
  const [late] = hcps(pg, o, 1);
  pg.sql(`UPDATE hcp SET email = 'late@example.org' WHERE id = '${late.hcp}'`);
  pg.sql(`SELECT match_registration('${late.registration}')`);
  people.push(late);
  await counted();
  assert.deepEqual(matched().a, [0, 3]);
});

test("a form's questions are not limited to such a profile, nor to one that builds on it", async () => {
  const { profiles } = await ok("GET", `/api/congresses/${o.congress}/form-questions`, undefined, 200);
  for (const { name, asks_list } of profiles) assert.equal(asks_list, true, name);
});
