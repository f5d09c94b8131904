// Rule: staff set up a second factor on their account page and sign in in two steps, by the app or a recovery
// code; where the organisation requires it, a sign-in leads through the set-up; an organiser resets a colleague's.
// In both languages, on a phone too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openContext, pressLink } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { lookAt, shots } from "./lib/look.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";
import { totp } from "./lib/totp.mjs";

after(cleanup);

let pg, server, browser;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
});

const WORDS = {
  "fr-FR": { account: "Votre compte", setUp: "Configurer", key: "Ou saisissez cette clé dans l’application", code: "Code à six chiffres affiché par l’application", confirm: "Confirmer", codes: "Conservez vos codes de secours", kept: "Je les ai conservés",
    left: /codes de secours restants/, enter: "Me connecter", step: "Encore une étape", signIn: "Se connecter", useRecovery: "Utiliser un code de secours", recovery: "Code de secours", congresses: "Congrès", wrong: /Ce code est incorrect/, used: /a déjà servi/, required: "Configurer l’application d’authentification",
    require: "L’exiger pour tous", team: "Équipe", reset: "Réinitialiser la double authentification", without: "Sans double authentification", more: /Autres actions\s: moderator/ },
  "en-GB": { account: "Your account", setUp: "Set up", key: "Or type this key into the app", code: "Six-digit code that the app shows", confirm: "Confirm", codes: "Keep your recovery codes", kept: "I have kept them",
    left: /recovery codes left/, enter: "Sign in now", step: "One more step", signIn: "Sign in", useRecovery: "Use a recovery code", recovery: "Recovery code", congresses: "Congresses", wrong: /This code is not right/, used: /used already/, required: "Set up the authenticator app",
    require: "Require it for everybody", team: "Team", reset: "Reset the second factor", without: "No second factor", more: /More actions: moderator/ },
};

async function look(page, name) {
  await page.waitForLoadState("networkidle");
  await lookAt(page, name);
}

// A person of the organisation in a browser of their own; the address is in the database only.
async function personOf(o, role, { locale, width }) {
  const context = await openContext(browser, { locale, width, bypassCSP: true });
  const [[email]] = pg.sql(`SELECT email FROM account WHERE id = '${o.staff[role].id}'`);
  return { context, page: await context.newPage(), email, cookie: o.staff[role].cookie };
}

const signedIn = ({ context, cookie }) => context.addCookies([{ name: "__Host-amphi", value: cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);

async function openLink({ page, email }, words) {
  const known = server.mailed(email, "sign-in");
  const asked = await request({ port: server.port, method: "POST", path: "/api/sign-in/link", body: { email } });
  assert.equal(asked.status, 202, asked.text);
  const link = await waitFor("the link", () => server.mailed(email, "sign-in") !== known && server.mailed(email, "sign-in"));
  await page.goto("about:blank");
  await pressLink(page, link, words.enter);
}

// Reads the key, types the first code, reads and keeps the codes.
async function setUp(page, words, seen) {
  const secret = await page.getByLabel(words.key).inputValue();
  await page.locator("svg.qr-code path").waitFor();
  await seen("set-up");
  await page.getByLabel(words.code).fill("000000");
  await page.getByRole("button", { name: words.confirm }).click();
  await page.getByText(words.wrong).waitFor();
  const first = totp(secret);
  await page.getByLabel(words.code).fill(first);
  await page.getByRole("button", { name: words.confirm }).click();
  await page.getByRole("heading", { name: words.codes }).waitFor();
  await seen("codes");
  const codes = await page.locator(".recovery-codes code").allTextContents();
  assert.equal(codes.length, 10);
  await page.getByRole("button", { name: words.kept }).click();
  return { secret, first, codes };
}

async function giveCode(page, label, code, words) {
  await page.getByLabel(label, { exact: true }).fill(code);
  await page.getByRole("button", { name: words.signIn, exact: true }).click();
}

for (const [locale, width] of [["fr-FR", 390], ["en-GB", 1440], ...(shots ? [["fr-FR", 820]] : [])]) {
  const words = WORDS[locale], name = `${locale.slice(0, 2)}-${width}`;

  test(`set up on the account page, then two steps, ${name}`, { timeout: 90000 }, async () => {
    const who = await personOf(organisation(pg, `Labo ${name}`), "organiser", { locale, width });
    const { context, page } = who;
    const seen = (what) => look(page, `${name}-account-${what}`);
    await signedIn(who);
    await page.goto(`${server.url}/account`);
    await page.getByRole("heading", { level: 1, name: words.account }).waitFor();
    await seen("none");
    await page.getByRole("button", { name: words.setUp, exact: true }).click();
    const { secret, first, codes } = await setUp(page, words, seen);
    await page.getByText(words.left).waitFor();
    await seen("has");
    await page.waitForLoadState("networkidle");
    await context.clearCookies();

    await openLink(who, words);
    await page.getByRole("heading", { name: words.step }).waitFor();
    await look(page, `${name}-step`);
    await page.reload(); // the half sign-in is in a cookie
    await giveCode(page, words.code, first, words);
    await page.getByText(words.used).waitFor();
    await giveCode(page, words.code, totp(secret, 1), words);
    await page.getByRole("heading", { level: 1, name: words.congresses }).waitFor();
    await page.waitForLoadState("networkidle"); // what is still asked for would be refused
    await context.clearCookies();

    await openLink(who, words);
    await page.getByRole("button", { name: words.useRecovery }).click();
    await look(page, `${name}-recovery`);
    await giveCode(page, words.recovery, codes[3].toUpperCase(), words);
    await page.getByRole("heading", { level: 1, name: words.congresses }).waitFor();
    assert.deepEqual(context.errors.filter((e) => !/status of 403/.test(e)), []);
    await context.close();
  });

  test(`required by the organisation, and reset by an organiser, ${name}`, { timeout: 90000 }, async () => {
    const o = organisation(pg, `Société ${name}`);
    const organiser = await personOf(o, "organiser", { locale, width });
    const moderator = await personOf(o, "moderator", { locale, width });
    const { page } = organiser;
    await signedIn(organiser);
    await page.goto(`${server.url}/team`);
    await page.getByText(words.without).first().waitFor();
    await page.getByRole("button", { name: words.require }).click();
    await look(page, `${name}-team-ask`);
    await page.getByRole("dialog").getByRole("button", { name: words.require }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await look(page, `${name}-team`);

    await openLink(moderator, words);
    await moderator.page.getByRole("heading", { name: words.required }).waitFor();
    await setUp(moderator.page, words, (what) => look(moderator.page, `${name}-required-${what}`));
    await moderator.page.getByRole("heading", { level: 1, name: words.congresses }).waitFor();

    await page.reload();
    await page.getByRole("button", { name: words.more }).click();
    await page.getByRole("menuitem", { name: words.reset }).click();
    await look(page, `${name}-reset`);
    await page.getByRole("dialog").getByRole("button", { name: words.reset }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.equal(pg.sql(`SELECT count(*) FROM account_totp WHERE organisation_id = '${o.id}'`)[0][0], "0");
    await waitFor("the mail to the moderator", () => server.mails().some((m) => m.to.includes(moderator.email) && /retirer la double authentification/.test(m.text)));
    assert.deepEqual(organiser.context.errors, []);
    await organiser.context.close();
    await moderator.context.close();
  });
}
