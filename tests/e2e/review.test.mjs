// Rule: a confirmation is decided in this order: the policy, the review, places of profiles, seats, the waiting list. Of many reviewers at
// once one decides about each registration, and the others are told. However reviewers choose, nobody overtakes who confirmed before
// and fits. Nothing crosses an organisation's border.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { elsewhere, organisation, staff, token } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { seeded } from "./lib/random.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, o;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un");
});
after(cleanup);

const one = (sql) => pg.sql(sql)[0][0];
const call = (method, path, { cookie = o.staff.organiser.cookie, body } = {}) => request({ port: server.port, method, path, cookie, body });
async function organiser(method, path, body, status = 200) {
  const got = await call(method, path, { body });
  assert.equal(got.status, status, `${method} ${path}: ${got.text}`);
  return got.json;
}
const switches = (there, wanted) => organiser("PUT", `/api/congresses/${there.congress}/registration-policy`, { policy: "open", review: true, waiting_list: true, ...wanted });

const PROFILE = { goal_registrations: null, goal_attendees: null, goal_participation_rate: null, universe: null, universe_source: null };
async function place({ capacity, places, ...wanted }) {
  const there = elsewhere(pg, o, "congress");
  pg.sql(`UPDATE session SET capacity = ${capacity} WHERE congress_id = '${there.congress}'`);
  if (places)
    await organiser("POST", `/api/congresses/${there.congress}/target-profiles`, { ...PROFILE, name: "Cardiologists", places, criteria: { all_of: [{ attribute: "specialty", codes: ["SM04"] }], any_of: [], none_of: [] } }, 201);
  await switches(there, wanted);
  return there;
}

// Forms straight into the database.
let filled = 0;
function fillIn(there, many) {
  const people = many.map((attributes) => ({ specialty: "SM04", setting: "SA07", last_name: `Durand ${filled}`, rpps: null, ...attributes, n: filled, token: token(), email: `r${filled++}@x.test` }));
  pg.sql(`INSERT INTO registration_request (organisation_id, congress_id, link_id, token_hash, email, first_name, last_name, language, profession, specialty, practice_setting, region, age_band, consents, requested_at, expires_at)
    VALUES ${people.map((p) => `('${there.id}', '${there.congress}', '${there.link}', '\\x${p.token.hash}', '${p.email}', 'Anne', '${p.last_name}', 'fr', '10', '${p.specialty}', '${p.setting}', '53', '45_54', '[{"kind":"participation","version":1,"given":true}]', now(), now() + interval '1 day')`)}`);
  return people;
}
const confirm = ({ n, token }) => request({ port: server.port, method: "POST", path: "/api/join", from: `127.${1 + (n >> 8)}.${n & 255}.1`, body: { token: token.text } });
async function comes(there, attributes) {
  const [person] = fillIn(there, [attributes]);
  const got = await confirm(person);
  return { ...person, was: got.status === 200 ? "registered" : got.status === 202 ? got.json.state ?? "waiting" : got.json.code };
}
async function inReview(there, attributes) {
  const person = await comes(there, attributes);
  assert.equal(person.was, "in_review");
  return person;
}
const id = (person) => one(`SELECT r.id FROM registration r JOIN hcp h ON h.id = r.hcp_id WHERE h.email = '${person.email}'`);
const version = (person) => Number(one(`SELECT version FROM registration_review WHERE registration_id = '${id(person)}'`));
const decide = (person, body, who = {}) => call("POST", `/api/registrations/${id(person)}/review`, { ...who, body: { version: version(person), ...body } });
async function approve(person) {
  const { status, json } = await decide(person, { decision: "approve" });
  return status === 200 ? json.state : json.code;
}
const stateOf = (person) => one(`SELECT state FROM registration WHERE id = '${id(person)}'`);
const settled = () => waitFor("places to be given", () => one("SELECT count(*) FROM job WHERE kind = 'registration.promote' AND due_at <= now()") === "0", 60000);
const line = (there) => pg.sql(`SELECT h.email FROM registration r JOIN hcp h ON h.id = r.hcp_id WHERE r.congress_id = '${there.congress}' AND r.state = 'waiting' ORDER BY waiting_number`).flat();
const mails = (person, subject) => server.mails().filter((mail) => mail.to.includes(person.email) && mail.subject.startsWith(subject)).length;

