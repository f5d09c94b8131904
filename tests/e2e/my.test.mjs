// Rule: on their page people read what is known of them, correct name, address and profession, withdraw and give the
// contact consent, and find the privacy notice from where they agree to something. In both languages, on a phone too.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { lookAt, shots } from "./lib/look.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

let pg, server, browser, o;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
  o = organisation(pg, "Laboratoire Exemple", { live: false });
  pg.sql(`UPDATE organisation SET privacy_notice_fr = 'Nous utilisons vos données.', privacy_notice_en = 'We use your data.' WHERE id = '${o.id}'`);
  pg.sql(`UPDATE consent_text SET text_fr = 'J’accepte d’être recontacté(e) par le laboratoire au sujet de ses formations.', text_en = 'I agree to be contacted by the laboratory about its courses.' WHERE kind = 'contact' AND organisation_id = '${o.id}'`);
});

const WORDS = {
  fr: { edit: "Modifier", name: "Nom", first: "Prénom", save: "Enregistrer", email: "Adresse e-mail", newEmail: "Nouvelle adresse e-mail", send: "Envoyer le code", code: "Code", wrong: "Ce code n’est pas le bon.", confirm: "Confirmer", profile: "Profil professionnel", profession: "Profession", pharmacist: "Pharmacien", give: "Donner ce consentement", withdraw: "Retirer ce consentement", privacy: "Protection des données", notice: "Nous utilisons vos données.", cancel: "Annuler" },
  en: { edit: "Edit", name: "Name", first: "First name", save: "Save", email: "E-mail address", newEmail: "New e-mail address", send: "Send the code", code: "Code", wrong: "This code is not right.", confirm: "Confirm", profile: "Professional profile", profession: "Profession", pharmacist: "Pharmacist", give: "Give this consent", withdraw: "Withdraw this consent", privacy: "Privacy notice", notice: "We use your data.", cancel: "Cancel" },
};

async function settle(page) {
  await page.waitForLoadState("networkidle");
  await page.waitForFunction(() => document.getAnimations().every((a) => a.playState !== "running" || a.effect?.getComputedTiming().iterations === Infinity));
}

async function look(page, name) {
  await settle(page);
  await lookAt(page, `my-${name}`);
}

const mailedCode = (email) => waitFor("the code", () => {
  const mail = server.mails().filter((m) => m.to.includes(email)).pop();
  return mail && /\b\d{6}\b/.exec(mail.text)?.[0];
});

const SIZES = [["fr", 390], ["en", 1440], ...(shots ? [["fr", 820], ["en", 820], ["en", 390], ["fr", 1440]] : [])];
for (const [language, width] of SIZES) {
  const w = WORDS[language], name = `${language}-${width}`;
  test(`what one corrects on one's page, ${name}`, { timeout: 90000 }, async () => {
    const [person] = hcps(pg, o, 1);
    pg.sql(`INSERT INTO registration_consent (registration_id, organisation_id, kind, version, language, given, at) VALUES
      ('${person.registration}', '${o.id}', 'participation', 1, 'fr', true, now()), ('${person.registration}', '${o.id}', 'contact', 1, 'fr', true, now())`);
    const context = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", width, bypassCSP: true });
    await context.addCookies([{ name: "__Host-amphi", value: person.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
    const page = await context.newPage();
    const edit = (what) => page.getByRole("button", { name: `${w.edit} (${what})`, exact: true }).click();
    const press = (text) => page.getByRole("dialog").getByRole("button", { name: text, exact: true }).click();
    const closed = () => page.getByRole("dialog").waitFor({ state: "detached" });
    await page.goto(`${server.url}/my`);
    await page.getByText(person.email).waitFor();
    await look(page, `${name}-page`);

    await edit(w.name);
    await page.getByLabel(w.first).fill("Zoé");
    await press(w.save);
    await page.getByRole("heading", { level: 1, name: /Zoé Nom/ }).waitFor();

    await edit(w.profile);
    await look(page, `${name}-profile`);
    await page.getByRole("combobox", { name: w.profession }).click();
    await page.getByRole("option", { name: w.pharmacist, exact: true }).click();
    await press(w.save);
    await closed();
    assert.deepEqual(pg.sql(`SELECT profession, specialty FROM registration WHERE id = '${person.registration}'`)[0], ["21", "\\N"]);
    await page.locator("dd").getByText(w.pharmacist).last().waitFor();

    await page.getByRole("button", { name: w.withdraw }).click();
    await page.getByRole("button", { name: w.give }).waitFor();
    await look(page, `${name}-withdrawn`);
    await page.getByRole("button", { name: w.give }).click();
    await page.getByRole("button", { name: w.withdraw }).waitFor();
    assert.deepEqual(pg.sql(`SELECT given FROM registration_consent WHERE registration_id = '${person.registration}' AND kind = 'contact' ORDER BY id`).flat(), ["t", "f", "t"]);

    await page.locator("summary", { hasText: w.privacy }).click();
    await page.getByText(w.notice).waitFor();

    const address = `zoe-${name}@example.org`;
    await edit(w.email);
    await page.getByLabel(w.newEmail).fill(address);
    await look(page, `${name}-address`);
    await press(w.send);
    const code = await mailedCode(address);
    await page.getByLabel(w.code, { exact: true }).fill(code === "000000" ? "111111" : "000000");
    await press(w.confirm);
    await page.getByText(w.wrong).waitFor();
    await look(page, `${name}-code`);
    await page.getByLabel(w.code, { exact: true }).fill(code);
    await press(w.confirm);
    await closed();
    await page.locator("dd").getByText(address).first().waitFor();
    assert.equal(pg.sql(`SELECT email FROM hcp WHERE id = '${person.hcp}'`)[0][0], address);
    await server.link(address, "join");
    assert.ok(await waitFor("word at the old address", () => server.mails().some((m) => m.to.includes(person.email))));
    await page.reload();
    await page.getByText(address).waitFor(); // still signed in
    const refused = context.errors.filter((e) => !/status of 422/.test(e));
    assert.deepEqual(refused, []);
  });
}

test("a live room's figures follow a corrected profile", { timeout: 60000 }, async () => {
  const l = organisation(pg, "Live", { live: true });
  const [person] = hcps(pg, l, 1);
  const profile = randomUUID();
  pg.sql(`INSERT INTO target_profile (id, organisation_id, congress_id, name, position, created_at) VALUES ('${profile}', '${l.id}', '${l.congress}', 'P', 1, now());
    INSERT INTO target_profile_criterion VALUES ('${profile}', 1, 'all_of', 'profession', '{21}')`);
  const host = await new Live({ port: server.port, cookie: l.staff.host.cookie, session: l.session }).open();
  onCleanup(() => host.close());
  const figures = (registered) => waitFor(`${registered} of the profile`, () => host.states.get("participation ")?.data.profiles?.[0]?.registered === registered);
  await figures(0);
  const body = { profession: "21", specialty: null, practice_setting: "SA01", region: "11", age_band: "45_54" };
  const changed = await request({ port: server.port, method: "PATCH", path: "/api/my/profile", cookie: person.cookie, body });
  assert.equal(changed.status, 200, changed.text);
  await figures(1);
});

test("the registration form leads to the privacy notice from its consents", async () => {
  const page = await (await openContext(browser, { width: 390, bypassCSP: true })).newPage();
  await page.goto(`${server.url}/r/${o.code}`);
  await page.getByRole("link", { name: WORDS.fr.privacy }).click();
  await page.getByText(WORDS.fr.notice).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), "SUMMARY");
  await look(page, "form-privacy");
});
