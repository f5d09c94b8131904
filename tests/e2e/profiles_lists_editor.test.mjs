// Rule: target lists are chosen as criteria by their names, and counted as they are chosen; the card says them by name; what the register does
// not know is said; a list that profiles name is not removed, and which they are stands in the refusal. In both languages, at 390 and 1440 pixels.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { axe, openBrowser, signedInContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { registryEdition } from "./lib/registry.mjs";
import { Server } from "./lib/server.mjs";

const shots = process.env.SHOTS; // a folder: what it looks like
const WORDS = {
  en: { menu: "More actions: Cardiologists", edit: "Edit profile", add: "Add criterion", out: "Leave people out", all: "All of these", none: "None of these", attribute: "Attribute", is: "is one of", list: "Target list", five: "5 current registrations match", three: "3 current registrations match", two: "2 current registrations match", save: "Save", from: "Where this number comes from", registry: /Annuaire Santé/, lacks: /does not know: Target list/, remove: "Remove the list", used: /This list is in use.*\(Cardiologists – Congrès\)/ },
  fr: { menu: "Autres actions : Cardiologists", edit: "Modifier le profil", add: "Ajouter un critère", out: "Exclure des personnes", all: "Tous ces critères", none: "Aucun de ces critères", attribute: "Attribut", is: "parmi", list: "Liste de ciblage", five: "5 inscriptions actuelles correspondent", three: "3 inscriptions actuelles correspondent", two: "2 inscriptions actuelles correspondent", save: "Enregistrer", from: "Origine de ce nombre", registry: /Annuaire Santé/, lacks: /ne renseigne pas.: Liste de ciblage/, remove: "Supprimer la liste", used: /Cette liste est utilisée.*\(Cardiologists – Congrès\)/ },
};
let pg, server, browser, o, lists;

// Whose lines are linked: so many of the first HCPs.
const list = (name, people) => pg.sql(`WITH made AS (INSERT INTO target_list (organisation_id, name, people, created_at, changed_at) VALUES ('${o.id}', '${name}', ${people.length}, now(), now()) RETURNING id),
    line AS (INSERT INTO target_list_person (organisation_id, target_list_id, position, last_name, hcp_id)
      SELECT '${o.id}', made.id, 1, 'Nom', h::uuid FROM made, unnest('{${people.map((p) => p.hcp)}}'::text[]) h)
  SELECT id FROM made`)[0][0];

before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Laboratoire Exemple");
  registryEdition(pg, [{ specialty: "SM04" }], "2026-11-05");
  const people = hcps(pg, o, 5);
  lists = { key: list("Key accounts 2027", people.slice(0, 3)), visited: list("Already visited", people.slice(2, 3)) };
  for (let n = 1; n < 12; n++) list(`CRM Bretagne, cardiologie hospitalière et libérale, vague ${n}`, []);
  browser = await openBrowser();
});
after(cleanup);

async function choose(group, w, name) {
  const box = group.getByRole("combobox", { name: w.is }).last();
  await box.fill(name.slice(0, 5).toLowerCase());
  await group.getByRole("listbox").getByRole("option", { name }).click();
  await box.press("Escape");
}

for (const [language, width, dark] of [["en", 1440, false], ["fr", 390, true]])
  test(`lists are criteria by their names (${language}, ${width} px)`, async () => {
    const w = WORDS[language];
    pg.sql(`DELETE FROM target_profile; WITH made AS (INSERT INTO target_profile (organisation_id, congress_id, name, position, created_at)
        VALUES ('${o.id}', '${o.congress}', 'Cardiologists', 1, now()) RETURNING id)
      INSERT INTO target_profile_criterion SELECT id, 1, 'all_of', 'specialty', '{SM04}' FROM made; SELECT match_congress('${o.congress}')`);
    const context = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, language, width, dark, bypassCSP: true });
    const page = await context.newPage();
    const shoot = async (name) => {
      if (!shots) return;
      mkdirSync(shots, { recursive: true });
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${shots}/lists-${name}-${language}-${width}-${colorScheme}.png` });
      }
      await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
    };
    await page.goto(`${server.url}/congresses/${o.congress}/audience`);
    await page.getByRole("button", { name: w.menu }).click();
    await page.getByRole("menuitem", { name: w.edit }).click();
    const dialog = page.getByRole("dialog", { name: w.edit });
    await dialog.getByText(w.five).waitFor();

    const all = dialog.getByRole("group", { name: w.all }), none = dialog.getByRole("group", { name: w.none });
    await all.getByRole("button", { name: w.add }).click();
    await all.getByLabel(w.attribute).last().selectOption({ label: w.list });
    await choose(all, w, "Key accounts 2027");
    await dialog.getByText(w.three).waitFor();
    await dialog.getByRole("button", { name: w.out }).click();
    await none.getByLabel(w.attribute).selectOption({ label: w.list });
    await choose(none, w, "Already visited");
    await dialog.getByText(w.two).waitFor();
    assert.deepEqual(await axe(page), []);
    await none.scrollIntoViewIfNeeded();
    await shoot("editor");
    await none.getByRole("combobox", { name: w.is }).fill("crm");
    await none.getByRole("listbox").getByRole("option").first().waitFor();
    await shoot("choice");
    await none.getByRole("combobox", { name: w.is }).press("Escape");
    const registry = dialog.getByLabel(w.from).locator("option", { hasText: w.registry });
    await dialog.getByLabel(w.from).selectOption({ label: await registry.textContent() });
    await dialog.getByText(w.lacks).waitFor();
    await dialog.getByText(w.lacks).scrollIntoViewIfNeeded();
    await shoot("lacks");
    await dialog.getByRole("button", { name: w.save }).click();
    await page.locator(".criteria").getByText("Key accounts 2027").waitFor();
    await page.locator(".criteria").getByText("Already visited").waitFor();
    assert.deepEqual(await axe(page), []);
    await shoot("card");

    await page.goto(`${server.url}/target-lists/${lists.visited}`);
    await page.getByRole("button", { name: w.remove }).click();
    const question = page.getByRole("dialog", { name: w.remove });
    await question.getByRole("button", { name: w.remove }).click();
    await question.getByText(w.used).waitFor();
    await shoot("refused");
    await context.close();
  });