test("30 registrations, each decided by six requests of two reviewers at once: one outcome, one mail, five told by whom", { timeout: 120000 }, async () => {
  const there = await place({ capacity: 10, waiting_list: true }), people = [];
  const reviewers = [o.staff.organiser, staff(pg, o, "second", ["organiser"], {})];
  for (const person of fillIn(there, Array.from({ length: 30 }, () => ({})))) {
    assert.equal((await confirm(person)).json.state, "in_review");
    people.push(person);
  }
  const bodies = [{ decision: "approve" }, { decision: "decline", reason: "other" }, { decision: "ask_proof", message: "?" }];
  const outcomes = {};
  await Promise.all(people.map(async (person) => {
    const path = `/api/registrations/${id(person)}/review`;
    const got = await Promise.all(bodies.flatMap((body) => reviewers.map(({ cookie }) => call("POST", path, { cookie, body: { ...body, version: 1 } }))));
    const done = got.filter(({ status }) => status === 200);
    assert.equal(done.length, 1, got.map(({ text }) => text).join());
    for (const { status, json } of got.filter((reply) => reply !== done[0])) {
      assert.deepEqual([status, json.code], [409, "review.changed"]);
      assert.equal(json.reason, done[0].json.review.by);
    }
    assert.equal(stateOf(person), done[0].json.state);
    outcomes[done[0].json.state] = (outcomes[done[0].json.state] ?? 0) + 1;
  }));
  assert.ok(Object.keys(outcomes).length >= 2, JSON.stringify(outcomes));
  assert.equal(one(`SELECT count(*) FROM audit_log a JOIN registration r ON r.id = a.object_id WHERE r.congress_id = '${there.congress}' AND a.action IN ('registration.approve', 'registration.decline', 'registration.ask_proof')`), "30");
  assert.equal(Number(one(`SELECT sum(taken) FROM seats_taken WHERE congress_id = '${there.congress}'`) || 0), outcomes.registered ?? 0);
});

for (const seed of [1, 2])
  test(`whatever the order of approvals, places are those of the order of confirmations (${seed})`, { timeout: 240000 }, async () => {
    const next = seeded(810 + seed), upTo = (n) => Math.floor(next() * n);
    const there = await place({ capacity: 5, places: 2 }), people = [];
    for (let n = 0; n < 12; n++) people.push(await inReview(there, { specialty: upTo(2) ? "SM04" : "SM26" }));
    // Another evaluator: the confirmations in their order, of whom the approved and not placed are given what is left.
    const fits = (person) => people.filter(({ state }) => state === "registered").length < 5 && (person.specialty !== "SM04" || people.filter(({ state, specialty }) => state === "registered" && specialty === "SM04").length < 2);
    const settle = () => people.forEach((person) => person.state === "waiting" && fits(person) && (person.state = "registered"));
    const ahead = [...people];
    while (ahead.length) {
      const [person] = ahead.splice(upTo(ahead.length), 1);
      if (upTo(5) === 0) {
        assert.equal((await decide(person, { decision: "decline", reason: "not_concerned" })).status, 200);
        person.state = "declined";
      } else {
        const said = await approve(person);
        person.state = "waiting";
        settle();
        assert.equal(said, person.state);
      }
      if (upTo(4) === 0) {
        const leaves = people.find(({ state }) => state === "registered");
        if (leaves) await organiser("POST", `/api/registrations/${id(leaves)}/cancel`, undefined, 204);
        if (leaves) leaves.state = "cancelled";
      }
      await settled();
      settle();
      assert.deepEqual(people.map(stateOf), people.map(({ state }) => state ?? "in_review"));
      assert.deepEqual(line(there), people.filter(({ state }) => state === "waiting").map(({ email }) => email), "the line is that of the confirmations");
    }
  });

test("somebody who confirmed before overtakes who waits, and evicts nobody", async () => {
  const there = await place({ capacity: 1 });
  const slow = await inReview(there, {}), quick = await inReview(there, {}), second = await inReview(there, {});
  assert.equal(await approve(quick), "registered");
  assert.equal(await approve(second), "waiting");
  assert.equal(await approve(slow), "waiting");
  assert.deepEqual(line(there), [slow.email, second.email]);
  await organiser("POST", `/api/registrations/${id(quick)}/cancel`, undefined, 204);
  await settled();
  assert.deepEqual([slow, second].map(stateOf), ["registered", "waiting"]);
});

test("who waits or is registered stays so when the review is switched on, and who is in review when it is switched off", async () => {
  const there = await place({ capacity: 1, review: false });
  const holder = await comes(there, {}), waits = await comes(there, {});
  assert.deepEqual([holder.was, waits.was], ["registered", "waiting"]);
  await switches(there, { review: true });
  const reviewed = await inReview(there, {});
  for (const [person, was] of [[holder, 200], [waits, 202]]) assert.equal((await confirm(person)).status, was);
  const off = await switches(there, { review: false });
  assert.deepEqual([off.review, off.in_review], [false, 1]);
  assert.equal((await confirm(reviewed)).json.state, "in_review");
  assert.equal((await comes(there, {})).was, "waiting");
  assert.equal(await approve(reviewed), "waiting");
  assert.equal(line(there).indexOf(reviewed.email), 1, "between those who confirmed before and after");
});

