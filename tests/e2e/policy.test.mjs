// Rule: who may register for a congress is decided when a form is confirmed, before the seats, by its policy: anybody, whom a profile
// matches, who is on a list. Who is refused leaves nothing but their form, which works once the policy lets them in; who is registered
// stays so. Lists are chosen by organisers of the whole organisation, and a list that a policy asks for is not removed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cleanup } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { known } from "./lib/list_rules.mjs";
import { rpps } from "./lib/listed.mjs";
import { Lists } from "./lib/lists.mjs";
import { elsewhere, organisation, staff } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { seeded } from "./lib/random.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, o, list;
const people = Array.from({ length: 30 }, (_, n) => ({ rpps: rpps(n), email: `p${n}@x.test`, first_name: "Anne", last_name: `Durand ${n}`, postcode: "29000", segment: "A" }));
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un");
  const lists = new Lists(server, pg, o.staff.organiser.cookie);
  list = await lists.make();
  await lists.store(list, people, "keep");
});
after(cleanup);

const call = (method, path, { cookie = o.staff.organiser.cookie, body } = {}) => request({ port: server.port, method, path, cookie, body });
const policyOf = (there) => `/api/congresses/${there.congress}/registration-policy`;

async function decide(there, body) {
  const { status, text, json } = await call("PUT", policyOf(there), { body });
  assert.equal(status, 200, text);
  assert.deepEqual((await call("GET", policyOf(there))).json, json);
  return json;
}

// Cardiologists of Brittany.
function addProfile(there) {
  const id = pg.sql(`INSERT INTO target_profile (organisation_id, congress_id, name, position, created_at)
    VALUES ('${there.id}', '${there.congress}', 'Cardiologists', 1, now()) RETURNING id`)[0][0];
  pg.sql(`INSERT INTO target_profile_criterion VALUES ('${id}', 1, 'all_of', 'specialty', '{SM04}'), ('${id}', 2, 'all_of', 'region', '{53}')`);
}

async function fillIn(there, person) {
  const body = { rpps: null, language: "fr", profession: "10", specialty: "SM04", practice_setting: "SA07", region: "53", age_band: "45_54",
    consents: [{ kind: "participation", version: 1, given: true }, { kind: "contact", version: 1, given: false }], ...person };
  const { status, text } = await call("POST", `/api/registration-pages/${there.code}`, { cookie: null, body });
  assert.equal(status, 202, text);
  return (await server.link(person.email, "join")).split("#")[1];
}
const confirm = (token) => call("POST", "/api/join", { cookie: null, body: { token } });
const answer = ({ status, json }) => (status === 200 ? "in" : json.code);
const kept = () => pg.sql("SELECT (SELECT count(*) FROM registration), (SELECT count(*) FROM hcp), (SELECT sum(taken) FROM seats_taken), (SELECT count(*) FROM sign_in), (SELECT count(*) FROM audit_log WHERE action = 'registration.create')")[0];

test("random people are let in or refused as another evaluator says, and nothing is left of who is refused", async () => {
  const next = seeded(78), pick = (all) => all[Math.floor(next() * all.length)];
  const there = { matching: elsewhere(pg, o, "congress"), target_list: elsewhere(pg, o, "congress"), open: elsewhere(pg, o, "congress") };
  addProfile(there.matching);
  await decide(there.matching, { policy: "matching" });
  await decide(there.target_list, { policy: "target_list", target_list: list });
  const said = { in: 0, "registration.not_admitted": 0 };
  for (let n = 0; n < 30; n++) {
    const policy = pick(["matching", "matching", "target_list", "target_list", "open"]), of = people[n];
    const person = { email: `other${n}@x.test`, first_name: `Zoé ${n}`, last_name: "Martin", specialty: pick(["SM04", "SM26"]), region: pick(["53", "11"]) };
    const how = pick(["number", "address", "address of another", "nothing"]);
    if (how === "number") person.rpps = of.rpps;
    if (how.startsWith("address")) person.email = of.email;
    if (how === "address") Object.assign(person, { first_name: of.first_name, last_name: of.last_name });
    const listed = people.some((line) => known([{ id: "they", rpps: "", ...person }], line) === "they");
    const wanted = policy === "open" || (policy === "matching" ? person.specialty === "SM04" && person.region === "53" : listed);
    const token = await fillIn(there[policy], person);
    const before = kept(), got = await confirm(token);
    assert.equal(answer(got), wanted ? "in" : "registration.not_admitted", `${policy} ${how} ${JSON.stringify(person)}`);
    if (!wanted) assert.deepEqual(kept(), before);
    said[answer(got)]++;
  }
  assert.ok(said.in > 8 && said["registration.not_admitted"] > 5, JSON.stringify(said));
});

