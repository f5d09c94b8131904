// Rule: where the network lets no websocket through, requests carry the live session: an HCP joins, sees slides, votes,
// asks, is counted, comes back after a loss and is closed when signed out, and attendance is what the oracle says.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { attendance, parseCsv } from "./lib/attendance.mjs";
import { openBrowser, saveScreens } from "./lib/browser.mjs";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { elsewhere, hcps, organisation, poll } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { seeded } from "./lib/random.mjs";
import { RefusingProxy } from "./lib/refusing.mjs";
import { faults, PAGES, Room } from "./lib/room.mjs";
import { Server } from "./lib/server.mjs";

const QUESTION = "Faut-il adapter la dose ?";
let pg, server, o;
after(cleanup);

before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg, env: { AMPHI_PING_MS: "2000" } }).start(); // 8 s without a request are silence
  o = organisation(pg, "Laboratoire Exemple");
  o.people = hcps(pg, o, 30);
});

const rule = (name, run) => test(name, { timeout: 120000 }, () => run().catch(async (error) => {
  await saveScreens("carried");
  throw error;
}));

// A room whose visitors come through a proxy of the given kind.
async function prepared(kind, options) {
  const proxy = await new RefusingProxy({ target: server.port, keys: server.keys, ...kind }).listen();
  const browser = await openBrowser({ server, proxy });
  const room = await new Room({ pg, server, browser, o }).prepare(options);
  return { proxy, room };
}

const passed = async (ms) => {
  const from = Date.now();
  await waitFor(`${ms} ms to pass`, () => Date.now() - from >= ms);
};

const notice = (page) => page.getByText("Your network does not let live connections through");
const counted = (room, people) => waitFor(`${people} to be counted`, () => room.host.states.get("presence.count ")?.data.people === people);

const networks = { "refuses upgrades": { stream: true }, "refuses upgrades and keeps replies until they are whole": {}, "answers upgrades with silence": { hold: true } };
for (const [who, [name, kind]] of Object.entries(networks).entries())
  rule(`a network that ${name}`, async () => {
    const { proxy, room } = await prepared(kind);
    const page = await room.visit(who);
    await notice(page).waitFor();
    assert.ok(proxy.refused > 0);
    await page.getByText("Connected", { exact: true }).waitFor();
    await counted(room, 1);
    await room.start();
    await room.show(2);
    await page.getByText(`Slide 2 of ${PAGES}`, { exact: true }).waitFor();
    const image = page.getByRole("img", { name: `Slide 2 of ${PAGES}` });
    await page.waitForFunction((img) => img.complete && img.naturalWidth > 0, await image.elementHandle());
    await room.openPoll(0);
    await page.getByLabel("Inhibiteur SGLT2").check();
    await page.getByRole("button", { name: "Send my answer" }).click();
    await page.getByText("Your answer is recorded.").waitFor();
    await waitFor("the vote", () => room.host.states.get(`poll.tally ${room.polls[0]}`)?.data.counts[1] === 1);
    await page.getByRole("tab", { name: "Questions" }).click();
    await page.getByLabel("Your question").fill(QUESTION);
    await page.getByRole("button", { name: "Send question" }).click();
    await page.getByText("Your question was received.").waitFor();
    await waitFor("the question", () => room.host.events.some((e) => e.event === "question.asked" && e.data.question.text === QUESTION));

    const back = proxy.cut(); // lost, and back: what happened meanwhile is told
    await page.getByText(/^Connection lost/).first().waitFor();
    await room.show(3);
    back();
    await page.getByText(`Slide 3 of ${PAGES}`, { exact: true }).waitFor();
    await page.getByText("Connected", { exact: true }).waitFor();
    await counted(room, 1);
    assert.deepEqual(await faults(page), []);

    await request({ port: server.port, method: "POST", path: "/api/sign-out", cookie: o.people[who].cookie });
    await page.getByText("You are no longer signed in here.").waitFor();
    await counted(room, 0);
    await page.context().close();
  });

