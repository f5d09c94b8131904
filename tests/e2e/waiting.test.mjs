// Rule: what becomes of a confirmation is decided in this order: the policy, places of profiles, seats, the waiting list. Who matches
// profiles takes a place in the first of them, by position, that has one; who matches none a seat. Nobody loses a place by what is
// changed. Whoever waits is given a place by itself, the first who fits first, once, with their mail; they are not registered before.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { elsewhere, organisation, token } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { seeded } from "./lib/random.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, o;
before(async () => {
  pg = new Postgres({ durable: true });
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

// A congress with so many seats, and what is decided of it.
async function place({ capacity, list = false, profiles = [] }) {
  const there = elsewhere(pg, o, "congress");
  pg.sql(`UPDATE session SET capacity = ${capacity} WHERE congress_id = '${there.congress}'`);
  there.profiles = [];
  for (const { name, places = null, codes } of profiles)
    there.profiles.push(await organiser("POST", `/api/congresses/${there.congress}/target-profiles`, { ...PROFILE, name, places, criteria: criteria(codes) }, 201));
  if (list) await switchList(there, true);
  return there;
}
const PROFILE = { goal_registrations: null, goal_attendees: null, goal_participation_rate: null, universe: null, universe_source: null };
const criteria = (codes) => ({ all_of: Object.entries(codes).map(([attribute, values]) => ({ attribute, codes: values })), any_of: [], none_of: [] });
const policyOf = (there) => `/api/congresses/${there.congress}/registration-policy`;
const switchList = (there, waiting_list) => organiser("PUT", policyOf(there), { policy: "open", waiting_list });

// Forms of so many people, straight into the database; their tokens.
let filled = 0;
function fillIn(there, many) {
  const people = many.map((attributes) => ({ specialty: "SM04", region: "53", ...attributes, ...{ n: filled, token: token(), email: `w${filled++}@x.test` } }));
  pg.sql(`INSERT INTO registration_request (organisation_id, congress_id, link_id, token_hash, email, first_name, last_name, language, profession, specialty, practice_setting, region, age_band, consents, requested_at, expires_at)
    VALUES ${people.map((p) => `('${o.id}', '${there.congress}', '${there.link}', '\\x${p.token.hash}', '${p.email}', 'Anne', 'Durand ${p.n}', 'fr', '10', '${p.specialty}', 'SA07', '${p.region}', '45_54', '[{"kind":"participation","version":1,"given":true}]', now(), now() + interval '1 day')`)}`);
  return people;
}
// Each from an address of their own.
const confirm = ({ n, token }) => request({ port: server.port, method: "POST", path: "/api/join", from: `127.${1 + (n >> 8)}.${n & 255}.1`, body: { token: token.text } });
const answer = ({ status, json, headers }) => {
  assert.equal(status === 200, Boolean(headers["set-cookie"]), "who is registered is signed in, and nobody else");
  return status === 200 ? "registered" : status === 202 ? "waiting" : json.code;
};
async function comes(there, attributes) {
  const [person] = fillIn(there, [attributes]);
  return { ...person, was: answer(await confirm(person)) };
}
const id = (person) => one(`SELECT r.id FROM registration r JOIN hcp h ON h.id = r.hcp_id WHERE h.email = '${person.email}'`);
const cancel = (person) => organiser("POST", `/api/registrations/${id(person)}/cancel`, undefined, 204);

// Nothing is to be given any more, but what is only looked at again in a minute.
const settled = () => waitFor("places to be given", () => one("SELECT count(*) FROM job WHERE kind = 'registration.promote' AND due_at <= now()") === "0", 60000);
const states = (there) => Object.fromEntries(pg.sql(`SELECT h.email, r.state || coalesce(' ' || p.name, '') FROM registration r JOIN hcp h ON h.id = r.hcp_id LEFT JOIN target_profile p ON p.id = r.place_profile_id
  WHERE r.congress_id = '${there.congress}' AND h.email IS NOT NULL`));
const line = (there) => pg.sql(`SELECT h.email FROM registration r JOIN hcp h ON h.id = r.hcp_id WHERE r.congress_id = '${there.congress}' AND r.state = 'waiting' ORDER BY waiting_number`).flat();
const mails = (person, subject) => server.mails().filter((mail) => mail.to.includes(person.email) && mail.subject.startsWith(subject)).length;
const mailed = (person, subject) => waitFor(`the mail ${subject} to ${person.email}`, () => mails(person, subject) > 0, 30000);

// --- another evaluator ---

class Evaluator {
  constructor(capacity, profiles) {
    Object.assign(this, { capacity, profiles, people: [], list: false });
  }
  // Names of the profiles that match, in their order.
  matching(person) {
    return this.profiles.filter(({ codes }) => Object.entries(codes).every(([attribute, values]) => values.includes(person[attribute])));
  }
  taken(of) {
    return this.people.filter(({ state, place }) => state === "registered" && (!of || place === of.name)).length;
  }
  seat(person) {
    if (this.taken() >= this.capacity) return false;
    const matching = this.matching(person);
    const free = matching.find((profile) => profile.places === null || this.taken(profile) < profile.places);
    if (matching.length && !free) return false;
    Object.assign(person, { state: "registered", place: free?.name, seated: true });
    return true;
  }
  settle() {
    for (const person of this.people.filter(({ state }) => state === "waiting")) this.seat(person);
  }
  comes(person) {
    this.settle();
    if (!this.seat(person)) person.state = this.list ? "waiting" : "registration.full";
    if (person.state !== "registration.full") this.people.push(person);
    return person.state;
  }
  states() {
    return Object.fromEntries(this.people.map(({ email, state, place }) => [email, `${state}${place && state === "registered" ? ` ${place}` : ""}`]));
  }
}

const HISTORIES = 3, STEPS = 30, all = { waiting: 0, full: 0 };
for (let seed = 1; seed <= HISTORIES; seed++)
  test(`random histories end as another evaluator says (${seed})`, { timeout: 240000 }, async () => {
    const next = seeded(790 + seed), upTo = (n) => Math.floor(next() * n), pick = (all) => all[upTo(all.length)];
    const profiles = [
      { name: "Cardiologists", places: 3, codes: { specialty: ["SM04"] } },
      { name: "Brittany", places: 2, codes: { region: ["53"] } },
      { name: "Geriatrics", places: null, codes: { specialty: ["SM26"] } },
    ];
    const there = await place({ capacity: 4, profiles }), e = new Evaluator(4, profiles);
    const said = {}, mostly = seed < HISTORIES; // whether there is a list
    const acts = {
      comes: async () => {
        const person = await comes(there, { specialty: pick(["SM04", "SM26", "SM02"]), region: pick(["53", "11"]) });
        const was = person.was;
        assert.equal(was, e.comes(person));
        said[person.was] = (said[person.was] ?? 0) + 1;
      },
      cancels: async () => {
        const person = pick(e.people.filter(({ state }) => state !== "cancelled"));
        if (!person) return;
        await cancel(person);
        person.state = "cancelled";
      },
      capacity: async () => {
        e.capacity = 3 + upTo(4);
        await organiser("PATCH", `/api/sessions/${there.session}`, { capacity: e.capacity });
      },
      places: async () => {
        const n = upTo(2), wanted = 1 + upTo(5), got = await call("PATCH", `/api/target-profiles/${there.profiles[n].id}`, { body: { places: wanted } });
        const taken = e.taken(profiles[n]);
        assert.deepEqual([got.status, got.json.code, got.json.reason], taken > wanted ? [409, "profile.places", String(taken)] : [200, undefined, undefined]);
        if (got.status === 200) profiles[n].places = wanted;
      },
      list: async () => {
        e.list = mostly === upTo(3) > 0;
        assert.equal((await switchList(there, e.list)).waiting_list, e.list);
      },
      criteria: async () => {
        profiles[1].codes = { region: pick([["53"], ["11"], ["53", "11"]]) };
        await organiser("PATCH", `/api/target-profiles/${there.profiles[1].id}`, { criteria: criteria(profiles[1].codes) });
      },
    };
    await switchList(there, (e.list = mostly));
    for (let step = 0; step < STEPS; step++) {
      const act = pick(["comes", "comes", "comes", "comes", "comes", "comes", "cancels", "cancels", "capacity", "places", "criteria", ...(step % 3 ? [] : ["list"])]);
      await acts[act]();
      await settled();
      e.settle();
      assert.deepEqual(states(there), e.states(), `step ${step}: ${act}`);
      assert.deepEqual(line(there), e.people.filter(({ state }) => state === "waiting").map(({ email }) => email), "in their order");
    }
    for (const person of e.people) {
      const moved = person.was === "waiting" && person.seated;
      if (moved) await mailed(person, "Une place");
      assert.equal(mails(person, "Une place"), moved ? 1 : 0, "one mail for the place");
    }
    const { places } = await organiser("GET", policyOf(there));
    assert.deepEqual(places.profiles.map(({ taken, places }) => [taken, places]), profiles.slice(0, 2).map((p) => [e.taken(p), p.places]));
    assert.deepEqual([places.capacity, places.taken, places.waiting], [e.capacity, e.taken(), line(there).length]);
    assert.ok(said.registered, JSON.stringify(said));
    all.waiting += said.waiting ?? 0;
    all.full += said["registration.full"] ?? 0;
  });

test("the histories had people who waited, and who were refused", () => assert.ok(all.waiting > 5 && all.full > 0, JSON.stringify(all)));

test("who waits has a link, a place in the line and nothing else; they are told, and let in, once a place is theirs", async () => {
  const there = await place({ capacity: 1, list: true });
  const holder = await comes(there, {}), second = await comes(there, {}), third = await comes(there, {});
  assert.deepEqual([holder.was, second.was, third.was], ["registered", "waiting", "waiting"]);
  const shown = async (person) => (await call("POST", "/api/join/preview", { cookie: null, body: { token: person.token.text } })).json;
  assert.deepEqual([(await shown(third)).state, (await shown(third)).waiting_place], ["waiting", 2]);
  const again = await confirm(third);
  assert.deepEqual([again.status, again.json, again.headers["set-cookie"]], [202, { waiting_place: 2 }, undefined]);
  await mailed(third, "Liste d’attente :");
  assert.deepEqual([mails(third, "Liste d’attente :"), mails(third, "Votre inscription")], [1, 0]);
  const congress = (await organiser("GET", `/api/congresses/${there.congress}`));
  const rows = (await organiser("GET", `/api/congresses/${there.congress}/registrations?state=waiting`)).items;
  assert.deepEqual(rows.map(({ email, waiting_place }) => [email, waiting_place]).sort(), [[second.email, 1], [third.email, 2]]);
  assert.equal((await organiser("GET", "/api/congresses")).items.find(({ id }) => id === congress.id).registered, 1);
  assert.equal((await call("GET", `/api/registration-pages/${there.code}`, { cookie: null })).json.waiting_list, true);

  const withdrawn = await call("POST", "/api/join/cancel", { cookie: null, body: { token: second.token.text } });
  assert.equal(withdrawn.status, 204);
  await mailed(second, "Liste d’attente quittée");
  assert.equal((await shown(third)).waiting_place, 1);
  await cancel(holder);
  await settled();
  assert.equal((await shown(third)).state, "registered");
  await mailed(third, "Une place s’est libérée");
  assert.equal(answer(await confirm(third)), "registered", "by the link that they had");
});

test("a place is given once, also when the server is killed between a cancellation and its promotion", { timeout: 120000 }, async () => {
  const there = await place({ capacity: 1, list: true });
  const holder = await comes(there, {}), next = await comes(there, {});
  const psql = spawn("psql", [pg.url, "-XqAt"], { stdio: ["pipe", "pipe", "inherit"] }); // holds the line
  onCleanup(() => psql.kill());
  psql.stdin.write(`BEGIN; SELECT places_lock('${there.congress}');\nSELECT 'held';\n`);
  await new Promise((resolve) => psql.stdout.on("data", (text) => String(text).includes("held") && resolve()));
  await cancel(holder);
  await waitFor("the promotion to wait", () => one("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%places_promote%'") === "1", 30000);
  await server.kill("SIGKILL");
  psql.stdin.end("COMMIT;\n");
  await new Promise((resolve) => psql.once("exit", resolve));
  assert.equal(states(there)[next.email], "waiting");
  await server.start();
  await waitFor("the place to be given", () => states(there)[next.email] === "registered", 90000);
  await settled();
  await mailed(next, "Une place");
  assert.equal(mails(next, "Une place"), 1);
});

test("the policy comes first, and who was let in waits on when it changes", async () => {
  const there = await place({ capacity: 1, list: true, profiles: [{ name: "Cardiologists", codes: { specialty: ["SM04"] } }] });
  const holder = await comes(there, {}), waits = await comes(there, { specialty: "SM26" });
  await organiser("PUT", policyOf(there), { policy: "matching" });
  assert.equal((await comes(there, { specialty: "SM26" })).was, "registration.not_admitted");
  await cancel(holder);
  await settled();
  assert.equal(states(there)[waits.email], "registered");
});

test("a number of places below what is taken is refused with how many are; the first one counts who is registered", async () => {
  const there = await place({ capacity: 10, profiles: [{ name: "Cardiologists", codes: { specialty: ["SM04"] } }] });
  for (let n = 0; n < 3; n++) await comes(there, {});
  const path = `/api/target-profiles/${there.profiles[0].id}`, few = await call("PATCH", path, { body: { places: 2 } });
  assert.deepEqual([few.status, few.json.code, few.json.reason], [409, "profile.places", "3"]);
  assert.equal((await organiser("PATCH", path, { places: 3 })).places_taken, 3);
  assert.equal((await comes(there, {})).was, "registration.full", "the profile's places are taken, and there is no waiting list");
  assert.equal((await comes(there, { specialty: "SM26" })).was, "registered", "whom no profile matches takes a seat");
});

test("nobody is given the place of somebody who waited and was erased", async () => {
  const there = await place({ capacity: 1, list: true });
  const holder = await comes(there, {}), erased = await comes(there, {}), next = await comes(there, {});
  await organiser("POST", `/api/registrations/${id(erased)}/erase`, undefined, 204);
  await cancel(holder);
  await settled();
  assert.equal(states(there)[next.email], "registered");
  assert.equal(one(`SELECT count(*) FROM registration WHERE congress_id = '${there.congress}' AND state = 'waiting'`), "0");
});

test("the seat of somebody who was erased is the next one's while a session is to come, and nobody's afterwards", async () => {
  const there = await place({ capacity: 1, list: true });
  const erased = await comes(there, {}), next = await comes(there, {});
  await organiser("POST", `/api/registrations/${id(erased)}/erase`, undefined, 204);
  await settled();
  assert.equal(states(there)[next.email], "registered");
  pg.sql(`UPDATE session SET state = 'ended', live_at = now() - interval '2 hours', ended_at = now() - interval '1 hour' WHERE congress_id = '${there.congress}'`);
  await organiser("POST", `/api/registrations/${id(next)}/erase`, undefined, 204);
  assert.equal(one(`SELECT string_agg(state, ' ' ORDER BY state) FROM registration WHERE congress_id = '${there.congress}'`), "cancelled registered", "who was registered for what is over counts on");
});

test("1,000 who confirm at once for 40 places: exactly 40, and the others wait in the order of their confirmations", { timeout: 240000 }, async () => {
  const there = await place({ capacity: 60, list: true, profiles: [{ name: "Cardiologists", places: 40, codes: { specialty: ["SM04"] } }] });
  const people = fillIn(there, Array.from({ length: 1000 }, () => ({})));
  const got = [];
  const come = async (person) => {
    const reply = await confirm(person).catch(() => null);
    return reply && reply.status !== 503 ? answer(reply) : come(person); // too many at once: asked again, as pages do
  };
  const ahead = [...people].reverse();
  await Promise.all(Array.from({ length: 200 }, async () => { // at each moment
    while (ahead.length) got.push(await come(ahead.pop()));
  }));
  const counted = (was) => got.filter((one) => one === was).length;
  assert.deepEqual([counted("registered"), counted("waiting")], [40, 960], [...new Set(got)].join());
  assert.deepEqual(pg.sql(`SELECT state, count(*), count(DISTINCT waiting_number) FROM registration WHERE congress_id = '${there.congress}' GROUP BY 1 ORDER BY 1`), [["registered", "40", "0"], ["waiting", "960", "960"]]);
  // The audit log is written under the lock: nobody was given a place after somebody had to wait.
  const order = pg.sql(`SELECT a.action FROM audit_log a JOIN registration r ON r.id = a.object_id WHERE r.congress_id = '${there.congress}' AND a.action LIKE 'registration.%' ORDER BY a.id`).flat();
  assert.deepEqual(order, [...Array(40).fill("registration.create"), ...Array(960).fill("registration.wait")]);
  const numbers = pg.sql(`SELECT r.waiting_number FROM audit_log a JOIN registration r ON r.id = a.object_id WHERE r.congress_id = '${there.congress}' AND a.action = 'registration.wait' ORDER BY a.id`).flat().map(Number);
  assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b), "their turns are in that order, too");

  const first = line(there).slice(0, 25), left = pg.sql(`SELECT h.email FROM registration r JOIN hcp h ON h.id = r.hcp_id WHERE r.congress_id = '${there.congress}' AND r.state = 'registered' LIMIT 25`).flat();
  await Promise.all(left.map((email) => cancel({ email })));
  await settled();
  assert.deepEqual(first.map((email) => states(there)[email]), Array(25).fill("registered Cardiologists"), "25 left at once: the next 25 are in");
  assert.equal(line(there).length, 935);
});
