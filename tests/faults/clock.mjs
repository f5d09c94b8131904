// The wall clock is stepped by an hour forward and back during a session, under the server and under
// the database (by libfaketime: the machine's own is left alone). Minutes stay right, times in the
// log never step back, also over a restart with the clock set back.
import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { onCleanup, waitFor } from "../e2e/lib/cleanup.mjs";
import { Postgres, temporaryFolder } from "../e2e/lib/postgres.mjs";
import { fault, short, skip, sleep } from "./lib/case.mjs";
import { scene } from "./lib/scene.mjs";

const STEP_MS = short ? 700 : 20000; // between two steps
const SLACK_S = short ? 4 : 3; // of a busy machine; a step is 3600

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
  const env = { LD_PRELOAD: preload, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: "1", FAKETIME_DONT_FAKE_MONOTONIC: "1", NO_FAKE_STAT: "1" };
  const made = await scene({ members: 12, live: false, pg: new Postgres({ env }), server: { env: { ...env, AMPHI_LEASE_MS: "200", AMPHI_DRAIN_MS: "8000" } } });
  const { pg, server, o, crowd, ledger } = made;
  assert.ok(Math.abs(Number(pg.sql("SELECT extract(epoch FROM clock_timestamp())")[0][0]) - Date.now() / 1000) < 60, "the clock is right at first");
  const [early, late] = crowd.members; // one leaves at half time, one comes then
  late.over = true;
  await crowd.enter([late]);
  const now = () => performance.now() / 1000; // the test's own clock does not step
  const live = now(); // a command counts from when it arrives, its answer may be late
  const { ok } = await crowd.host.do("session.start", { version: crowd.version });
  crowd.version = ok.version;
  crowd.start({ perSecond: 20, registrants: 1 });

  const stepped = [];
  for (const offset of ["+3600", "+0", "-3600", "+0"]) {
    await crowd.during(sleep(STEP_MS));
    set(offset);
    const [[said]] = pg.sql("SELECT extract(epoch FROM clock_timestamp())");
    stepped.push(Math.round((Number(said) - Date.now() / 1000) / 60) + 0);
    if (offset !== "-3600") continue;
    early.over = true;
    early.live.close(); // its close frame is the last byte
    await waitFor("the early one to be out", () => early.live.closed !== null);
    early.left = now();
    early.end();
    late.over = false;
    await late.connect();
    late.came = now();
  }
  assert.deepEqual(stepped, [60, 0, -60, 0], "the database's clock was stepped, in minutes");

  // Killed and started again with the clock an hour back: time goes on from the last lease. Nobody
  // can know how much went by since then.
  await crowd.during(sleep(STEP_MS));
  await server.kill("SIGKILL");
  const lastLease = now() - ledger.noteKilled().leaseBehind;
  set("-3600");
  await server.start();
  const down = now() - lastLease;
  await crowd.during(waitFor("everybody to be back", () => crowd.everybody.every((m) => m.connected || m === early), 20000));
  await crowd.during(sleep(STEP_MS));
  await crowd.finish();
  const over = now();
  const end = await crowd.host.do("session.end", { version: crowd.version });
  assert.ok(end.ok, `the session ends: ${end.code}`);
  const seconds = over - live - down;

  // The clock is stepped while the server drains: it ends in time all the same.
  const began = Date.now();
  const ended = server.kill("SIGTERM");
  set("+3600");
  await ended;
  figures.drain_ms = Date.now() - began;
  assert.ok(figures.drain_ms < 5000, `it took ${figures.drain_ms} ms to end`);

  const near = (is, should, what) => assert.ok(Math.abs(is - should) <= SLACK_S, `${what}: ${is} s instead of ${should.toFixed(1)}`);
  const rows = pg.sql(`SELECT registration_id, live_seconds, seconds_present FROM attendance WHERE session_id = '${o.session}'`);
  const present = new Map(rows.map(([registration, , s]) => [registration, Number(s)]));
  near(Number(rows[0][1]), seconds, "the session's length");
  console.error(pg.sql(`SELECT registration_id, node_id, joined_at, left_at FROM span WHERE kind = 'connected' ORDER BY 1, 3`).map((r) => r.join(" ")).join("\n"));
  for (const m of crowd.members) {
    const should = m === early ? early.left - live : m === late ? over - late.came - down : seconds;
    near(present.get(m.person.registration), should, m === early ? "who left early" : m === late ? "who came late" : "who stayed");
  }
  // An event's time is that of its command; a command that came sooner may be committed later.
  const [[back]] = pg.sql(`SELECT coalesce(max(extract(epoch FROM back)), 0) FROM (SELECT lag(at) OVER (ORDER BY seq) - at AS back FROM session_event WHERE session_id = '${o.session}') x`);
  assert.ok(Number(back) <= SLACK_S, `a time in the log steps back by ${back} s`);
  const [[span]] = pg.sql(`SELECT extract(epoch FROM max(at) - min(at)) FROM session_event WHERE session_id = '${o.session}'`);
  near(Number(span), seconds, "the log's length");
  ledger.verify();
  Object.assign(figures, { steps, log_back_s: Math.max(0, Number(back)), live_s: seconds, worst_s: Math.max(...crowd.members.filter((m) => m !== early && m !== late).map((m) => Math.abs(present.get(m.person.registration) - seconds))) });
});