rule("the websocket takes over as soon as it is let through", async () => {
  const { proxy, room } = await prepared({}, { deck: false });
  const page = await room.visit(3);
  await notice(page).waitFor();
  await page.getByRole("button", { name: "Got it" }).click();
  await notice(page).waitFor({ state: "detached" });
  proxy.allow = true;
  await room.start();
  await waitFor("the websocket", () => proxy.carried("close").length > 0, 45000);
  await page.getByText("Connected", { exact: true }).waitFor();
  await room.openPoll(0);
  await page.getByRole("region", { name: "Question 1" }).waitFor();
  await waitFor("no more requests", async () => {
    const before = proxy.carried("next").length;
    await passed(2500); // longer than one waits
    return proxy.carried("next").length === before;
  });
  await counted(room, 1);
  const spans = pg.sql(`SELECT joined_at, left_at FROM span WHERE registration_id = '${o.people[3].registration}' AND session_id = '${room.o.session}' AND kind = 'connected' ORDER BY joined_at`);
  assert.equal(spans.length, 2);
  assert.ok(spans[1][0] <= spans[0][1], "there was no moment without a connection");
  await page.context().close();
});

rule("a page that is closed says so, and its stay ends then", async () => {
  const { room } = await prepared({}, { deck: false });
  const page = await room.visit(4);
  await notice(page).waitFor();
  await counted(room, 1);
  const closing = Date.now();
  await page.close({ runBeforeUnload: false });
  await counted(room, 0);
  assert.ok(Date.now() - closing < 4000, "not after silence");
  await page.context().close();
});

