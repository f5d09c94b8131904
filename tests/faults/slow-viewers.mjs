// One in ten of who follow a talker never reads. The rule: nobody else hears later for it, what is kept for a slow one is bounded, and the
// server lets go of them only because they do not answer; reading again they are in sync.
import assert from "node:assert/strict";
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { fault, quantile, short, sleep } from "./lib/case.mjs";
import { Peers } from "./lib/peers.mjs";
import { most, room, rssKb } from "./lib/room.mjs";
import { follower, stage } from "../e2e/lib/talking.mjs";

const [N, SLOW, MS] = short ? [30, 5, 1500] : [180, 20, 20000];

await fault({ limit: 300 }, async (figures) => {
  const made = await room({ people: N + SLOW + 1 });
  const { server, o, people } = made;
  const { voice } = await stage(made);
  const followers = [];
  for (const person of people.slice(1, N + 1)) followers.push(await follower(made, person, voice.stream));
  const phase = async () => {
    followers.forEach((one) => one.begin());
    await sleep(MS);
    return { late: quantile(followers.flatMap(({ late }) => late), 0.95), lost: followers.reduce((sum, { lost }) => sum + lost, 0) };
  };
  await phase(); // warm
  const without = await phase();
  const before = rssKb(server);
  const peers = new Peers();
  await peers.ask("join", { port: server.port, session: o.session, cookies: people.slice(N + 1).map((p) => p.cookie), rcvbuf: 4096, rung: "high" });
  let beside;
  const grew = (await most(() => rssKb(server), async () => (beside = await phase()))) - before;
  await peers.ask("wake", { ms: 500 });
  const back = await peers.ask("resume");
  await waitFor("the others to hear", () => followers.every(({ late }) => late.length > 0));
  peers.end();
  Object.assign(figures, { members: N, slow: SLOW, late_p95_without: without.late, late_p95_beside: beside.late, grew_kb_a_slow_one: grew / SLOW });
  assert.equal(back.length, SLOW, "reading again they are in");
  assert.equal(without.lost + beside.lost, 0, "nobody misses a word");
  assert.ok(beside.late - without.late <= 100, `the others hear ${beside.late - without.late} ms later`);
  assert.ok(grew <= SLOW * 64 + 4096, `memory grew by ${grew} KB for ${SLOW} slow ones`);
});
