// Rule: a server that is asked to end while others go on is not ready at once, sends its members to them one after the other
// at moments that it chooses, and serves each until then; nothing that was acknowledged is lost.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Member, openAll } from "../faults/lib/member.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { servers, withoutNats } from "./lib/nats.mjs";
import { hcps, organisation, polls } from "./lib/people.mjs";

after(cleanup);
const MEMBERS = 200;
const SPREAD_MS = 30000;
const SLOT_MS = 100;

test("200 members go to another server, none in the same tenth of a second", { skip: withoutNats, timeout: 150000 }, async (t) => {
  const { pg, node } = await servers();
  const o = await (async () => {
    const first = await node("two").start();
    return { two: first, ...organisation(pg, "Un", { live: true }) };
  })();
  const one = await node("one", { AMPHI_DRAIN_SPREAD_MS: String(SPREAD_MS), AMPHI_DRAIN_MS: "3000" }).start();
  const people = hcps(pg, o, MEMBERS);
  const open = polls(pg, o, 1, 20, { state: "open" });
  const members = people.map((p) => new Member({ port: one.port, cookie: p.cookie, session: o.session, comesBack: true }));
  await openAll(members);

  // Each votes in one poll after the other; what was acknowledged is remembered.
  const acknowledged = [];
  let voting = true;
  const vote = async (member, person) => {
    for (const poll of open) {
      for (;;) {
        if (!voting) return;
        if (member.online) {
          const said = await member.command("poll.vote", { poll, choices: [1] }).then(() => true, () => false);
          if (said) break;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      acknowledged.push(`${poll} ${person.registration}`);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  };
  const votes = members.map((member, i) => vote(member, people[i]));

  const planned = [], ends = [];
  for (const member of members) {
    member.port = o.two.port;
    member.onClose = (m, code) => {
      planned.push(Date.now() + m.retryAfter);
      ends.push([code, m.retryAfter]);
    };
  }
  const began = Date.now();
  one.process.kill("SIGTERM");
  await waitFor("it to be not ready", async () => (await request({ port: one.port, path: "/readyz" })).status === 503, 5000);
  assert.equal((await request({ port: one.port, path: "/healthz" })).status, 200);
  assert.ok(Date.now() - began < 1500, "at once");
  await assert.rejects(new Member({ port: one.port, cookie: people[0].cookie, session: o.session }).open(), /503/);
  await one.exited;
  const took = Date.now() - began;
  await waitFor("everybody to be there", () => members.every((m) => m.online && m.joins === 2), 20000);
  voting = false;
  await Promise.all(votes);

  assert.equal(ends.length, MEMBERS, "each was sent once");
  assert.ok(ends.every(([code, retry]) => code === 1001 && retry > 0 && retry <= 300), JSON.stringify(ends.slice(0, 5)));
  planned.sort((a, b) => a - b);
  const gaps = planned.slice(1).map((at, i) => at - planned[i]).sort((a, b) => a - b);
  // They are told to the millisecond; what this machine adds is its own.
  assert.ok(gaps[MEMBERS >> 1] >= SLOT_MS - 10 && gaps[Math.floor(MEMBERS / 20)] >= SLOT_MS / 4, `gaps ${gaps.slice(0, 12)} … ${gaps[MEMBERS >> 1]}`);
  t.diagnostic(`between two members ${gaps[0]} ms at least, ${gaps[MEMBERS >> 1]} ms in the middle; ${acknowledged.length} votes; ended after ${took} ms`);
  assert.ok(took < SPREAD_MS * 1.1 + 6000, `it took ${took} ms`);
  const rows = new Set(pg.sql("SELECT v.poll_id || ' ' || v.registration_id FROM poll_vote v").map(([row]) => row));
  const lost = acknowledged.filter((vote) => !rows.has(vote));
  assert.deepEqual(lost, []);
  assert.ok(acknowledged.length > MEMBERS, `${acknowledged.length} votes`);
  for (const member of members) member.close();
  await o.two.kill();
});
