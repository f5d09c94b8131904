// Rule: an organiser sees on the goal board how many of a target list are not registered yet, opens them by name, finds, filters and
// takes them as a file, and the numbers follow while people register. In both languages, by keyboard and screen reader, in all widths.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { parseCsv } from "./lib/attendance.mjs";
import { axe, counted, openBrowser, signedInContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { rpps } from "./lib/listed.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { seeded } from "./lib/random.mjs";
import { Server } from "./lib/server.mjs";

const shots = process.env.SHOTS; // a folder: what each page looks like
const PEOPLE = 120;
let pg, server, browser;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
});
after(cleanup);

const LAST = ["Lefèvre", "Le Goff", "Moreau", "Benali", "Müller", "Girard", "Da Silva", "Fournier"];
const FIRST = ["Élise", "Karim", "Jean-Marc", "Anne", "Zoé", "Paul"];

// A list, a profile that is counted in it, and how many of its people attended, are registered and cancelled, from the first on.
function furnish({ people = PEOPLE, attended = 0, registered = 0, cancelled = 0, name = "Comptes clés" } = {}) {
  const o = Object.assign(organisation(pg, "Laboratoire Exemple"), { list: randomUUID(), profile: randomUUID() });
  const next = seeded(3), pick = (all) => all[Math.floor(next() * all.length)];
  o.people = Array.from({ length: people }, (_, n) => ({ n, email: `p${n}@exemple.fr`, first: pick(FIRST), last: pick(LAST), specialty: pick(["SM04", "SM04", "SM26"]), region: pick(["11", "53", "76"]) }));
  pg.sql(`INSERT INTO target_list (id, organisation_id, name, people, created_at, changed_at) VALUES ('${o.list}', '${o.id}', '${name}', ${people}, now(), now());
    UPDATE session SET state = 'ended', live_at = now() - interval '2 hours', ended_at = now() - interval '1 hour' WHERE id = '${o.session}'`);
  pg.sql(`INSERT INTO target_list_person (organisation_id, target_list_id, position, external_id, rpps, email, first_name, last_name, specialty, region, segment, tier) VALUES
    ${o.people.map((p) => `('${o.id}', '${o.list}', ${p.n}, 'CRM-${1000 + p.n}', '${rpps(p.n)}', '${p.email}', '${p.first}', '${p.last}', '${p.specialty}', '${p.region}', '${p.n % 3 ? "A" : "B"}', ${p.n % 2 ? "'1'" : "NULL"})`).join(",")}`);
  pg.sql(`INSERT INTO target_profile (id, organisation_id, congress_id, name, position, goal_registrations, created_at, universe_from, universe_list)
    VALUES ('${o.profile}', '${o.id}', '${o.congress}', 'Cardiologues', 1, 200, now(), 'target_list', '${o.list}')`); // when its people are there: it is counted now
  register(o, o.people.slice(0, attended + registered + cancelled));
  const ids = (from, to) => pg.sql(`SELECT r.id FROM registration r JOIN hcp h ON h.id = r.hcp_id WHERE h.email IN (${o.people.slice(from, to).map(({ email }) => `'${email}'`).join(",") || "NULL"}) AND r.congress_id = '${o.congress}'`).flat();
  for (const id of ids(0, attended))
    pg.sql(`INSERT INTO span (id, organisation_id, session_id, registration_id, kind, connection, node_id, joined_at, left_at, gone_at, on_purpose)
      VALUES ('${id}', '${o.id}', '${o.session}', '${id}', 'connected', '${id}', (SELECT id FROM node LIMIT 1), now() - interval '2 hours', now() - interval '1 hour', now() - interval '1 hour', true)`);
  for (const id of ids(attended + registered, attended + registered + cancelled)) pg.sql(`UPDATE registration SET state = 'cancelled', cancelled_at = now() WHERE id = '${id}'`);
  pg.sql(`SELECT match_congress('${o.congress}')`);
  return o;
}

function register(o, people) {
  for (const p of people) {
    const id = randomUUID();
    pg.sql(`INSERT INTO hcp (id, organisation_id, email, first_name, last_name, created_at) VALUES ('${id}', '${o.id}', '${p.email}', '${p.first}', '${p.last}', now());
      INSERT INTO registration (organisation_id, congress_id, hcp_id, link_id, channel, language, state, profession, practice_setting, region, age_band, registered_at)
        VALUES ('${o.id}', '${o.congress}', '${id}', '${o.link}', 'email', 'fr', 'registered', '10', 'SA01', '11', '45_54', now())`);
  }
}

async function open(o, { language = "en", width = 1440 } = {}) {
  const context = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, language, width, bypassCSP: true });
  return { context, page: await context.newPage() };
}

async function shoot(page, name) {
  if (shots) mkdirSync(shots, { recursive: true });
  for (const dark of [false, true])
    for (const width of [1440, 820, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, "nothing is wider than the window");
      if (width === 390) assert.deepEqual(await axe(page), []);
      if (shots) await page.screenshot({ path: `${shots}/${name}-${width}${dark ? "-dark" : ""}.png`, fullPage: width === 390 });
    }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
}

