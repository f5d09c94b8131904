// Rule: what an organiser writes into a session's programme, a talk and a speaker named in place, is on the registration
// page in both languages, in the mail, on one's own page and in the room, which marks what is
// on now. A speaker who is deleted is on none of them. Nobody is mailed because of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { personalLink } from "./lib/links.mjs";
import { Live } from "./lib/live.mjs";
import { lookAt, shots } from "./lib/look.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

let pg, server, browser, o, person;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
  o = organisation(pg, "Laboratoire Exemple", { live: false });
  [person] = hcps(pg, o, 1);
});

const cookie = (value) => ({ name: "__Host-amphi", value, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" });

async function open(who, { locale = "fr-FR", width = 390, dark = false } = {}) {
  const context = await openContext(browser, { locale, width, dark, bypassCSP: true });
  await context.addInitScript((language) => localStorage.setItem("amphi.language", language), locale.slice(0, 2));
  if (who) await context.addCookies([cookie(who.cookie)]);
  onCleanup(() => context.close());
  return context.newPage();
}

async function look(page, name) {
  await page.waitForLoadState("networkidle");
  await lookAt(page, `programme-${name}`);
}

// A page's looks in the other sizes and shades, for whoever reads screenshots.
async function alsoLook(who, path, name, ready) {
  if (!shots) return;
  for (const [locale, width, dark] of [["en-GB", 1440, false], ["fr-FR", 1440, true], ["en-GB", 390, true]]) {
    const page = await open(who, { locale, width, dark });
    await page.goto(server.url + path);
    await ready(page);
    await look(page, `${name}-${locale}-${width}${dark ? "-dark" : ""}`);
  }
}

const TITLE = "Dépister plus tôt <i>en ville</i>";
const ofSession = (method, what, body) => request({ port: server.port, method, path: `/api/sessions/${o.session}/${what}`, cookie: o.staff.organiser.cookie, body });
const starts = (at, language) => new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Paris" }).format(at);
const sees = (page) => page.getByText(TITLE).first().waitFor();

test("a talk and its speaker are written in the programme's tab", { timeout: 90000 }, async () => {
  const page = await open(o.staff.organiser);
  await page.goto(`${server.url}/sessions/${o.session}/programme`);
  await page.getByRole("button", { name: "Ajouter une intervention" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Titre").fill(TITLE);
  await dialog.getByLabel("Durée").fill("25");
  await dialog.getByRole("button", { name: "Nouvelle personne" }).click();
  await dialog.getByLabel("Nom avec titre").fill("Pr Inès Valmont");
  await dialog.getByLabel("Établissement").fill("CHU de Port-Clair");
  await dialog.getByRole("button", { name: "Ajouter à la liste" }).click();
  await dialog.getByRole("combobox", { name: "Rôle de la personne 1" }).waitFor();
  await look(page, "editor-fr-390");
  await dialog.getByRole("button", { name: "Créer" }).click();
  await sees(page);
  // another by the API, which runs past the end; it goes before the first by the keyboard
  const { json } = await ofSession("GET", "programme");
  const speaker = json.talks[0].speakers[0].speaker;
  const second = { id: crypto.randomUUID(), title: "Titrer à plusieurs", abstract: "Deux ans de protocole.", start_minute: 25, minutes: 40, speakers: [{ speaker, role: "moderator" }] };
  const put = await ofSession("PUT", "programme", { version: json.version, talks: [...json.talks, second], speakers: [{ speaker, role: "chair" }] });
  assert.deepEqual(put.json.warnings.map(({ kind }) => kind), ["overrun"], put.text);
  await page.reload();
  await page.getByText("dépasse la fin prévue").waitFor();
  await look(page, "tab-fr-390");
  await page.getByRole("button", { name: "Monter « Titrer à plusieurs »" }).press("Enter");
  await waitFor("the new order", () => pg.sql("SELECT string_agg(start_minute::text, ',' ORDER BY position) FROM talk WHERE title LIKE 'Titrer%'")[0][0] === "0");
  await alsoLook(o.staff.organiser, `/sessions/${o.session}/programme`, "tab", sees);
});

test("the registration page has it in both languages", { timeout: 90000 }, async () => {
  const [[at]] = pg.sql(`SELECT extract(epoch FROM starts_at) * 1000 FROM session WHERE id = '${o.session}'`);
  for (const [locale, role] of [["fr-FR", "présidence"], ["en-GB", "chair"]]) {
    const page = await open(null, { locale });
    await page.goto(`${server.url}/r/${o.code}`);
    await sees(page);
    await page.getByText("Pr Inès Valmont").first().waitFor();
    await page.getByText(role, { exact: true }).first().waitFor();
    await page.getByText(starts(Number(at) + 40 * 60000, locale)).first().waitFor();
    await look(page, `register-${locale}-390`);
  }
  await alsoLook(null, `/r/${o.code}`, "register", sees);
  const join = await open(null);
  await join.goto(`${server.url}/join#${personalLink(pg, person)}`);
  await sees(join);
  await look(join, "join-fr-390");
  pg.sql(`UPDATE session SET state = 'draft' WHERE id = '${o.session}'`);
  const { text } = await request({ port: server.port, path: `/api/registration-pages/${o.code}` });
  assert.ok(!text.includes("Valmont"), "a draft's programme is not public");
  pg.sql(`UPDATE session SET state = 'lobby' WHERE id = '${o.session}'`);
});

test("the mail has it, escaped", { timeout: 60000 }, async () => {
  const email = "anne@example.org";
  const body = { email, first_name: "Anne", last_name: "Martin", language: "fr", profession: "10", specialty: "SM04", practice_setting: "SA01", region: "11", age_band: "45_54",
    consents: [{ kind: "participation", version: 1, given: true }, { kind: "contact", version: 1, given: false }] };
  assert.equal((await request({ port: server.port, method: "POST", path: `/api/registration-pages/${o.code}`, body })).status, 202);
  await server.link(email, "join");
  const asked = server.mails().find((mail) => mail.to.includes(email));
  assert.match(asked.text, /Programme\u00a0:\nAvec Pr Inès Valmont\n\d+ h \d\d – Titrer à plusieurs \(Pr Inès Valmont\)/);
  assert.ok(asked.html.includes("&lt;i&gt;en ville") && !asked.html.includes("<i>"));
  assert.equal(server.mails().filter((mail) => mail.to.includes(person.email)).length, 0, "nobody is mailed because a programme changed");
});

test("one's own page and the room have it, and the room marks what is on now", { timeout: 90000 }, async () => {
  const page = await open(person);
  await page.goto(`${server.url}/my`);
  await sees(page);
  await look(page, "my-fr-390");
  await page.goto(`${server.url}/live/${o.session}`);
  await page.getByRole("tab", { name: "Programme" }).click();
  await sees(page);
  await look(page, "lobby-fr-390");
  const host = await new Live({ port: server.port, cookie: o.staff.host.cookie, session: o.session }).open();
  onCleanup(() => host.close());
  await host.command("session.start", { version: 0 });
  await page.locator("li[aria-current=true]", { hasText: "Titrer à plusieurs" }).getByText("En cours").waitFor();
  await page.locator("li", { hasText: TITLE }).getByText("Ensuite").waitFor();
  await look(page, "room-fr-390");
  await alsoLook(person, `/live/${o.session}`, "room", async (other) => {
    await other.getByRole("tab", { name: "Programme" }).click();
    await sees(other);
  });
  const [[id]] = pg.sql("SELECT id FROM speaker");
  const gone = await request({ port: server.port, method: "DELETE", path: `/api/speakers/${id}`, cookie: o.staff.organiser.cookie });
  assert.equal(gone.status, 204);
  await page.getByRole("tabpanel", { name: "Programme" }).getByText("Pr Inès Valmont").first().waitFor({ state: "detached" });
  await sees(page);
  await host.command("session.end", { version: 1 });
  await page.getByRole("heading", { name: "Programme" }).waitFor();
  await look(page, "end-fr-390");
  const { text } = await request({ port: server.port, path: `/api/registration-pages/${o.code}` });
  assert.ok(!text.includes("Valmont"));
});
