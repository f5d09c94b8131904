// Rule: a live session that everybody left ends by itself at the moment when the last one left; the end can be corrected
// afterwards within what happened, and the figures follow.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { attendance, parseCsv, shown } from "./lib/attendance.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { elsewhere, hcps, organisation, poll } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const MINUTE = 60000;
let pg, server, o;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un", { live: true });
});
after(cleanup);

const now = Date.now();
const at = (minutes) => now + minutes * MINUTE;
const instant = (ms) => `to_timestamp(${ms}::numeric / 1000)`;
const state = (session) => pg.sql(`SELECT state FROM session WHERE id = '${session}'`)[0][0];
const patch = (session, ended_at) => request({ port: server.port, method: "PATCH", path: `/api/sessions/${session}`, cookie: o.staff.organiser.cookie, body: { ended_at: new Date(ended_at).toISOString() } });

// A session that began an hour ago; stays: minutes from and to, of one person each.
function session(stays) {
  const there = elsewhere(pg, o, "session");
  const people = hcps(pg, there, stays.length);
  pg.sql(`UPDATE session SET state = 'live', live_at = ${instant(at(-60))} WHERE id = '${there.session}'`);
  people.forEach(({ registration }, i) => {
    const id = randomUUID();
    pg.sql(`INSERT INTO span (id, organisation_id, session_id, registration_id, kind, connection, node_id, joined_at, left_at)
      SELECT '${id}', '${o.id}', '${there.session}', '${registration}', 'connected', '${id}', id, ${instant(at(stays[i][0]))}, ${instant(at(stays[i][1]))} FROM node ORDER BY lease_at DESC LIMIT 1`);
  });
  return { ...there, people };
}

async function figures(there) {
  const csv = await request({ port: server.port, path: `/api/sessions/${there.session}/attendance.csv?dialect=machine`, cookie: o.staff.organiser.cookie });
  const rows = new Map(parseCsv(csv.text).map((row) => [row.registration_id, row]));
  return there.people.map(({ registration }) => [Number(rows.get(registration).seconds_present), Number(rows.get(registration).share_of_live_time), rows.get(registration).completed]);
}

const expected = (stays, live) => stays.map(([from, to]) => {
  const want = attendance([{ websocket: at(from), close: at(to) }], live);
  return [shown(want).seconds, shown(want).share, want.completed ? "yes" : "no"];
});

test("who left, when, decides which sessions end and when", { timeout: 60000 }, async () => {
  const stays = [[-60, -15], [-50, -20], [-60, -57]];
  const left = session(stays);
  const recent = session([[-60, -5]]);
  const watched = session([[-60, -15]]);
  const question = poll(pg, left, 1, { state: "open" });
  pg.sql(`INSERT INTO poll_vote (session_id, poll_id, registration_id, choices, at) VALUES ('${left.session}', '${question}', '${left.people[0].registration}', 1, ${instant(at(-30))})`);
  const host = await new Live({ port: server.port, cookie: o.staff.host.cookie, session: watched.session }).open();
  assert.equal((await patch(left.session, at(-20))).status, 409, "a live session has no end to correct");
  pg.sql("UPDATE node SET started_at = started_at - interval '1 hour' WHERE stopped_at IS NULL");
  await waitFor("the session to end by itself", () => state(left.session) === "ended", 30000);
  assert.deepEqual([state(recent.session), state(watched.session)], ["live", "live"]);
  assert.deepEqual(pg.sql(`SELECT type FROM session_event WHERE session_id = '${left.session}' ORDER BY seq DESC LIMIT 2`).flat().reverse(), ["poll.closed", "session.ended"]);
  assert.deepEqual(pg.sql(`SELECT action, actor_kind FROM audit_log WHERE object_id = '${left.session}' ORDER BY id DESC LIMIT 1`).map(([action]) => action), ["session.end_alone"]);
  assert.deepEqual(await figures(left), expected(stays, [at(-60), at(-15)]));

  // Corrected: within what happened.
  assert.equal((await patch(left.session, at(-14))).status, 422, "after it really ended");
  assert.equal((await patch(left.session, at(-31))).status, 422, "before the last vote");
  assert.equal((await patch(left.session, at(-61))).status, 422, "before it began");
  const corrected = await patch(left.session, at(-20));
  assert.equal(corrected.status, 200, corrected.text);
  assert.equal(Date.parse(corrected.json.ended_at), at(-20));
  assert.deepEqual(await figures(left), expected(stays, [at(-60), at(-20)]));
  assert.equal(pg.sql(`SELECT count(*) FROM audit_log WHERE object_id = '${left.session}' AND action = 'session.end_corrected' AND details->>'ended_at' IS NOT NULL`)[0][0], "1");
  assert.equal((await patch(left.session, at(-15))).status, 200, "back to when it really ended");
  assert.deepEqual(await figures(left), expected(stays, [at(-60), at(-15)]));
  host.close();
});
