// Rule: the goal board says what its own definitions give from the exports, of random registrations and stays in two
// sessions: a person counts once, whoever attended and cancelled still counts, rows and breakdowns add up. Where a target
// population comes from stands beside it in the table and in the file.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { parseCsv } from "./lib/attendance.mjs";
import { openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { elsewhere, hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { seeded } from "./lib/random.mjs";
import { Server } from "./lib/server.mjs";

const PEOPLE = 300;
let pg, server, o, second, third;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un");
  second = elsewhere(pg, o, "session");
  third = elsewhere(pg, o, "session"); // to come
});
after(cleanup);

const random = seeded(13);
const below = (n) => Math.floor(random() * n);
const one = (list) => list[below(list.length)];
const organiser = (method, path, body) => request({ port: server.port, method, path, body, cookie: o.staff.organiser.cookie });
const read = async (path) => {
  const { status, text, json } = await organiser("GET", path);
  assert.equal(status, 200, text.slice(0, 300));
  return json ?? text;
};
const board = () => read(`/api/congresses/${o.congress}/goals`);

const criteria = (attribute, codes) => ({ all_of: [{ attribute, codes }], any_of: [], none_of: [] });
async function profile(name, goals, wanted) {
  const body = { name, goal_registrations: null, goal_attendees: null, goal_participation_rate: null, universe: null, universe_source: null, criteria: wanted, ...goals };
  const made = await organiser("POST", `/api/congresses/${o.congress}/target-profiles`, body);
  assert.equal(made.status, 201, made.text);
  return made.json.id;
}

// Each person's region, channel, day of registration, cancellation, and stays of some minutes in two ended sessions of an hour.
function play() {
  const people = Array.from({ length: 6 }, () => hcps(pg, o, PEOPLE / 6, { region: one(["11", "53", "76"]), specialty: one(["SM04", "SM54"]) })).flat();
  const spans = [];
  const rows = people.map(({ registration }) => {
    for (const { session } of [o, second])
      if (below(3) > 0) {
        const id = randomUUID();
        spans.push(`('${id}', '${o.id}', '${session}', '${registration}', 'connected', '${id}', (SELECT id FROM node LIMIT 1), now() - interval '2 hours', now() - interval '2 hours' + interval '${one([30, 59, 61, 600, 2699, 2701, 3600])} s', now() - interval '1 hour', true)`);
      }
    const state = below(8) ? "'registered', NULL::timestamptz" : "'cancelled', now()";
    return `('${registration}'::uuid, '${one(["email", "web_site", "representative"])}', ${state}, now() - interval '${below(12 * 24)} hours')`;
  });
  pg.sql(`UPDATE registration r SET channel = v.channel, state = v.state, cancelled_at = v.cancelled, registered_at = v.at FROM (VALUES ${rows.join(",")}) v (id, channel, state, cancelled, at) WHERE r.id = v.id;
    UPDATE registration SET category = 'press', affiliation = 'Le Quotidien', profession = NULL, specialty = NULL, practice_setting = NULL, region = NULL, age_band = NULL WHERE id IN (${people.filter(() => below(9) === 0).map(({ registration }) => `'${registration}'`)});
    UPDATE session SET state = 'ended', live_at = now() - interval '2 hours', ended_at = now() - interval '1 hour' WHERE id IN ('${o.session}', '${second.session}');
    INSERT INTO span (id, organisation_id, session_id, registration_id, kind, connection, node_id, joined_at, left_at, gone_at, on_purpose) VALUES ${spans.join(",")}`);
}

