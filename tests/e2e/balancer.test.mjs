// Rule: behind haproxy in TCP mode with PROXY protocol v2 the server sees each client's own address, its health checks are
// answered, and drain and reload of the balancer leave running connections alone.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { cleanup } from "./lib/cleanup.mjs";
import { Haproxy, freePort, skip as withoutHaproxy } from "./lib/haproxy.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { servers, withoutNats } from "./lib/nats.mjs";
import { hcps, organisation, poll } from "./lib/people.mjs";

const skip = withoutHaproxy || withoutNats;
let pg, behind, server, balancer, o, people;
after(cleanup);

before(async () => {
  if (skip) return;
  const { node, ...cluster } = await servers({ AMPHI_TRUSTED_PROXIES: "127.0.0.1" });
  pg = cluster.pg;
  behind = (port, name) => node(name, { AMPHI_BASE_URL: `https://localhost:${port}` }).start();
  const port = await freePort();
  server = await behind(port, "main");
  balancer = await new Haproxy({ ports: [server.port], port }).start();
  o = organisation(pg, "Un", { live: true });
  people = hcps(pg, o, 4);
});

const enter = (person, more = {}) => new Live({ port: balancer.port, cookie: person.cookie, session: o.session, ...more }).open();
const ask = (member, text) => member.command("question.ask", { question: randomUUID(), text, anonymous: false });
const health = () => request({ port: balancer.port, path: "/readyz" });

test("a live join works through it, and a vote", { skip, timeout: 60000 }, async () => {
  const id = poll(pg, o, 1, { state: "open" });
  const member = await enter(people[0]);
  assert.deepEqual((await member.command("poll.vote", { poll: id, choices: [1] })).choices, [1]);
  assert.equal((await health()).status, 200);
  member.close();
});

test("limits see each client's own address", { skip, timeout: 60000 }, async () => {
  const guess = (from) => request({ port: balancer.port, path: "/api/me", from });
  let last;
  for (let i = 0; i < 200 && last?.status !== 429; i++) last = await guess("127.0.0.2");
  assert.equal(last.status, 429);
  assert.notEqual((await guess("127.0.0.3")).status, 429);
  assert.equal((await balancer.state()).startsWith("UP"), true, "the checks have no part in it");
});

test("taken out of balancing, it keeps who is there and gets nobody new", { skip, timeout: 60000 }, async () => {
  const member = await enter(people[0]);
  await balancer.ask("set server nodes/s1 state drain");
  await balancer.until("DRAIN");
  await ask(member, "Still here?");
  await assert.rejects(enter(people[1]));
  assert.equal(member.closed, null);
  await balancer.ask("set server nodes/s1 state ready");
  await balancer.until("UP");
  (await enter(people[1])).close();
  member.close();
});

test("where websockets are refused, an address stays at one of two servers, and moves when that one leaves", { skip, timeout: 60000 }, async () => {
  const port = await freePort();
  const both = await Promise.all(["left", "right"].map((name) => behind(port, name)));
  const sticky = await new Haproxy({ ports: both.map((one) => one.port), port, sticky: true }).start();
  await sticky.until("UP", 2);
  const enterCarried = (from) => new Live({ port, cookie: people[1].cookie, session: o.session, carried: true, from }).open();
  for (const from of ["127.0.0.4", "127.0.0.5", "127.0.0.6"]) {
    const member = await enterCarried(from);
    for (let i = 0; i < 3; i++) await member.command("time.get", {}).catch(({ code }) => assert.ok(code, "it was answered"));
    assert.equal(member.closed, null);
    member.close();
  }
  await both[0].kill();
  await sticky.until("DOWN", 1);
  for (const from of ["127.0.0.4", "127.0.0.5", "127.0.0.6"]) (await enterCarried(from)).close();
});

test("its reload keeps running connections and serves new ones", { skip, timeout: 60000 }, async () => {
  const member = await enter(people[2]);
  const old = await balancer.reload();
  (await enter(people[3])).close();
  await ask(member, "And now?");
  assert.equal(member.closed, null);
  member.close();
  await old.ended; // with its last connection
});

test("a client of IPv6 has its own address, too", { skip, timeout: 60000 }, async () => {
  const member = await enter(people[0], { address: "[::1]" });
  await ask(member, "By IPv6?");
  member.close();
});

test("a server that ends is found down at once", { skip, timeout: 60000 }, async () => {
  server.process.kill("SIGTERM");
  await balancer.until("DOWN");
  await server.exited;
});
