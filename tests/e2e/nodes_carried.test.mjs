// Rule: connections that requests carry work behind a balancer that takes nodes in turns: whichever node a request comes to
// passes it on to the connection's own, each command counts once, and when that node dies the client begins anew on another.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { Live } from "./lib/live.mjs";
import { withoutNats } from "./lib/nats.mjs";
import { elsewhere, hcps, organisation, poll } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const skip = withoutNats;
let pg, server, o, people;
after(cleanup);

before(async () => {
  if (skip) return;
  pg = new Postgres();
  server = await new Server({ database: pg, pair: true, env: { AMPHI_PING_MS: "2000" } }).start();
  o = organisation(pg, "Laboratoire Exemple");
  people = hcps(pg, o, 6);
});

const enter = (there, cookie) => new Live({ port: server.port, cookie, session: there.session, carried: true, repeats: 10 }).open();

test("requests come to both nodes in turns, and commands count once, in order", { skip, timeout: 60000 }, async () => {
  const there = elsewhere(pg, o, "session"), open = poll(pg, there, 1);
  const host = await enter(there, there.staff.host.cookie);
  const lives = await Promise.all(people.slice(0, 4).map((person) => enter(there, person.cookie)));
  await host.command("session.start", { version: 0 });
  await host.command("poll.open", { poll: open });
  const votes = await Promise.all([1, 2, 3].map((choice) => lives[0].command("poll.vote", { poll: open, choices: [choice] })));
  assert.deepEqual(votes, [1, 1, 1].map((choice) => ({ choices: [choice] })));
  await Promise.all(lives.slice(1).map((live) => live.command("poll.vote", { poll: open, choices: [2] })));
  await waitFor("all votes", () => host.states.get(`poll.tally ${open}`)?.data.voters === 4);
  for (const live of [host, ...lives]) assert.ok(live.socket.log.length >= 4 && live.closed === null, "it lives, by many requests");
  lives[0].close();
  await waitFor("its stay to end", () => pg.sql(`SELECT 1 FROM span WHERE session_id = '${there.session}' AND registration_id = '${people[0].registration}' AND left_at IS NOT NULL`).length);
  for (const live of [host, ...lives.slice(1)]) live.close();
});

test("when the connection's node dies its client begins anew on the other one, and stays", { skip, timeout: 60000 }, async () => {
  const there = elsewhere(pg, o, "session");
  const lives = [];
  for (const person of people) lives.push(await enter(there, person.cookie));
  const [one, dead] = server.nodes;
  const [[id]] = pg.sql("SELECT id FROM node WHERE name = 'two' AND stopped_at IS NULL");
  const mark = id.slice(0, 8);
  const isDead = (live) => live.socket.connection.replaceAll("-", "").slice(2, 10) === mark;
  assert.ok(lives.some(isDead) && !lives.every(isDead), "both have some");
  const killed = Date.now();
  await dead.kill("SIGKILL");
  server.turns.ports = [one.port];
  const lost = lives.filter(isDead);
  await waitFor("them to be told", () => lost.every((live) => live.closed !== null), 10000);
  console.log(`# told after ${Date.now() - killed} ms`);
  assert.ok(Date.now() - killed < 8000);
  const again = await Promise.all(lost.map(({ cookie }) => enter(there, cookie)));
  for (const live of [...again, ...lives.filter((live) => !lost.includes(live))]) {
    assert.equal(live.closed, null);
    live.close();
  }
});
