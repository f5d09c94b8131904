// A node with thousands of members is killed, and all of them come to one other node at once, while people vote, ask and turn
// slides there and on a third one. The rule: everybody is back within a minute, nobody else is disconnected, nothing
// acknowledged is lost or double, and every node counts the same people.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { amphiTarget, Generator } from "../bench/lib/generator.mjs";
import { root } from "../e2e/lib/need.mjs";
import { hcps } from "../e2e/lib/people.mjs";
import { temporaryFolder } from "../e2e/lib/postgres.mjs";
import { fault, quantile, seed, short, sleep } from "./lib/case.mjs";
import { nodesScene, observe, pollsAsWeGo, verifyNodes } from "./lib/nodes.mjs";

const BACK_MS = 60000;
const ATTENDED_MS = 75000;

await fault({ limit: 300 }, async (figures) => {
  const N = short ? 250 : Number(process.env.N ?? 5000);
  const made = await nodesScene({ members: short ? 24 : 120, names: ["a", "b", "c"] });
  const { crowd, nodes: [near, far, dead], o, pg } = made;
  crowd.everybody.forEach((member, i) => (member.server.own = [near, far][i % 2]));
  const file = `${temporaryFolder("reconnect")}/people`;
  writeFileSync(file, `${hcps(pg, o, N).map((p) => p.cookie).join("\n")}\n`);
  const gen = new Generator(`${root}${process.env.BUILD ?? "build/release"}`);
  const at = (node) => gen.run("target", amphiTarget({ port: node.port, tls: true, session: o.session }));
  const observers = await Promise.all([near, far].map((node) => observe(made, node)));
  await at(dead);
  await gen.connect(N, { cookies: file });
  await at(near);
  await crowd.enter();
  crowd.start({ perSecond: short ? 60 : 150, registrants: 1 });
  pollsAsWeGo(made, 500);
  await crowd.during(sleep(short ? 500 : 5000));
  const killed = Date.now(), before = crowd.tries.length;
  const returned = gen.run("return", { cookies: file, members: N, timeout_ms: BACK_MS });
  dead.gone = true;
  await dead.kill("SIGKILL");
  const { lost, tries, back } = await crowd.during(returned);
  figures.members = N;
  figures.back_ms = Date.now() - killed;
  figures.tries = tries / N;
  figures.wait_p95_ms = quantile(crowd.tries.slice(before).map((t) => t.ms), 0.95);
  assert.deepEqual({ lost, back }, { lost: N, back: N }, "everybody came back");
  await crowd.during(sleep(short ? 200 : 3000));
  await crowd.finish();
  assert.deepEqual(crowd.everybody.flatMap((m) => m.closes), [], "nobody else was disconnected");
  // Who is there for a minute has attended: a figure that moves while thousands reach it, and each node tells it in its own time.
  if (!short) await sleep(ATTENDED_MS);
  figures.seed = seed;
  await verifyNodes(made, observers, figures);
  await gen.end();
});
