// PostgreSQL stands still, as on a machine that is suspended: nothing fails, nothing answers. Members
// stay, commands wait within a bound and are then busy, all resumes when it moves again.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { onCleanup } from "../e2e/lib/cleanup.mjs";
import { processes } from "../e2e/lib/postgres.mjs";
import { fault, short, sleep } from "./lib/case.mjs";
import { BUSY_AFTER_MS, env, outage, verify } from "./lib/outage.mjs";
import { scene } from "./lib/scene.mjs";

const STOP_MS = short ? 4000 : 30000;

await fault({ limit: 240 }, async (figures) => {
  const made = await scene({ members: short ? 60 : 200, server: { env: short ? env : {} } });
  const { pg, crowd } = made;
  const stopped = new Set();
  const signal = (name) => {
    const before = stopped.size;
    for (const pid of processes(`${pg.folder}/data`)) {
      try {
        process.kill(pid, name);
        stopped.add(pid);
      } catch {
        // ended meanwhile
      }
    }
    return stopped.size > before;
  };
  onCleanup(() => existsSync(`${pg.folder}/data/postmaster.pid`) && signal("SIGCONT"));
  await crowd.enter();
  crowd.start({ perSecond: 100, registerEveryMs: 200 });
  await crowd.during(sleep(short ? 300 : 3000));
  const { busy, resumedMs } = await outage(made, async () => {
    while (signal("SIGSTOP")); // until no new one was born
    await sleep(STOP_MS);
    signal("SIGCONT");
  });
  assert.ok(busy > 0, "commands were told that the server is busy");
  await crowd.finish();
  Object.assign(figures, { stopped_ms: STOP_MS, busy, resumed_ms: resumedMs });
  verify(made, short ? BUSY_AFTER_MS : 5000, figures);
});
