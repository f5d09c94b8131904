// Rule: an organiser says who may register above the links, the registration page says it to whoever opens it, and who is refused
// reads why, in both languages, on a phone and on a desk.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openContext, signedInContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { rpps } from "./lib/listed.mjs";
import { Lists } from "./lib/lists.mjs";
import { lookAt } from "./lib/look.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

let pg, server, browser;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
});

const look = (page, name) => lookAt(page, `policy-${name}`);

const WORDS = {
  en: { links: "Links", title: "Who may register", anyone: "Anyone who opens a registration link", change: "Change", dialog: "Change who may register", save: "Save", matching: /match a target profile/, noProfiles: /no target profile yet/, list: "Only people on a target list", choose: "Target list", on: "Only people on the list “List 1”",
    reserved: /reserved for people whom the organiser has invited/, confirm: "Confirm my registration", refused: /could not find you among the people it is for/ },
  fr: { links: "Liens", title: "Qui peut s’inscrire", anyone: "Toute personne qui ouvre un lien d’inscription", change: "Modifier", dialog: "Modifier la règle d’inscription", save: "Enregistrer", matching: /correspondent à un profil cible/, noProfiles: /pas encore de profil cible/, list: "Seulement les personnes d’une liste de ciblage", choose: "Liste de ciblage", on: "Seulement les personnes de la liste « List 1 »",
    reserved: /réservées aux personnes que l’organisateur a invitées/, confirm: "Confirmer mon inscription", refused: /ne figurez pas parmi les personnes/ },
};

async function choose(o, list, w, { language, width, dark }) {
  const context = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, language, width, dark, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`${server.url}/congresses/${o.congress}/links`);
  const card = page.getByRole("region", { name: w.title });
  await card.getByText(w.anyone).waitFor();
  await card.getByRole("button", { name: w.change }).click();
  const dialog = page.getByRole("dialog", { name: w.dialog });
  await dialog.getByLabel(w.matching).check();
  await dialog.getByText(w.noProfiles).waitFor();
  await look(page, `matching-${language}`);
  await dialog.getByLabel(w.list).check();
  await dialog.getByLabel(w.choose, { exact: true }).selectOption(list);
  await look(page, `dialog-${language}`);
  await dialog.getByRole("button", { name: w.save }).click();
  await card.getByText(w.on).waitFor();
  await look(page, `links-${language}`);
  await context.close();
}

async function fillIn(o, email) {
  const body = { email, first_name: "Luc", last_name: "Blanc", rpps: null, language: "fr", profession: "10", specialty: "SM04", practice_setting: "SA07", region: "53", age_band: "45_54",
    consents: [{ kind: "participation", version: 1, given: true }, { kind: "contact", version: 1, given: false }] };
  assert.equal((await request({ port: server.port, method: "POST", path: `/api/registration-pages/${o.code}`, body })).status, 202);
  return server.link(email, "join");
}

for (const [language, width, dark] of [["en", 1440, false], ["fr", 390, true]])
  test(`a list is chosen, and a stranger to it is told (${language}, ${width} px)`, async () => {
    const w = WORDS[language], o = organisation(pg, `Laboratoire ${language}`);
    const lists = new Lists(server, pg, o.staff.organiser.cookie);
    const list = await lists.make();
    await lists.store(list, [{ rpps: rpps(1), email: "p@x.test", first_name: "Anne", last_name: "Durand", postcode: "29000", segment: "A" }], "keep");
    await choose(o, list, w, { language, width, dark });
    const context = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", width, dark, bypassCSP: true });
    await context.addInitScript((chosen) => location.protocol === "https:" && localStorage.setItem("amphi.language", chosen), language);
    const page = await context.newPage();
    await page.goto(`${server.url}/r/${o.code}`);
    await page.getByText(w.reserved).waitFor();
    await look(page, `page-${language}`);
    await page.goto(await fillIn(o, `${language}@x.test`));
    await page.getByRole("button", { name: w.confirm }).click();
    await page.getByText(w.refused).waitFor();
    await look(page, `refused-${language}`);
    await context.close();
  });
