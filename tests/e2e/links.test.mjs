// Rule: an organiser renames a registration link, prints it as a QR code that a reader reads, switches it off, which
// its page says, and removes it while nobody came by it. In both languages, on a phone too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { lookAt, shots } from "./lib/look.mjs";
import { need } from "./lib/need.mjs";
import { hcps, link, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

const reader = readFileSync(need.resolve("jsqr"), "utf8");
let pg, server, browser, o;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
  o = organisation(pg, "Laboratoire Exemple", { live: false });
  hcps(pg, o, 3);
});

const WORDS = {
  fr: { more: "Autres actions", rename: "Renommer", label: "Libellé", save: "Enregistrer", qr: "Code QR", off: "Désactiver", isOff: "Désactivé", on: "Réactiver", remove: "Supprimer", shut: "Les inscriptions par ce lien sont closes", submit: "M’inscrire" },
  en: { more: "More actions", rename: "Rename", label: "Label", save: "Save", qr: "QR code", off: "Switch off", isOff: "Switched off", on: "Switch on again", remove: "Remove" },
};

const look = (page, name) => lookAt(page, `links-${name}`);

// What a QR reader reads in the picture.
async function readCode(page, path, type) {
  await page.evaluate(reader);
  return page.evaluate(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.max(600, image.naturalWidth);
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = pen.getImageData(0, 0, canvas.width, canvas.height);
    return globalThis.jsQR(data, width, height)?.data;
  }, `data:${type};base64,${readFileSync(path).toString("base64")}`);
}

const SIZES = [["fr", 390], ["en", 1440], ...(shots ? [["fr", 820], ["en", 820], ["en", 390], ["fr", 1440]] : [])];
for (const [language, width] of SIZES) {
  const w = WORDS[language], name = `${language}-${width}`;
  test(`what becomes of a link, ${name}`, { timeout: 90000 }, async () => {
    const unused = link(pg, o);
    const [[label, code]] = pg.sql(`SELECT label, code FROM registration_link WHERE id = '${unused}'`);
    const context = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", width, bypassCSP: true });
    await context.addCookies([{ name: "__Host-amphi", value: o.staff.organiser.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
    const page = await context.newPage();
    const row = (text) => page.locator(".link-row").filter({ hasText: text });
    const choose = async (text, item) => {
      await row(text).getByRole("button", { name: w.more }).click();
      await page.getByRole("menuitem", { name: item, exact: true }).click();
    };
    const press = (button) => page.getByRole("dialog").getByRole("button", { name: button, exact: true }).click();
    await page.goto(`${server.url}/congresses/${o.congress}/links`);
    await row(label).waitFor();

    await choose(label, w.rename);
    await page.getByLabel(w.label).fill(`Stand ${name}`);
    await look(page, `${name}-rename`);
    await press(w.save);
    await row(`Stand ${name}`).waitFor();

    await row(`Stand ${name}`).getByRole("button", { name: w.qr }).click();
    await page.getByRole("img", { name: w.qr }).waitFor();
    await look(page, `${name}-qr`);
    for (const [kind, type] of [["SVG", "image/svg+xml"], ["PNG", "image/png"]]) {
      const [download] = await Promise.all([page.waitForEvent("download"), press(kind)]);
      assert.match(download.suggestedFilename(), new RegExp(`^QR-Congres-.*Stand-${name}\\.${kind.toLowerCase()}$`));
      assert.equal(await readCode(page, await download.path(), type), `${server.url}/r/${code}`, kind);
    }
    await page.keyboard.press("Escape");

    await choose(`Stand ${name}`, w.off);
    await look(page, `${name}-off`);
    await press(w.off);
    await row(`Stand ${name}`).getByText(w.isOff).waitFor();
    await look(page, `${name}-list`);
    const guest = await (await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", width, bypassCSP: true })).newPage();
    await guest.goto(`${server.url}/r/${code}`);
    await guest.getByText(WORDS.fr.shut).waitFor(); // in the congress's language
    await look(guest, `${name}-closed`);
    await choose(`Stand ${name}`, w.on);
    await press(w.on);
    await row(`Stand ${name}`).getByText(w.isOff).waitFor({ state: "detached" });
    await guest.reload();
    await guest.getByRole("button", { name: WORDS.fr.submit }).waitFor();

    await choose(`Stand ${name}`, w.remove);
    await press(w.remove);
    await row(`Stand ${name}`).waitFor({ state: "detached" });
    assert.deepEqual(context.errors, []);
  });
}

test("a link that somebody registered by cannot be removed", async () => {
  const context = await openContext(browser, { width: 1440 });
  await context.addCookies([{ name: "__Host-amphi", value: o.staff.organiser.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
  const page = await context.newPage();
  await page.goto(`${server.url}/congresses/${o.congress}/links`);
  await page.locator(".link-row").first().getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Switch off" }).waitFor();
  assert.equal(await page.getByRole("menuitem", { name: "Remove" }).count(), 0);
});
