// Rule: from the menu of a target profile it is kept in the library, with a question before anything of its name is replaced; on another
// congress's page several are chosen at once, found by their names, read as sentences, and copied; what cannot be copied says why. In
// both languages, at 390 and 1440 pixels.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { axe, counted, openBrowser, signedInContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { elsewhere, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const shots = process.env.SHOTS; // a folder: what it looks like
const WORDS = {
  en: { menu: "More actions", keep: "Keep in the library", keptToast: "Kept in the library", base: /kept with it: Cardiologists/, question: "Replace in the library?", has: /already has Cardiologists/, replace: "Replace", from: "From the library", empty: "The library is empty", cancel: "Cancel", search: "Search the library", nothing: /No profile of the library/,
    one: "Choose at least one profile.", chosen: "2 profiles chosen", with: /as it builds on: Cardiologists/, number: /the copy gets a number/, removed: /target list was removed: Gone/, submit: "Add to the congress", added: "3 profiles added", rename: "Rename", renameTitle: "Rename in the library", name: "Name", save: "Save", taken: /has a profile of this name already/, remove: "Remove from the library", confirm: "Remove", used: /build on this one.*Bretons/, all: "All of these" },
  fr: { menu: "Autres actions", keep: "Ajouter à la bibliothèque", keptToast: "Ajouté à la bibliothèque", base: /ajoutés avec lui.: Cardiologists/, question: /^Remplacer dans la bibliothèque/, has: /contient déjà Cardiologists/, replace: "Remplacer", from: "Depuis la bibliothèque", empty: "La bibliothèque est vide", cancel: "Annuler", search: "Rechercher dans la bibliothèque", nothing: /Aucun profil de la bibliothèque/,
    one: "Choisissez au moins un profil.", chosen: "2 profils choisis", with: /copiés avec lui.: Cardiologists/, number: /la copie recevra un numéro/, removed: /une liste de ciblage a été supprimée.: Gone/, submit: "Ajouter au congrès", added: "3 profils ajoutés", rename: "Renommer", renameTitle: "Renommer dans la bibliothèque", name: "Nom", save: "Enregistrer", taken: /contient déjà un profil de ce nom/, remove: "Supprimer de la bibliothèque", confirm: "Supprimer", used: /reposent sur celui-ci.*Bretons/, all: "Tous ces critères" },
};
let pg, server, browser;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
});
after(cleanup);

const criteria = (attribute, ...codes) => ({ all_of: [{ attribute, codes }], any_of: [], none_of: [] });

// Two profiles, of which one builds on the other; in the library, six, and one of a list that is gone.
async function furnished(o) {
  const call = async (method, path, body, status) => {
    const answer = await request({ port: server.port, method, path, cookie: o.staff.organiser.cookie, body });
    assert.equal(answer.status, status, answer.text);
    return answer.json;
  };
  const add = (name, wanted, more) => call("POST", `/api/congresses/${o.congress}/target-profiles`, { name, criteria: wanted, ...more }, 201);
  const keep = (profile) => call("POST", "/api/library-profiles", { profile: profile.id }, 201);
  const list = await call("POST", "/api/target-lists", { name: "Gone" }, 201);
  const listed = await add("Key accounts", criteria("target_list", list.id));
  await keep(listed);
  for (const region of ["11", "84", "93", "76", "32"]) await keep(await add(`Région ${region}`, criteria("region", region), { universe: 1200, universe_source: "INSEE, 2026" }));
  pg.sql(`DELETE FROM target_profile WHERE organisation_id = '${o.id}'`);
  await call("DELETE", `/api/target-lists/${list.id}`, undefined, 204);
  const base = await add("Cardiologists", criteria("specialty", "SM04"), { universe_from: "registry" });
  await add("Bretons", { ...criteria("region", "53"), none_of: [{ attribute: "target_profile", codes: [base.id] }] });
}

