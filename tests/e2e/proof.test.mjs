// Rule: what lets personal data out or changes rights asks first whether it is still the same person, in a dialog,
// and then goes on by itself. In both languages, on a phone too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";
import { totp } from "./lib/totp.mjs";

after(cleanup);

const shots = process.env.SHOTS; // a folder: what each page looks like
const PASSWORD = "correct horse battery";
let pg, server, browser;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
});

const WORDS = {
  "fr-FR": { asked: "Est-ce bien vous ?", password: "Votre mot de passe", goOn: "Confirmer et continuer", wrong: /Ce n’est pas votre mot de passe/, mail: "M’envoyer un code par e-mail", mailed: "Code reçu par e-mail", attendance: "Présence", more: /Autres actions\s: moderator/,
    roles: "Modifier les rôles", speaker: /Orateur/, save: "Enregistrer", saved: "Rôles enregistrés", close: "Fermer", refused: /Rien n’a été fait/, erase: "Effacer les données", useApp: "Utiliser un code de l’application", code: "Code à six chiffres affiché par l’application", off: "Désactiver", none: /n’est pas activée/ },
  "en-GB": { asked: "Is it you?", password: "Your password", goOn: "Confirm and go on", wrong: /This is not your password/, mail: "Mail me a code", mailed: "Code from the mail", attendance: "Attendance", more: /More actions: moderator/,
    roles: "Change roles", speaker: /Speaker/, save: "Save", saved: "Roles saved", close: "Close", refused: /Nothing was done/, erase: "Erase", useApp: "Use a code from the app", code: "Six-digit code that the app shows", off: "Switch off", none: /has no second factor/ },
};

async function look(page, name) {
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => Promise.all(document.getAnimations().map((a) => (a.effect?.getComputedTiming().iterations === Infinity ? null : a.finished.catch(() => null)))));
  assert.deepEqual(await axe(page), [], name);
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
}

const stale = ({ id }) => pg.sql(`UPDATE sign_in SET proved_at = now() - interval '1 hour' WHERE account_id = '${id}'`);

// The organiser, signed in an hour ago.
async function organiserOf(o, { locale, width }) {
  const { id, cookie } = o.staff.organiser;
  stale({ id });
  const context = await openContext(browser, { locale, width, bypassCSP: true });
  await context.addCookies([{ name: "__Host-amphi", value: cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
  const page = await context.newPage();
  return { context, page, cookie, id, dialog: (name) => page.getByRole("dialog", { name }) };
}

// A fresh proof is needed to set a first password, so that it is set before the hour passes.
async function withPassword(o) {
  const set = await request({ port: server.port, method: "PUT", path: "/api/me/password", cookie: o.staff.organiser.cookie, body: { password: PASSWORD } });
  assert.equal(set.status, 204, set.text);
}

for (const [locale, width] of [["fr-FR", 390], ["en-GB", 1440], ["fr-FR", 820]]) {
  const words = WORDS[locale], name = `proof-${locale.slice(0, 2)}-${width}`;

  test(`by password: roles and a file, ${name}`, { timeout: 90000 }, async () => {
    const o = organisation(pg, `Labo ${name}`);
    hcps(pg, o, 2);
    await withPassword(o);
    const who = await organiserOf(o, { locale, width });
    const { page, dialog, context } = who;
    await page.goto(`${server.url}/team`);
    await page.getByRole("button", { name: words.more }).click();
    await page.getByRole("menuitem", { name: words.roles }).click();
    await page.getByRole("checkbox", { name: words.speaker }).check();
    await page.getByRole("button", { name: words.save, exact: true }).click();
    await dialog(words.asked).waitFor();
    await look(page, `${name}-password`);
    await dialog(words.asked).getByRole("button", { name: words.close }).click(); // they would not
    await page.getByText(words.refused).waitFor();
    await page.getByRole("button", { name: words.save, exact: true }).click();
    await page.getByLabel(words.password).fill("not the password");
    await page.getByRole("button", { name: words.goOn }).click();
    await page.getByText(words.wrong).waitFor();
    await page.getByLabel(words.password).fill(PASSWORD);
    await page.getByRole("button", { name: words.goOn }).click();
    await page.getByText(words.saved).waitFor();
    assert.equal(pg.sql(`SELECT count(*) FROM role_grant WHERE holder_id = '${o.staff.moderator.id}' AND role = 'speaker' AND revoked_at IS NULL`)[0][0], "1");

    stale(who);
    await page.goto(`${server.url}/sessions/${o.session}/participation`);
    await page.getByRole("link", { name: words.attendance, exact: true }).click();
    await page.getByLabel(words.password).fill(PASSWORD);
    const file = page.waitForEvent("download");
    await page.keyboard.press("Enter");
    assert.match((await file).suggestedFilename(), /\.csv$/);
    const again = page.waitForEvent("download"); // within ten minutes nothing is asked
    await page.getByRole("link", { name: words.attendance, exact: true }).click();
    await again;
    assert.deepEqual(context.errors.filter((e) => !/status of (403|422)/.test(e)), []);
    await context.close();
  });

  test(`by a mailed code where there are only links, ${name}`, { timeout: 90000 }, async () => {
    const o = organisation(pg, `Société ${name}`);
    const who = await organiserOf(o, { locale, width });
    const { page, dialog } = who;
    const [[email]] = pg.sql(`SELECT email FROM account WHERE id = '${who.id}'`);
    await page.goto(`${server.url}/sessions/${o.session}/participation`);
    await page.getByRole("link", { name: words.attendance, exact: true }).click();
    await dialog(words.asked).getByRole("button", { name: words.mail }).click();
    const code = await waitFor("the code", () => server.mails().find((m) => m.to.includes(email) && /\d{3} \d{3}/.test(m.text))?.text.match(/\d{3} \d{3}/)[0]);
    await look(page, `${name}-mail`);
    await page.getByLabel(words.mailed).fill(code);
    const file = page.waitForEvent("download");
    await page.getByRole("button", { name: words.goOn }).click();
    await file;
    await who.context.close();
  });

  test(`by the app: switching it off, ${name}`, { timeout: 90000 }, async () => {
    const o = organisation(pg, `Institut ${name}`);
    const as = { port: server.port, method: "POST", cookie: o.staff.organiser.cookie };
    await withPassword(o);
    const { json: { secret } } = await request({ ...as, path: "/api/me/totp", body: {} });
    const set = await request({ ...as, path: "/api/me/totp/confirm", body: { code: totp(secret, -1) } });
    assert.equal(set.status, 200, set.text);
    const { page, dialog, context } = await organiserOf(o, { locale, width });
    await page.goto(`${server.url}/account`);
    await page.getByRole("button", { name: words.off, exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: words.off, exact: true }).click();
    await dialog(words.asked).getByRole("button", { name: words.useApp }).click();
    await look(page, `${name}-app`);
    await page.getByLabel(words.code).fill(totp(secret));
    await page.getByRole("button", { name: words.goOn }).click();
    await page.getByText(words.none).waitFor();
    await context.close();
  });
}
