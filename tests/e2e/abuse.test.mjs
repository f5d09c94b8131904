// Rule: what one address or one person may do does not take the server away from the others.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, o, other, people;
after(cleanup);

before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un", { live: true });
  other = organisation(pg, "Deux");
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
  // What does not fit the short queue is refused at once: nobody waits for all the others' tries. Where it was
  // long enough, it was one try too many with this address.
  for (const status of await Promise.all(tries)) assert.ok([401, 429, 503].includes(status), `status ${status}`);
});

// Of the few that may wait, whoever signed in before on this browser comes first.
test("staff of another organisation sign in while one's passwords are being tried", { timeout: 60000 }, async () => {
  const email = pg.sql(`SELECT email FROM account WHERE id = '${other.staff.organiser.id}'`)[0][0], password = "une phrase bien à nous";
  const set = await request({ port: server.port, method: "PUT", path: "/api/me/password", cookie: other.staff.organiser.cookie, body: { password } });
  assert.equal(set.status, 204, set.text);
  const signIn = (headers) => request({ port: server.port, method: "POST", path: "/api/sign-in", from: "127.0.200.9", body: { email, password }, headers, timeout: 20000 });
  const first = await signIn({});
  assert.equal(first.status, 200, first.text);
  const device = first.headers["set-cookie"].map((cookie) => cookie.split(";")[0]).find((cookie) => cookie.includes("device"));
  assert.ok(device, "the browser is known from here on");
  let trying = true, tried = 0;
  const attacked = pg.sql(`SELECT email FROM account WHERE organisation_id = '${o.id}'`).map(([address]) => address);
  const guessers = Array.from({ length: 24 }, async (_, i) => {
    const from = `127.0.${i + 1}.9`;
    for (; trying; tried++) await request({ port: server.port, method: "POST", path: "/api/sign-in", from, body: { email: attacked[i % attacked.length], password: `guess ${tried}` } }).catch(() => {});
  });
  await waitFor("the tries to have begun", () => tried > 24);
  const times = [];
  for (let i = 0; i < 3; i++) {
    const began = performance.now();
    const answer = await signIn({ Cookie: device });
    times.push(performance.now() - began);
    assert.equal(answer.status, 200, answer.text);
  }
  trying = false;
  await Promise.all(guessers);
  console.log(`# beside ${tried} tries: ${times.map((ms) => ms.toFixed(0)).join(", ")} ms`);
  assert.ok(Math.max(...times) < 5000, `${times}`);
});

test("one person has at most 64 live connections, others are let in, and a closed one makes room", { timeout: 60000 }, async () => {
  const [greedy, another] = people;
  const open = [];
  for (let i = 0; i < 64; i++) open.push(await enter(greedy));
  await assert.rejects(enter(greedy), /closed 1008/);
  (await enter(another)).close();
  open.pop().close();
  await waitFor("room for one more", () => enter(greedy).then((live) => open.push(live), () => false));
  for (const live of open) live.close();
});
