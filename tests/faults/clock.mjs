// The wall clock is stepped by an hour forward and back during a session, under the server and under
// the database (by libfaketime: the machine's own is left alone). Minutes stay right, times in the
// log never step back, also over a restart with the clock set back.
//
// There is no slack in it: a moment that the server stamps lies between two that the test saw, in
// the server's time, which its greeting tells. A span ends at the last byte received, so whoever has
// an end answers a close frame or sends one; who was there all the time was there to the microsecond.
import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { onCleanup, waitFor } from "../e2e/lib/cleanup.mjs";
import { Live } from "../e2e/lib/live.mjs";
import { Postgres, temporaryFolder } from "../e2e/lib/postgres.mjs";
import { fault, short, skip, sleep } from "./lib/case.mjs";
import { scene } from "./lib/scene.mjs";

const STEP_MS = short ? 700 : 20000; // between two steps
const now = () => performance.now() / 1000; // the test's own clock, which does not step

function library() {
  const found = readdirSync("/usr/lib").filter((f) => f.includes("-linux-")).map((f) => `/usr/lib/${f}/faketime/libfaketimeMT.so.1`).find(existsSync);
  return found ?? skip("needs libfaketime (Debian package faketime)");
}

// libfaketime leaves these behind when its process is killed.
function tidyUp() {
  const left = () => readdirSync("/dev/shm").filter((f) => /^(sem\.)?faketime_se?h?m_\d+$/.test(f));
  const before = new Set(left());
  onCleanup(() => left().filter((f) => !before.has(f) && !existsSync(`/proc/${f.split("_").at(-1)}`)).forEach((f) => rmSync(`/dev/shm/${f}`, { force: true })));
}

// How much the server's clock is ahead of the test's: between these two, and always the same.
class Clock {
  constructor(server, least = -Infinity, most = Infinity) {
    Object.assign(this, { server, least, most });
  }

  async read() {
    for (let i = 0; i < 5; i++) {
      const live = new Live({ port: this.server.port });
      const { from, to } = await seen(() => live.open());
      live.terminate();
      const said = Date.parse(live.hello.now) / 1000; // cut to milliseconds
      this.least = Math.max(this.least, said - to);
      this.most = Math.min(this.most, said + 0.001 - from);
      assert.ok(this.least <= this.most, `the server's clock was stepped by ${this.least - this.most} s`);
    }
  }
}

// Does something, and knows between which moments it was done.
class Moment {
  in(clock) {
    this.clock = clock;
  }

  get width() {
    return this.to - this.from + this.clock.most - this.clock.least;
  }

  // at: what the server says, seconds. Its own two clocks' parts may be a microsecond apart.
  holds(at, what) {
    const [least, most] = [this.from + this.clock.least, this.to + this.clock.most];
    assert.ok(Number(at) >= least - 1e-5 && Number(at) <= most + 1e-5, `${what}: ${at} is not between ${least} and ${most}`);
  }
}

async function seen(act) {
  const from = now();
  const result = await act();
  return Object.assign(new Moment(), { from, result, to: now() });
}

