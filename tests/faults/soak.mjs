// Half an hour of everything: a full room whose members come and go, slides, questions, votes, polls,
// registrations, exports, decks and the goal view. The rule: resident memory is flat once warm, and
// every descriptor comes back.
//
// Everything happens four times as often in the first third, which is not measured, nor are two minutes
// more: there the event ring, the table of rates and the holes that connections leave in the allocator's
// arenas come to what they will be, all of them bounded. Flat means: a straight line through the means of
// the minutes that follow rises by no more than twice its standard error, or, over half an hour, by no
// more than 2 % of what is resident. That holds for the resident memory and for what the server has in
// use by its own allocator, where a leak cannot hide in holes. What the room must remember (votes,
// questions, registrations) is part of it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { request } from "../e2e/lib/http.mjs";
import { root } from "../e2e/lib/need.mjs";
import { temporaryFolder } from "../e2e/lib/postgres.mjs";
import { between, fault, random, short, sleep } from "./lib/case.mjs";
import { Member, openAll } from "./lib/member.mjs";
import { descriptors, metric, Mover, room, rssKb } from "./lib/room.mjs";

const MINUTES = short ? 0.08 : Number(process.env.MINUTES ?? 30);
const N = Number(process.env.N ?? (short ? 100 : 2000));
const address = () => `127.${Math.floor(between(1, 255))}.${Math.floor(between(0, 256))}.${Math.floor(between(1, 255))}`;
const pick = (list) => list[Math.floor(random() * list.length)];

// What may be refused without anything being wrong, because two of these loops met.
const MEETINGS = new Set(["question.state", "question.own", "poll.closed", "poll.state", "rate.limited", "not_found", "session.version"]);

// Least squares over equally spaced values: slope per step and its standard error.
function line(values) {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b) / n;
  const sxx = (n * (n * n - 1)) / 12;
  const slope = values.reduce((sum, y, i) => sum + (i - (n - 1) / 2) * (y - mean), 0) / sxx;
  const rest = values.reduce((sum, y, i) => sum + (y - mean - slope * (i - (n - 1) / 2)) ** 2, 0);
  return { mean, slope, error: Math.sqrt(rest / Math.max(1, n - 2) / sxx) };
}

