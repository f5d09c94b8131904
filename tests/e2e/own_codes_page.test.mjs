// Rule: an organiser imports codes from a CSV file as spreadsheets write them, sees before anything is kept what is taken and why the rest
// is not, finds them by list, in criteria and in the file that is downloaded, and removes those that nothing uses. In both languages, at
// 390 and 1440 pixels.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { axe, openBrowser, signedInContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const shots = process.env.SHOTS; // a folder: what it looks like
const WORDS = {
  en: { open: "Own codes", empty: "No codes of your own yet", import: "Import codes", header: /first line has to name/, which: "These codes belong to", good: "3 codes can be imported", refused: "4 lines are refused", faults: [/further up/, /without accents/, /label is missing/, /cannot be seen/], submit: "Import", added: "3 codes added", both: "1 code added, 1 code changed", again: "All these codes were there already", taken: /common list has this code/, none: /No line of this file/, cancel: "Cancel",
    download: "Download all codes", remove: "Remove", confirm: "Remove", used: /use this code.*Key accounts/, add: "Add criterion", create: /^(New|Add) /, attribute: "Attribute", segment: "Segment" },
  fr: { open: "Codes internes", empty: "Aucun code interne", import: "Importer des codes", header: /première ligne doit nommer/, which: "Ces codes relèvent de la liste", good: "3 codes peuvent être importés", refused: "4 lignes sont refusées", faults: [/plus haut/, /sans accent/, /libellé manque/, /caractères invisibles/], submit: "Importer", added: "3 codes ajoutés", both: "1 code ajouté, 1 code modifié", again: "Tous ces codes étaient déjà présents", taken: /liste commune contient déjà/, none: /Aucune ligne/, cancel: "Annuler",
    download: "Télécharger tous les codes", remove: "Supprimer", confirm: "Supprimer", used: /utilisent ce code.*Key accounts/, add: "Ajouter un critère", create: /^Nouveau profil/, attribute: "Attribut", segment: "Segment" },
};
let pg, server, browser;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
});
after(cleanup);

for (const [language, width, dark] of [["en", 1440, false], ["fr", 390, true]])
  test(`codes are imported, seen, used and removed (${language}, ${width} px)`, async () => {
    const w = WORDS[language], o = organisation(pg, `Laboratoire ${language}`);
    const context = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, language, width, dark, bypassCSP: true, acceptDownloads: true });
    const page = await context.newPage();
    const look = async (name) => {
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} scrolls sideways`);
      assert.deepEqual(await axe(page), [], name);
      if (!shots) return;
      mkdirSync(shots, { recursive: true });
      await page.screenshot({ path: `${shots}/${language}-${width}-${name}.png`, fullPage: true, animations: "disabled" });
    };
    const button = (where, name) => where.getByRole("button", { name, exact: true });
    const dialog = page.getByRole("dialog");
    const choose = (text) => page.getByLabel(w.import).setInputFiles({ name: "codes.csv", mimeType: "text/csv", buffer: Buffer.from(text, "latin1") });
    const said = (text) => page.getByText(text, { exact: true }).waitFor();

    await page.goto(`${server.url}/target-lists`);
    await page.getByRole("link", { name: w.open, exact: true }).click();
    await said(w.empty);
    await look("empty");
    await choose("A;Prioritaire\n");
    await page.getByText(w.header).waitFor();
    await look("fault");

    await choose("Code;Libell\xe9 fran\xe7ais;Libell\xe9 anglais\r\nA;Tr\xe8s prioritaire;Top priority\r\nB;Suivi;Followed\r\nA;Encore;Again\r\n\xe9t\xe9;X;X\r\nC;;\r\nD;a\xadb;ab\r\nE_2;\xc0 d\xe9couvrir;\r\n");
    await dialog.getByLabel(w.which).selectOption("segment");
    await dialog.getByRole("heading", { name: w.good }).waitFor();
    await dialog.getByRole("heading", { name: w.refused }).waitFor();
    for (const fault of w.faults) await dialog.getByText(fault).waitFor();
    await look("file");
    await button(dialog, w.submit).click();
    await said(w.added);
    await page.getByRole("heading", { name: w.segment, exact: true }).waitFor();
    assert.deepEqual(pg.sql(`SELECT list, code, label_fr, label_en FROM organisation_code WHERE organisation_id = '${o.id}' ORDER BY position`), [["segment", "A", "Très prioritaire", "Top priority"], ["segment", "B", "Suivi", "Followed"], ["segment", "E_2", "À découvrir", "À découvrir"]]);

    await choose("liste;code;libelle;en\nsegment;B;Suivi;Followed up\nSpecialite;BE_CARDIO;Cardiologue (Belgique);Cardiologist (Belgium)\n");
    await button(dialog, w.submit).click();
    await said(w.both);
    await page.getByText("BE_CARDIO").waitFor();
    await look("codes");
    await choose("list;code;fr\nspecialty;SM04;Cardiologie\n");
    await dialog.getByText(w.taken).waitFor();
    await dialog.getByText(w.none).waitFor();
    await button(dialog, w.cancel).click();

    const [file] = await Promise.all([page.waitForEvent("download"), button(page, w.download).click()]);
    const saved = readFileSync(await file.path());
    await page.getByLabel(w.import).setInputFiles({ name: "again.csv", mimeType: "text/csv", buffer: saved });
    await button(dialog, w.submit).click();
    await said(w.again); // what is downloaded is what an import reads

    await page.goto(`${server.url}/congresses/${o.congress}/audience`);
    await page.getByRole("button", { name: w.create }).first().click();
    await dialog.getByLabel(language === "en" ? "Name" : "Nom", { exact: true }).first().fill("Key accounts");
    await button(dialog, w.add).first().click();
    await dialog.getByLabel(w.attribute).first().selectOption("segment");
    await dialog.getByRole("combobox").nth(1).click();
    await page.getByRole("option", { name: language === "en" ? "Top priority" : "Très prioritaire" }).click();
    await page.keyboard.press("Escape");
    await look("criterion");
    await dialog.locator("button[type=submit]").click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText(language === "en" ? "Top priority" : "Très prioritaire").waitFor();

    await page.goto(`${server.url}/codes`);
    const remove = async (label) => {
      await button(page, `${w.remove} ${label}`).click();
      await button(dialog, w.confirm).click();
    };
    await remove(language === "en" ? "Top priority" : "Très prioritaire");
    await dialog.getByText(w.used).waitFor();
    await look("used");
    await button(dialog, w.cancel).click();
    await remove("À découvrir");
    await page.getByText("À découvrir").first().waitFor({ state: "detached" });
    assert.equal(pg.sql(`SELECT count(*) FROM organisation_code WHERE organisation_id = '${o.id}'`)[0][0], "3");
    await context.close();
  });
