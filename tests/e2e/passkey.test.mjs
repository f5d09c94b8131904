// Rule: staff add a passkey on their account page and sign in with it, alone or after a link, show with it that it is
// them, and remove it. Chromium's own authenticator plays the device. In both languages, on a phone too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openContext, pressLink } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { lookAt, shots } from "./lib/look.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { certificate, Server } from "./lib/server.mjs";

after(cleanup);

let pg, server, browser;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser({ trusted: certificate().certificate }); // browsers use no passkeys where the certificate is wrong
});

const WORDS = {
  "fr-FR": { account: "Votre compte", add: "Ajouter une clé d’accès", name: "Nom", goOn: "Continuer", codes: "Conservez vos codes de secours", kept: "Je les ai conservés", signIn: "Se connecter avec une clé d’accès", congresses: "Congrès", enter: "Me connecter", step: "Encore une étape", use: "Utiliser une clé d’accès",
    remove: "Retirer", asked: "Est-ce bien vous ?", none: "Aucune clé d’accès pour l’instant.", exists: /Cet appareil a déjà une clé d’accès/, unknown: /n’est pas connue ici/ },
  "en-GB": { account: "Your account", add: "Add a passkey", name: "Name", goOn: "Continue", codes: "Keep your recovery codes", kept: "I have kept them", signIn: "Sign in with a passkey", congresses: "Congresses", enter: "Sign in now", step: "One more step", use: "Use a passkey",
    remove: "Remove", asked: "Is it you?", none: "No passkey yet.", exists: /This device already has a passkey/, unknown: /not known here/ },
};

async function look(page, name) {
  await page.waitForLoadState("networkidle");
  await lookAt(page, name);
}

async function withDevice(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
}

for (const [locale, width] of [["fr-FR", 390], ["en-GB", 1440], ...(shots ? [["fr-FR", 820]] : [])]) {
  const words = WORDS[locale], name = `passkey-${locale.slice(0, 2)}-${width}`;
  test(`made, used alone, after a link and as proof, removed, ${name}`, { timeout: 120000 }, async () => {
    const o = organisation(pg, `Labo ${name}`);
    const { id, cookie } = o.staff.organiser;
    const [[email]] = pg.sql(`SELECT email FROM account WHERE id = '${id}'`);
    const context = await openContext(browser, { locale, width, bypassCSP: true, ignoreHTTPSErrors: false });
    const page = await context.newPage();
    const button = (text) => page.getByRole("button", { name: text, exact: true });
    const signedIn = () => page.getByRole("heading", { level: 1, name: words.congresses }).waitFor();
    await withDevice(page);
    await context.addCookies([{ name: "__Host-amphi", value: cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
    await page.goto(`${server.url}/account`);
    await button(words.add).click();
    await page.getByRole("dialog").getByLabel(words.name).fill("Ordinateur");
    await look(page, `${name}-add`);
    await button(words.goOn).click();
    await page.getByRole("heading", { name: words.codes }).waitFor();
    await button(words.kept).click();
    await page.getByText("Ordinateur", { exact: true }).waitFor();
    await look(page, `${name}-account`);
    await button(words.add).click(); // once more on the same device
    await page.getByRole("dialog").getByLabel(words.name).fill("Encore");
    await button(words.goOn).click();
    await page.getByText(words.exists).waitFor();

    await context.clearCookies();
    await page.goto(`${server.url}/sign-in`);
    await look(page, `${name}-sign-in`);
    await button(words.signIn).click();
    await signedIn();

    await context.clearCookies();
    await request({ port: server.port, method: "POST", path: "/api/sign-in/link", body: { email } });
    await pressLink(page, await waitFor("the link", () => server.mailed(email, "sign-in")), words.enter);
    await page.getByRole("heading", { name: words.step }).waitFor();
    await look(page, `${name}-step`);
    await button(words.use).click();
    await signedIn();

    pg.sql(`UPDATE sign_in SET created_at = now() - interval '1 hour', proved_at = NULL WHERE account_id = '${id}'`);
    await page.goto(`${server.url}/account`);
    await button(words.remove).click();
    await page.getByRole("dialog").getByRole("button", { name: words.remove, exact: true }).click();
    await page.getByRole("dialog", { name: words.asked }).getByRole("button", { name: words.use }).click();
    await page.getByText(words.none).waitFor();

    await context.clearCookies();
    await page.goto(`${server.url}/sign-in`);
    await button(words.signIn).click();
    await page.getByText(words.unknown).waitFor();
    assert.deepEqual(context.errors.filter((e) => !/status of 403/.test(e)), []);
    await context.close();
  });
}
