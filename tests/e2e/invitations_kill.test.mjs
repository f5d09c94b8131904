// Rule: invitations that a SIGKILL interrupts, while they are queued and while they are delivered, go on by themselves: each person has
// one invitation with one link that works, and one mail; at most the mail under way at the kill comes again, as the same message.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { Inviting, listOf, mailServer, read } from "./lib/inviting.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, smtp, o, inviting;
before(async () => {
  pg = new Postgres({ durable: true });
  smtp = await mailServer();
  server = await new Server({ database: pg, env: smtp.env }).start();
  o = organisation(pg, "Un");
  inviting = new Inviting(server, pg, o);
});
after(cleanup);

const PEOPLE = 2000;
const one = (sql) => Number(pg.sql(sql)[0][0]);

test("each person is invited once, through SIGKILLs", { timeout: 240000 }, async () => {
  const list = listOf(pg, o, Array.from({ length: PEOPLE }, (_, i) => ({ email: `p${i}@x.test` })));
  const round = await inviting.round(list);
  await inviting.send(round);
  const invited = () => one(`SELECT count(*) FROM invitation WHERE invited_at IS NOT NULL`);
  const went = [];
  for (const [what, least] of [["invitations", 1], ["invitations", PEOPLE / 4], ["mails", 700], ["mails", 1400]]) {
    await waitFor(`${least} ${what}`, () => (what === "mails" ? smtp.mails.length : invited()) >= least, 60000);
    await server.kill("SIGKILL");
    went.push(`${invited()} invited, ${smtp.mails.length} mailed`);
    assert.equal(invited(), one("SELECT count(*) FROM outbox"), "whoever was invited has their mail in the outbox, and nobody else");
    await server.start();
  }
  await inviting.sent(round, 90000);
  await waitFor("all mails", () => one("SELECT count(*) FROM outbox WHERE sent_at IS NULL") === 0, 90000);
  const ids = new Map();
  for (const mail of smtp.mails) {
    const [to] = mail.to;
    ids.set(to, (ids.get(to) ?? new Set()).add(read(mail).header("Message-ID")[0]));
  }
  assert.equal(ids.size, PEOPLE, went.join("; "));
  assert.ok([...ids.values()].every((of) => of.size === 1), "nobody has two messages");
  assert.ok(smtp.mails.length - PEOPLE <= 4, `at most one came again at each kill: ${smtp.mails.length - PEOPLE}`);
  assert.deepEqual(pg.sql("SELECT count(*), count(DISTINCT token_hash), count(DISTINCT person_key) FROM invitation")[0].map(Number), [PEOPLE, PEOPLE, PEOPLE]);
  const last = read(smtp.of(`p${PEOPLE - 1}@x.test`)[0]);
  assert.equal((await inviting.follow(last.personal)).known.last_name, `P${PEOPLE - 1}`);
  const { invited: count, people } = await inviting.ok("GET", `/api/invitation-rounds/${round.id}`);
  assert.deepEqual([count, people], [PEOPLE, PEOPLE]);
});