for (const [language, width, dark] of [["en", 1440, false], ["fr", 390, true]])
  test(`profiles are kept, chosen and copied (${language}, ${width} px)`, async () => {
    const w = WORDS[language], o = organisation(pg, `Laboratoire ${language}`), there = elsewhere(pg, o, "congress");
    const context = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, language, width, dark, bypassCSP: true });
    const page = await context.newPage();
    const look = async (name) => {
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} scrolls sideways`);
      assert.deepEqual(await axe(page), [], name);
      if (!shots) return;
      mkdirSync(shots, { recursive: true });
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${shots}/library-${name}-${language}-${width}-${colorScheme}.png` });
      }
      await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
    };
    const button = (within, name) => within.getByRole("button", { name, exact: true });
    const dialog = (name) => page.getByRole("dialog", { name });
    await page.goto(`${server.url}/congresses/${there.congress}/audience`);
    await button(page, w.from).click();
    await dialog(w.from).getByText(w.empty).waitFor();
    await look("empty");
    await button(dialog(w.from), w.cancel).click();

    await furnished(o);
    await page.goto(`${server.url}/congresses/${o.congress}/audience`);
    const keep = async (name) => {
      await page.getByRole("button", { name: new RegExp(`^${w.menu}.*${name}$`) }).click();
      await page.getByRole("menuitem", { name: w.keep }).click();
    };
    await keep("Bretons");
    await dialog(w.keep).getByText(w.base).waitFor();
    await look("keep");
    await button(dialog(w.keep), w.keep).click();
    await page.getByText(w.keptToast, { exact: true }).waitFor();
    await keep("Cardiologists");
    await button(dialog(w.keep), w.keep).click();
    await dialog(w.question).getByText(w.has).waitFor();
    await look("replace");
    await button(dialog(w.question), w.replace).click();
    await dialog(w.question).waitFor({ state: "detached" });

    await page.goto(`${server.url}/congresses/${there.congress}/audience`);
    await button(page, w.from).click();
    const library = dialog(w.from);
    const bretons = library.getByRole("listitem").filter({ has: page.getByRole("checkbox", { name: "Bretons" }) });
    await bretons.getByText(w.with).waitFor();
    await bretons.getByText(w.all).waitFor();
    assert.ok(await library.getByRole("checkbox", { name: "Key accounts" }).isDisabled());
    await library.getByText(w.removed).waitFor();
    await look("library");
    await button(library, w.submit).click();
    await library.getByText(w.one).waitFor();
    await look("nothing");
    await library.getByText(w.removed).scrollIntoViewIfNeeded();
    await look("removed");
    await library.getByLabel(w.search).fill("zzz");
    await library.getByText(w.nothing).waitFor();
    await library.getByLabel(w.search).fill("region 84");
    await library.getByRole("checkbox", { name: "Région 84" }).check();
    await counted(library.getByRole("checkbox"), 1);
    await library.getByLabel(w.search).fill("");
    await library.getByRole("checkbox", { name: "Bretons" }).check();
    await library.getByText(w.chosen).waitFor();
    await look("chosen");
    await button(library, w.submit).click();
    await page.getByText(w.added, { exact: true }).waitFor();
    await page.getByRole("heading", { name: "Région 84" }).waitFor();
    await look("copied");

    await button(page, w.from).click();
    await bretons.getByText(w.number).waitFor();
    await library.getByRole("button", { name: new RegExp(`^${w.rename}.*Bretons$`) }).click();
    await dialog(w.renameTitle).getByLabel(w.name).fill("Cardiologists");
    await button(dialog(w.renameTitle), w.save).click();
    await dialog(w.renameTitle).getByText(w.taken).waitFor();
    await look("rename");
    await dialog(w.renameTitle).getByLabel(w.name).fill("Les Bretons");
    await button(dialog(w.renameTitle), w.save).click();
    await library.getByRole("checkbox", { name: "Les Bretons" }).waitFor();
    await library.getByRole("button", { name: new RegExp(`^${w.remove}.*Cardiologists$`) }).click();
    await button(dialog(w.remove), w.confirm).click();
    await dialog(w.remove).getByText(w.used).waitFor();
    await look("used");
    await button(dialog(w.remove), w.cancel).click();
    await library.getByRole("button", { name: new RegExp(`^${w.remove}.*Bretons$`) }).click();
    await button(dialog(w.remove), w.confirm).click();
    await library.getByRole("checkbox", { name: "Les Bretons" }).waitFor({ state: "detached" });
    await page.getByRole("heading", { name: "Bretons", includeHidden: true }).waitFor(); // the copy stays
    await context.close();
  });
