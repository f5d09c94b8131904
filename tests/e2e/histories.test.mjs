// Rule: the attendance file says of every history what the oracle says, to the second and the ten-thousandth, and what
// it shows decides as the rule does. And a gap counts by how long nobody was there, however the connection ended.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { attendance, parseCsv, shown } from "./lib/attendance.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { elsewhere, hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { seeded } from "./lib/random.mjs";
import { Server } from "./lib/server.mjs";

const PEOPLE = 1000;
const GAP_MS = 30000;
let pg, server, o;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un", { live: true });
});
after(cleanup);

const random = seeded(7); // the same histories each time
const below = (n) => Math.floor(random() * n);
const one = (list) => list[below(list.length)];

// One person's stays: devices overlap, connections are lost with some silence before that is known, gaps lie at the bound
// and a millisecond beside it, lengths at the minute and at the threshold.
function history([from, to]) {
  if (below(20) === 0) return [{ websocket: from, close: from + (to - from) * 0.75 - below(2), onPurpose: false }];
  const stays = [];
  let at = from + below(120000) - 60000;
  while (at < to && stays.length < 8) {
    const length = one([0, below(300000), 59999, 60000, 60001, (to - from) * 0.75, (to - from) * 0.75 - 1]);
    const close = at + length;
    const onPurpose = below(4) === 0;
    const gone = onPurpose ? close : close + one([0, 0, below(15000)]);
    stays.push({ websocket: at, close, gone, onPurpose });
    at = gone + one([0, 1, below(60000), GAP_MS, GAP_MS + 1, GAP_MS - 1, -below(100000)]);
  }
  return stays;
}

const instant = (ms) => `to_timestamp(${ms}::numeric / 1000)`;

function play(session, live, people) {
  const rows = people.flatMap(({ registration, stays }) => stays.map((s) => {
    const id = randomUUID();
    return `('${id}'::uuid, '${o.id}'::uuid, '${session}'::uuid, '${registration}'::uuid, 'connected', '${id}'::uuid, node(), ${instant(s.websocket)}, ${instant(s.close)}, ${instant(s.gone ?? s.close)}, ${s.onPurpose})`;
  }));
  pg.sql(`CREATE OR REPLACE FUNCTION pg_temp.node() RETURNS uuid LANGUAGE sql AS 'SELECT id FROM node ORDER BY lease_at DESC LIMIT 1';
    INSERT INTO span (id, organisation_id, session_id, registration_id, kind, connection, node_id, joined_at, left_at, gone_at, on_purpose)
      VALUES ${rows.join(",").replaceAll("node()", "pg_temp.node()")};
    UPDATE session SET state = 'ended', live_at = ${instant(live[0])}, ended_at = ${instant(live[1])} WHERE id = '${session}'`);
}

async function file(session) {
  const csv = await request({ port: server.port, path: `/api/sessions/${session}/attendance.csv?dialect=machine`, cookie: o.staff.organiser.cookie });
  assert.equal(csv.status, 200, csv.text.slice(0, 200));
  return new Map(parseCsv(csv.text).map((row) => [row.registration_id, row]));
}

const columns = (want) => [shown(want).seconds, shown(want).share, want.attended ? "yes" : "no", want.completed ? "yes" : "no"];

test("random histories, in summer and winter time", { timeout: 120000 }, async () => {
  const start = Date.parse("2026-10-25T00:20:00Z"); // the hour that comes twice in Paris
  const live = [start, start + 3600000];
  const people = hcps(pg, o, PEOPLE).map((person) => ({ ...person, stays: history(live) }));
  play(o.session, live, people);
  const rows = await file(o.session);
  const differences = people.flatMap(({ registration, stays }) => {
    const want = columns(attendance(stays, live, { gapMs: GAP_MS }));
    const row = rows.get(registration);
    const got = [Number(row.seconds_present), Number(row.share_of_live_time), row.attended, row.completed];
    return JSON.stringify(got) === JSON.stringify(want) ? [] : [`${got}, not ${want}: ${JSON.stringify(stays)}`];
  });
  assert.deepEqual(differences.slice(0, 3), [], `${differences.length} of ${PEOPLE} differ`);
  const contradict = [...rows.values()].filter((r) => (Number(r.seconds_present) >= 60) !== (r.attended === "yes") || (r.completed === "yes") !== (r.attended === "yes" && Number(r.share_of_live_time) >= 0.75));
  assert.deepEqual(contradict, []);
  assert.ok([...rows.values()].some((r) => r.share_of_live_time === "0.7499" && r.completed === "no"), "the threshold was missed by little");
});

const passed = async (ms) => {
  const from = Date.now();
  await waitFor(`${ms} ms to pass`, () => Date.now() - from >= ms);
};

// Silent for a while, reset, and back after so long: three seconds are bridged.
async function flaky(session, person, away) {
  const stay = { websocket: Date.now(), close: null };
  const first = await new Live({ port: server.port, cookie: person.cookie, session }).open();
  await passed(2500);
  first.terminate();
  stay.close = Date.now();
  await passed(away);
  const second = { websocket: Date.now(), close: null };
  const live = await new Live({ port: server.port, cookie: person.cookie, session }).open();
  await passed(1000);
  live.close();
  second.close = Date.now();
  return [stay, second];
}

test("after a reset the gap counts from the reset, not from the last byte before it", { timeout: 60000 }, async () => {
  const there = elsewhere(pg, o, "session");
  pg.sql(`UPDATE session SET state = 'live', live_at = now(), presence_gap = interval '3 seconds' WHERE id = '${there.session}'`);
  const [back, late] = hcps(pg, o, 2);
  const began = Date.now();
  const stays = await Promise.all([flaky(there.session, back, 2200), flaky(there.session, late, 3800)]);
  await waitFor("all spans to end", () => pg.sql("SELECT count(*) FROM span WHERE left_at IS NULL")[0][0] === "0");
  pg.sql(`UPDATE session SET state = 'ended', ended_at = now() WHERE id = '${there.session}'`);
  const rows = await file(there.session);
  for (const [i, person] of [back, late].entries()) {
    const want = attendance(stays[i], [began, Date.now()], { gapMs: 3000 });
    assert.ok(Math.abs(Number(rows.get(person.registration).seconds_present) - want.seconds) <= 1.5, `${rows.get(person.registration).seconds_present} s, not ${want.seconds}`);
  }
  assert.ok(Number(rows.get(back.registration).seconds_present) >= 5, "bridged");
  assert.ok(Number(rows.get(late.registration).seconds_present) <= 4, "not bridged");
  assert.ok(Number(rows.get(late.registration).seconds_present) >= 3, "there until the reset");
});
