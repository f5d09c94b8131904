// Rule: a session is measured against its own goals; without any, and when it is the only one of its congress, against those of the
// congress; one of several never against a goal of them all. They are set on the page of its participation, which shows them at once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { parseCsv } from "./lib/attendance.mjs";
import { profile } from "./lib/board.mjs";
import { axe, openBrowser, signedInContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { elsewhere, hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const shots = process.env.SHOTS; // a folder: what each page looks like
const CONGRESS = { goal_registrations: 30, goal_attendees: 20, goal_completions: 10, goal_participation_rate: 0.6, goal_completion_rate: 0.5 };
const NONE = { goal_attendees: null, goal_completions: null, goal_participation_rate: null, goal_completion_rate: null };
let pg, server, browser, o, id, other;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
  o = organisation(pg, "Un");
  other = organisation(pg, "Deux");
  id = await profile(server, o, "Cardiologists", CONGRESS, { specialty: ["SM04"] });
  await profile(server, o, "Nurses", {}, { profession: ["60"] });
  hcps(pg, o, 12);
  pg.sql(`SELECT match_congress('${o.congress}')`);
});
after(cleanup);

const call = (method, path, body, who = o.staff.organiser) => request({ port: server.port, method, path, body, cookie: who.cookie });
const put = (profiles, session = o.session, who) => call("PUT", `/api/sessions/${session}/goals`, { profiles }, who);
async function measured(session = o.session) {
  const { json } = await call("GET", `/api/sessions/${session}/participation`);
  const one = json.profiles.find((p) => p.id === id);
  return Object.fromEntries(Object.keys(CONGRESS).map((goal) => [goal, one[goal]]));
}

test("the only session is measured against the congress's goals, one of two against its own alone", async () => {
  assert.deepEqual(await measured(), CONGRESS);
  const second = elsewhere(pg, o, "session");
  for (const session of [o.session, second.session]) assert.deepEqual(await measured(session), { ...NONE, goal_registrations: 30 });
  const own = { goal_attendees: 8, goal_completions: 6, goal_participation_rate: 0.655, goal_completion_rate: null };
  const { status, json } = await put([{ id, ...own }], second.session);
  assert.equal(status, 200, JSON.stringify(json));
  assert.deepEqual(json.items.map(({ name, ...goals }) => [name, goals]), [["Cardiologists", { id, ...own }], ["Nurses", { ...NONE, id: json.items[1].id }]]);
  assert.deepEqual(await measured(second.session), { ...own, goal_registrations: 30 });
  assert.deepEqual(await measured(), { ...NONE, goal_registrations: 30 });
  const { text } = await call("GET", `/api/sessions/${second.session}/participation.csv?dialect=machine`);
  const line = parseCsv(text).find(({ target_profile: name }) => name === "Cardiologists");
  assert.deepEqual([line.goal_attendees, line.attendees_reached, line.goal_completions, line.completions_reached, line.goal_completion_rate, line.completion_rate_reached], ["8", "no", "6", "no", "", ""]);
  pg.sql(`UPDATE session SET state = 'cancelled' WHERE id = '${second.session}'`);
  assert.deepEqual(await measured(), CONGRESS, "a cancelled session is none");
  assert.equal((await put([{ id, goal_attendees: 5 }])).status, 200);
  assert.deepEqual(await measured(), { ...NONE, goal_attendees: 5, goal_registrations: 30 }, "its own goals alone, once it has any");
  assert.equal((await put([])).status, 200);
  assert.deepEqual(await measured(), CONGRESS);
});

test("what is not well formed, or of elsewhere, changes nothing and says where", async () => {
  await put([{ id, goal_attendees: 5 }]);
  const strange = await profile(server, other, "Strangers", {}, {});
  for (const [wrong, field] of [[[{ id, goal_attendees: 0 }], "goal_attendees"], [[{ id, goal_completion_rate: 1.5 }], "goal_completion_rate"], [[{ id, goal_registrations: 4 }], "goal_registrations"],
    [[{ id: "x" }], "id"], [[{ goal_attendees: 3 }], "id"], [["x"], "profiles"], [[{ id }, { id }], "profiles"], [[{ id: strange, goal_attendees: 3 }], "profiles"], ["x", "profiles"], [Array.from({ length: 65 }, () => ({ id })), "profiles"]]) {
    const { status, json } = await put(wrong);
    assert.deepEqual([status, json.errors?.[0]?.field ?? json.field], [422, field], `${JSON.stringify(wrong).slice(0, 80)}: ${JSON.stringify(json)}`);
  }
  assert.equal((await measured()).goal_attendees, 5);
  assert.equal((await put([], o.session, o.staff.host)).status, 403);
  assert.equal((await put([], o.session, other.staff.organiser)).status, 404);
  await put([]);
});

for (const [language, width, dark] of [["en", 390, false], ["fr", 1440, true]])
  test(`set on the session's page, and shown there (${language}, ${width} px)`, { timeout: 60000 }, async () => {
    const w = { en: { open: "Goals of this session", attendees: "Attendees", rate: "Completion rate", save: "Save", goal: /goal 7/i }, fr: { open: "Objectifs de cette session", attendees: "Participants", rate: "Taux de suivi complet", save: "Enregistrer", goal: /objectif 7/i } }[language];
    const context = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, language, width, dark, bypassCSP: true });
    const page = await context.newPage();
    const look = async (name) => {
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} scrolls sideways`);
      assert.deepEqual(await axe(page), [], name);
      if (shots) await page.screenshot({ path: `${shots}/session-goals-${name}-${language}.png`, fullPage: true });
    };
    await page.goto(`${server.url}/sessions/${o.session}/participation`);
    await page.getByRole("button", { name: w.open }).click();
    const fields = page.getByRole("group", { name: "Cardiologists" });
    await fields.getByLabel(w.attendees).fill("7");
    await fields.getByLabel(w.rate).fill("62.5");
    await look("dialog");
    await page.getByRole("dialog").getByRole("button", { name: w.save }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByText(w.goal).first().waitFor();
    await look("page");
    const [stored] = pg.sql(`SELECT goal_attendees, goal_completion_rate FROM session_goal WHERE session_id = '${o.session}'`);
    assert.deepEqual(stored, ["7", "0.625"]);
    await put([]);
    assert.deepEqual(context.errors, []);
  });
