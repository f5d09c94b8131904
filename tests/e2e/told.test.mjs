// Rule: changes of a published session are told a few minutes after the last one; an organiser sees when, and may tell
// them at once. In both languages, on a phone too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

const shots = process.env.SHOTS; // a folder: what the page looks like
let pg, server, browser;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
});

const WORDS = {
  fr: { due: /Les inscrits seront prévenus des/, send: "Envoyer maintenant", sent: "Les e-mails sont en cours d’envoi.", settings: "Réglages", title: "Titre", save: "Enregistrer" },
  en: { due: /Everybody registered is told of/, send: "Send it now", sent: "The e-mails are on their way.", settings: "Settings", title: "Title", save: "Save" },
};

const SIZES = [["fr", 390], ["en", 1440], ...(shots ? [["fr", 820], ["en", 820], ["en", 390], ["fr", 1440]] : [])];
for (const [language, width] of SIZES) {
  const w = WORDS[language], name = `${language}-${width}`;
  test(`a change is told at once, ${name}`, { timeout: 60000 }, async () => {
    const o = organisation(pg, "Laboratoire Exemple");
    hcps(pg, o, 2);
    pg.sql(`UPDATE session SET starts_at = now() + interval '5 days' WHERE id = '${o.session}'`);
    const context = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", width, bypassCSP: true });
    await context.addCookies([{ name: "__Host-amphi", value: o.staff.organiser.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
    const page = await context.newPage();
    await page.goto(`${server.url}/sessions/${o.session}`);
    await page.getByRole("link", { name: w.settings }).click();
    await page.getByLabel(w.title, { exact: true }).fill("Cœur et rein");
    await page.getByRole("button", { name: w.save }).click();
    await page.getByText(w.due).waitFor();
    const mails = () => pg.sql(`SELECT 1 FROM outbox WHERE organisation_id = '${o.id}'`).length;
    assert.equal(mails(), 0);
    await page.waitForLoadState("networkidle");
    assert.deepEqual(await axe(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    if (shots) await page.screenshot({ path: `${shots}/told-${name}.png`, fullPage: true });
    await page.getByRole("button", { name: w.send }).click();
    await page.getByText(w.sent).first().waitFor();
    await waitFor("both mails", () => mails() === 2);
    await page.getByText(w.due).waitFor({ state: "detached" });
    assert.deepEqual(context.errors, []);
    await context.close();
  });
}