await fault({ limit: 400 }, async (figures) => {
  const preload = library();
  tidyUp();
  const file = `${temporaryFolder("clock")}/offset`;
  let steps = 0;
  const set = (offset) => {
    writeFileSync(`${file}.new`, `${offset}\n`);
    chmodSync(`${file}.new`, 0o644);
    renameSync(`${file}.new`, file); // never half written
    steps++;
  };
  set("+0");
  const env = { LD_PRELOAD: preload, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: "1", FAKETIME_DONT_FAKE_MONOTONIC: "1", FAKETIME_FORCE_MONOTONIC_FIX: "0", NO_FAKE_STAT: "1" };
  const made = await scene({ members: 12, live: false, pg: new Postgres({ env }), server: { env: { ...env, AMPHI_LEASE_MS: "200", AMPHI_DRAIN_MS: "8000" } } });
  const { pg, server, o, crowd, ledger } = made;
  assert.ok(Math.abs(Number(pg.sql("SELECT extract(epoch FROM clock_timestamp())")[0][0]) - Date.now() / 1000) < 60, "the clock is right at first");
  const clock = new Clock(server);
  await clock.read();
  const [early, late] = crowd.members; // one leaves at half time, one comes then
  const stayed = crowd.members.filter((m) => m !== early && m !== late);
  late.over = true;
  await crowd.enter([late]);
  const started = await seen(() => crowd.host.do("session.start", { version: crowd.version }));
  crowd.version = started.result.ok.version;
  started.in(clock);
  crowd.start({ perSecond: 20, registrants: 1 });

  const stepped = [];
  let left, came;
  for (const offset of ["+3600", "+0", "-3600", "+0"]) {
    await crowd.during(sleep(STEP_MS));
    set(offset);
    const [[said]] = pg.sql("SELECT extract(epoch FROM clock_timestamp())");
    stepped.push(Math.round((Number(said) - Date.now() / 1000) / 60) + 0);
    await clock.read();
    if (offset !== "-3600") continue;
    early.over = true;
    await waitFor("the early one to have its answers", () => early.pending.size === 0);
    left = await seen(() => {
      early.live.close(); // its close frame is the last byte
      return waitFor("the early one to be out", () => early.live.closed !== null);
    });
    left.in(clock);
    early.end();
    late.over = false;
    came = await seen(() => late.connect());
    came.in(clock);
  }
  assert.deepEqual(stepped, [60, 0, -60, 0], "the database's clock was stepped, in minutes");

  // Killed and started again with the clock an hour back: time goes on from the last lease. Nobody
  // can know how much went by since then.
  await crowd.during(sleep(STEP_MS));
  await clock.read();
  const killed = now();
  await server.kill("SIGKILL");
  const { node, lease } = ledger.noteKilled();
  figures.lease_behind_ms = (killed + clock.least - lease) * 1000;
  set("-3600");
  const again = await seen(() => server.start());
  const [[begun, sinceLease]] = pg.sql(`SELECT extract(epoch FROM n.started_at), extract(epoch FROM n.started_at - o.lease_at) FROM node n, node o WHERE o.id = '${node}' AND n.id <> o.id`).map((row) => row.map(Number));
  assert.ok(sinceLease >= 0 && sinceLease <= again.to - again.from, `time goes on ${sinceLease} s after the last lease`);
  const clockAfter = new Clock(server, begun - again.to, begun - again.from);
  await clockAfter.read();
  await crowd.during(waitFor("everybody to be back", () => crowd.everybody.every((m) => m.connected || m === early), 20000));
  await crowd.during(sleep(STEP_MS));
  await crowd.finish();
  const ended = await seen(() => crowd.host.do("session.end", { version: crowd.version }));
  assert.ok(ended.result.ok, `the session ends: ${ended.result.code}`);
  await clockAfter.read();
  ended.in(clockAfter);

  // The clock is stepped while the server drains: it ends in time all the same.
  for (const m of crowd.everybody) m.over = true;
  const drain = seen(() => server.kill("SIGTERM"));
  set("+3600");
  const { from, to } = await drain;
  figures.drain_ms = (to - from) * 1000;
  assert.ok(figures.drain_ms < 5000, `it took ${figures.drain_ms} ms to end`);
  for (const m of stayed) await waitFor("the server's farewell", () => m.closes.length >= 2);
  for (const m of stayed) assert.deepEqual(m.closes, [1006, 1001], "who stayed was lost only by the kill"); // a gap would be bridged

  const [[liveAt, endedAt]] = pg.sql(`SELECT extract(epoch FROM live_at), extract(epoch FROM ended_at) FROM session WHERE id = '${o.session}'`);
  started.holds(liveAt, "the session's start");
  ended.holds(endedAt, "the session's end");
  const rows = pg.sql(`
    SELECT a.registration_id, a.live_seconds = extract(epoch FROM s.ended_at - s.live_at), extract(epoch FROM a.first_join), extract(epoch FROM a.last_leave), a.live_seconds, a.seconds_present,
           a.seconds_present = extract(epoch FROM least(a.last_leave, s.ended_at) - greatest(a.first_join, s.live_at))
      FROM attendance a JOIN session s ON s.id = a.session_id WHERE s.id = '${o.session}'`);
  for (const m of crowd.members) {
    const [, length, firstJoin, lastLeave, live, present, whole] = rows.find(([registration]) => registration === m.person.registration);
    assert.equal(length, "t", "the session's length is from its start to its end");
    assert.equal(whole, "t", "who was there was so from the first join to the last byte");
    if (m === early) left.holds(lastLeave, "who left early");
    if (m === late) came.holds(firstJoin, "who came late");
    if (stayed.includes(m)) assert.equal(present, live, "who stayed was there all the time");
  }
  // An event's time is that of its command, which may be committed after one that came later: no
  // longer after than it waited.
  const longest = Math.max(...crowd.everybody.map((m) => m.longest)) / 1000;
  const [[back]] = pg.sql(`SELECT coalesce(max(extract(epoch FROM back)), 0) FROM (SELECT lag(at) OVER (ORDER BY seq) - at AS back FROM session_event WHERE session_id = '${o.session}') x`);
  assert.ok(Number(back) <= longest, `a time in the log steps back by ${back} s, and no command took more than ${longest}`);
  const [log] = pg.sql(`SELECT min(e.at) = s.live_at, max(e.at) = s.ended_at FROM session s JOIN session_event e ON e.session_id = s.id WHERE s.id = '${o.session}' GROUP BY s.id`);
  assert.deepEqual(log, ["t", "t"], "the log goes from the session's start to its end");
  ledger.verify();
  Object.assign(figures, { steps, log_back_s: Math.max(0, Number(back)), live_s: Number(endedAt) - Number(liveAt), known_to_ms: Math.max(...[started, left, came, ended].map((m) => m.width)) * 1000 });
});
