// SIGKILL of the server's own PostgreSQL: the server starts it again. Members stay, commands wait
// within a bound and are then busy, all resumes.
import { processes } from "../e2e/lib/postgres.mjs";
import { between, fault, random, seed, short, sleep } from "./lib/case.mjs";
import { BUSY_AFTER_MS, env, outage, verify } from "./lib/outage.mjs";
import { scene } from "./lib/scene.mjs";

const ROUNDS = short ? 1 : 10;

await fault({ limit: 900 }, async (figures) => {
  const made = await scene({ pg: null, members: short ? 60 : 200, polls: 60, server: { env: short ? env : {} } });
  const { server, crowd } = made;
  await crowd.enter();
  crowd.start({ perSecond: 100, registerEveryMs: 200 });
  let busy = 0, resumed = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await crowd.during(sleep(between(100, short ? 300 : 3000)));
    const gone = await outage(made, async () => {
      const [postmaster, ...children] = processes(`${server.data}/pg/data`);
      for (const pid of random() < 0.5 ? [postmaster] : [postmaster, ...children])
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // ended meanwhile
        }
    }, { resumeMs: 40000 }); // one that dies again and again is left alone for 10 s, and so is its door
    busy += gone.busy;
    resumed = Math.max(resumed, gone.resumedMs);
  }
  await crowd.finish();
  Object.assign(figures, { rounds: ROUNDS, busy, resumed_most_ms: resumed, seed });
  verify(made, short ? BUSY_AFTER_MS : 5000, figures);
});
