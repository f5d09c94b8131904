// SIGKILL of the server at random moments, also while it starts, under votes, questions,
// registrations and slide changes. Nothing acknowledged is lost or double, open spans end at the
// last lease, the log has no gaps.
import assert from "node:assert/strict";
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { between, fault, quantile, random, seed, short, sleep } from "./lib/case.mjs";
import { scene } from "./lib/scene.mjs";

const ROUNDS = short ? 12 : 100;
const SHORT_MS = 4500; // of rounds, in the short form
const BACK_MS = 20000;

await fault({ limit: 1800 }, async (figures) => {
  const { server, crowd, ledger } = await scene({ members: short ? 60 : 300, polls: short ? 20 : 60, server: { env: short ? { AMPHI_LEASE_MS: "200" } : {} } });
  await crowd.enter();
  crowd.start({ perSecond: short ? 200 : 150 });
  const until = Date.now() + SHORT_MS;
  const back = [];
  const behind = []; // the last lease, when the server was killed: ms
  let rounds = 0, early = 0;
  for (; rounds < ROUNDS && (!short || rounds < 2 || Date.now() < until); rounds++) {
    // Half of the time when everybody is in, else while they are coming back.
    if (random() < 0.5) await crowd.during(waitFor("everybody to be back", () => crowd.allConnected(), BACK_MS));
    await crowd.during(sleep(between(0, short ? 600 : 1500)));
    const settled = crowd.members.filter((m) => m.connected && Date.now() - m.since > 1500);
    const at = Date.now();
    await server.kill("SIGKILL");
    const { lease, present } = ledger.noteKilled();
    behind.push(at - lease * 1000);
    const absent = settled.filter((m) => m.since < at - 1500 && !present.has(m.person.registration));
    assert.deepEqual(absent.map((m) => m.person.registration), [], "who was in has an open span");
    if (random() < 0.2) {
      const starting = server.start();
      starting.catch(() => {});
      await sleep(between(0, 300));
      if (!server.ready) {
        await server.kill("SIGKILL");
        early++;
      } else await starting;
    }
    if (server.process.exitCode !== null || server.process.signalCode !== null) await server.start();
    const ready = Date.now();
    crowd.during(waitFor("everybody to be back", () => crowd.allConnected() || server.process.signalCode, BACK_MS)).then(() => back.push(Date.now() - ready), () => {});
  }
  await crowd.during(waitFor("everybody to be back", () => crowd.allConnected(), BACK_MS));
  await crowd.finish();
  ledger.verify();
  Object.assign(figures, { rounds, while_starting: early, ...ledger.acknowledged, lease_behind_p50_ms: quantile(behind, 0.5), lease_behind_most_ms: Math.max(...behind), back_p95_ms: quantile(back, 0.95), seed });
});
