// SIGKILL of one of three nodes while people on all of them vote, ask and turn slides. Its people are back elsewhere, the
// rooms of the others live on; nothing acknowledged is lost or double, nobody's minutes are off by more than a second, and
// the figures of the others are those of the database, also of a room that opens, or reads again, before the dead node's
// run is ended.
import assert from "node:assert/strict";
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { fault, quantile, seed, short, sleep } from "./lib/case.mjs";
import { nodesScene, observe, pollsAsWeGo, verifyNodes } from "./lib/nodes.mjs";
import { Stays } from "./lib/stays.mjs";

const BACK_MS = 20000;
const GONE_HOME = 4; // of the dead node's people: they do not come back, and nobody else says that they are gone

await fault({ limit: 120 }, async (figures) => {
  const made = await nodesScene({ members: short ? 36 : 200, names: ["a", "b", "c"] });
  const { crowd, nodes, pg } = made;
  const stays = new Stays(made);
  const observers = await Promise.all(nodes.slice(0, 2).map((node) => observe(made, node)));
  await crowd.enter();
  crowd.start({ perSecond: short ? 60 : 150, registrants: 1 });
  pollsAsWeGo(made, 400);
  await crowd.during(sleep(short ? 1200 : 10000));
  const [, , dead] = nodes;
  dead.gone = true;
  const killed = Date.now(), before = crowd.tries.length;
  await dead.kill("SIGKILL");
  crowd.members.filter((member) => member.server.own === dead).slice(0, GONE_HOME).forEach((member) => member.end());
  await crowd.during(waitFor("everybody to be back", () => crowd.everybody.every((m) => m.over || (m.connected && m.live.port !== dead.port)), BACK_MS));
  figures.back_ms = Date.now() - killed;
  // Messages are lost while the dead node is still taken for one that runs: rooms read again who is there.
  await made.nats.kill("SIGKILL");
  await crowd.during(sleep(short ? 2600 : 5000));
  await made.nats.start();
  await crowd.during(sleep(short ? 800 : 10000));
  await crowd.finish();
  figures.wait_p95_ms = quantile(crowd.tries.slice(before).map((t) => t.ms), 0.95);
  const stopped = () => pg.sql("SELECT 1 FROM node WHERE name = 'c' AND stopped_at IS NOT NULL").length;
  assert.equal(stopped(), 0, "the dead node's run is not ended yet");
  figures.seed = seed;
  await verifyNodes(made, observers, figures);
  if (!short) await waitFor("the run to be ended", stopped, 40000);
  figures.minutes_off_most_ms = stays.verify();
});
