// Rule: a guest speaker's link opens one session, as its speaker, and nothing else of the organisation; whoever comes by it is in no figure,
// file or mail of the audience; taken back, they are off the stage and out within a second, on the node that did not hear of it first, too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { servers, withoutNats } from "./lib/nats.mjs";
import { elsewhere, hcps, organisation } from "./lib/people.mjs";
import { call, furnish, keyOf, use, withIds } from "./lib/tables.mjs";
import { follower, onStage, publisher, Talker } from "./lib/talking.mjs";
import { Server } from "./lib/server.mjs";
import { Postgres } from "./lib/postgres.mjs";

let pg, a, b, o, sibling, other, hcp;
after(cleanup);
before(async () => {
  let join;
  if (withoutNats) {
    pg = new Postgres();
    a = await new Server({ database: pg }).start();
  } else {
    const cluster = await servers();
    pg = cluster.pg;
    a = await cluster.node("a").start();
    join = async () => (b = await cluster.node("b").start());
  }
  use(pg, a);
  o = await furnish("Un", { o: organisation(pg, "Un", { live: true }), rendered: true });
  await join?.(); // a deck is rendered where its file is: each node has a folder of its own
  sibling = await furnish("", { o: elsewhere(pg, o, "session") });
  other = await furnish("", { o: elsewhere(pg, o, "congress") });
  [hcp] = hcps(pg, o, 1);
});

const ask = (method, path, cookie, body, server = a) => request({ port: server.port, method, path, cookie, body });
const asHost = (method, path, body) => ask(method, path, o.staff.host.cookie, body);
const latest = (address) => waitFor("the mail", () => [a, b].flatMap((server) => server?.mails() ?? []).filter(({ to }) => to.includes(address)).pop());
const tokenOf = ({ text }) => /\/speaker#([A-Za-z0-9_-]{43})/.exec(text)[1];

async function invite(name, email, language = "fr") {
  const { json, status, text } = await asHost("POST", `/api/sessions/${o.session}/guest-speakers`, { name, email, language });
  assert.equal(status, 201, text);
  return { ...json, mail: await latest(email) };
}

async function enter(token, server = a) {
  const { status, json, headers, text } = await ask("POST", "/api/guest-speaker", undefined, { token }, server);
  assert.equal(status, 200, text);
  assert.equal(json.me.account.guest_of, o.session);
  return { id: json.me.account.id, cookie: /__Host-amphi=([^;]+)/.exec(headers["set-cookie"][0])[1] };
}

let guest, token;
test("one mail has the session, its time with the zone, the link and an entry for the calendar, in their language", async () => {
  guest = await invite("Pr Anne Roux", "anne@chu.example.org");
  const english = await invite("Dr John Doe", "john@example.org", "en");
  token = tokenOf(guest.mail);
  assert.match(guest.mail.subject, /^Votre lien d’intervenant : Session$/);
  for (const part of [/Bonjour Pr Anne Roux/, /\(heure de Paris\)/, /Durée prévue/, /jusqu’au lendemain/]) assert.match(guest.mail.text, part);
  for (const part of [/Hello Dr John Doe/, /\(Paris time\)/, /Planned length/, /until the day after/]) assert.match(english.mail.text, part);
  const [entry] = guest.mail.calendar;
  assert.match(entry, /METHOD:REQUEST/);
  assert.match(entry.replaceAll(/\r?\n /g, ""), new RegExp(`UID:${guest.id}[^]*/speaker#${token}`));
  await waitFor("the state to say so", async () => (await asHost("GET", `/api/sessions/${o.session}/guest-speakers`)).json.items.every(({ state }) => state === "sent"));
});

test("it opens that session and nothing else of the organisation", async () => {
  let person = await enter(token);
  const staffOf = () => ({ ...person, staff: Object.fromEntries(Object.keys(o.staff).map((role) => [role, person])) });
  for (const [n, route] of withIds.filter(({ roles, kind }) => roles.some((role) => role !== "hcp") && !/^(sign_in|passkey)$/.test(kind)).entries()) {
    if (n % 15 === 14) person = await enter(tokenOf((await invite("Dr N", `n${n}@example.org`)).mail)); // one person may not ask so much in a moment
    for (const there of [sibling, other]) {
      const { status } = await call(route, staffOf(), there);
      const own = there === sibling && !["session", "deck", "poll", "recording", "guest_speaker"].includes(route.kind);
      assert.ok(own ? [200, 403, 404].includes(status) : [403, 404].includes(status), `${keyOf(route)}: ${status}`);
      if (own && status === 200) assert.ok(route.inside, `${keyOf(route)} shows a part alone`);
    }
  }
  person = await enter(token);
  for (const path of [`/api/congresses/${o.congress}/registrations`, `/api/congresses/${o.congress}/registrations.csv`, `/api/sessions/${o.session}/attendance.csv`, `/api/sessions/${o.session}/participation.csv`, "/api/staff", "/api/audit", `/api/sessions/${o.session}/guest-speakers`])
    assert.ok([403, 404].includes((await ask("GET", path, person.cookie)).status), path);
  const get = async (path) => (await ask("GET", path, person.cookie)).json;
  assert.deepEqual((await get("/api/congresses")).items.map((c) => [c.id, c.session_count]), [[o.congress, 1]]);
  assert.deepEqual((await get(`/api/congresses/${o.congress}`)).sessions.map((s) => s.id), [o.session]);
  for (const there of [sibling, other]) await assert.rejects(new Live({ port: a.port, cookie: person.cookie, session: there.session }).open(), /not_found/);
});