const means = (values, size) => Array.from({ length: Math.floor(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size).reduce((a, b) => a + b) / size);

await fault({ limit: MINUTES * 60 + 300 }, async (figures) => {
  const { pg, server, o, people, decks } = await room({ people: N, decks: [{ pages: 12, chars: 500 }, { pages: 20, chars: 200 }] });
  const at = { port: server.port, session: o.session };
  const api = async (method, path, body, cookie = o.staff.organiser.cookie, more = {}) => {
    const rs = await request({ port: server.port, method, path, body, cookie, ...more }).catch((error) => {
      throw new Error(`${method} ${path}: ${error.message}`);
    });
    done[`${method} ${rs.status}`] = (done[`${method} ${rs.status}`] ?? 0) + 1;
    if (rs.status >= 400 && rs.status !== 429) throw new Error(`${method} ${path.replace(/[0-9a-f-]{36}/g, "…")}: ${rs.status} ${rs.text.slice(0, 200)}`);
    return rs;
  };
  const done = {};
  for (const [name, key, value] of [["Cardiology", "specialty", "SM04"], ["Île-de-France", "region", "11"]])
    await api("POST", `/api/congresses/${o.congress}/target-profiles`, { name, goal_registrations: N, goal_attendees: N, goal_participation_rate: 0.5, criteria: { all_of: [{ attribute: key, codes: [value] }], any_of: [], none_of: [] } });
  const pdf = `${temporaryFolder("soak")}/talk.pdf`;
  execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", "3", pdf]);
  const talk = readFileSync(pdf);
  await sleep(500);
  const descriptorsBefore = descriptors(server);

  const staff = async (role) => new Member({ ...at, cookie: o.staff[role].cookie, comesBack: true }).open();
  const [host, moderator, organiser] = [await staff("host"), await staff("moderator"), await staff("organiser")];
  const mover = new Mover(host);
  let goals = 0; // pushes of the goal view
  organiser.onState = (name) => name === "participation" && goals++;
  const members = await openAll(people.map((p) => new Member({ ...at, cookie: p.cookie, comesBack: true, localAddress: address() })));
  figures.members = N;

  let running = true;
  let stop;
  const stopped = new Promise((resolve) => (stop = resolve));
  let wrong = null;
  const loops = [];
  const began = Date.now();
  const WARM_MS = (MINUTES / 3) * 60000;
  const pace = () => (short ? 0.2 : Date.now() - began < WARM_MS ? 0.25 : 1);
  // Every so many milliseconds at the usual pace, on average, one after another.
  const every = (ms, act) =>
    loops.push((async () => {
      for (let first = true; running && !wrong; first = false) {
        await Promise.race([stopped, sleep(pace() * (first ? between(0, Math.min(ms, 2000)) : between(0.5, 1.5) * ms))]);
        if (!running) return;
        try {
          await act();
        } catch (error) {
          if (!MEETINGS.has(error.code) && !/^closed |^not online/.test(error.message)) wrong = error;
        }
      }
    })());
  const someone = () => pick(members.filter((m) => m.online && !m.stopped)); // not one who is just leaving

  every(1000, async () => { // churn: some take leave, some just vanish, all come back
    for (let i = 0; i < Math.ceil(N / 200); i++) {
      const member = someone();
      if (!member) return;
      member.stopped = true;
      if (random() < 0.5) member.close();
      else member.destroy();
      setTimeout(() => {
        if (!running) return;
        member.stopped = false;
        member.open().catch(() => {});
      }, between(1000, 5000) * pace());
    }
  });
  every(2000, () => mover.to(decks[random() < 0.1 ? 1 : 0], 1 + Math.floor(random() * 12)));
  const approved = [];
  every(4000, async () => {
    const question = randomUUID();
    await someone()?.command("question.ask", { question, text: `Why ${question}?`, anonymous: random() < 0.5 });
    await moderator.command("question.approve", { question });
    approved.push(question);
    if (approved.length > 20) await moderator.command("question.answer", { question: approved.shift() });
  });
  every(500, async () => approved.length && someone()?.command("question.vote", { question: pick(approved) }));
  every(60000, async () => { // 60 in half an hour: a session has at most 100
    const poll = (await api("POST", `/api/sessions/${o.session}/polls`, { question: `Which ${randomUUID()}?`, choice: "single", options: ["A", "B", "C"] })).json.id;
    await waitFor("the poll to be known to the room", () => moderator.command("poll.open", { poll }).then(() => true, (e) => e.code !== "not_found" && Promise.reject(e)));
    const voters = members.filter((m) => m.online && random() < Math.min(1, 50 / N));
    await Promise.allSettled(voters.map((m) => m.command("poll.vote", { poll, choices: [1 + Math.floor(random() * 3)] })));
    await moderator.command("poll.show_results", { poll });
    await moderator.command("poll.close", { poll });
  });
  every(200, async () => {
    const member = someone();
    if (member) await member.command("presence.visible", { visible: (member.visible = !member.visible) });
  });
  every(2000, () => api("POST", `/api/registration-pages/${o.code}`, {
    email: `new-${randomUUID()}@example.org`, first_name: "Ada", last_name: "Lovelace", language: "fr", profession: "10", specialty: "SM04", practice_setting: "SA01", region: "11", age_band: "45_54",
    consents: [{ kind: "participation", version: 1, given: true }, { kind: "contact", version: 1, given: false }],
  }, null, { from: address() }));
  every(5000, async () => {
    const csv = await api("GET", `/api/sessions/${o.session}/attendance.csv?dialect=machine`);
    if (csv.text.split("\r\n").length < N) throw new Error("the export is too short");
    await api("GET", `/api/sessions/${o.session}/participation.csv`);
    await api("GET", `/api/congresses/${o.congress}/registrations?limit=200`);
  });
  every(60000, async () => {
    const deck = (await api("POST", `/api/sessions/${o.session}/decks?file_name=x.pdf`, talk, o.staff.organiser.cookie, { headers: { "Content-Type": "application/pdf" } })).json.id;
    await waitFor("the deck to be rendered", async () => (await api("GET", `/api/sessions/${o.session}/decks`)).json.items.find((d) => d.id === deck)?.state === "ready", 60000);
    await api("GET", `/api/decks/${deck}/pages/1/960`);
    await api("DELETE", `/api/decks/${deck}`);
  });
  every(500, () => api("GET", "/", undefined, null, { from: address() }));

  const rss = [];
  const inUse = []; // KB
  let mostDescriptors = 0;
  const end = Date.now() + MINUTES * 60000;
  while (Date.now() < end && !wrong) {
    await sleep(short ? 100 : 1000);
    rss.push(rssKb(server));
    inUse.push((await metric(server, "amphi_heap_in_use_bytes")) / 1024);
    mostDescriptors = Math.max(mostDescriptors, descriptors(server));
  }
  running = false;
  stop();
  await Promise.all(loops);
  if (wrong) throw wrong;

  const minute = short ? 10 : 60; // samples
  const later = (values) => values.slice(Math.floor(values.length / 3) + (short ? 0 : 2 * minute));
  const lines = {};
  for (const [name, values] of Object.entries({ resident: rss, in_use: inUse })) {
    console.error(`${name}, KB, each minute: ${means(values, minute).map(Math.round).join(" ")}`);
    const { mean, slope, error } = (lines[name] = line(means(later(values), minute)));
    Object.assign(figures, { [`${name}_mb`]: mean / 1024 }, short ? {} : { [`${name}_kb_per_min`]: slope, [`${name}_error`]: error });
  }
  figures.descriptors_most = mostDescriptors;
  figures.joins = members.reduce((n, m) => n + m.joins, 0);
  figures.goal_pushes = goals;
  Object.assign(figures, done);
  assert.ok(goals > 0, "the goal view was told");

  for (const m of [...members, host, moderator, organiser]) m.close();
  await waitFor("all connections to be closed", async () => (await metric(server, "amphi_net_live_connections")) === 0, 20000);
  await waitFor("every descriptor to come back", () => descriptors(server) <= descriptorsBefore + 2, 20000);
  figures.descriptors_left = descriptors(server) - descriptorsBefore;
  await waitFor("every span to be closed", () => pg.sql("SELECT count(*) FROM span WHERE left_at IS NULL")[0][0] === "0", 5000);
  assert.ok(mostDescriptors <= descriptorsBefore + 1.5 * N + 200, "descriptors stay near the number of people");
  const first = later(rss)[0];
  if (short) assert.ok(rss.at(-1) - first < 20 * 1024, `memory grew by ${rss.at(-1) - first} KB`);
  else
    for (const [name, { slope, error }] of Object.entries(lines))
      assert.ok(slope <= 2 * error || 30 * slope <= 0.02 * lines.resident.mean, `${name}: grows by ${Math.round(slope)} KB a minute (± ${Math.round(error)})`);
});
