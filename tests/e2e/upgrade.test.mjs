// Rule: a database of the last release, as a crash left it in the middle of a live session, migrates and goes on:
// people come back with their sign-ins, see what they saw, and what was said and voted counts.
// tests/fixtures/release_0014.sql is a dump of that release; release_0014.json names what is in it.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { parseCsv } from "./lib/attendance.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { root } from "./lib/need.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const fixture = (name) => readFileSync(`${root}tests/fixtures/release_0014.${name}`, "utf8");
const { o, people, deck, polls, questions } = JSON.parse(fixture("json"));
const blood = randomUUID();
let pg, server;
before(async () => {
  pg = new Postgres({ empty: true });
  pg.sql(`SET ROLE amphi_owner; ${fixture("sql")}`); // as its one role restores it, who becomes the owner
  // Somebody with a code that was not yet one with others, and somebody with one that has ended since.
  pg.sql(`UPDATE registration SET specialty = 'SM22' WHERE id = '${people[0].registration}';
    UPDATE registration SET practice_setting = 'SA58' WHERE id = '${people[1].registration}';
    INSERT INTO target_profile (id, organisation_id, congress_id, name, position, created_at) VALUES ('${blood}', '${o.id}', '${o.congress}', 'Haematologists', 9, now());
    INSERT INTO target_profile_criterion VALUES ('${blood}', 1, 'all_of', 'specialty', '{SM21}')`);
  // Whatever day the tests run on, people had signed in an hour before.
  pg.sql("UPDATE sign_in SET created_at = now() - interval '1 hour', expires_at = now() + interval '1 day'");
  server = await new Server({ database: pg }).start();
});
after(cleanup);

const enter = (person) => new Live({ port: server.port, cookie: person.cookie, session: o.session }).open();
const states = (list) => Object.fromEntries(list.map(({ id, state }) => [id, state]));

test("those who come back see what they saw", async () => {
  const host = await enter(o.staff.host);
  const hcp = await enter(people[0]);
  const { common } = host.joined.snapshot;
  assert.equal(common.session.state, "live");
  assert.deepEqual(common.slides.position, { deck, page: 2 });
  assert.deepEqual(states(common.polls), { [polls[0]]: "closed", [polls[1]]: "open" });
  assert.deepEqual(states(common.questions), { [questions[0]]: "approved", [questions[1]]: "answered", [questions[2]]: "dismissed" });
  assert.equal(common.questions.find((q) => q.id === questions[0]).votes, 1);
  await waitFor("the tally", () => host.states.has(`poll.tally ${polls[0]}`));
  assert.deepEqual(host.states.get(`poll.tally ${polls[0]}`).data, { voters: 2, counts: [1, 1, 0] });
  const { common: seen, own } = hcp.joined.snapshot;
  assert.deepEqual(states(seen.questions), { [questions[0]]: "approved", [questions[1]]: "answered" });
  assert.deepEqual(own.polls, [{ poll: polls[0], choices: [1] }, { poll: polls[1], choices: [3] }]);
  for (const live of [host, hcp]) live.close();
});

test("a sign-in of before has to show that it is its person before a file leaves", async () => {
  const csv = { port: server.port, path: `/api/sessions/${o.session}/attendance.csv?dialect=machine`, cookie: o.staff.organiser.cookie };
  assert.equal((await request(csv)).json.code, "auth.fresh");
  const asked = await request({ port: server.port, method: "POST", path: "/api/me/proof/mail", cookie: o.staff.organiser.cookie });
  assert.equal(asked.status, 202, asked.text);
  const code = await waitFor("the code", () => server.mails().find((m) => /\d{3} \d{3}/.test(m.text))?.text.match(/\d{3} \d{3}/)[0]);
  const shown = await request({ port: server.port, method: "POST", path: "/api/me/proof/code", cookie: o.staff.organiser.cookie, body: { code } });
  assert.equal(shown.status, 204, shown.text);
  assert.equal((await request(csv)).status, 200);
});

