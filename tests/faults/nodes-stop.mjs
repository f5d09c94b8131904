// SIGSTOP of one of two nodes under load: for 3 s in the short form, so that it is away and comes back; for 20 s in the long
// one, so that the other node ends its run and what it still wants to write is refused. Its people go to the other node.
import assert from "node:assert/strict";
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { fault, seed, short, sleep } from "./lib/case.mjs";
import { nodesScene, observe, pollsAsWeGo, verifyNodes } from "./lib/nodes.mjs";

const STOPPED_MS = short ? 3500 : 20000;
const STAY = 4; // of the stopped node's people: they wait for it

await fault({ limit: 120 }, async (figures) => {
  const made = await nodesScene({ members: short ? 30 : 200 });
  const { crowd, nodes: [other, stopped], pg } = made;
  const observers = [await observe(made, other)];
  await crowd.enter();
  crowd.start({ perSecond: short ? 60 : 150, registrants: 1 });
  pollsAsWeGo(made, 400);
  await crowd.during(sleep(700));
  stopped.process.kill("SIGSTOP");
  stopped.gone = true;
  crowd.everybody.filter((m) => m.server.own === stopped).slice(STAY).forEach((m) => m.live.terminate());
  await crowd.during(sleep(STOPPED_MS));
  const run = () => pg.sql("SELECT id, lease_at FROM node WHERE name = 'b' AND stopped_at IS NOT NULL");
  const ended = run();
  const spans = () => pg.sql(`SELECT id, left_at FROM span WHERE node_id IN (SELECT id FROM node WHERE name = 'b' AND stopped_at IS NOT NULL) ORDER BY 1`);
  const before = spans();
  assert.equal(ended.length, short ? 0 : 1, "whether the run is ended");
  stopped.ready = null;
  stopped.process.kill("SIGCONT");
  if (!short) {
    await crowd.during(waitFor("the node to begin anew", () => stopped.ready, 30000));
    stopped.port = stopped.ready.port;
    assert.deepEqual(spans(), before, "what a run wrote after it was ended");
  }
  stopped.gone = false;
  await crowd.during(waitFor("everybody to be back", () => crowd.allConnected()));
  await crowd.finish();
  figures.seed = seed;
  await verifyNodes(made, observers, figures);
});
