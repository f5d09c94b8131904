// The disk of the server's own PostgreSQL is full: it panics for want of log, and cannot start again
// until there is room. Members stay, commands are busy; within 30 s after space was freed it runs
// again and all resumes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { onCleanup, waitFor } from "../e2e/lib/cleanup.mjs";
import { temporaryFolder } from "../e2e/lib/postgres.mjs";
import { between, fault, seed, short, skip, sleep } from "./lib/case.mjs";
import { BUSY_AFTER_MS, env, outage, verify } from "./lib/outage.mjs";
import { scene } from "./lib/scene.mjs";

const ROUNDS = short ? 1 : 4;
const RUNNING_MS = 30000;

function smallDisk() {
  const folder = temporaryFolder("disk");
  if (process.getuid() !== 0) skip("needs root for a tmpfs");
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=320m,mode=777", "tmpfs", folder], { stdio: "pipe" });
  } catch (error) {
    skip(`cannot mount a tmpfs: ${String(error.stderr).trim()}`);
  }
  onCleanup(() => execFileSync("umount", ["-l", folder]));
  return folder;
}

// Takes what is left but for a few kilobytes.
function fill(folder, ballast) {
  const { bavail, bsize } = statfsSync(folder);
  const file = openSync(ballast, "a");
  const piece = Buffer.alloc(1 << 20);
  try {
    for (let left = bavail * bsize - 16384; left > 0; left -= piece.length) writeSync(file, piece, 0, Math.min(left, piece.length));
  } catch (error) {
    if (error.code !== "ENOSPC") throw error; // the server was writing, too
  }
  closeSync(file);
}

await fault({ limit: 600 }, async (figures) => {
  const folder = smallDisk();
  const ballast = `${folder}/ballast`;
  const made = await scene({ pg: null, members: short ? 60 : 200, polls: 60, server: { data: `${folder}/var`, env: short ? env : {} } });
  const { server, pg, crowd } = made;
  await crowd.enter();
  crowd.start({ perSecond: 100, registerEveryMs: 200 });
  const deaths = () => server.log.filter((l) => l.event === "cluster.died").length;
  let busy = 0, resumed = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await crowd.during(sleep(between(100, short ? 300 : 3000)));
    const before = deaths();
    let freed;
    const gone = await outage(made, async () => {
      fill(folder, ballast);
      // What people write would fill the log's last piece in a while; this does it at once.
      const more = setInterval(() => { try { pg.sql("SELECT pg_logical_emit_message(false, 'fill', repeat('x', 1 << 22))"); } catch { /* full */ } }, 100);
      await waitFor("PostgreSQL to die for want of space", () => deaths() > before, 60000).finally(() => clearInterval(more));
      await sleep(short ? 1500 : 10000); // it is tried again meanwhile, in vain
      rmSync(ballast);
      freed = Date.now();
    }, { resumeMs: RUNNING_MS });
    busy += gone.busy;
    resumed = Math.max(resumed, Date.now() - freed);
  }
  await crowd.finish(60000);
  assert.ok(busy > 0, "commands were told that the server is busy");
  Object.assign(figures, { rounds: ROUNDS, deaths: deaths(), busy, resumed_most_ms: resumed, seed });
  verify(made, short ? BUSY_AFTER_MS : 5000, figures);
});
