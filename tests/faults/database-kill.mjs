// SIGKILL of an external PostgreSQL: of a backend, of the postmaster, of all at once; it is started
// again after a while. Members stay, commands wait within a bound and are then busy, all resumes.
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { processes } from "../e2e/lib/postgres.mjs";
import { between, fault, random, seed, short, sleep } from "./lib/case.mjs";
import { BUSY_AFTER_MS, env, outage, verify } from "./lib/outage.mjs";
import { scene } from "./lib/scene.mjs";

const ROUNDS = short ? 2 : 20;

const kill = (pids) =>
  pids.forEach((pid) => {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // ended meanwhile
    }
  });

await fault({ limit: 900 }, async (figures) => {
  const made = await scene({ members: short ? 60 : 200, polls: 60, server: { env: short ? env : {} } });
  const { pg, crowd } = made;
  await crowd.enter();
  crowd.start({ perSecond: 100, registerEveryMs: 200 });
  const data = `${pg.folder}/data`;
  // What the dead postmaster left behind may have to end first.
  const restart = () => waitFor("PostgreSQL to start again", () => pg.startAgain(), 60000);
  let busy = 0, resumed = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await crowd.during(sleep(between(100, short ? 300 : 2000)));
    const gone = await outage(made, async () => {
      const [postmaster, ...children] = processes(data);
      const what = short ? 0.5 * round : random();
      if (what < 0.3) {
        const backend = children.at(-1); // the postmaster then starts everything afresh by itself
        return kill([backend]);
      }
      kill(what < 0.6 ? [postmaster] : [postmaster, ...children]);
      await sleep(short ? 2500 : between(0, 15000));
      await restart();
    });
    busy += gone.busy;
    resumed = Math.max(resumed, gone.resumedMs);
  }
  await crowd.finish();
  Object.assign(figures, { rounds: ROUNDS, busy, resumed_most_ms: resumed, seed });
  verify(made, short ? BUSY_AFTER_MS : 5000, figures);
});