test("the audience's figures, files and seats do not know of them; they move their slides", async () => {
  const viewer = await new Live({ port: a.port, cookie: hcp.cookie, session: o.session }).open();
  const live = await new Live({ port: a.port, cookie: (await enter(token)).cookie, session: o.session }).open();
  assert.deepEqual(live.joined.snapshot.own.me.roles, ["speaker"]);
  await live.command("slide.move", { version: live.joined.snapshot.common.session.version, deck: o.deck, page: 1 });
  await assert.rejects(live.command("session.end", { version: 0 }), ({ code }) => code === "auth.forbidden");
  const figures = (await asHost("GET", `/api/sessions/${o.session}/participation`)).json;
  const csv = async (path) => (await ask("GET", path, o.staff.organiser.cookie)).text;
  for (const path of [`/api/congresses/${o.congress}/registrations.csv`, `/api/sessions/${o.session}/attendance.csv`]) assert.doesNotMatch(await csv(path), /Roux|chu\.example/);
  assert.doesNotMatch(JSON.stringify(figures), /Roux/);
  assert.equal((await ask("GET", `/api/congresses/${o.congress}/registrations`, o.staff.organiser.cookie)).json.items.some(({ email }) => email === "anne@chu.example.org"), false);
  const counted = (table) => Number(pg.sql(`SELECT count(*) FROM ${table}`)[0][0]);
  assert.equal(counted("hcp WHERE email = 'anne@chu.example.org'"), 0);
  await waitFor("their span", () => counted(`span WHERE account_id = '${guest.id}' AND registration_id IS NULL`) > 0);
  viewer.close();
  live.close();
});

test("taken back while live: off the stage and out within a second, on the other node too", { timeout: 60000 }, async () => {
  const there = b ?? a;
  const person = await enter(token, there);
  const second = await enter(token, a);
  const host = await onStage({ server: a, o }, o.staff.host);
  const live = await onStage({ server: there, o }, person, { host });
  const beside = await new Live({ port: a.port, cookie: second.cookie, session: o.session }).open();
  const voice = await publisher({ server: there, o }, person);
  const talker = new Talker(voice);
  const who = await follower({ server: a, o }, hcp, -1);
  await waitFor("the stream to be told", () => Number.isInteger((who.of = who.live.states.get(`stage.streams ${person.id}`)?.data.stream)));
  await waitFor("the voice to be heard", () => who.late.length > 20);
  for (const one of [live, beside]) one.onClose = () => (one.closedAt = Date.now());
  const at = Date.now();
  const ended = await asHost("DELETE", `/api/guest-speakers/${guest.id}`);
  assert.equal(ended.status, 204, ended.text);
  await waitFor("both to be closed", () => live.closed !== null && beside.closed !== null, 5000);
  for (const one of [live, beside]) {
    assert.equal(one.closed, 4401);
    assert.ok(one.closedAt - at < 1000, `closed after ${one.closedAt - at} ms`);
  }
  const left = await waitFor("the others to be told", () => host.events.find(({ event, data }) => event === "stage.left" && data.person === person.id), 2000);
  assert.equal(left.data.why, "removed");
  await waitFor("the voice's connection to be closed", () => voice.closed !== null, 2000);
  assert.ok(who.heardAt - at < 1000, `heard for ${who.heardAt - at} ms more`);
  talker.stop();
  assert.equal((await ask("POST", "/api/guest-speaker", undefined, { token })).status, 410);
  for (const { cookie } of [person, second]) assert.equal((await ask("GET", "/api/me", cookie)).status, 401);
  const { json } = await asHost("GET", `/api/sessions/${o.session}/guest-speakers`);
  assert.deepEqual(json.items.slice(0, 2).map(({ state, email }) => [state, email]), [["taken_back", null], ["sent", "john@example.org"]]);
  who.live.close();
  host.close();
});