test("the review goes with any policy, and with a copy of the congress", async () => {
  const there = await place({ capacity: 10, places: 5, policy: "matching" });
  assert.equal((await comes(there, { specialty: "SM26" })).was, "registration.not_admitted");
  const person = await inReview(there, {});
  await switches(there, { policy: "target_list", target_list: (await organiser("POST", "/api/target-lists", { name: "Empty" }, 201)).id });
  assert.equal(await approve(person), "registered", "the policy is not asked again");
  const copy = await organiser("POST", "/api/congress-copies", { congress: there.congress, title: "Again", first_day: new Date(Date.now() + 30 * 86400000).toISOString().slice(0, 10) }, 201);
  assert.equal((await organiser("GET", `/api/congresses/${copy.id}/registration-policy`)).review, true);
});

test("the queue, its filters and its decisions are the organisation's, and a congress's", async () => {
  const there = await place({ capacity: 10 }), other = organisation(pg, "Deux");
  const ida = await inReview(there, { setting: "SA32" }), bob = await inReview(there, {});
  const path = `/api/congresses/${there.congress}/reviews`;
  const page = await organiser("GET", path);
  assert.deepEqual(page.items.map(({ email, flags }) => [email, flags]), [[ida.email, ["industry"]], [bob.email, []]]);
  assert.deepEqual(page.counts, { in_review: 2, flagged: 1, proof_asked: 0, declined: 0 });
  assert.deepEqual((await organiser("GET", `${path}?filter=flagged`)).items.map(({ email }) => email), [ida.email]);
  const away = staff(pg, o, "away", ["organiser"], { congress: o.congress }), here = staff(pg, o, "here", ["organiser"], { congress: there.congress }), host = staff(pg, o, "host", ["host"], { congress: there.congress });
  for (const [cookie, status] of [[other.staff.organiser.cookie, 404], [away.cookie, 404], [host.cookie, 403]]) {
    assert.equal((await call("GET", path, { cookie })).status, status);
    assert.equal((await decide(bob, { decision: "approve" }, { cookie })).status, status);
  }
  assert.equal(stateOf(bob), "in_review");
  assert.equal((await decide(bob, { decision: "approve" }, { cookie: here.cookie })).json.review.by, "here");
  // Twins are looked for in the congress alone: another organisation has people of the same name.
  const sameName = await inReview(there, { last_name: ida.last_name.toUpperCase() });
  const listed = (await organiser("GET", path)).items.find(({ email }) => email === sameName.email);
  assert.deepEqual([listed.flags, listed.twins.map(({ email }) => email)], [["same_name"], [ida.email]]);
});

test("decisions are mailed once, in the person's language, with the organiser's words", async () => {
  const there = await place({ capacity: 10 });
  const asked = await inReview(there, {}), refused = await inReview(there, {});
  await decide(asked, { decision: "ask_proof", message: "Votre carte CPS,\nrecto." });
  await decide(refused, { decision: "decline", reason: "duplicate", message: "Vous êtes déjà inscrite." });
  await decide(asked, { decision: "approve" });
  const sent = (person, subject) => waitFor(`${subject} to ${person.email}`, () => mails(person, subject) === 1, 30000);
  await sent(asked, "Votre demande d’inscription, une précision");
  await sent(asked, "Inscription validée");
  await sent(refused, "Votre demande d’inscription : Congrès");
  const said = server.mails().find((mail) => mail.to.includes(asked.email) && mail.subject.includes("précision"));
  assert.match(JSON.stringify(said), /Votre carte CPS/);
  assert.ok(server.mails().filter((mail) => mail.to.includes(refused.email)).every((mail) => !/duplicate/.test(JSON.stringify(mail))));
});

test("who is in review is in no figure, no file of participants and no live room", async () => {
  const there = await place({ capacity: 10 });
  const person = await inReview(there, {});
  const congress = (await organiser("GET", "/api/congresses")).items.find(({ id }) => id === there.congress);
  assert.equal(congress.registered, 0);
  assert.equal(one(`SELECT count(*) FROM sign_in s JOIN registration r ON r.id = s.registration_id WHERE r.congress_id = '${there.congress}'`), "0");
  assert.deepEqual((await organiser("GET", `/api/congresses/${there.congress}/registrations?state=in_review`)).items.map(({ email, state }) => [email, state]), [[person.email, "in_review"]]);
  assert.equal((await organiser("GET", `/api/congresses/${there.congress}/registrations?state=registered`)).found, 0);
});
