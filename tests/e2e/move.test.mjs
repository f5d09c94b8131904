// Rule: one connection carries a person from session to session. What they leave on purpose is not
// bridged, what they lost is, and both sessions' attendance says so.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { attendance, parseCsv } from "./lib/attendance.mjs";
import { openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const EDGE_S = 0.25; // an edge as the client sees it, against the server's; and the file cuts fractions of a second
let pg, server, o, other;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un", { live: true });
  other = randomUUID();
  pg.sql(`CREATE TEMP TABLE t AS SELECT * FROM session WHERE id = '${o.session}';
    UPDATE t SET id = '${other}', title = 'Autre'; INSERT INTO session SELECT * FROM t`);
});
after(cleanup);

const passed = async (ms) => {
  const from = Date.now();
  await waitFor(`${ms} ms to pass`, () => Date.now() - from >= ms);
};

// One person's stays as they see them, by session.
class Walker {
  stays = new Map([[o.session, []], [other, []]]);

  constructor(person) {
    this.person = person;
  }

  async connect(session) {
    this.live = await new Live({ port: server.port, cookie: this.person.cookie, session }).open();
    this.begin(session);
  }

  async join(session) {
    const ok = await this.live.command("session.join", { session });
    this.live.place = ok.place;
    this.end(true);
    this.begin(session);
  }

  async leave() {
    await this.live.command("session.leave");
    this.end(true);
  }

  lose() {
    this.live.close(); // its last byte is now
    this.end(false);
  }

  begin(session) {
    this.stay = { websocket: Date.now(), close: null, onPurpose: false };
    this.stays.get(session).push(this.stay);
  }

  end(onPurpose) {
    if (this.stay) Object.assign(this.stay, { close: Date.now(), onPurpose });
    this.stay = null;
  }
}

test("attendance of those who move, leave and are lost is what they did", { timeout: 60000 }, async () => {
  const people = hcps(pg, o, 2);
  const [mover, loser] = people.map((person) => new Walker(person));
  await Promise.all([mover.connect(o.session), loser.connect(o.session)]);
  await passed(1500);
  await mover.join(other);
  loser.lose();
  await passed(1500);
  await mover.join(o.session);
  await loser.connect(o.session);
  await passed(1000);
  await mover.leave();
  await passed(1500);
  await mover.join(o.session);
  await passed(500);
  mover.lose();
  loser.lose();
  const ended = Date.now();
  await waitFor("all spans to end", () => pg.sql("SELECT count(*) FROM span WHERE left_at IS NULL")[0][0] === "0");
  pg.sql(`UPDATE session SET state = 'ended', ended_at = to_timestamp(${ended} / 1000.0)`);
  const [[liveAt]] = pg.sql(`SELECT (extract(epoch FROM live_at) * 1000)::bigint FROM session WHERE id = '${o.session}'`);
  for (const session of [o.session, other]) {
    const csv = await request({ port: server.port, path: `/api/sessions/${session}/attendance.csv?dialect=machine`, cookie: o.staff.organiser.cookie });
    const rows = parseCsv(csv.text);
    for (const walker of [mover, loser]) {
      const want = attendance(walker.stays.get(session), [Number(liveAt), ended]);
      const row = rows.find((r) => r.registration_id === walker.person.registration);
      const edges = want.edges || 1;
      assert.ok(Math.abs(Number(row?.seconds_present ?? 0) - want.seconds) <= EDGE_S * edges + 1, `${session === other ? "other" : "first"}: ${row?.seconds_present} s, not ${want.seconds}`);
    }
  }
  const [[moves]] = pg.sql(`SELECT count(*) FROM span l JOIN span e ON e.registration_id = l.registration_id
    AND e.session_id <> l.session_id AND e.joined_at = l.left_at WHERE l.on_purpose`);
  assert.equal(moves, "2", "both moves at one instant");
});

test("in a browser the next session is entered over the same connection", { timeout: 60000 }, async () => {
  const [person] = hcps(pg, o, 1);
  pg.sql("UPDATE session SET state = 'live', ended_at = NULL");
  const context = await openContext(await openBrowser());
  const page = await context.newPage();
  await context.addCookies([{ name: "__Host-amphi", value: person.cookie, url: `https://localhost:${server.port}`, secure: true, httpOnly: true }]);
  const sockets = [];
  page.on("websocket", (socket) => sockets.push(socket));
  const present = (session) => pg.sql(`SELECT count(*) FROM span WHERE registration_id = '${person.registration}' AND session_id = '${session}' AND kind = 'connected' AND left_at IS NULL`)[0][0] === "1";
  await page.goto(`https://localhost:${server.port}/my`);
  for (const session of [o.session, other, o.session]) {
    await page.locator(`a[href="/live/${session}"]`).first().click();
    await waitFor("the person to be in the session", () => present(session));
    assert.equal(pg.sql(`SELECT count(*) FROM span WHERE registration_id = '${person.registration}' AND kind = 'connected' AND left_at IS NULL`)[0][0], "1", "in one session at a time");
    await page.goBack();
    await page.locator(`a[href="/live/${other}"]`).first().waitFor();
  }
  await waitFor("the last session to be left", () => !present(o.session));
  assert.equal(sockets.length, 1, "one connection");
  assert.equal(pg.sql(`SELECT count(*) FROM span WHERE registration_id = '${person.registration}' AND kind = 'connected' AND on_purpose`)[0][0], "3");
});
