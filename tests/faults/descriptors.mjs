// The server runs out of file descriptors: first of those it gives to connections, then of all, as
// when something else took them. Who comes is refused cleanly, who is in the room stays served, and
// when some leave there is room again.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import net from "node:net";
import { onCleanup, waitFor } from "../e2e/lib/cleanup.mjs";
import { request } from "../e2e/lib/http.mjs";
import { Live } from "../e2e/lib/live.mjs";
import { unprivileged } from "../e2e/lib/postgres.mjs";
import { fault, short, skip } from "./lib/case.mjs";
import { scene } from "./lib/scene.mjs";

const OTHERS = 500; // descriptors that the server keeps for its own
const LIMIT = OTHERS + (short ? 120 : 1000);
const MEMBERS = short ? 40 : 400;
const TIMES = short ? 1 : 10;

await fault({ limit: 300 }, async (figures) => {
  try {
    execFileSync("prlimit", ["--version"], { stdio: "ignore" });
  } catch {
    skip("there is no prlimit");
  }
  const { server, crowd, ledger, pg, o } = await scene({ members: MEMBERS, server: { wrapper: ["prlimit", `--nofile=${LIMIT}:${LIMIT}`] } });
  const { pid } = server.process;
  const open = () => readdirSync(`/proc/${pid}/fd`).length;
  const limit = (n) => unprivileged("prlimit", [`--pid=${pid}`, `--nofile=${n}:${LIMIT}`]);
  const answers = () => request({ port: server.port, path: "/healthz", timeout: 5000 }).then((rs) => rs.status === 200, () => false);
  const raw = [];
  const knock = () =>
    new Promise((resolve) => {
      const socket = net.connect(server.port, "127.0.0.1");
      socket.on("error", () => {}).on("close", () => (socket.gone = true)).on("connect", resolve).on("error", resolve);
      raw.push(socket);
    });
  onCleanup(() => raw.forEach((socket) => socket.destroy()));
  await crowd.enter();
  crowd.start({ perSecond: 100, registrants: 0 });
  const served = async (what) => {
    const before = ledger.moves.kept.size + ledger.votes.kept.size;
    await crowd.during(waitFor(`members to be served while ${what}`, () => ledger.moves.kept.size + ledger.votes.kept.size >= before + 5, 10000));
  };
  let refusedFor = 0;
  for (let time = 0; time < TIMES; time++) {
    // Idle connections take what there is; the server closes the oldest of them for those who ask.
    for (let i = 0; i < LIMIT; i++) await knock();
    await served("connections are refused");
    await crowd.during(waitFor("most of them to be closed", () => raw.filter((s) => s.gone).length >= LIMIT - (LIMIT - OTHERS), 15000));
    assert.ok(open() <= LIMIT, "within the limit");
    raw.splice(0).forEach((socket) => socket.destroy());
    await crowd.during(waitFor("room again", answers, 15000));

    // Not one descriptor is left.
    const at = Date.now();
    const person = o.staff.speaker;
    const enter = () => new Live({ port: server.port, cookie: person.cookie, session: o.session }).open();
    await crowd.during(waitFor("nobody else to come in", async () => {
      limit(open()); // again, when one that was just being closed had left a gap
      const late = await enter().catch(() => null);
      late?.terminate();
      return !late && !(await answers());
    }));
    await served("there is no descriptor");
    refusedFor += Date.now() - at;
    crowd.members.slice(0, 3).forEach((m) => m.live.terminate()); // who leaves makes room, and comes back
    limit(LIMIT);
    await crowd.during(waitFor("room again", answers, 15000));
    await crowd.during(waitFor("those who left to be back", () => crowd.allConnected(), 15000));
    (await enter()).close();
  }
  await crowd.finish();
  const left = crowd.members.slice(3).concat(crowd.host, crowd.moderator);
  assert.deepEqual(left.flatMap((m) => m.closes), [], "nobody was disconnected");
  assert.ok(!server.log.some((l) => l.event === "db.lost"), "the database's connections were not touched");
  ledger.verify();
  const spans = () => Number(pg.sql("SELECT count(*) FROM span WHERE left_at IS NULL AND kind = 'connected' AND registration_id IS NOT NULL")[0][0]);
  await waitFor("each member to have one open span", () => spans() === MEMBERS, 5000);
  Object.assign(figures, { limit: LIMIT, times: TIMES, without_ms: refusedFor / TIMES, open_at_end: open(), ...ledger.acknowledged });
});
