// Rule: the goal board is read on a phone and on a desk, in light and dark and in both languages: by organisers with each number, by hosts
// masked, with a word for what is hidden instead of a number.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { held, play, profile } from "./lib/board.mjs";
import { axe, counted, openBrowser, signedInContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { elsewhere, hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { seeded } from "./lib/random.mjs";
import { Server } from "./lib/server.mjs";

const shots = process.env.SHOTS; // a folder: what each page looks like
const random = seeded(4);
const one = (list) => list[Math.floor(random() * list.length)];
let pg, server, browser, o;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
  o = organisation(pg, "Un");
  await profile(server, o, "Cardiologists", { goal_registrations: 120, goal_attendees: 60, universe: 4000, universe_source: "Register, October 2026" }, { specialty: ["SM04"] });
  await profile(server, o, "General practitioners in Brittany", { goal_registrations: 20 }, { region: ["53"], specialty: ["SM54"] });
  const people = [["11", "SM04", 60], ["53", "SM04", 24], ["53", "SM54", 3], ["76", "SM54", 31], ["94", "SM54", 2]].flatMap(([region, specialty, n]) => hcps(pg, o, n, { region, specialty }));
  const rows = people.map(({ registration }) => `('${registration}'::uuid, '${one(["email", "email", "email", "web_site", "representative"])}', now() - interval '${Math.floor(random() * 480)} hours')`);
  pg.sql(`UPDATE registration r SET channel = v.channel, registered_at = v.at FROM (VALUES ${rows.join(",")}) v (id, channel, at) WHERE r.id = v.id;
    UPDATE session SET state = 'ended', live_at = now() - interval '2 hours', ended_at = now() - interval '1 hour' WHERE id = '${o.session}'; SELECT match_congress('${o.congress}')`);
  play(pg, o, [o.session], people, one, 90);
  around();
});
after(cleanup);

// Two congresses of the last months, and a round that invited some.
function around() {
  const stays = (n) => Array.from({ length: n }, (_, at) => (at % 3 ? 60 : 12));
  held(pg, o, "Printemps de l’insuffisance cardiaque", 190, 64, stays(30));
  held(pg, o, "Actualités en rythmologie : les nouveaux anticoagulants dans la vraie vie", 80, 41, stays(29));
  const round = randomUUID();
  pg.sql(`INSERT INTO invitation_round (id, organisation_id, congress_id, channel, list_name, state, link_id, created_at, started_at)
      VALUES ('${round}', '${o.id}', '${o.congress}', 'crm', 'L', 'sent', '${o.link}', now(), now());
    INSERT INTO target_list (id, organisation_id, name, created_at, changed_at) VALUES ('${round}', '${o.id}', 'Cardiologues 2026', now(), now());
    INSERT INTO target_list_person (organisation_id, target_list_id, position, external_id, region, specialty) SELECT '${o.id}', '${round}', n, 'X' || n, '11', 'SM04' FROM generate_series(1, 160) n;
    INSERT INTO invitation (organisation_id, congress_id, round_id, target_list_person_id, person_key, hcp_id, first_name, last_name, language, invited_at)
      SELECT '${o.id}', '${o.congress}', '${round}', p.id, 'id ' || p.external_id, r.hcp_id, 'A', 'B', 'fr', now()
        FROM target_list_person p LEFT JOIN (SELECT hcp_id, row_number() OVER () AS n FROM registration WHERE congress_id = '${o.congress}' AND specialty = 'SM04') r ON r.n = p.position AND r.n <= 45
       WHERE p.target_list_id = '${round}'`);
}

const WORDS = {
  en: { masked: "Small numbers are masked", hidden: "masked", table: "Show as a table", missing: "What is missing", edit: "Edit", goals: "Goals", due: "Registrations by", coverage: "Coverage", save: "Save", by: "36 more registrations by 3 March", covered: "Coverage 0.7% (31/4,000), goal 5%", invited: "Invited", ofInvited: "28.1% (45/160) of the invited", beside: "Beside your earlier congresses", chart: "Download the chart: SVG" },
  fr: { masked: "Les petits effectifs sont masqués", hidden: "masqué", table: "Afficher en tableau", missing: "Ce qui manque", edit: "Modifier", goals: "Objectifs", due: "Inscriptions d’ici au", coverage: "Couverture", save: "Enregistrer", by: "36 inscriptions de plus d’ici au 3 mars", covered: "Couverture 0,7 % (31/4 000), objectif 5 %", invited: "Invités", ofInvited: "28,1 % (45/160) des invités", beside: "À côté de vos congrès précédents", chart: "Télécharger le graphique : SVG" },
};
const LOOKS = [
  { language: "en", width: 390, dark: false },
  { language: "fr", width: 390, dark: true },
  { language: "fr", width: 1440, dark: false },
  { language: "en", width: 1440, dark: true },
];

