// Rule: organisers of a congress see what it mails by itself and what is planned next, and switch it; they write the texts of their
// organisation beside the mail that it makes, have a test sent to themselves, and go back to the house's. In both languages, on a phone too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, signedInContext } from "./lib/browser.mjs";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { lookAt, shots } from "./lib/look.mjs";
import { hcps, organisation, staff } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";
import { Smtp } from "./lib/smtp.mjs";

after(cleanup);

let pg, server, smtp, browser;
before(async () => {
  smtp = new Smtp({ address: "127.0.0.1" });
  await smtp.listen();
  onCleanup(() => smtp.close());
  pg = new Postgres();
  server = await new Server({ database: pg, env: { AMPHI_SMTP_URL: `smtp://127.0.0.1:${smtp.port}` } }).start();
  browser = await openBrowser();
});

const look = (page, name) => lookAt(page, `mails-${name}`);

const WORDS = {
  en: { sent: "Sent by itself", thanks: /Thanks to those who attended/, minutes: "10 minutes before", save: "Save", saved: "Saved", planned: "Next", day: /the day before/i, last: /Reminder, 10 minutes/, reminder: "Reminder", card: "English", preview: "Preview in English", text: "Text", subject: "Subject", insert: "In how long", test: "Send me a test", tested: /on its way/, own: "Own text", house: "Default text", reset: "Back to the default", phone: "Phone",
    filled: "Until in an hour, Camille!", refused: /no such placeholder.*\{prenom\}/, body: "Dear {last_name}, <b>see you</b> {when}.", shown: "Dear Martin, <b>see you</b> in an hour.", at: "Until {when}, {first_name}!" },
  fr: { sent: "Envois automatiques", thanks: /Remercier les personnes présentes/, minutes: "10 minutes avant", save: "Enregistrer", saved: "Enregistré", planned: "À venir", day: /Rappel, la veille/, last: /Rappel, 10 minutes/, reminder: "Rappel", card: "Français", preview: "Aperçu en français", text: "Texte", subject: "Objet", insert: "Dans combien de temps", test: "M’envoyer un essai", tested: /en route/, own: "Texte propre", house: "Texte par défaut", reset: "Rétablir le texte par défaut", phone: "Téléphone",
    filled: "À dans une heure, Camille !", refused: /n’existe pas.*\{prenom\}/, body: "Chère {last_name}, <b>rendez-vous</b> {when}.", shown: "Chère Martin, <b>rendez-vous</b> dans une heure.", at: "À {when}, {first_name} !" },
};

async function settings(page, o, w, name) {
  await page.goto(`${server.url}/congresses/${o.congress}/mails`);
  const card = page.getByRole("region", { name: w.sent });
  const planned = page.getByRole("region", { name: w.planned });
  await planned.getByText(w.day).waitFor();
  await look(page, `tab-${name}`);
  await card.getByLabel(w.thanks).check();
  await card.getByLabel(w.minutes).uncheck();
  await card.getByRole("button", { name: w.save }).click();
  await page.getByText(w.saved, { exact: true }).first().waitFor();
  await planned.getByText(w.last).waitFor({ state: "detached" });
  assert.deepEqual(pg.sql(`SELECT remind_day, remind_minutes, thanks, missed FROM mail_setting WHERE congress_id = '${o.congress}'`), [["t", "f", "t", "f"]]);
}

async function write(page, o, w, name, language) {
  await page.getByRole("link", { name: w.reminder, exact: true }).click();
  const card = page.getByRole("region", { name: w.card, exact: true });
  const preview = card.getByRole("region", { name: w.preview });
  await preview.getByText("Camille").first().waitFor();
  await look(page, `text-${name}`);
  await card.getByLabel(w.subject).fill("{prenom}");
  await preview.getByText(w.refused).waitFor();
  await card.getByLabel(w.subject).fill(w.at);
  await preview.getByText(w.filled).waitFor();
  await card.getByLabel(w.text, { exact: true }).fill(w.body.replace("{when}.", ""));
  await card.getByRole("button", { name: w.insert }).click();
  await card.getByLabel(w.text, { exact: true }).press("End");
  await card.getByLabel(w.text, { exact: true }).pressSequentially(".");
  await preview.getByText(w.shown).waitFor();
  await preview.getByText(w.phone, { exact: true }).click();
  await look(page, `written-${name}`);
  const before = smtp.mails.length;
  await card.getByRole("button", { name: w.test }).click();
  await page.getByText(w.tested).first().waitFor();
  await waitFor("the test", () => smtp.mails.length > before);
  const mail = smtp.mails.at(-1);
  assert.deepEqual(mail.to, [`<organiser-${o.staff.organiser.id}@example.org>`]);
  assert.match(mail.text.replaceAll("=\r\n", ""), language === "fr" ? /rendez-vous/ : /see you/);
  await card.getByRole("button", { name: w.save }).click();
  await card.getByText(w.own, { exact: true }).waitFor();
  assert.deepEqual(pg.sql(`SELECT kind, language, subject, body FROM mail_text WHERE organisation_id = '${o.id}'`), [["reminder", language, w.at, w.body]]);
  await card.getByRole("button", { name: w.reset }).click();
  await page.getByRole("dialog").getByRole("button", { name: w.reset }).click();
  await card.getByText(w.house, { exact: true }).waitFor();
  assert.deepEqual(pg.sql(`SELECT count(*) FROM mail_text WHERE organisation_id = '${o.id}'`), [["0"]]);
}

const SIZES = [["fr", 390, false], ["en", 1440, true], ...(shots ? [["fr", 820, false], ["fr", 1440, false], ["en", 390, true], ["en", 820, true]] : [])];
for (const [language, width, dark] of SIZES)
  test(`the mails of a congress, ${language} ${width}`, { timeout: 90000 }, async () => {
    const w = WORDS[language], o = organisation(pg, "Laboratoire Exemple"), name = `${language}-${width}${dark ? "-dark" : ""}`;
    hcps(pg, o, 2);
    pg.sql(`UPDATE session SET title = 'Cœur et rein', starts_at = now() + interval '5 days', listen_at = '01 23 45 67 89' WHERE id = '${o.session}'`);
    const context = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, language, width, dark, bypassCSP: true });
    const page = await context.newPage();
    await settings(page, o, w, name);
    await write(page, o, w, name, language);
    assert.deepEqual(context.errors.filter((e) => !/422 .*mails\/preview$/.test(e)), []); // what was refused, above
    await context.close();
  });

test("who organises one congress only sees the texts and changes none", async () => {
  const o = organisation(pg, "Laboratoire Exemple");
  const { cookie } = staff(pg, o, "guest", ["organiser"], { congress: o.congress });
  const ask = (method, path, body) => request({ port: server.port, method, path, cookie, body });
  const mails = await ask("GET", `/api/congresses/${o.congress}/mails`);
  assert.equal(mails.json.may_write, false);
  const written = { kind: "welcome", language: "fr", subject: "S", body: "B" };
  assert.equal((await ask("PUT", "/api/mail-texts", written)).status, 403);
  assert.equal((await ask("POST", `/api/congresses/${o.congress}/mails/preview`, written)).status, 200);
});