async function everyRegistration() {
  const found = [];
  for (let cursor = ""; cursor !== null;) {
    const page = await read(`/api/congresses/${o.congress}/registrations?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    found.push(...page.items);
    cursor = page.next;
  }
  return found;
}

// The board again, from what an organiser can export.
async function recomputed(ids) {
  const files = await Promise.all([o, second].map(({ session }) => read(`/api/sessions/${session}/attendance.csv?dialect=machine`)));
  const took = (column) => new Set(files.flatMap((file) => parseCsv(file).filter((row) => row[column] === "yes").map((row) => row.registration_id)));
  const [attended, completed] = [took("attended"), took("completed")];
  const counted = (await everyRegistration()).filter((r) => r.state === "registered" || attended.has(r.id));
  const people = counted.filter((r) => r.category === "hcp");
  const count = (list) => ({ registered: list.length, attended: list.filter((r) => attended.has(r.id)).length, completed: list.filter((r) => completed.has(r.id)).length });
  const by = (key) => [...new Set(people.map((r) => r[key]))].map((value) => ({ [key]: value, ...count(people.filter((r) => r[key] === value)) }))
    .sort((a, b) => b.registered - a.registered || (a[key] < b[key] ? -1 : 1));
  return {
    all: count(people),
    no_profile: count(people.filter((r) => r.profiles.length === 0)),
    others: count(counted.filter((r) => r.category !== "hcp")),
    profiles: ids.map((id) => ({ id, ...count(people.filter((r) => r.profiles.includes(id))) })),
    channels: by("channel"),
    regions: by("region"),
    people,
  };
}

test("the board equals its recomputation from the exports", { timeout: 60000 }, async () => {
  const ids = [await profile("Cardiologists", { goal_registrations: 500, universe: 4000, universe_source: "Register, 2026" }, criteria("specialty", ["SM04"])), await profile("Brittany", { goal_attendees: 40 }, criteria("region", ["53"]))];
  play();
  pg.sql(`SELECT match_congress('${o.congress}')`);
  const [got, want] = [await board(), await recomputed(ids)];
  const { people, ...parts } = want;
  const profiles = got.profiles.map(({ id, registered, attended, completed }) => ({ id, registered, attended, completed }));
  assert.deepEqual({ all: got.all, no_profile: got.no_profile, others: got.others, profiles, channels: got.channels, regions: got.regions }, parts);
  assert.equal(got.sessions_held, 2);
  assert.ok(want.all.completed > 0 && want.all.completed < want.all.attended && want.all.attended < want.all.registered, "histories of each kind");
  assert.ok(want.others.attended > 0, "others than HCPs came, too");
  assert.ok(people.some((r) => r.state === "cancelled"), "one attended and cancelled");
  for (const list of [got.channels, got.regions, got.days]) assert.equal(list.reduce((sum, { registered }) => sum + registered, 0), got.all.registered);
  const week = (id) => people.filter((r) => r.profiles.includes(id) && Date.parse(got.as_of) - Date.parse(r.registered_at) < 7 * 86400000).length;
  for (const { id, recent } of got.profiles) assert.equal(recent.reduce((sum, n) => sum + n, 0), week(id));
  assert.deepEqual([got.profiles[0].universe, got.profiles[0].goal_registrations, got.profiles[1].goal_attendees], [4000, 500, 40]);
});

test("the next session is the first to come, and none when all are over", async () => {
  const { next_session_at } = await board();
  assert.equal(Date.parse(next_session_at), Number(pg.sql(`SELECT (extract(epoch FROM date_trunc('milliseconds', starts_at)) * 1000)::bigint FROM session WHERE id = '${third.session}'`)[0][0]));
  pg.sql(`UPDATE session SET state = 'cancelled' WHERE id = '${third.session}'`);
  assert.equal((await board()).next_session_at, null);
});

const GOALS = { goal_registrations: 140, goal_attendees: 100, goal_completions: 80, goal_coverage: 0.025, goal_registration_rate: 0.035, goal_participation_rate: 0.7, goal_completion_rate: 0.8, goal_due: "2027-03-27" };
const goalsOf = (one) => Object.fromEntries(Object.keys(GOALS).map((goal) => [goal, one[goal]]));

test("a goal of each measure and the day for it are kept, shown, changed one by one, and copied with the congress as many days later", async () => {
  const id = await profile("All goals", GOALS, criteria("region", ["11"]));
  const shown = (await board()).profiles.find((one) => one.id === id);
  assert.deepEqual(goalsOf(shown), GOALS);
  assert.equal(shown.goal_due_at, "2027-03-27T23:00:00.000Z", "the end of the day in Paris");
  const changed = await organiser("PATCH", `/api/target-profiles/${id}`, { goal_coverage: null, goal_due: "2027-03-28" });
  assert.equal(changed.status, 200, changed.text);
  assert.deepEqual(goalsOf(changed.json), { ...GOALS, goal_coverage: null, goal_due: "2027-03-28" });
  assert.equal((await board()).profiles.find((one) => one.id === id).goal_due_at, "2027-03-28T22:00:00.000Z", "that day has 23 hours");
  for (const wrong of [{ goal_due: "2027-02-29" }, { goal_due: "27/03/2027" }, { goal_due: 5 }, { goal_coverage: 1.1 }, { goal_completions: 0 }, { goal_completion_rate: "1" }]) {
    const { status, json } = await organiser("PATCH", `/api/target-profiles/${id}`, wrong);
    assert.deepEqual([status, json.errors?.[0]?.field ?? json.field], [422, Object.keys(wrong)[0]], JSON.stringify(json));
  }
  const [[first, later]] = pg.sql(`SELECT to_char(d, 'YYYY-MM-DD'), to_char(d + 100, 'YYYY-MM-DD') FROM (SELECT min(starts_at AT TIME ZONE 'Europe/Paris')::date AS d FROM session WHERE congress_id = '${o.congress}' AND state <> 'cancelled') q`);
  const copy = await organiser("POST", "/api/congress-copies", { congress: o.congress, title: "Again", first_day: later });
  assert.equal(copy.status, 201, `${first}: ${copy.text}`);
  const [[due]] = pg.sql(`SELECT goal_due - date '2027-03-28' FROM target_profile WHERE congress_id = '${copy.json.id}' AND name = 'All goals'`);
  assert.equal(due, "100");
  await organiser("DELETE", `/api/target-profiles/${id}`);
});

for (const [language, locale, show, download, population, source] of [
  ["en", "en-GB", "Show as a table", "Download the figures: CSV", "Target population", "Source of the target population"],
  ["fr", "fr-FR", "Afficher en tableau", "Télécharger les chiffres : CSV", "Population cible", "Source de la population cible"],
])
  test(`the source of a target population stands beside it in the table and the file (${language})`, async () => {
    const context = await openContext(await openBrowser(), { locale });
    await context.addCookies([{ name: "__Host-amphi", value: o.staff.organiser.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
    const page = await context.newPage();
    await page.goto(`${server.url}/congresses/${o.congress}/goals`);
    const figures = page.locator(".as-table").filter({ hasText: source });
    await figures.getByRole("button", { name: show }).click();
    const cells = await figures.getByRole("row").filter({ hasText: "Cardiologists" }).getByRole("cell").allTextContents();
    assert.deepEqual([cells[0].replace(/\D/g, ""), cells[1]], ["4000", "Register, 2026"]);
    const [file] = await Promise.all([page.waitForEvent("download"), figures.getByRole("button", { name: download }).click()]);
    const [head, ...lines] = readFileSync(await file.path(), "utf8").replace(/^\ufeff/, "").trimEnd().split("\r\n");
    const separator = language === "fr" ? ";" : ",";
    assert.ok(head.includes([population, source, ""].join(separator)), head);
    assert.ok(lines.some((line) => line.startsWith(["Cardiologists", "4000", '"Register, 2026"', ""].join(separator))), lines.join("\n"));
    assert.deepEqual(context.errors, []);
  });