async function open(role, look) {
  const context = await signedInContext(browser, { server, cookie: o.staff[role].cookie, ...look, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`${server.url}/congresses/${o.congress}/goals`);
  await page.getByRole("heading", { name: "Cardiologists" }).waitFor();
  return { context, page };
}

async function check(page, name) {
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} scrolls sideways`);
  assert.deepEqual(await axe(page), [], name);
  if (shots) await page.screenshot({ path: `${shots}/goals-${name}.png`, fullPage: true });
}

for (const look of LOOKS) {
  const w = WORDS[look.language], name = `${look.language}-${look.width}-${look.dark ? "dark" : "light"}`;
  test(`as organisers see it: ${name}`, { timeout: 60000 }, async () => {
    const { context, page } = await open("organiser", look);
    await page.getByRole("heading", { name: w.missing }).waitFor();
    assert.equal(await page.getByText(w.masked).count(), 0);
    assert.equal(await page.getByText(w.hidden, { exact: true }).count(), 0);
    const cardiologists = page.getByRole("region", { name: "Cardiologists", exact: true });
    const steps = (await cardiologists.locator("dt").allTextContents()).slice(0, 3);
    assert.equal(steps[1], w.invited);
    assert.ok((await cardiologists.innerText()).replace(/\s/g, " ").includes(w.ofInvited), await cardiologists.innerText());
    const beside = page.getByRole("region", { name: w.beside });
    await beside.waitFor();
    await counted(beside.locator(".dots__row"), 3);
    await check(page, `organiser-${name}`);
    const [file] = await Promise.all([page.waitForEvent("download"), beside.getByRole("button", { name: w.chart }).click()]);
    assert.match(readFileSync(await file.path(), "utf8"), /^<svg [^>]+>[\s\S]*Printemps de l’insuffisance[\s\S]*<\/svg>$/);
    assert.deepEqual(context.errors, []);
  });
  test(`as hosts see it, masked: ${name}`, { timeout: 60000 }, async () => {
    const { context, page } = await open("host", look);
    await page.getByText(w.masked).waitFor();
    assert.equal(await page.getByText(w.invited, { exact: true }).count(), 0);
    assert.equal(await page.getByText(w.beside).count(), 0);
    const small = page.getByRole("region", { name: "General practitioners in Brittany" });
    await counted(small.getByText(w.hidden, { exact: true }), 3, "registered, attended, completed");
    assert.equal(await small.getByText(/%/).count(), 0, "no rate of what is hidden");
    for (const button of await page.getByRole("button", { name: w.table }).all()) await button.click();
    const numbers = await page.locator(".ranked dd > .number, .as-table__table td").allTextContents();
    assert.ok(numbers.length > 20);
    for (const text of numbers) assert.ok(!/^[1-4]$/.test(text), `a number below five: ${text}`);
    await check(page, `host-${name}`);
    assert.deepEqual(context.errors, []);
  });
}

for (const look of LOOKS) {
  const w = WORDS[look.language], name = `${look.language}-${look.width}-${look.dark ? "dark" : "light"}`;
  test(`goals are set with their day, and the board says what is missing by then: ${name}`, { timeout: 60000 }, async () => {
    const third = elsewhere(pg, o, "session"); // to come
    const { context, page } = await open("organiser", look);
    await page.goto(`${server.url}/congresses/${o.congress}/audience`);
    const card = page.getByRole("region", { name: "Cardiologists", exact: true });
    await card.getByRole("button").first().click();
    await page.getByRole("menuitem", { name: w.edit }).click();
    const dialog = page.getByRole("dialog");
    const goals = dialog.locator("section", { has: page.getByRole("heading", { name: w.goals, exact: true }) });
    await goals.getByLabel(w.due).fill("2027-03-03");
    await goals.getByLabel(w.coverage).fill("5");
    await goals.scrollIntoViewIfNeeded();
    await check(page, `editor-${name}`);
    await dialog.getByRole("button", { name: w.save }).click();
    await dialog.waitFor({ state: "detached" });
    await check(page, `audience-${name}`);
    await page.goto(`${server.url}/congresses/${o.congress}/goals`);
    const missing = page.getByRole("region", { name: w.missing });
    await missing.waitFor();
    const said = (await page.locator("main").innerText()).replace(/\s/g, " ");
    assert.ok(said.includes(w.by), said.slice(0, 600));
    assert.ok(said.includes(w.covered), said.slice(0, 1500));
    pg.sql(`UPDATE session SET state = 'cancelled' WHERE id = '${third.session}'; UPDATE target_profile SET goal_due = NULL, goal_coverage = NULL WHERE congress_id = '${o.congress}'`);
    assert.deepEqual(context.errors, []);
  });
}
