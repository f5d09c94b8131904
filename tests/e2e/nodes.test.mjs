// Rule: people of one session are on any node and notice nothing of it. What happens on one is seen on all, in the
// session's order; votes and people count once; a sign-in that ends is over everywhere, with the bus or without it; a
// node that dies takes nobody's minutes along.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { Nats, twoNodes, withoutNats } from "./lib/nats.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const skip = withoutNats;
let pg, nats, node, a, b, o, people;
const enter = (server, person, options = {}) => new Live({ port: server.port, cookie: person.cookie, session: o.session, ...options }).open();
const seen = (live, event) => waitFor(event, () => live.events.find((e) => e.event === event));
const closed = (live) => waitFor("the connection to be closed", () => live.closed);

before(async () => {
  if (skip) return;
  ({ pg, nats, node, a, b } = await twoNodes());
  o = organisation(pg, "Un", { live: true });
  people = hcps(pg, o, 12);
});
after(cleanup);

async function poll(host, question) {
  const made = await request({ port: a.port, method: "POST", path: `/api/sessions/${o.session}/polls`, cookie: o.staff.host.cookie, body: { question, choice: "single", options: ["Yes", "No"] } });
  assert.equal(made.status, 201, made.text);
  await host.command("poll.open", { poll: made.json.id });
  return made.json.id;
}

test("what happens on one node is seen on the other, in order, texts included", { skip }, async () => {
  const host = await enter(a, o.staff.host), moderator = await enter(b, o.staff.moderator);
  const [here, there] = [await enter(a, people[0]), await enter(b, people[1])];
  const question = randomUUID();
  await there.command("question.ask", { question, text: "Combien de milligrammes ?", anonymous: false });
  for (const staff of [host, moderator]) {
    const asked = await seen(staff, "question.asked");
    assert.equal(asked.data.question.text, "Combien de milligrammes ?", JSON.stringify(asked));
  }
  await host.command("question.approve", { question });
  await there.command("question.vote", { question }).catch(({ code }) => assert.equal(code, "question.own"));
  await here.command("question.vote", { question });
  for (const live of [host, moderator, here, there])
    await waitFor("the vote", () => live.states.get(`question.votes ${question}`)?.data.votes === 1);
  const seqs = (live) => live.events.map(({ seq }) => seq);
  for (const live of [host, moderator, here, there]) assert.deepEqual(seqs(live), [...seqs(live)].sort((x, y) => x - y));
  for (const live of [host, moderator, here, there]) live.close();
});

test("votes of both nodes count once, and the tallies are equal", { skip }, async () => {
  const host = await enter(a, o.staff.host), moderator = await enter(b, o.staff.moderator);
  const id = await poll(host, "Do you prescribe it?");
  const lives = await Promise.all(people.map((person, i) => enter(i % 2 ? a : b, person)));
  await Promise.all(lives.map((live, i) => live.command("poll.vote", { poll: id, choices: [i < 9 ? 1 : 2] })));
  // The same person again, on the other node.
  const again = await enter(a, people[0]);
  const counted = await again.command("poll.vote", { poll: id, choices: [2] });
  assert.deepEqual(counted.choices, [1]);
  for (const staff of [host, moderator])
    await waitFor("all votes", () => staff.states.get(`poll.tally ${id}`)?.data.voters === people.length);
  await host.command("poll.close", { poll: id });
  for (const staff of [host, moderator]) {
    await seen(staff, "poll.closed");
    assert.deepEqual(staff.states.get(`poll.tally ${id}`).data, { voters: people.length, counts: [9, 3] });
  }
  for (const live of [host, moderator, again, ...lives]) live.close();
});

test("everybody is present once, however many nodes have them", { skip }, async () => {
  const [one, other] = [await enter(a, o.staff.organiser), await enter(b, o.staff.organiser)];
  const lives = await Promise.all(people.slice(0, 4).map((person, i) => enter(i % 2 ? a : b, person)));
  const twice = await enter(a, people[0]); // is on b already
  const counts = (n) => Promise.all([one, other].map((live) => waitFor(`${n} people`, () => live.states.get("presence.count ")?.data.people === n)));
  await counts(4);
  for (const live of [one, other]) await waitFor("the figures", () => live.states.get("participation ")?.data.present === 4);
  twice.close();
  lives[1].close();
  await counts(3);
  for (const live of [one, other, ...lives]) live.close();
});

test("a sign-in that ends on one node is over on the other within a second, also without the bus", { skip }, async () => {
  const both = await Promise.all([people[4], people[5]].map((person) => enter(b, person)));
  const signOut = async (person, live) => {
    const began = Date.now();
    const out = await request({ port: a.port, method: "POST", path: "/api/sign-out", cookie: person.cookie });
    assert.equal(out.status, 204, out.text);
    assert.equal(await closed(live), 4401);
    return Date.now() - began;
  };
  const with_ = await signOut(people[4], both[0]);
  nats.process.kill("SIGSTOP");
  const without = await signOut(people[5], both[1]);
  nats.process.kill("SIGCONT");
  console.log(`# over after ${with_} ms, ${without} ms without the bus`);
  assert.ok(with_ <= 1000 && without <= 1200, `${with_} ms, ${without} ms`);
});