test("profiles are matched by today's groups of codes, and codes that have ended keep their names", async () => {
  assert.deepEqual(pg.sql(`SELECT registration_id FROM registration_profile WHERE target_profile_id = '${blood}'`), [[people[0].registration]]);
  const csv = await request({ port: server.port, path: `/api/sessions/${o.session}/attendance.csv?dialect=machine`, cookie: o.staff.organiser.cookie });
  const rows = parseCsv(csv.text);
  const of = (person) => rows.find((row) => row.registration_id === person.registration);
  assert.equal(of(people[0]).specialty, "SM22");
  assert.equal(of(people[1]).practice_setting_label, "Entreprise de taxis");
});

test("roles, votes and questions go on, in one log without a gap", async () => {
  const [[before]] = pg.sql(`SELECT seq FROM session WHERE id = '${o.session}'`);
  const enterAs = (role) => enter(o.staff[role]);
  const [host, moderator, speaker] = [await enterAs("host"), await enterAs("moderator"), await enterAs("speaker")];
  const [first, second] = [await enter(people[0]), await enter(people[1])];
  assert.deepEqual(await first.command("poll.vote", { poll: polls[1], choices: [1] }), { choices: [3] }, "the first vote stays");
  await second.command("poll.vote", { poll: polls[1], choices: [1] });
  const question = randomUUID();
  await second.command("question.ask", { question, text: "Et maintenant ?", anonymous: false });
  await assert.rejects(speaker.command("question.approve", { question }), { code: "auth.forbidden" });
  await moderator.command("question.approve", { question });
  const { version } = host.joined.snapshot.common.session;
  await speaker.command("slide.move", { version, deck, page: 3 });
  await host.command("poll.close", { poll: polls[1] });
  await waitFor("the close", () => first.events.some((e) => e.event === "poll.closed"));
  assert.deepEqual(pg.sql(`SELECT counts::text FROM (SELECT payload->'tally'->'counts' AS counts FROM session_event WHERE session_id = '${o.session}' AND type = 'poll.closed' AND version > 0) x`), [["[1, 0, 1]"]]);
  const [[gaps, old, newest]] = pg.sql(`SELECT max(seq) - count(*), count(*) FILTER (WHERE version = 0), max(seq) FROM session_event WHERE session_id = '${o.session}'`);
  assert.equal(gaps, "0");
  assert.equal(old, before, "what the last release wrote is version 0");
  assert.ok(Number(newest) > Number(before));
  for (const live of [host, moderator, speaker, first, second]) live.close();
});

test("attendance, figures and the audit log are those of before, and new work is added", async () => {
  const organiser = o.staff.organiser.cookie;
  const get = async (path) => {
    const reply = await request({ port: server.port, path, cookie: organiser });
    assert.equal(reply.status, 200, `${path}: ${reply.text.slice(0, 200)}`);
    return reply;
  };
  const rows = parseCsv((await get(`/api/sessions/${o.session}/attendance.csv?dialect=machine`)).text);
  assert.equal(rows.length, people.length);
  const of = (person) => rows.find((row) => row.registration_id === person.registration);
  const [[lease]] = pg.sql("SELECT floor(extract(epoch FROM stopped_at) * 1000)::bigint FROM node WHERE stopped_at IS NOT NULL");
  assert.equal(Date.parse(of(people[2]).last_leave), Number(lease), "who was there when it crashed was there until its last lease");
  assert.equal(of(people[3]).first_join, "", "who never came was never there");
  assert.equal(pg.sql("SELECT count(*) FROM span WHERE left_at IS NULL AND node_id NOT IN (SELECT id FROM node WHERE stopped_at IS NULL)")[0][0], "0", "the crash's spans have ended");
  const figures = (await get(`/api/sessions/${o.session}/participation`)).json;
  assert.equal(figures.registered, people.length);
  assert.equal(figures.profiles[0].goal_registrations, 10);
  assert.deepEqual((await get(`/api/congresses/${o.congress}`)).json.halls.map(({ id }) => id), [o.room], "halls were called rooms");
  for (const path of [`/api/congresses/${o.congress}`, `/api/congresses/${o.congress}/registrations`, "/api/audit", "/api/staff", `/api/sessions/${o.session}/decks`, `/api/sessions/${o.session}/polls`]) await get(path);
  const created = await request({ port: server.port, method: "POST", path: `/api/sessions/${o.session}/polls`, cookie: organiser, body: { question: "Nouveau ?", choice: "single", options: ["Oui", "Non"] } });
  assert.equal(created.status, 201, created.text);
});
