// Rule: an organiser makes a representative's link, mails its page again and ends it; whoever registers by it reads before the form is sent
// that the representative will see it; and the representative's page shows them. In both languages, on a phone and on a desk.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { play } from "./lib/board.mjs";
import { openBrowser, openContext, signedInContext } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { lookAt, shots } from "./lib/look.mjs";
import { elsewhere, hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, browser;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
});
after(cleanup);

const look = (page, name) => lookAt(page, `representatives-${name}`);

const WORDS = {
  en: { add: "Representative’s link", name: "Name of the representative", email: "E-mail address", language: "Language of the e-mail", english: "English", create: "Create and send", sees: "Anne Roux sees who comes by this link", more: /^More actions: .*Anne Roux/, again: "Send the page again", end: "End access to the page", ended: "Anne Roux does not see any more who comes by this link",
    told: "Anne Roux will see that you registered and attended", company: /who represents Laboratoire Exemple/, register: "Register", title: "Registered by my link", empty: "Nobody has registered by your link yet", completed: "Completed", absent: "Did not attend", qr: "QR code", mine: "Anne Roux sees that you registered and attended", dead: "This link is not valid any more", campaign: "By campaign", attended: "66% attended" },
  fr: { add: "Lien de délégué", name: "Nom du délégué", email: "Adresse e-mail", language: "Langue de l’e-mail", english: "Anglais", create: "Créer et envoyer", sees: "Anne Roux voit qui s’inscrit par ce lien", more: /^Autres actions : .*Anne Roux/, again: "Envoyer à nouveau la page", end: "Retirer l’accès à la page", ended: "Anne Roux ne voit plus qui s’inscrit par ce lien",
    told: "Anne Roux verra votre inscription et votre participation", company: /qui représente Laboratoire Exemple/, register: "M’inscrire", title: "Inscrits par mon lien", empty: "Personne ne s’est encore inscrit par votre lien", completed: "Suivi complet", absent: "N’a pas participé", qr: "Code QR", mine: "Anne Roux voit votre inscription et votre participation", dead: "Ce lien n’est plus valable", campaign: "Par campagne", attended: "66 % ont participé" },
};
const LOOKS = [
  { language: "fr", width: 390, dark: false },
  { language: "en", width: 1440, dark: true },
  ...(shots ? [{ language: "en", width: 390, dark: true }, { language: "fr", width: 1440, dark: false }] : []),
];

function furnish() {
  const o = organisation(pg, "Laboratoire Exemple");
  pg.sql(`UPDATE congress SET title = 'Actualités en cardiologie 2027', language = 'fr' WHERE id = '${o.congress}'`);
  hcps(pg, o, 4); // by another link, nobody whom a representative sees
  return o;
}

// Three people come by the link, and a session is held: one stays to the end, one for a while, one is away.
function came(o, link) {
  const people = hcps(pg, o, 3);
  [["Claire", "Arnaud"], ["Jean-Baptiste", "de La Rochefoucauld-Montmorency"], ["Zoé", "Girard"]].forEach(([first, last], i) =>
    pg.sql(`UPDATE registration SET link_id = '${link}', channel = 'representative' WHERE id = '${people[i].registration}'; UPDATE hcp SET first_name = '${first}', last_name = '${last}' WHERE id = '${people[i].hcp}'`));
  pg.sql(`UPDATE session SET state = 'ended', live_at = now() - interval '2 hours', ended_at = now() - interval '1 hour' WHERE id = '${o.session}'`);
  for (const [person, seconds] of [[people[0], 3600], [people[1], 600]]) play(pg, o, [o.session], [person], (list) => (list.includes(61) ? seconds : list[0]), 1);
  return people[0];
}

