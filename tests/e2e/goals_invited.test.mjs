// Rule: the goal board's step "invited" counts whom each profile accepts by their line of the target list, or by their registration when
// that line is gone; the rate of the invited is of those who are registered as the board counts them; readers without the right to see
// persons get no such step. Earlier congresses stand beside with the figures of their own boards, for organisers of the organisation.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { held, play, profile } from "./lib/board.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { elsewhere, hcps, organisation, staff } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { seeded } from "./lib/random.mjs";
import { Server } from "./lib/server.mjs";

const LINES = 240;
const PROFILES = [["Cardiologists", { specialty: ["SM04"] }], ["Brittany", { region: ["53"] }], ["Cardiologists in Brittany", { specialty: ["SM04"], region: ["53"] }]];
const random = seeded(31);
const below = (n) => Math.floor(random() * n);
const one = (list) => list[below(list.length)];
const text = (value) => (value === null ? "NULL" : `'${value}'`);

let pg, server, o;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un");
});
after(cleanup);

const get = (path, who = o.staff.organiser) => request({ port: server.port, path, cookie: who.cookie });
async function board(who) {
  const { status, json, text: body } = await get(`/api/congresses/${o.congress}/goals`, who);
  assert.equal(status, 200, body);
  return json;
}

// People of a list: invited or not, registered with the attributes of their line or with others, gone from the list, cancelled, there.
function history() {
  const people = Array.from({ length: LINES }, () => ({ line: randomUUID(), region: one(["53", "11"]), specialty: one(["SM04", "SM54"]), invited: below(4) > 0, removed: below(6) === 0 }));
  for (const specialty of ["SM04", "SM54"])
    for (const region of ["53", "11"]) {
      const coming = people.filter((p) => p.coming === undefined && below(3) === 0);
      for (const [n, known] of hcps(pg, o, coming.length, { specialty, region }).entries())
        Object.assign(coming[n], { coming: known, came: { specialty, region }, cancelled: below(4) === 0, attended: below(2) === 0 });
    }
  return people;
}

function store(people) {
  const list = randomUUID(), round = randomUUID();
  const coming = people.filter((p) => p.coming);
  pg.sql(`INSERT INTO target_list (id, organisation_id, name, created_at, changed_at) VALUES ('${list}', '${o.id}', 'L', now(), now());
    INSERT INTO target_list_person (id, organisation_id, target_list_id, position, external_id, region, specialty)
      VALUES ${people.map((p, n) => `('${p.line}', '${o.id}', '${list}', ${n}, 'X${n}', '${p.region}', '${p.specialty}')`)};
    INSERT INTO invitation_round (id, organisation_id, congress_id, channel, target_list_id, list_name, state, link_id, created_at, started_at)
      VALUES ('${round}', '${o.id}', '${o.congress}', 'crm', '${list}', 'L', 'sent', '${o.link}', now(), now());
    INSERT INTO invitation (organisation_id, congress_id, round_id, target_list_person_id, person_key, hcp_id, first_name, last_name, language, invited_at)
      VALUES ${people.map((p, n) => `('${o.id}', '${o.congress}', '${round}', '${p.line}', 'id X${n}', ${text(p.coming?.hcp ?? null)}, 'A', 'B', 'fr', ${p.invited ? "now()" : "NULL"})`)};
    DELETE FROM target_list_person WHERE id IN (${people.filter((p) => p.removed).map((p) => text(p.line))});
    UPDATE session SET state = 'ended', live_at = now() - interval '2 hours', ended_at = now() - interval '1 hour' WHERE id = '${o.session}';
    SELECT match_congress('${o.congress}')`);
  for (const p of coming.filter((q) => q.attended)) play(pg, o, [o.session], [p.coming], (list) => list.at(-1), 1);
  pg.sql(`UPDATE registration SET state = 'cancelled', cancelled_at = now() WHERE id IN (${coming.filter((p) => p.cancelled).map((p) => text(p.coming.registration))})`);
}

const accepts = (codes, p) => Object.entries(codes).every(([attribute, allowed]) => allowed.includes(p[attribute]));
const counted = (people) => ({ people: people.length, registered: people.filter((p) => p.coming && (!p.cancelled || p.attended)).length });

test("the invited of each profile equal an independent count of a random history", { timeout: 60000 }, async () => {
  const ids = [];
  for (const [name, codes] of PROFILES) ids.push(await profile(server, o, name, {}, codes));
  assert.deepEqual((await board()).invitations, { people: 0, registered: 0, profiles: [] }, "nobody yet");
  const people = history();
  store(people);
  const invited = people.filter((p) => p.invited);
  const found = (await board()).invitations;
  const want = PROFILES.map(([, codes], n) => ({ id: ids[n], ...counted(invited.filter((p) => (p.removed ? p.came && accepts(codes, p.came) : accepts(codes, p)))) }));
  assert.deepEqual(found, { ...counted(invited), profiles: want });
  assert.ok(want.every(({ people: n, registered }) => registered > 0 && registered < n), "histories of each kind");
});

test("who may not see persons gets no such step", async () => {
  assert.equal((await board(o.staff.host)).invitations, null);
});

test("earlier congresses have the figures of their own boards, the newest first; a later one and another organisation's are not among them", async () => {
  const before = (name, days) => held(pg, o, name, days, 7, [60, 60, 60, 60]);
  const [older, newer] = [before("Older", 40), before("Newer", 20)];
  before("Later", 0);
  elsewhere(pg, o, "congress"); // not begun
  const strange = organisation(pg, "Deux");
  pg.sql(`UPDATE session SET state = 'ended', live_at = now() - interval '9 days', ended_at = now() - interval '8 days' WHERE id = '${strange.session}'`);
  const { status, json } = await get(`/api/congresses/${o.congress}/goals/earlier`);
  assert.equal(status, 200);
  assert.deepEqual(json.items.map(({ id, title }) => [id, title]), [[newer.congress, "Newer"], [older.congress, "Older"]]);
  for (const { id, registered, attended, completed } of json.items)
    assert.deepEqual({ registered, attended, completed }, (await get(`/api/congresses/${id}/goals`)).json.all);
  assert.deepEqual([json.items[0].registered, json.items[0].attended], [7, 4]);
});

test("whoever organises this congress alone reads no other one's figures", async () => {
  const local = staff(pg, o, "local", ["organiser"], { congress: o.congress });
  assert.equal((await get(`/api/congresses/${o.congress}/goals`, local)).status, 200);
  assert.equal((await get(`/api/congresses/${o.congress}/goals/earlier`, local)).status, 403);
});
