// Rule: reminders of a session reach each of 5,000 registered people once and in time, by SMTP and before it begins, however often
// the server is killed while it writes or sends them.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";
import { Smtp } from "./lib/smtp.mjs";

after(cleanup);
const PEOPLE = 5000;

test("a reminder to 5,000 survives SIGKILLs, once to each", { timeout: 300000 }, async () => {
  const smtp = new Smtp({ address: "127.0.0.1" });
  await smtp.listen();
  onCleanup(() => smtp.close());
  const pg = new Postgres({ durable: true });
  const server = await new Server({ database: pg, env: { AMPHI_SMTP_URL: `smtp://127.0.0.1:${smtp.port}` } }).start();
  const o = organisation(pg, "Un");
  const people = hcps(pg, o, PEOPLE);
  const [cancelled, waiting] = people;
  pg.sql(`UPDATE registration SET registered_at = now() - interval '1 day' WHERE congress_id = '${o.congress}'`);
  pg.sql(`UPDATE registration SET state = 'cancelled', cancelled_at = now() WHERE id = '${cancelled.registration}';
    UPDATE registration SET state = 'waiting', waiting_number = 1, waiting_since = now() WHERE id = '${waiting.registration}';
    DELETE FROM job WHERE kind = 'registration.promote'`); // else they are given the place that became free
  const begun = Date.now();
  pg.sql(`UPDATE session SET starts_at = now() + interval '9 minutes' WHERE id = '${o.session}'`); // the last reminder is due
  const written = () => Number(pg.sql("SELECT count(*) FROM outbox WHERE reminds IS NOT NULL")[0][0]);
  const wasWritten = [];
  for (const least of [200, 2000]) {
    await waitFor(`${least} mails to be written`, () => written() >= least, 60000);
    await server.kill("SIGKILL");
    wasWritten.push(written());
    await server.start();
  }
  assert.ok(wasWritten[0] < PEOPLE - 2, `killed in the middle of it: ${wasWritten}`);
  const wanted = new Set(people.slice(2).map((p) => `<${p.email}>`));
  const reached = () => new Set(smtp.mails.flatMap((m) => m.to));
  await waitFor("everybody to be reached", () => reached().size >= wanted.size, 200000);
  const seconds = (Date.now() - begun) / 1000;
  assert.deepEqual([...reached()].filter((to) => !wanted.has(to)), [], "nobody who cancelled or waits");
  assert.ok(seconds < 9 * 60, "before it begins");
  assert.equal(written(), PEOPLE - 2, "one mail to each was written");
  assert.deepEqual(pg.sql("SELECT kind, mails, done_at IS NOT NULL FROM mailing WHERE mails > 0"), [["minutes", String(PEOPLE - 2), "t"]]);
  // What was under way at a SIGKILL may come again, the same message by its id: at most one a kill.
  const ids = smtp.mails.map((m) => /^Message-ID: (.*)$/im.exec(m.text)[1]);
  assert.equal(new Set(ids).size, PEOPLE - 2);
  assert.ok(ids.length <= PEOPLE - 2 + wasWritten.length, `${ids.length - PEOPLE + 2} came again`);
  console.log(`${PEOPLE - 2} reminders by SMTP in ${seconds.toFixed(0)} s, with two SIGKILLs`);
});
