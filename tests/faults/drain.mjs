// SIGTERM during load: clients are told when to come back, what was acknowledged is kept, the server
// ends within the configured time with status 0, and its spans are ended.
import assert from "node:assert/strict";
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { between, fault, quantile, seed, short, sleep } from "./lib/case.mjs";
import { scene } from "./lib/scene.mjs";

const ROUNDS = short ? 2 : 30;
const DRAIN_MS = short ? 3000 : 15000;

await fault({ limit: 900 }, async (figures) => {
  const { server, pg, crowd, ledger } = await scene({ members: short ? 60 : 300, polls: 60, server: { env: { AMPHI_DRAIN_MS: String(DRAIN_MS) } } });
  await crowd.enter();
  crowd.start({ perSecond: 150 });
  const ends = [], waits = [];
  for (let round = 0; round < ROUNDS; round++) {
    const enough = () => (short ? crowd.everybody.filter((m) => m.connected).length > crowd.everybody.length / 2 : crowd.allConnected());
    await crowd.during(waitFor("them to be in", enough, 20000));
    await crowd.during(sleep(between(100, short ? 600 : 2000)));
    const inRoom = crowd.everybody.filter((m) => m.connected);
    inRoom.forEach((m) => (m.bye = undefined));
    const at = Date.now();
    await crowd.during(server.kill("SIGTERM"));
    ends.push(Date.now() - at);
    const { code, signal } = await server.exited;
    assert.ok(code === 0, `the server ended with ${code ?? signal}`);
    await waitFor("everybody to notice", () => inRoom.every((m) => m.bye !== undefined || !m.connected), 5000);
    for (const m of inRoom) {
      assert.equal(m.bye?.code, "server.draining", "everybody is told");
      assert.ok(m.bye.retry_ms > 0);
      assert.equal(m.closes.at(-1), 1001);
      waits.push(m.bye.retry_ms);
    }
    const [[open]] = pg.sql("SELECT count(*) FROM span WHERE left_at IS NULL");
    assert.equal(open, "0", "its spans are ended");
    const [[running]] = pg.sql("SELECT count(*) FROM node WHERE stopped_at IS NULL");
    assert.equal(running, "0", "its lease is given back");
    await server.start();
  }
  await crowd.during(waitFor("everybody to be back", () => crowd.allConnected(), 20000));
  await crowd.finish();
  const most = Math.max(...ends);
  assert.ok(most <= DRAIN_MS + 1000, `it took ${most} ms to end`);
  ledger.verify();
  Object.assign(figures, { rounds: ROUNDS, drained: waits.length, end_most_ms: most, retry_least_ms: Math.min(...waits), retry_p50_ms: quantile(waits, 0.5), retry_most_ms: Math.max(...waits), ...ledger.acknowledged, seed });
});
