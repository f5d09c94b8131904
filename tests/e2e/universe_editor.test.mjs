// Rule: whoever edits a profile chooses where its universe is from, sees the count before it is kept, and reads it with its source on the
// profile's card; what the register does not know is said in words. In both languages, at 390 and 1440 pixels.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { axe, openBrowser, signedInContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { registryEdition } from "./lib/registry.mjs";
import { Server } from "./lib/server.mjs";

const shots = process.env.SHOTS; // a folder: what it looks like
const WORDS = {
  en: { menu: "More actions: Cardiologists", edit: "Edit profile", from: "Where this number comes from", registry: /Annuaire Santé/, list: /CRM Bretagne/, five: "5 HCPs match", two: "2 HCPs match", save: "Save", card: "5 HCPs in all (Annuaire Santé, 2026-11-05)", listed: "2 HCPs in all (CRM Bretagne, 2026-10-01)", attribute: "Attribute", is: "is one of", young: "Under 35", lacks: /does not know: Age band/ },
  fr: { menu: "Autres actions : Cardiologists", edit: "Modifier le profil", from: "Origine de ce nombre", registry: /Annuaire Santé/, list: /CRM Bretagne/, five: "5 professionnels correspondent", two: "2 professionnels correspondent", save: "Enregistrer", card: "Population cible : 5 (Annuaire Santé, 2026-11-05)", listed: "Population cible : 2 (CRM Bretagne, 2026-10-01)", attribute: "Attribut", is: "parmi", young: "Moins de 35 ans", lacks: /ne renseigne pas.: Tranche d’âge/ },
};
let pg, server, browser, o;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Laboratoire Exemple");
  registryEdition(pg, Array.from({ length: 5 }, () => ({ specialty: "SM04" })), "2026-11-05");
  pg.sql(`WITH made AS (INSERT INTO target_list (organisation_id, name, people, as_of, created_at, changed_at) VALUES ('${o.id}', 'CRM Bretagne', 2, '2026-10-01', now(), now()) RETURNING id)
    INSERT INTO target_list_person (organisation_id, target_list_id, position, last_name, specialty) SELECT '${o.id}', id, n, 'N', 'SM04' FROM made, generate_series(1, 2) n`);
  browser = await openBrowser();
});
after(cleanup);

for (const [language, width] of [["en", 1440], ["fr", 390]])
  test(`a universe is chosen, counted and read with its source (${language}, ${width} px)`, async () => {
    const w = WORDS[language];
    pg.sql(`DELETE FROM target_profile; WITH made AS (INSERT INTO target_profile (organisation_id, congress_id, name, position, created_at)
        VALUES ('${o.id}', '${o.congress}', 'Cardiologists', 1, now()) RETURNING id)
      INSERT INTO target_profile_criterion SELECT id, 1, 'all_of', 'specialty', '{SM04}' FROM made`);
    const context = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, language, width, bypassCSP: true });
    const page = await context.newPage();
    const shoot = async (name) => {
      if (!shots) return;
      mkdirSync(shots, { recursive: true });
      await page.screenshot({ path: `${shots}/universe-${name}-${language}-${width}.png` });
    };
    const edit = async () => {
      await page.getByRole("button", { name: w.menu }).click();
      await page.getByRole("menuitem", { name: w.edit }).click();
      return page.getByRole("dialog", { name: w.edit });
    };
    const choose = async (dialog, label) => {
      const option = dialog.getByLabel(w.from).locator("option", { hasText: label });
      await option.waitFor({ state: "attached" });
      await dialog.getByLabel(w.from).selectOption({ label: await option.textContent() });
    };
    await page.goto(`${server.url}/congresses/${o.congress}/audience`);
    let dialog = await edit();
    await choose(dialog, w.registry);
    await dialog.getByText(w.five).waitFor();
    assert.deepEqual(await axe(page), []);
    await dialog.getByLabel(w.from).scrollIntoViewIfNeeded();
    await shoot("registry");
    await dialog.getByRole("button", { name: w.save }).click();
    await page.getByText(w.card).waitFor();
    await shoot("card");

    dialog = await edit();
    await choose(dialog, w.list);
    await dialog.getByText(w.two).waitFor();
    await dialog.getByRole("button", { name: w.save }).click();
    await page.getByText(w.listed).waitFor();

    dialog = await edit();
    await choose(dialog, w.registry);
    await dialog.getByLabel(w.attribute).first().selectOption("age_band");
    const box = dialog.getByRole("combobox", { name: w.is }).first();
    await box.click();
    await dialog.getByRole("listbox").getByRole("option").first().click();
    await box.press("Escape");
    await dialog.getByText(w.young).waitFor();
    await dialog.getByText(w.lacks).waitFor();
    await dialog.getByLabel(w.from).scrollIntoViewIfNeeded();
    await shoot("lacks");
    await dialog.getByRole("button", { name: w.save }).click();
    await page.getByText(w.lacks).waitFor();
    assert.deepEqual(await axe(page), []);
    await context.close();
  });
