// Rule: who gives an RPPS number finds their profile filled in from the register and sees that it is verified; what they
// wrote themselves stays, and what differs is said. Staff sees the mark and finds by it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { axe, openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { root } from "./lib/need.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

const shots = process.env.SHOTS; // a folder: what each page looks like
const ANNE = "10000001916";
const HEADER = "Type d'identifiant PP|Identifiant PP|Nom d'exercice|Prénom d'exercice|Code profession|Code catégorie professionnelle|Code type savoir-faire|Code savoir-faire|Code mode exercice|Code commune (coord. structure)|Code secteur d'activité|";
let pg, server, browser, o;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Laboratoire Exemple", { live: false });
  const said = execFileSync(server.binary, ["registry", "import", "-", "--date", "2026-11-20"],
    { cwd: root, env: server.environment(), input: `${HEADER}\n8|${ANNE}|LEFÈVRE|ANNE|10|C|S|SM26|L|29019|SA07|\n`, encoding: "utf8" });
  assert.match(said, /data of 2026-11-20: 1 people in 1 lines, 0 refused/);
  browser = await openBrowser();
});

const WORDS = {
  fr: { rpps: /^Numéro RPPS/, last: "Nom", found: /Vérifié dans l’annuaire du 20 novembre 2026/, general: "Médecine générale", region: "Bretagne", specialty: /^Spécialité/, regions: "Région ou pays", digit: /erreur de frappe/, differs: /L’annuaire indique d’autres informations\s:\snom/, unknown: /ne figure pas dans l’annuaire/ },
  en: { rpps: /^RPPS number/, last: "Last name", found: /Verified with the register of 20 November 2026/, general: "General practice", region: "Brittany", specialty: /^Specialty/, regions: "Region or country", digit: /mistyped digit/, differs: /The register has another name/, unknown: /is not in the register/ },
};

async function look(page, name) {
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} scrolls sideways`);
  if (shots) await page.screenshot({ path: `${shots}/rpps-${name}.png`, fullPage: true });
}

for (const [language, width] of [["fr", 390], ["en", 1440]])
  test(`a number fills in and verifies the form (${language}, ${width} pixels)`, async () => {
    const w = WORDS[language];
    const context = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", width, bypassCSP: true });
    await context.addInitScript((chosen) => localStorage.setItem("amphi.language", chosen), language);
    const page = await context.newPage();
    await page.goto(`${server.url}/r/${o.code}`);
    const field = page.getByLabel(w.rpps), last = page.getByLabel(w.last, { exact: true });
    await field.fill("1000 0001 917");
    await page.getByText(w.digit).waitFor();
    await look(page, `wrong-${language}`);
    await field.fill("8 1000 0001 916");
    await page.getByText(w.found).waitFor();
    assert.equal(await last.inputValue(), "Lefèvre");
    assert.equal(await page.getByRole("combobox", { name: w.specialty }).inputValue(), w.general);
    assert.equal(await page.getByRole("combobox", { name: w.regions }).inputValue(), w.region);
    await look(page, `found-${language}`);
    assert.deepEqual(await axe(page), []);
    await last.fill("Durand");
    await page.getByText(w.differs).waitFor();
    await look(page, `differs-${language}`);
    await field.fill("10000001924");
    await page.getByText(w.unknown).waitFor();
    assert.equal(await last.inputValue(), "Durand", "what was written stays");
    await context.close();
  });

async function register(email, last_name, rpps) {
  const body = { email, first_name: "Anne", last_name, rpps, language: "fr", profession: "10", specialty: "SM54", practice_setting: "SA07", region: "53", age_band: "45_54",
    consents: [{ kind: "participation", version: 1, given: true }, { kind: "contact", version: 1, given: false }] };
  assert.equal((await request({ port: server.port, method: "POST", path: `/api/registration-pages/${o.code}`, body })).status, 202);
  const token = (await server.link(email, "join")).split("#")[1];
  assert.equal((await request({ port: server.port, method: "POST", path: "/api/join", body: { token } })).status, 200);
}

for (const width of [390, 1440])
  test(`staff sees what the register said (${width} pixels)`, async () => {
    if (width === 390) {
      await register("anne@example.org", "Lefevre", ANNE);
      await register("durand@example.org", "Durand", ANNE);
      await register("blanc@example.org", "Blanc", null);
    }
    const context = await openContext(browser, { locale: "fr-FR", width, bypassCSP: true });
    const page = await context.newPage();
    await context.addCookies([{ name: "__Host-amphi", value: o.staff.organiser.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
    await page.goto(`${server.url}/congresses/${o.congress}/registrations`);
    const verified = page.locator("tbody").getByText("annuaire du 20 nov. 2026");
    await verified.waitFor();
    await page.locator("tbody").getByText("Diffère de l’annuaire").waitFor();
    await look(page, `staff-${width}`);
    await page.getByLabel("Annuaire", { exact: true }).selectOption("differs");
    await verified.waitFor({ state: "detached" });
    await page.getByText("durand@example.org").waitFor();
    await context.close();
  });