// Asking for links at both nodes in turns, from an address and for an account of its own each time: how often it was not refused.
let askers = 0;
async function ask(tries, ports, { told = false } = {}) {
  const from = `127.0.77.${++askers}`, email = `nobody${askers}@example.org`;
  let asked = 0;
  for (let i = 0; i < tries; i++) {
    const before = told && await heard();
    const { status } = await request({ port: ports[i % ports.length], method: "POST", path: "/api/sign-in/password-link", from, body: { email } });
    assert.ok([202, 429].includes(status), `status ${status}`);
    asked += status === 202;
    if (told && status === 202) await waitFor("the other node to hear of it", async () => (await heard()) >= before + 2);
  }
  return asked;
}
// What nodes told each other; asking takes from two buckets of the guard.
const heard = async () => {
  const figures = await Promise.all([a, b].map(async ({ metricsPort }) => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()));
  return figures.reduce((sum, text) => sum + Number(/^amphi_nodes_limits_heard_total (\d+)/m.exec(text)[1]), 0);
};

test("who tries at two nodes gets what one gives, and each limits alone without the bus", { skip, timeout: 60000 }, async () => {
  const one = await ask(10, [a.port]);
  const both = await ask(10, [a.port, b.port], { told: true });
  assert.ok(both >= one - 1 && both <= one + 1, `${both} at two nodes, ${one} at one`);
  nats.process.kill("SIGSTOP");
  const alone = await ask(20, [a.port, b.port]).finally(() => nats.process.kill("SIGCONT"));
  console.log(`# ${one} at one node, ${both} at two, ${alone} at two without the bus`);
  assert.ok(alone >= one && alone <= 2 * one + 1, `${alone} without the bus`);
});

test("without the bus commits go on, the other node reads the log, and both are equal afterwards", { skip }, async () => {
  const host = await enter(a, o.staff.host), far = await enter(b, people[6]);
  await nats.kill("SIGKILL");
  const id = await poll(host, "And without the bus?");
  await seen(far, "poll.opened");
  const local = await enter(a, people[7]);
  await local.command("poll.vote", { poll: id, choices: [1] });
  await far.command("poll.vote", { poll: id, choices: [2] });
  await waitFor("both votes", () => host.states.get(`poll.tally ${id}`)?.data.voters === 2);
  await nats.start();
  await waitFor("both nodes to have the bus again", () => [a, b].every(({ log }) => log.filter(({ event }) => event === "bus.connected").length >= 2));
  await host.command("poll.close", { poll: id });
  await seen(far, "poll.closed");
  for (const live of [host, far, local]) live.close();
});

test("a node that is killed: its people are not counted after 4 s, its spans end at its last lease", { skip, timeout: 90000 }, async () => {
  const organiser = await enter(a, o.staff.organiser);
  const c = await node("c").start();
  const live = await enter(c, people[8]);
  await waitFor("one person", () => organiser.states.get("presence.count ")?.data.people === 1);
  const killed = Date.now();
  await c.kill("SIGKILL");
  await closed(live);
  await waitFor("nobody", () => organiser.states.get("presence.count ")?.data.people === 0);
  console.log(`# not counted after ${Date.now() - killed} ms`);
  assert.ok(Date.now() - killed <= 4500);
  await waitFor("the run to be ended", () => pg.sql("SELECT 1 FROM node WHERE name = 'c' AND stopped_at IS NOT NULL").length, 40000);
  const [[open, late]] = pg.sql(`SELECT count(*) FILTER (WHERE left_at IS NULL), count(*) FILTER (WHERE left_at > to_timestamp(${killed / 1000}) + interval '0.5 s')
    FROM span p JOIN node n ON n.id = p.node_id WHERE n.name = 'c'`);
  assert.deepEqual([open, late], ["0", "0"]);
  organiser.close();
});

test("a node that was frozen, and ended by others, writes nothing and begins anew", { skip, timeout: 90000 }, async () => {
  const c = await node("frozen").start();
  const live = await enter(c, people[9]);
  c.process.kill("SIGSTOP");
  await waitFor("the run to be ended", () => pg.sql("SELECT 1 FROM node WHERE name = 'frozen' AND stopped_at IS NOT NULL").length, 40000);
  const spans = () => pg.sql("SELECT p.id, p.left_at FROM span p JOIN node n ON n.id = p.node_id WHERE n.name = 'frozen' ORDER BY 1");
  const ended = spans();
  c.ready = null;
  c.process.kill("SIGCONT");
  await closed(live);
  await waitFor("the node to be ready again", () => c.ready, 30000);
  assert.deepEqual(spans(), ended);
  assert.equal(pg.sql("SELECT 1 FROM node WHERE name = 'frozen' AND stopped_at IS NULL").length, 1);
  c.port = c.ready.port;
  (await enter(c, people[9])).close();
});

test("what is configured wrong is refused at the start, in a line", { skip }, async () => {
  const refusal = async (server) => {
    const error = await server.start().then(() => server.kill(), (e) => e);
    assert.ok(error instanceof Error, "it started");
    return error.message;
  };
  await assert.rejects(node("a").start());
  const locked = await new Nats({ config: 'authorization { user: "amphi", password: "secret" }' }).start();
  await refusal(node("d", { AMPHI_NATS_URL: locked.url }));
  await refusal(node("d", { AMPHI_NATS_URL: "nats://" }));
  const own = new Postgres(); // here it would be another cluster beside this one
  const right = new Server({ database: own, env: { AMPHI_NATS_URL: locked.url.replace("//", "//amphi:secret@") } });
  await right.start();
  assert.ok(!JSON.stringify(right.log).includes("secret"));
});
