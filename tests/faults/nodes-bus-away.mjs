// NATS is killed under load and comes back, twice. Commits and answers go on, nobody is disconnected, the other node reads
// the log; afterwards all nodes say what the database has.
import assert from "node:assert/strict";
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { fault, quantile, seed, short, sleep } from "./lib/case.mjs";
import { comeAndGo, nodesScene, observe, pollsAsWeGo, verifyNodes } from "./lib/nodes.mjs";

const AWAY_MS = short ? 3000 : 60000;

await fault({ limit: 240 }, async (figures) => {
  const made = await nodesScene({ members: short ? 40 : 200 });
  const { crowd, nodes, nats } = made;
  const observers = await Promise.all(nodes.map((node) => observe(made, node)));
  await crowd.enter();
  crowd.start({ perSecond: short ? 80 : 150, registrants: 1 });
  pollsAsWeGo(made, 300);
  const tries = [];
  for (let round = 0; round < (short ? 1 : 2); round++) {
    await crowd.during(sleep(500));
    const from = crowd.tries.length;
    await nats.kill("SIGKILL");
    await crowd.during(comeAndGo(made, AWAY_MS, 150));
    tries.push(...crowd.tries.slice(from));
    await nats.start();
    await crowd.during(waitFor("both nodes to have the bus again", () => nodes.every(({ log }) => log.filter(({ event }) => event === "bus.connected").length >= 2 * (round + 1))));
  }
  await crowd.finish();
  figures.wait_p95_ms = quantile(tries.filter((t) => !["register", "confirm"].includes(t.name)).map((t) => t.ms), 0.95);
  assert.ok(tries.filter((t) => !t.code && t.name === "poll.vote").length > 0, "votes went on");
  figures.seed = seed;
  await verifyNodes(made, observers, figures);
});
