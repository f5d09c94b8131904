// Rule: the sample's synthetic speaker is switched on by one command and is then heard and seen by whoever follows the sample's session;
// ended, also by the end of its session, it leaves the stage and is signed out. A database that holds no sample is refused, and nothing is done there.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { Live } from "./lib/live.mjs";
import { root } from "./lib/need.mjs";
import { organisation, token } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const [VOICE, CAMERA, CONFIG, CLOCK] = [0, 1, 3, 5];
let pg, server;
after(cleanup);

before(async () => {
  pg = new Postgres();
  server = new Server({ database: pg });
  await loadSample();
  await server.start();
});

// Once, as `make run` does: it talks to people, who read its links, not to a test that reads its log.
async function loadSample() {
  const child = spawn(server.binary, ["serve", "--sample"], { cwd: root, env: server.environment(), stdio: ["ignore", "pipe", "inherit"] });
  onCleanup(() => child.kill("SIGKILL"));
  let said = "";
  child.stdout.on("data", (bytes) => (said += bytes));
  const over = new Promise((resolve) => child.on("close", resolve));
  await waitFor("the sample's links", () => /sign-in#/.test(said) || child.exitCode !== null, 60000);
  assert.match(said, /sign-in#/);
  child.kill("SIGTERM");
  await over;
}

// The command, beside a server.
function play(beside) {
  const child = spawn(process.execPath, [`${root}sample/speaker.mjs`, beside.binary], { cwd: root, env: { ...beside.environment(), AMPHI_PORT: String(beside.port) }, stdio: ["ignore", "pipe", "pipe"] });
  const speaker = { child, said: "" };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (speaker.said += bytes));
  speaker.over = new Promise((resolve) => child.on("close", (status) => resolve(status)));
  onCleanup(() => child.kill("SIGKILL"));
  return speaker;
}

// An HCP of the sample, on whose connection records are counted.
async function follower(session) {
  const t = token();
  pg.sql(`INSERT INTO sign_in (token_hash, organisation_id, registration_id, created_at, expires_at)
          SELECT '\\x${t.hash}', r.organisation_id, r.id, now(), now() + interval '1 day' FROM registration r JOIN session s USING (congress_id)
           WHERE s.id = '${session}' AND r.state = 'registered' LIMIT 1`);
  const live = await new Live({ port: server.port, cookie: t.text, session }).open();
  await live.command("media.watch", { rung: "high" });
  live.records = [];
  live.socket.on("message", (bytes, binary) => {
    for (let at = 4 + bytes.readUInt16BE(2); binary && at < bytes.length; at += 16 + bytes.readUInt32BE(at + 12))
      live.records.push({ type: bytes[at], flags: bytes[at + 1], stream: bytes.readUInt16BE(at + 2), sequence: bytes.readUInt16BE(at + 4), timestamp: bytes.readUInt32BE(at + 8) });
  });
  onCleanup(() => live.close());
  return live;
}

const signIns = () => pg.sql("SELECT 1 FROM sign_in s JOIN account a ON a.id = s.account_id WHERE a.email = 'synthese@example.org' AND s.revoked_at IS NULL").length;

test("one command: it is heard and seen; ended, it is gone", { timeout: 60000 }, async () => {
  const [[session, before]] = pg.sql("SELECT id, state FROM session WHERE state = 'lobby' AND organisation_id = (SELECT organisation_id FROM sample)");
  assert.equal(before, "lobby");
  const hcp = await follower(session);
  const speaker = play(server);
  const of = (type) => hcp.records.filter((r) => r.type === type);
  await waitFor("three seconds of it", () => of(VOICE).length > 150 || speaker.child.exitCode !== null);
  assert.equal(speaker.child.exitCode, null, speaker.said);
  assert.match(speaker.said, /on the stage of https:/);
  assert.ok(of(CAMERA).some(({ flags }) => flags & 1) && of(CONFIG).length >= 2 && of(CLOCK).length >= 2, "config, key frame, clock");
  const voice = of(VOICE);
  voice.slice(1).forEach(({ sequence, timestamp }, i) => assert.deepEqual([sequence, timestamp], [(voice[i].sequence + 1) & 0xffff, voice[i].timestamp + 960], "without a gap"));
  assert.deepEqual(pg.sql(`SELECT state FROM session WHERE id = '${session}'`), [["live"]]);
  assert.equal(signIns(), 1);

  speaker.child.kill("SIGINT");
  assert.equal(await speaker.over, 0, speaker.said);
  await waitFor("it to have left", () => hcp.events.some(({ event, data }) => event === "stage.left" && data.why === "exit"));
  assert.equal(signIns(), 0);

  const again = play(server);
  const heard = of(VOICE).length;
  await waitFor("it to be heard again, in the session that runs", () => of(VOICE).length > heard + 20 || again.child.exitCode !== null);
  assert.equal(again.child.exitCode, null, again.said);
  again.child.kill("SIGTERM");
  assert.equal(await again.over, 0);
});

test("when its session ends it ends by itself and says so", { timeout: 60000 }, async () => {
  const [[session]] = pg.sql("SELECT id FROM session WHERE state = 'live'");
  const speaker = play(server);
  await waitFor("it to be on the stage", () => /on the stage of/.test(speaker.said) || speaker.child.exitCode !== null);
  const t = token();
  pg.sql(`INSERT INTO sign_in (token_hash, organisation_id, account_id, created_at, expires_at)
          SELECT '\\x${t.hash}', organisation_id, id, now(), now() + interval '1 day' FROM account WHERE email = 'animation@example.org'`);
  const host = await new Live({ port: server.port, cookie: t.text, session }).open();
  onCleanup(() => host.close());
  await host.command("session.end", { version: host.joined.snapshot.common.session.version });
  assert.equal(await speaker.over, 0, speaker.said);
  assert.match(speaker.said, /^the session has ended/m);
  assert.equal(signIns(), 0);
  pg.sql(`UPDATE session SET state = 'lobby', live_at = NULL, ended_at = NULL, closed_at = NULL WHERE id = '${session}'`); // for the next
});

test("a database without the sample is refused, in one line", { timeout: 60000 }, async () => {
  const other = new Postgres();
  const real = await new Server({ database: other }).start();
  organisation(other, "Laboratoire", { live: true });
  const refused = play(real);
  assert.equal(await refused.over, 1);
  assert.match(refused.said, /^amphi: no synthetic speaker: this database holds no sample/);
  assert.equal(refused.said.trim().split("\n").length, 1, refused.said);
  assert.deepEqual(other.sql("SELECT count(*) FROM one_time_link"), [["0"]]);
});

test("without a server it says so", { timeout: 60000 }, async () => {
  await server.kill("SIGKILL");
  const alone = play(server);
  assert.equal(await alone.over, 1);
  assert.match(alone.said, /no amphi answers on port/);
});