rule("staff conduct a session from such a network", async () => {
  const { room } = await prepared({});
  const page = await room.visit("host");
  await notice(page).waitFor();
  await page.getByRole("button", { name: "Start the session" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Start the session" }).click();
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Next slide" }).click();
  await page.getByText(`Slide 1 of ${PAGES}`, { exact: true }).waitFor();
  await page.context().close();
});

test("rights, order and commands are those of a websocket", { timeout: 60000 }, async () => {
  const there = elsewhere(pg, o, "session");
  const [open] = [poll(pg, there, 1)];
  const enter = (cookie, carried) => new Live({ port: server.port, cookie, session: there.session, carried }).open();
  const host = await enter(there.staff.host.cookie, true);
  const hcp = await enter(o.people[5].cookie, true);
  const other = await enter(o.people[6].cookie, false);
  onCleanup(() => [host, hcp, other].forEach((live) => live.close()));
  assert.deepEqual(Object.keys(hcp.joined.snapshot.common).sort(), Object.keys(other.joined.snapshot.common).sort());
  await assert.rejects(hcp.command("session.start", { version: 0 }), { code: "auth.forbidden" });
  await host.command("session.start", { version: 0 });
  await host.command("poll.open", { poll: open });
  const votes = await Promise.all([1, 2, 3].map((choice) => hcp.command("poll.vote", { poll: open, choices: [choice] })));
  assert.deepEqual(votes, [1, 1, 1].map((choice) => ({ choices: [choice] })), "the first counts: they came in order");
  for (let i = 0; i < 5; i++) await hcp.command("question.ask", { question: randomUUID(), text: `Q${i}`, anonymous: false });
  await waitFor("all events at the host", () => host.events.filter((e) => e.event === "question.asked").length === 5);
  await waitFor("the same events", () => hcp.events.length === other.events.length + 5);
  const seqs = hcp.events.map((e) => e.seq);
  assert.deepEqual(seqs, [...seqs].sort((a, b) => a - b));
  assert.deepEqual(hcp.events.filter((e) => !e.event.startsWith("question")), other.events);
  await assert.rejects(new Live({ port: server.port, session: there.session, carried: true }).open(), /closed 4401/);
  await assert.rejects(enter(o.people[7].cookie, true).then((live) => live.command("no.such", {})), { code: "request.unknown" });
});

test("a person has 64 connections, however they are made", { timeout: 60000 }, async () => {
  const there = elsewhere(pg, o, "session");
  const enter = (carried) => new Live({ port: server.port, cookie: o.people[8].cookie, session: there.session, carried }).open();
  const all = await Promise.all(Array.from({ length: 64 }, (_, i) => enter(i % 2 === 0)));
  onCleanup(() => all.forEach((live) => live.terminate()));
  await assert.rejects(enter(true), /closed 1008/);
  await assert.rejects(enter(false), /closed 1008/);
  all[0].close();
  await waitFor("one to be gone", () => enter(true).then((live) => all.push(live), () => false));
  for (const live of all) live.close();
});

// --- attendance, beside the oracle ---

const GAP_MS = 3000;
const SILENCE_MS = 8000;
// Comes and goes: each stay ends by a word or in silence, and is followed by another one sooner or later than the gap.
async function comesAndGoes(session, person, random) {
  const stays = [];
  for (let i = 0; i < 3; i++) {
    const live = await new Live({ port: server.port, cookie: person.cookie, session, carried: random() < 0.8 }).open();
    const began = Date.now();
    await passed(500 + random() * 3500);
    const says = random() < 0.5;
    const gone = Date.now();
    if (says) live.close();
    else live.terminate();
    await waitFor("its requests to be over", () => live.closed !== null);
    stays.push(() => (live.carried ? live.socket.stay(began) : { websocket: began, close: gone }));
    // Whoever falls silent is there for the server until the answer that waits for them; near the gap nothing is to be told.
    await passed((random() < 0.5 ? 0.3 : 2.2) * GAP_MS + (says || !live.carried ? 0 : 2000));
  }
  return stays;
}

test("attendance is what the oracle says of requests", { timeout: 120000 }, async () => {
  const there = elsewhere(pg, o, "session");
  pg.sql(`UPDATE session SET state = 'live', live_at = now(), presence_gap = interval '3 seconds' WHERE id = '${there.session}'`);
  const random = seeded(11);
  const people = o.people.slice(9, 29);
  const began = Date.now();
  const played = await Promise.all(people.map((person) => comesAndGoes(there.session, person, random)));
  await passed(SILENCE_MS + 1000);
  const all = played.map((stays) => stays.map((stay) => stay()));
  await waitFor("all spans to end", () => pg.sql(`SELECT count(*) FROM span WHERE session_id = '${there.session}' AND left_at IS NULL`)[0][0] === "0");
  pg.sql(`UPDATE session SET state = 'ended', ended_at = now() WHERE id = '${there.session}'`);
  const csv = await request({ port: server.port, path: `/api/sessions/${there.session}/attendance.csv?dialect=machine`, cookie: o.staff.organiser.cookie });
  const rows = new Map(parseCsv(csv.text).map((row) => [row.registration_id, row]));
  const near = (at, ms) => Math.abs(at - ms) <= 400; // the way there and back, on a busy machine
  const differences = people.flatMap((person, i) => {
    const spans = pg.sql(`SELECT extract(epoch FROM left_at) * 1000, extract(epoch FROM gone_at) * 1000 FROM span WHERE registration_id = '${person.registration}' AND session_id = '${there.session}' AND kind = 'connected' ORDER BY joined_at`);
    const want = attendance(all[i], [began, Date.now()], { gapMs: GAP_MS });
    const got = Number(rows.get(person.registration)?.seconds_present);
    const same = Math.abs(got + 0.5 - want.seconds) <= 1 && spans.length === all[i].length && spans.every(([left, gone], n) => near(left, all[i][n].close) && near(gone, all[i][n].gone ?? all[i][n].close));
    return same ? [] : [`${got} s, not ${want.seconds}: ${JSON.stringify(spans)}, not ${JSON.stringify(all[i])}`];
  });
  assert.deepEqual(differences, []);
});
