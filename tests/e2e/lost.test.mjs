// Rule: when the database's answer to a commit is lost, the command is answered server.busy, and what
// was committed all the same is told to everybody present, once, without anybody joining again.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { DatabaseProxy } from "./lib/database.mjs";
import { Live } from "./lib/live.mjs";
import { hcps, organisation, poll } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

// Swallows the answer to the COMMIT of a transaction that holds a given statement, then resets the
// connection.
class LossyDatabase extends DatabaseProxy {
  statement = null; // of the commit to lose
  lost = 0;

  asked(link, bytes) {
    const text = bytes.toString("latin1");
    if (this.statement?.test(text)) link.holds = true;
    if (this.statement && link.holds && text.includes("COMMIT")) {
      link.swallow = true;
      this.statement = null;
      this.lost++;
    }
    super.asked(link, bytes);
  }

  answered(link, bytes) {
    if (link.swallow) link.end();
    else super.answered(link, bytes);
  }
}

test("what a lost answer hides is told to those present", { timeout: 120000 }, async () => {
  const pg = new Postgres();
  const lossy = await new LossyDatabase(`${pg.folder}/.s.PGSQL.5432`).listen();
  const server = await new Server({ database: lossy }).start();
  const o = organisation(pg, "Un", { live: true });
  const draft = poll(pg, o, 1);
  const [asker, other] = hcps(pg, o, 2);
  const enter = (person) => new Live({ port: server.port, cookie: person.cookie, session: o.session }).open();
  const [host, a, b] = [await enter(o.staff.host), await enter(asker), await enter(other)];
  const question = randomUUID();
  const told = (live, type) => live.events.filter((e) => e.event === type).length;

  const steps = [
    [a, "question.ask", { question, text: "Why?", anonymous: true }, /INSERT INTO question /, [[host, "question.asked"], [a, "question.asked"]]],
    [host, "question.approve", { question }, /UPDATE question /, [[host, "question.changed"], [a, "question.changed"], [b, "question.shown"]]],
    [host, "question.answer", { question }, /UPDATE question /, [[b, "question.closed"], [a, "question.closed"]]],
    [host, "poll.open", { poll: draft }, /UPDATE poll /, [[host, "poll.opened"], [b, "poll.opened"]]],
    [host, "session.extend", { version: 0, planned_minutes: 90 }, /UPDATE session SET planned/, [[host, "session.extended"], [b, "session.extended"]]],
    [host, "session.end", { version: 1 }, /UPDATE session SET state/, [[b, "session.ended"], [host, "poll.closed"], [b, "poll.closed"]]],
  ];
  for (const [live, name, data, statement, expected] of steps) {
    const before = lossy.lost;
    lossy.statement = statement;
    await assert.rejects(live.command(name, data), (error) => error.code === "server.busy", name);
    assert.equal(lossy.lost, before + 1, `the answer to the commit of ${name} was lost`);
    for (const [who, type] of expected) await waitFor(`${type} after ${name}`, () => told(who, type) > 0, 10000);
  }
  for (const type of ["question.asked", "question.shown", "question.closed"]) assert.ok(told(b, type) <= 1 && told(a, type) <= 1, `${type} is told once`);
  assert.equal(told(b, "poll.closed"), 1, "the poll that the end closed is told once");
  assert.equal(b.events.find((e) => e.event === "question.shown").data.question.author, null);
  const [[gaps]] = pg.sql(`SELECT count(*) FROM (SELECT seq - row_number() OVER (ORDER BY seq) AS d FROM session_event WHERE session_id = '${o.session}') x WHERE d <> 0`);
  assert.equal(gaps, "0", "the log's seq has no gaps");
});