test("a policy changes nothing for who is registered, and a refused form works once it lets them in", async () => {
  const there = elsewhere(pg, o, "congress");
  const first = await fillIn(there, { email: "first@x.test", first_name: "Jean", last_name: "Petit", region: "11" });
  assert.equal(answer(await confirm(first)), "in");
  addProfile(there);
  const { policy, target_list, target_profiles } = await decide(there, { policy: "matching" });
  assert.deepEqual({ policy, target_list, target_profiles }, { policy: "matching", target_list: null, target_profiles: 1 });
  assert.equal(answer(await confirm(first)), "in", "their link");
  const second = await fillIn(there, { email: "first@x.test", first_name: "Jean", last_name: "Petit", region: "11" });
  assert.equal(answer(await confirm(second)), "in", "another form of theirs");
  const third = await fillIn(there, { email: "third@x.test", first_name: "Luc", last_name: "Blanc", region: "11" });
  assert.equal(answer(await confirm(third)), "registration.not_admitted");
  await decide(there, { policy: "open" });
  assert.equal(answer(await confirm(third)), "in");
});

test("the policy comes before the seats", async () => {
  const there = elsewhere(pg, o, "congress");
  const waiting = await fillIn(there, { email: "late@x.test", first_name: "Léa", last_name: "Roux", region: "11" });
  pg.sql(`UPDATE session SET capacity = 1 WHERE congress_id = '${there.congress}'`);
  assert.equal(answer(await confirm(await fillIn(there, { email: "only@x.test", first_name: "Guy", last_name: "Noir" }))), "in");
  assert.equal(answer(await confirm(waiting)), "registration.full");
  await decide(there, { policy: "matching" });
  assert.equal(answer(await confirm(waiting)), "registration.not_admitted");
});

test("a list is chosen by who may read lists, and is not removed while a policy asks for it", async () => {
  const there = elsewhere(pg, o, "congress"), other = organisation(pg, "Deux");
  const away = staff(pg, o, "away", ["organiser"], { congress: there.congress });
  const refused = async (body, who) => {
    const { status, json } = await call("PUT", policyOf(there), { cookie: who?.cookie, body });
    return [status, json.field];
  };
  assert.deepEqual(await refused({ policy: "target_list", target_list: list }, away), [422, "target_list"]);
  assert.deepEqual(await refused({ policy: "target_list" }), [422, "target_list"]);
  assert.deepEqual(await refused({ policy: "matching", target_list: list }), [422, "target_list"]);
  assert.deepEqual(await refused({ policy: "closed" }), [422, "policy"]);
  const foreign = await call("PUT", policyOf(other), { cookie: other.staff.organiser.cookie, body: { policy: "target_list", target_list: list } });
  assert.deepEqual([foreign.status, foreign.json.field], [422, "target_list"]);
  assert.equal((await decide(there, { policy: "target_list", target_list: list })).target_list.id, list);
  const stays = await call("PUT", policyOf(there), { cookie: away.cookie, body: { policy: "target_list", target_list: list } });
  assert.equal(stays.status, 200, stays.text);
  const removed = await call("DELETE", `/api/target-lists/${list}`);
  assert.deepEqual([removed.status, removed.json.code], [409, "target_list.used"]);
  assert.match(removed.json.reason, /Congrès/);
});

test("what was decided is audited once, and comes along with a copy of the congress", async () => {
  const there = elsewhere(pg, o, "congress");
  await decide(there, { policy: "target_list", target_list: list });
  await decide(there, { policy: "target_list", target_list: list });
  const written = pg.sql(`SELECT details FROM audit_log WHERE action = 'registration.policy' AND object_id = '${there.congress}'`);
  assert.deepEqual(written.map(([text]) => JSON.parse(text)), [{ policy: "target_list", target_list: "List 1", before: "open", waiting_list: false, review: false, categories: ["hcp"] }]);
  const copy = await call("POST", "/api/congress-copies", { body: { congress: there.congress, title: "Again", first_day: new Date(Date.now() + 30 * 86400000).toISOString().slice(0, 10) } });
  assert.equal(copy.status, 201, copy.text);
  assert.deepEqual((await call("GET", policyOf({ congress: copy.json.id }))).json.target_list, { id: list, name: "List 1" });
});
