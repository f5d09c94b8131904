// One of two nodes is killed while it records, and its machine with it: its folder is not seen again. The rule: who spoke there
// comes back to the other node, which goes on recording; at most ten seconds are missing, and the long form sees them marked as a
// gap, until the machine comes back after all and brings what it had.
import assert from "node:assert/strict";
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { request } from "../e2e/lib/http.mjs";
import { Live } from "../e2e/lib/live.mjs";
import { hasNats, twoNodes } from "../e2e/lib/nats.mjs";
import { organisation } from "../e2e/lib/people.mjs";
import { temporaryFolder } from "../e2e/lib/postgres.mjs";
import { onStage, publisher } from "../e2e/lib/talking.mjs";
import { between, fault, onFailure, seed, short, skip, sleep } from "./lib/case.mjs";
import { film } from "./lib/film.mjs";

const LOST_MOST_MS = 10000;
const MARKED_MS = 3000; // less, and it may end where the node's last lease does
const ms = (text) => Number(text) * 1000;

async function spoken(pg, recording) {
  return pg.sql(`SELECT extract(epoch FROM from_at), extract(epoch FROM to_at) FROM recording_chunk WHERE recording_id = '${recording}' ORDER BY from_at`).map(([from, to]) => ({ from: ms(from), to: ms(to) }));
}

async function listed(server, o, recording) {
  const { json } = await request({ port: server.port, path: `/api/sessions/${o.session}/recordings`, cookie: o.staff.organiser.cookie });
  return json.items?.find(({ id }) => id === recording); // none: asked too often
}

// No more often than one client may ask.
const seldom = (...where) => sleep(500).then(() => listed(...where));

// What was recorded until the death is kept but for ten seconds; the other node has what came later.
async function round(made, figures) {
  const { pg, a, b, o } = made;
  const host = await onStage({ server: a, o }, o.staff.host);
  await host.command("recording.consent", { given: true });
  const voice = await publisher({ server: a, o }, o.staff.host);
  await host.command("recording.start");
  await voice.speak(short ? 8500 : between(15000, 25000));
  const killed = Date.now();
  await a.kill("SIGKILL");
  voice.socket.terminate();
  const again = await new Live({ port: b.port, cookie: o.staff.host.cookie, session: o.session }).open();
  const { recording } = again.joined.snapshot.common.recording.running;
  const back = await publisher({ server: b, o }, o.staff.host);
  const resumed = Date.now();
  await back.speak(short ? 1000 : 8000);
  await again.command("recording.stop");
  const stopped = Date.now();
  const chunks = await waitFor("the other node's part, to its last word", async () => ((all) => all.at(-1)?.from > killed && all.at(-1).to > stopped - 1500 && all)(await spoken(pg, recording)));
  const before = chunks.filter(({ from }) => from < killed).at(-1), later = chunks.filter(({ from }) => from > killed);
  figures.missing_ms = Math.max(figures.missing_ms ?? 0, before ? killed - before.to : Infinity);
  figures.away_ms = later[0].from - killed;
  assert.ok(before && killed - before.to <= LOST_MOST_MS, `${killed - before?.to} ms are missing`);
  assert.ok(later[0].from - resumed < 1500, `the other node records ${later[0].from - resumed} ms late`);
  const { seconds } = await film({ server: b, o }, recording);
  assert.ok(seconds >= (later.at(-1).to - chunks[0].from) / 1000 - 2, `${seconds} s of film`);
  again.close();
  return { recording, killed, before };
}

async function marked({ pg, a, b, o }, { recording, killed, before }, figures) {
  const [gap] = await waitFor("the gap to be marked", async () => ((r) => r?.gaps.length > 0 && r.gaps)(await seldom(b, o, recording)), 90000);
  figures.marked_after_s = (Date.now() - killed) / 1000;
  assert.ok(Math.abs(Date.parse(gap.from) - before.to) < 1000 && gap.seconds <= LOST_MOST_MS / 1000 + 1, JSON.stringify(gap));
  assert.ok(gap.seconds >= (killed - before.to) / 1000 - 2, JSON.stringify(gap));
  await a.start();
  await waitFor("what the machine brought", async () => (await seldom(b, o, recording))?.gaps.length === 0, 20000);
  const whole = (await spoken(pg, recording)).filter(({ from }) => from < killed).at(-1);
  assert.ok(killed - whole.to < 1500, `${killed - whole.to} ms are missing in the end`);
}

await fault({ limit: 400 }, async (figures) => {
  if (!hasNats) skip("nats-server is not installed");
  const made = await twoNodes({ AMPHI_BLOBS: temporaryFolder("blobs") });
  onFailure(() => [made.a, made.b].flatMap(({ log }) => log.filter((l) => l.level !== "info").slice(-10).map((l) => JSON.stringify(l))).join("\n"));
  onFailure(() => made.pg.sql("SELECT to_jsonb(j)::text FROM job j UNION ALL SELECT to_jsonb(f)::text FROM recording_film f").join("\n"));
  made.o = organisation(made.pg, "Un", { live: true });
  for (let n = 0; n < (short ? 1 : 3); n++) {
    const done = await round(made, figures);
    if (!short && done.killed - done.before.to > MARKED_MS) await marked(made, done, figures);
    else if (!short) await made.a.start();
  }
  figures.seed = seed;
});
