// A database with a synchronous standby during a burst of votes: waits for the standby are cancelled while it stands still,
// then the primary is killed and the standby takes over. What was acknowledged is in the one that took over, once.
import { between, fault, seed, short, sleep } from "./lib/case.mjs";
import { BUSY_AFTER_MS, env, outage, verify } from "./lib/outage.mjs";
import { scene } from "./lib/scene.mjs";
import { Pair } from "./lib/standby.mjs";

const ROUNDS = short ? 1 : 10;

await fault({ limit: 900 }, async (figures) => {
  const pg = new Pair();
  const made = await scene({ members: short ? 60 : 200, polls: 60, pg, server: { env: short ? env : {} } });
  const { crowd } = made;
  await crowd.enter();
  crowd.start({ perSecond: 100, registerEveryMs: 200 });
  let busy = 0, resumed = 0, cancelled = 0;
  const count = ({ busy: n, resumedMs }) => {
    busy += n;
    resumed = Math.max(resumed, resumedMs);
  };
  for (let round = 0; round < ROUNDS; round++) {
    await crowd.during(pg.follow());
    await crowd.during(sleep(between(100, short ? 300 : 2000)));
    count(await outage(made, async () => {
      pg.signalStandby("SIGSTOP");
      for (let i = 0; i < 10; i++) {
        await sleep(100);
        cancelled += pg.cancelWaits();
      }
      pg.signalStandby("SIGCONT");
    }));
    count(await outage(made, async () => {
      pg.killPrimary();
      await sleep(between(0, short ? 500 : 15000));
      pg.promote();
    }));
  }
  await crowd.finish();
  Object.assign(figures, { rounds: ROUNDS, busy, cancelled, resumed_most_ms: resumed, seed });
  verify(made, short ? BUSY_AFTER_MS : 5000, figures);
});
