// Both nodes open one session's room at once, again and again; then the last people of one node leave, while the others go
// on; somebody moves between sessions on different nodes, and somebody is erased while rooms are open. Rooms live on and
// agree.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { request } from "../e2e/lib/http.mjs";
import { Live } from "../e2e/lib/live.mjs";
import { elsewhere, hcps } from "../e2e/lib/people.mjs";
import { fault, random, seed, short } from "./lib/case.mjs";
import { nodesScene, observe, verifyNodes } from "./lib/nodes.mjs";

const ROUNDS = short ? 3 : 60;

const count = (live, n) => waitFor(`${n} people`, () => live.states.get("presence.count ")?.data.people === n);

async function openAtOnce({ pg, o, nodes }, person) {
  const there = elsewhere(pg, o, "session");
  const enter = (node, cookie) => new Live({ port: node.port, cookie, session: there.session }).open();
  const [one, other, ...people] = await Promise.all([...nodes.map((n) => enter(n, o.staff.host.cookie)), ...nodes.map((n, i) => enter(n, person[i].cookie))]);
  await Promise.all([one, other].map((live) => count(live, 2)));
  const [left, stays] = random() < 0.5 ? [people[0], people[1]] : [people[1], people[0]];
  left.terminate();
  await Promise.all([one, other].map((live) => count(live, 1)));
  // Whatever became of the other node's room, this one does what it did.
  await stays.command("presence.visible", { visible: true });
  const question = randomUUID();
  await stays.command("question.ask", { question, text: "Still there?", anonymous: false });
  for (const live of [one, other]) await waitFor("the question", () => live.events.some((e) => e.event === "question.asked" && e.data.question.id === question));
  for (const live of [one, other, stays]) live.close();
}

// To and fro between two sessions, each move at another node than the last: nobody is there twice.
async function move({ pg, o, nodes }, person) {
  const there = elsewhere(pg, o, "session");
  const watchers = await Promise.all([o.session, there.session].flatMap((session) => nodes.map((n) => new Live({ port: n.port, cookie: o.staff.host.cookie, session }).open())));
  const lives = await Promise.all(nodes.map((n) => new Live({ port: n.port, cookie: person.cookie, session: o.session }).open()));
  for (let i = 0; i < 6; i++) await lives[i % 2].command("session.join", { session: i % 4 < 2 ? there.session : o.session }).then((ok) => (lives[i % 2].place = ok.place));
  lives.forEach((live) => live.terminate());
  await Promise.all(watchers.slice(2).map((live) => count(live, 0)));
  watchers.forEach((live) => live.close());
}

// By one node, while they are at the other: they are out, and cannot come back.
async function erase({ o, nodes }, person) {
  const enter = () => new Live({ port: nodes[1].port, cookie: person.cookie, session: o.session }).open();
  const live = await enter();
  const erased = await request({ port: nodes[0].port, method: "POST", path: `/api/registrations/${person.registration}/erase`, cookie: o.staff.organiser.cookie });
  assert.equal(erased.status, 204, erased.text);
  await waitFor("the erased person's connection to be closed", () => live.closed, 2000);
  await assert.rejects(enter());
}

await fault({ limit: 120 }, async (figures) => {
  const made = await nodesScene({ members: 20 });
  const { crowd, nodes, o, pg } = made;
  const more = hcps(pg, o, 4);
  const observers = await Promise.all(nodes.map((node) => observe(made, node)));
  await crowd.enter();
  crowd.start({ perSecond: 30, registrants: 1 });
  for (let round = 0; round < ROUNDS; round++) await crowd.during(openAtOnce(made, more));
  await crowd.during(move(made, more[2]));
  await crowd.during(erase(made, more[3]));
  await crowd.finish();
  Object.assign(figures, { rounds: ROUNDS, seed });
  await verifyNodes(made, observers, figures);
});
