// What the tests of the goal board play: profiles, and stays in ended sessions.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { request } from "./http.mjs";
import { elsewhere, hcps } from "./people.mjs";

// A target profile whose people have one of the codes in each attribute. Returns its id.
export async function profile(server, o, name, goals, codes) {
  const criteria = { all_of: Object.entries(codes).map(([attribute, c]) => ({ attribute, codes: c })), any_of: [], none_of: [] };
  const body = { name, goal_registrations: null, goal_attendees: null, goal_participation_rate: null, universe: null, universe_source: null, criteria, ...goals };
  const made = await request({ port: server.port, method: "POST", path: `/api/congresses/${o.congress}/target-profiles`, body, cookie: o.staff.organiser.cookie });
  assert.equal(made.status, 201, made.text);
  return made.json.id;
}

// `n` stays of some of the people in sessions of an hour that began two hours ago.
export function play(pg, o, sessions, people, one, n) {
  const stays = Array.from({ length: n }, () => {
    const id = randomUUID();
    return `('${id}', '${o.id}', '${one(sessions)}', '${one(people).registration}', 'connected', '${id}', (SELECT id FROM node LIMIT 1), now() - interval '2 hours', now() - interval '2 hours' + interval '${one([30, 59, 61, 600, 2699, 2701, 3600])} s', now() - interval '1 hour', true)`;
  });
  pg.sql(`INSERT INTO span (id, organisation_id, session_id, registration_id, kind, connection, node_id, joined_at, left_at, gone_at, on_purpose) VALUES ${stays.join(",")}`);
}

// Another congress of the organisation, whose session of an hour was so many days ago. It has n registered; the first of them were there
// for so many minutes each. Returns where it is.
export function held(pg, o, title, days, n, minutes) {
  const there = elsewhere(pg, o, "congress"), began = `now() - interval '${days} days'`;
  const people = hcps(pg, there, n);
  const stays = minutes.map((stayed, at) => {
    const id = randomUUID(), left = `${began} + interval '${stayed} minutes'`;
    return `('${id}', '${o.id}', '${there.session}', '${people[at].registration}', 'connected', '${id}', (SELECT id FROM node LIMIT 1), ${began}, ${left}, ${left}, true)`;
  });
  pg.sql(`UPDATE congress SET title = '${title}' WHERE id = '${there.congress}';
    UPDATE session SET state = 'ended', live_at = ${began}, ended_at = ${began} + interval '1 hour' WHERE id = '${there.session}';
    INSERT INTO span (id, organisation_id, session_id, registration_id, kind, connection, node_id, joined_at, left_at, gone_at, on_purpose) VALUES ${stays}`);
  return there;
}
