// Rule: an organiser gives a profile its places, switches the waiting list, and sees what is taken and who waits; the registration page
// says that places are taken before anybody fills it in, and a link says which place in the line is theirs, in both languages, on a phone
// and on a desk.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openContext, signedInContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
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

const look = (page, name) => lookAt(page, `waiting-${name}`);

const WORDS = {
  en: { number: "Number of places", more: "More actions: Cardiologists", edit: "Edit", save: "Save", refused: /More places of this profile are taken/, policy: "Who may register", change: "Change", list: /Waiting list/, on: "Who finds no place is put on the waiting list.",
    full: /Every seat is taken at the moment/, confirm: "Confirm my registration", first: /You are the first in line/, second: /You are number 2 in line/, waits: /you are on the waiting list/, state: "State", only: "On the waiting list", badge: "Waiting: no. 2",
    leave: "Leave the waiting list", left: "You have left the waiting list", of: "1 of 2 places taken" },
  fr: { number: "Nombre de places", more: "Autres actions : Cardiologists", edit: "Modifier", save: "Enregistrer", refused: /déjà plus de places prises/, policy: "Qui peut s’inscrire", change: "Modifier", list: /Liste d’attente/, on: "Faute de place, les personnes sont inscrites sur la liste d’attente.",
    full: /Toutes les places sont prises pour le moment/, confirm: "Confirmer mon inscription", first: /en tête de la liste/, second: /au rang 2/, waits: /vous êtes sur la liste d’attente/, state: "État", only: "Sur liste d’attente", badge: "En attente : n° 2",
    leave: "Quitter la liste d’attente", left: "Vous avez quitté la liste d’attente", of: "1 place prise sur 2" },
};

async function fillIn(o, email) {
  const body = { email, first_name: "Luc", last_name: "Blanc", rpps: null, language: "fr", profession: "10", specialty: "SM04", practice_setting: "SA07", region: "53", age_band: "45_54",
    consents: [{ kind: "participation", version: 1, given: true }, { kind: "contact", version: 1, given: false }] };
  const { status, text } = await request({ port: server.port, method: "POST", path: `/api/registration-pages/${o.code}`, body });
  assert.equal(status, 202, text);
  return server.link(email, "join");
}
const confirm = (link) => request({ port: server.port, method: "POST", path: "/api/join", body: { token: link.split("#")[1] } });

async function decide(o, w, look_) {
  const context = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, ...look_, bypassCSP: true });
  const page = await context.newPage();
  const edit = async (places) => {
    await page.getByRole("button", { name: w.more }).click();
    await page.getByRole("menuitem", { name: w.edit }).click();
    await page.getByLabel(w.number).fill(String(places));
    await page.getByRole("dialog").getByRole("button", { name: w.save }).click();
  };
  await page.goto(`${server.url}/congresses/${o.congress}/audience`);
  await edit(2);
  await page.getByText(w.of).waitFor();
  await look(page, `audience-${look_.language}`);
  pg.sql(`UPDATE session SET capacity = 1 WHERE congress_id = '${o.congress}'`);
  await page.goto(`${server.url}/congresses/${o.congress}/links`);
  const card = page.getByRole("region", { name: w.policy });
  await card.getByRole("button", { name: w.change }).click();
  await page.getByRole("dialog").getByLabel(w.list).check();
  await look(page, `dialog-${look_.language}`);
  await page.getByRole("dialog").getByRole("button", { name: w.save }).click();
  await card.getByText(w.on).waitFor();
  return { context, page, card, edit };
}

for (const [language, width, dark] of [["en", 1440, false], ["fr", 390, true]])
  test(`places and the waiting list, as an organiser and as who waits sees them (${language}, ${width} px)`, { timeout: 120000 }, async () => {
    const w = WORDS[language], o = organisation(pg, `Labo ${language}`);
    pg.sql(`INSERT INTO target_profile (organisation_id, congress_id, name, position, created_at) VALUES ('${o.id}', '${o.congress}', 'Cardiologists', 1, now());
      INSERT INTO target_profile_criterion SELECT id, 1, 'all_of', 'specialty', '{SM04}' FROM target_profile WHERE congress_id = '${o.congress}'`);
    assert.equal((await confirm(await fillIn(o, `holder-${language}@x.test`))).status, 200);
    const staff = await decide(o, w, { language, width, dark });

    const context = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", width, dark, bypassCSP: true });
    await context.addInitScript((chosen) => location.protocol === "https:" && localStorage.setItem("amphi.language", chosen), language);
    const page = await context.newPage();
    await page.goto(`${server.url}/r/${o.code}`);
    await page.getByText(w.full).waitFor();
    await look(page, `page-${language}`);
    await page.goto(await fillIn(o, `first-${language}@x.test`));
    await page.getByRole("button", { name: w.confirm }).click();
    await page.getByText(w.first).waitFor();
    await look(page, `confirmed-${language}`);
    const second = await fillIn(o, `second-${language}@x.test`);
    assert.equal((await confirm(second)).status, 202);
    await page.goto("about:blank");
    await page.goto(second);
    await page.getByText(w.second).waitFor();
    await look(page, `link-${language}`);

    await staff.page.reload();
    await staff.card.getByRole("table").waitFor();
    await look(staff.page, `links-${language}`);
    await staff.page.goto(`${server.url}/congresses/${o.congress}/registrations`);
    await staff.page.getByLabel(w.state, { exact: true }).selectOption({ label: w.only });
    await staff.page.getByText(`holder-${language}@x.test`).waitFor({ state: "detached" });
    await staff.page.getByText(w.badge).waitFor();
    await look(staff.page, `registrations-${language}`);

    await page.goto("about:blank");
    await page.goto(second);
    await page.getByRole("button", { name: w.leave }).click();
    await page.getByText(w.left).waitFor();
    await look(page, `left-${language}`);
    await context.close();
    await staff.context.close();
  });