async function make({ page, o, w, name, email }) {
  await page.goto(`${server.url}/congresses/${o.congress}/links`);
  await page.getByRole("button", { name: w.add }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(w.name).fill("Anne Roux");
  await dialog.getByLabel(w.email, { exact: true }).fill(email);
  await look(page, `${name}-1-new`);
  await dialog.getByRole("button", { name: w.create }).click();
  await page.getByText(w.sees).waitFor();
  await dialog.waitFor({ state: "detached" });
  await look(page, `${name}-2-links`);
  return pg.sql(`SELECT l.id, l.code FROM representative t JOIN registration_link l ON l.id = t.link_id WHERE t.organisation_id = '${o.id}'`)[0];
}

async function act(page, w, item) {
  await page.getByRole("button", { name: w.more }).click();
  await page.getByRole("menuitem", { name: item }).click();
  await page.getByRole("dialog").getByRole("button", { name: item }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

// What whoever comes by the link reads, above the button that sends the form.
async function registration({ look: { language, ...rest }, w, name, code }) {
  const context = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", ...rest, bypassCSP: true });
  const page = await context.newPage();
  await page.addInitScript((chosen) => localStorage.setItem("amphi.language", chosen), language);
  await page.goto(`${server.url}/r/${code}`);
  const told = page.getByText(w.told);
  await told.waitFor();
  await page.getByText(w.company).waitFor();
  const send = page.locator("form#register").getByRole("button", { name: w.register });
  assert.ok((await told.boundingBox()).y < (await send.boundingBox()).y, "before the form is sent");
  await look(page, `${name}-3-register`);
  await page.goto(`${server.url}/api/registration-pages/${code}/plain?lang=${language}`);
  await page.getByText(w.told).waitFor();
  await look(page, `${name}-3-plain`);
  assert.deepEqual(context.errors, []);
  return page;
}

for (const how of LOOKS) {
  const w = WORDS[how.language], name = `${how.language}-${how.width}-${how.dark ? "dark" : "light"}`;
  test(`from the link to the representative's page and its end: ${name}`, { timeout: 120000 }, async () => {
    const o = furnish(), email = `anne-${name}@laboratoire.example`;
    const staff = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, ...how, bypassCSP: true });
    const page = await staff.newPage();
    const [link, code] = await make({ page, o, w, name, email });
    const theirs = await registration({ look: how, w, name, code });
    const secret = await server.link(email, "representative");
    await theirs.goto(secret);
    await theirs.getByText(w.empty).waitFor();
    assert.equal(new URL(theirs.url()).hash, "", "the secret is not left in the address");
    await look(theirs, `${name}-4-empty`);

    const person = came(o, link);
    await theirs.reload();
    await theirs.getByRole("heading", { name: w.title }).waitFor();
    const rows = (await theirs.locator(".representative__person").allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
    assert.equal(rows.length, 3, "and nobody who came by another link");
    assert.ok(rows[0].includes("Claire Arnaud") && rows[0].includes(w.completed), rows[0]);
    assert.ok(rows[2].includes("Zoé Girard") && rows[2].includes(w.absent), rows[2]);
    await look(theirs, `${name}-5-people`);
    await theirs.getByRole("button", { name: w.qr, exact: true }).click();
    await theirs.getByRole("dialog").getByRole("img").waitFor();
    await look(theirs, `${name}-5-qr`);
    await theirs.keyboard.press("Escape");

    const own = await openContext(browser, { locale: how.language === "fr" ? "fr-FR" : "en-GB", ...how, bypassCSP: true });
    await own.addCookies([{ name: "__Host-amphi-hcp", value: person.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
    const mine = await own.newPage();
    await mine.addInitScript((chosen) => localStorage.setItem("amphi.language", chosen), how.language);
    await mine.goto(`${server.url}/my`);
    await mine.getByText(w.mine).waitFor();
    await look(mine, `${name}-5-mine`);

    await page.goto(`${server.url}/congresses/${o.congress}/goals`);
    const campaigns = page.getByRole("region", { name: w.campaign });
    await campaigns.waitFor();
    assert.ok((await campaigns.innerText()).replace(/\s/g, " ").includes(w.attended.replace(/\s/g, " ")), await campaigns.innerText());
    await look(page, `${name}-6-board`);

    pg.sql(`UPDATE representative SET sent_at = now() - interval '2 minutes' WHERE link_id = '${link}'`);
    await page.goto(`${server.url}/congresses/${o.congress}/links`);
    await act(page, w, w.again);
    const fresh = await waitFor("a new secret", () => [server.mailed(email, "representative")].find((found) => found !== secret));
    await theirs.reload();
    await theirs.getByText(w.dead).waitFor();
    await theirs.goto("about:blank");
    await theirs.goto(fresh);
    await theirs.getByRole("heading", { name: w.title }).waitFor();
    await act(page, w, w.end);
    await page.getByText(w.ended).waitFor();
    await look(page, `${name}-7-ended`);
    await theirs.reload();
    await theirs.getByText(w.dead).waitFor();
    await look(theirs, `${name}-8-dead`);
    elsewhere(pg, o, "session"); // to come
    await theirs.goto(`${server.url}/r/${code}`);
    await theirs.locator("form#register").waitFor();
    assert.equal(await theirs.getByText(w.told).count(), 0, "nobody sees it any more, and the page says so no more");
    assert.deepEqual(staff.errors, []);
  });
}
