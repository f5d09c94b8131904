// Rule: a form is a request. The mail's link names the event and greets, confirms with one button, asks who it
// is where two people share an address, and offers a way back after a cancellation. In both languages, on a phone too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { lookAt, shots } from "./lib/look.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

let pg, server, browser, o;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
  o = organisation(pg, "Un", { live: false });
});

const WORDS = {
  "fr-FR": { confirm: "Confirmer mon inscription", registered: "Votre inscription est confirmée", who: "Qui s’inscrit ?", cancel: "Annuler mon inscription", again: "M’inscrire à nouveau", enter: "Entrer", full: "Toutes les places sont prises" },
  "en-GB": { confirm: "Confirm my registration", registered: "You are registered", who: "Who is registering?", cancel: "Cancel my registration", again: "Register again", enter: "Enter", full: "Every seat is taken" },
};

async function fillIn(email, first_name, language) {
  const body = { email, first_name, last_name: "Martin", language, profession: "10", specialty: "SM04", practice_setting: "SA01", region: "11", age_band: "45_54",
    consents: [{ kind: "participation", version: 1, given: true }, { kind: "contact", version: 1, given: false }] };
  const { status, text } = await request({ port: server.port, method: "POST", path: `/api/registration-pages/${o.code}`, body });
  assert.equal(status, 202, text);
}

async function look(page, name) {
  await page.waitForLoadState("networkidle");
  await lookAt(page, name);
}

for (const [locale, width] of [["fr-FR", 390], ["en-GB", 1440], ["en-GB", 820]]) {
  const words = WORDS[locale], language = locale.slice(0, 2), name = `${language}-${width}`;
  test(`from the form to the cancellation and back, ${name}`, { timeout: 90000 }, async () => {
    const email = `anne-${name}@example.org`;
    const context = await openContext(browser, { locale, width, bypassCSP: true });
    const page = await context.newPage();
    const button = (text) => page.getByRole("button", { name: text, exact: true });
    await fillIn(email, "Anne", language);
    await page.goto(await server.link(email, "join"));
    await button(words.confirm).waitFor();
    await look(page, `${name}-confirm`);
    await button(words.confirm).click();
    await page.getByText(words.registered).waitFor();
    await page.getByRole("heading", { level: 1, name: /Anne Martin/ }).waitFor();
    await look(page, `${name}-my`);

    await fillIn(email, "Bruno", language);
    const asked = await waitFor("the second mail", () => server.mails().some((m) => m.to.includes(email) && m.text.includes("Bruno")) && server.mailed(email, "join"));
    await page.goto("about:blank");
    await page.goto(asked);
    await page.getByText(words.who).waitFor();
    assert.ok(await button(words.confirm).isDisabled());
    await look(page, `${name}-who`);
    await page.getByRole("radio").first().check();
    await button(words.confirm).click();
    await page.waitForURL("**/my");
    await page.getByRole("heading", { level: 1, name: /Bruno Martin/ }).waitFor();
    assert.deepEqual(pg.sql(`SELECT first_name FROM hcp WHERE email = '${email}' ORDER BY 1`).flat(), ["Anne", "Bruno"]);

    const cancel = await server.link(email, "cancel");
    await page.goto("about:blank");
    await page.goto(cancel);
    await button(words.cancel).waitFor();
    await look(page, `${name}-cancel`);
    await button(words.cancel).click();
    await page.getByRole("link", { name: words.again }).waitFor();
    await look(page, `${name}-cancelled`);
    await page.getByRole("link", { name: words.again }).click();
    await page.waitForURL(`**/r/${o.code}`);
    assert.deepEqual(context.errors, []);
  });
}

// One pixel, unless a folder for screenshots asks for something to look at.
const LOGO = shots ? readFileSync(`${shots}/logo.png`) : Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "base64");

test("the organisation's pages carry its colour and its logo, and no others do", { timeout: 60000 }, async () => {
  const organiser = (method, path, body, headers) => request({ port: server.port, method, path, body, headers, cookie: o.staff.organiser.cookie });
  assert.equal((await organiser("PATCH", "/api/organisation/branding", { accent: "#7a1f5c" })).status, 200);
  assert.equal((await organiser("POST", "/api/organisation/logo", LOGO, { "Content-Type": "image/png" })).status, 200);
  for (const dark of [false, true]) {
    const context = await openContext(browser, { width: 820, dark, bypassCSP: true });
    const page = await context.newPage();
    await page.goto(`${server.url}/r/${o.code}`);
    const button = page.getByRole("button", { name: /^(Register|M’inscrire)$/ });
    await button.waitFor();
    await page.waitForFunction(() => document.getAnimations().length === 0); // the colour comes gently
    const colour = await button.evaluate((b) => getComputedStyle(b).backgroundColor);
    if (!dark) assert.equal(colour, "rgb(122, 31, 92)");
    assert.notEqual(colour, "rgb(92, 196, 184)");
    assert.ok(await page.getByRole("img", { name: "Un" }).evaluate((img) => img.decode().then(() => img.naturalWidth > 0)));
    await look(page, `branded-${dark ? "dark" : "light"}`);
    await page.goto(`${server.url}/sign-in`);
    const own = page.getByRole("button").filter({ hasText: /Sign in|Send|Se connecter/ }).first();
    await own.waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.style.getPropertyValue("--accent")), "");
    assert.deepEqual(context.errors, []);
  }
  const context = await openContext(browser, { width: 1440, bypassCSP: true });
  const [name, value] = ["__Host-amphi", o.staff.organiser.cookie];
  await context.addCookies([{ name, value, url: server.url, secure: true, httpOnly: true, sameSite: "Lax" }]);
  const page = await context.newPage();
  await page.goto(`${server.url}/organisation`);
  await page.getByRole("img", { name: "The logo as it is now" }).waitFor();
  await look(page, "organisation");
});

test("a page without seats says so before anybody fills it in", async () => {
  pg.sql(`UPDATE session SET capacity = 1 WHERE id = '${o.session}'`);
  const page = await (await openContext(browser, { width: 820, bypassCSP: true })).newPage();
  await page.goto(`${server.url}/r/${o.code}`);
  await page.getByText(/Every seat is taken|Toutes les places sont prises/).waitFor();
  await look(page, "full");
});