const rows = (page) => page.locator("tbody tr");
const count = (page, n) => page.getByText(new RegExp(`^${n} (people|person)$`)).waitFor();

test("from the board to the people by name, found, filtered and taken as a file", { timeout: 180000 }, async () => {
  const o = furnish({ attended: 12, registered: 20, cancelled: 4 });
  const { context, page } = await open(o);
  await page.goto(`${server.url}/congresses/${o.congress}/goals`);
  await page.getByText("84 of 120 people of the list “Comptes clés” are not registered yet.").waitFor();
  await page.getByRole("heading", { name: "1 goal of registrations was missed" }).waitFor(); // as no session is to come
  assert.deepEqual(await axe(page), []);
  await shoot(page, "1-board");
  await page.getByRole("link", { name: "See them by name (Cardiologues)" }).click();
  await page.getByRole("heading", { name: "Cardiologues: by name", level: 1 }).waitFor();
  await count(page, 84);
  await counted(rows(page), 50);
  assert.deepEqual(await axe(page), []);
  await shoot(page, "2-people");
  await page.getByRole("button", { name: "Show more" }).click();
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 84);

  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download (CSV)" }).click()]);
  const names = await rows(page).locator("th").allTextContents();
  assert.equal(parseCsv(readFileSync(await file.path(), "utf8")).length, 84);
  assert.ok(names.length === 84 && file.suggestedFilename().startsWith("Target list - Congrès - Cardiologues"), file.suggestedFilename());

  await page.getByLabel("Registration").selectOption({ label: "Attended" });
  await count(page, 12);
  await page.getByLabel("Registration").selectOption({ label: "Any state" });
  await count(page, 120);
  await page.getByRole("searchbox").fill("lefevre");
  const lefevre = o.people.filter(({ last }) => last === "Lefèvre");
  await count(page, lefevre.length);
  await page.getByLabel("Region or country").selectOption({ label: "Brittany" });
  await count(page, lefevre.filter(({ region }) => region === "53").length);
  await page.getByRole("searchbox").fill("nobody at all");
  await page.getByText("Nobody matches").waitFor();
  assert.deepEqual(context.errors, []);
});

test("the numbers follow while people register, until everybody is", { timeout: 180000 }, async () => {
  const o = furnish({ people: 3 });
  const { page } = await open(o);
  await page.goto(`${server.url}/congresses/${o.congress}/goals/${o.profile}`);
  await page.getByText("3 of 3 people of the list “Comptes clés” are not registered yet.").waitFor();
  await count(page, 3);
  register(o, o.people.slice(0, 2));
  await page.getByText("1 of 3 people of the list “Comptes clés” is not registered yet.").waitFor();
  await count(page, 1);
  await counted(rows(page), 1);
  register(o, o.people.slice(2));
  await page.getByText("Everybody on the list is registered").waitFor();
  await shoot(page, "3-everybody");
  await page.goto(`${server.url}/congresses/${o.congress}/goals`);
  await page.getByText("Everybody on the list “Comptes clés” is registered.").waitFor();
});

test("whoever has more of the list before them keeps their place, and is told that it changed", { timeout: 180000 }, async () => {
  const o = furnish();
  const { page } = await open(o);
  await page.goto(`${server.url}/congresses/${o.congress}/goals/${o.profile}`);
  await count(page, 120);
  await page.getByRole("button", { name: "Show more" }).click();
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 100);
  register(o, o.people.slice(0, 1));
  await page.getByText("Meanwhile somebody has registered or cancelled.").waitFor();
  await counted(rows(page), 100);
  assert.ok(await page.getByRole("button", { name: "Show the list as it is now" }).isVisible());
  await page.mouse.wheel(0, 2000);
  await shoot(page, "4-changed");
  await page.getByRole("button", { name: "Show the list as it is now" }).click();
  await count(page, 119);
  await page.getByText("Meanwhile somebody has registered or cancelled.").waitFor({ state: "detached" });
});

test("in French, when reading fails, and where there is no list", { timeout: 180000 }, async () => {
  const o = furnish({ attended: 1, registered: 1, cancelled: 1 });
  const { page } = await open(o, { language: "fr" });
  await page.goto(`${server.url}/congresses/${o.congress}/goals`);
  await page.getByText("117 personnes sur 120 de la liste « Comptes clés » ne sont pas encore inscrites.").waitFor();
  await page.route("**/people?*", (route) => route.abort());
  await page.getByRole("link", { name: "Voir la liste nominative" }).click();
  const retry = page.getByRole("button", { name: "Réessayer" });
  await retry.waitFor();
  await page.unroute("**/people?*");
  await retry.click();
  await page.getByText(/^117 personnes$/).waitFor();
  await shoot(page, "5-french");
  pg.sql(`UPDATE target_profile SET universe_from = 'given', universe_list = NULL WHERE id = '${o.profile}'`);
  await page.reload();
  await page.getByText("La population de ce profil n’est pas comptée dans une liste de ciblage").waitFor();
  assert.deepEqual(await axe(page), []);
});
