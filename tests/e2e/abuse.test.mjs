// Rule: what one address or one person may do does not take the server away from the others.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

let server, o, people;
after(cleanup);

before(async () => {
  const pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un", { live: true });
  people = hcps(pg, o, 3);
});

const enter = (person) => new Live({ port: server.port, cookie: person.cookie, session: o.session }).open();

test("people join while passwords are being tried", { timeout: 60000 }, async () => {
  const wrong = { email: "nobody@example.org", password: "not the password" };
  let tried = 0;
  const tries = Array.from({ length: 20 }, () =>
    request({ port: server.port, method: "POST", path: "/api/sign-in", body: wrong }).then((rs) => (tried++, rs.status)));
  await Promise.race(tries);
  for (const person of people) (await enter(person)).close();
  assert.ok(tried < tries.length, "passwords were still being tried when everybody was in");
  // What does not fit the short queue is refused at once: nobody waits for all the others' tries.
  for (const status of await Promise.all(tries)) assert.ok([401, 503].includes(status), `status ${status}`);
});

test("one person has at most 64 live connections, others are let in, and a closed one makes room", { timeout: 60000 }, async () => {
  const [greedy, other] = people;
  const open = [];
  for (let i = 0; i < 64; i++) open.push(await enter(greedy));
  await assert.rejects(enter(greedy), /closed 1008/);
  (await enter(other)).close();
  open.pop().close();
  await waitFor("room for one more", () => enter(greedy).then((live) => open.push(live), () => false));
  for (const live of open) live.close();
});
