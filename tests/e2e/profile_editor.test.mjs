// Rule: whom a profile reaches is written as sentences; the editor says at once how many match, whom a change gains and
// loses, and that a circle of profiles is none. In both languages, by keyboard, at 390 and 1440 pixels.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { axe, openBrowser, signedInContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const shots = process.env.SHOTS; // a folder: what the editor looks like
const WORDS = {
  en: { menu: "More actions: Physicians", edit: "Edit profile", alternatives: "Add alternatives", out: "Leave people out", any: "At least one of these", none: "None of these", attribute: "Attribute", is: "is one of", profession: "Profession", department: "Département", target: "Target profile", three: "3 current registrations match", five: "5 current registrations match", fewer: "2 people fewer", circle: /build on each other in a circle.*Beyond, Physicians/ },
  fr: { menu: "Autres actions : Physicians", edit: "Modifier le profil", alternatives: "Ajouter des alternatives", out: "Exclure des personnes", any: "Au moins un de ces critères", none: "Aucun de ces critères", attribute: "Attribut", is: "parmi", profession: "Profession", department: "Département", target: "Profil cible", three: "3 inscriptions actuelles correspondent", five: "5 inscriptions actuelles correspondent", fewer: "2 personnes de moins", circle: /en boucle.*Beyond, Physicians/ },
};
let pg, server, browser, o;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Laboratoire Exemple");
  hcps(pg, o, 3);
  hcps(pg, o, 2, { specialty: "SM54", region: "53" });
  pg.sql(`WITH made AS (INSERT INTO target_profile (id, organisation_id, congress_id, name, position, created_at)
      VALUES (gen_random_uuid(), '${o.id}', '${o.congress}', 'Physicians', 1, now()) RETURNING id)
    INSERT INTO target_profile_criterion SELECT id, 1, 'all_of', 'profession', '{10}' FROM made;
    WITH made AS (INSERT INTO target_profile (id, organisation_id, congress_id, name, position, created_at)
      VALUES (gen_random_uuid(), '${o.id}', '${o.congress}', 'Beyond', 2, now()) RETURNING id)
    INSERT INTO target_profile_criterion SELECT made.id, 1, 'none_of', 'target_profile', ARRAY[p.id::text] FROM made, target_profile p;
    SELECT match_congress('${o.congress}')`);
  browser = await openBrowser();
});
after(cleanup);

for (const [language, width] of [["en", 1440], ["fr", 390]])
  test(`criteria are sentences, counted as they are written (${language}, ${width} px)`, async () => {
    const w = WORDS[language];
    const context = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, language, width, bypassCSP: true });
    const page = await context.newPage();
    const shoot = async (name) => {
      if (!shots) return;
      mkdirSync(shots, { recursive: true });
      await page.screenshot({ path: `${shots}/editor-${name}-${language}-${width}.png` });
    };
    await page.goto(`${server.url}/congresses/${o.congress}/audience`);
    await page.getByRole("button", { name: w.menu }).click();
    await page.getByRole("menuitem", { name: w.edit }).click();
    const dialog = page.getByRole("dialog", { name: w.edit });
    await dialog.getByText(w.five).waitFor();
    await shoot("as-stored");

    await dialog.getByRole("button", { name: w.out }).click();
    const none = dialog.getByRole("group", { name: w.none });
    await none.getByLabel(w.attribute).selectOption({ label: w.department });
    await none.getByLabel(w.attribute).selectOption("region");
    const box = none.getByRole("combobox", { name: w.is });
    await box.fill("rennes");
    await none.getByRole("listbox").getByRole("option").first().click();
    await box.press("Escape");
    await dialog.getByText(w.three).waitFor();
    await dialog.getByText(w.fewer).waitFor();
    assert.deepEqual(await axe(page), []);
    await shoot("fewer");

    await none.getByLabel(w.attribute).selectOption({ label: w.target });
    await none.getByRole("combobox", { name: w.is }).fill("beyond");
    await none.getByRole("listbox").getByRole("option", { name: "Beyond" }).click();
    await dialog.getByText(w.circle).waitFor();
    await dialog.getByRole("button", { name: w.alternatives }).click();
    await dialog.getByRole("group", { name: w.any }).waitFor();
    await shoot("circle");
    await context.close();
  });
