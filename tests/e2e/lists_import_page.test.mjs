// Rule: whoever has a file of people makes a target list of it in four steps, by mouse or by keyboard, sees before anything is
// stored what is wrong with which lines, and finds an import where they left it. A workbook is read in the browser and never sent.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { parseCsv } from "./lib/attendance.mjs";
import { axe, counted, openBrowser, signedInContext } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { listFile, rpps } from "./lib/listed.mjs";
import { need } from "./lib/need.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";
import { workbook } from "./lib/workbook.mjs";

const shots = process.env.SHOTS; // a folder: what each step looks like
let pg, server, browser, o;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
});
after(cleanup);

const one = (sql) => pg.sql(sql)[0][0];

async function open({ language = "en", width = 1440, dark = false, bypassCSP = false } = {}) {
  o = organisation(pg, "Laboratoire Exemple");
  const context = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, language, width, dark, bypassCSP });
  const page = await context.newPage();
  return { context, page };
}

// In the sizes and colours that people have.
async function shoot(page, name) {
  if (shots) mkdirSync(shots, { recursive: true });
  const before = page.viewportSize();
  for (const [width, dark] of [[1440, false], [820, true], [390, false]]) {
    await page.setViewportSize({ width, height: 900 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, "nothing is wider than the window");
    await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
    if (shots) await page.screenshot({ path: `${shots}/${name}-${width}.png` });
  }
  await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: "light" });
}

const choose = (page, name, buffer) => page.locator("input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(buffer) });
const heading = (page, name) => page.getByRole("heading", { name, level: 2 });

// The heading of the step has the focus, so that a screen reader says it.
async function arrived(page, name) {
  await heading(page, name).waitFor();
  await page.waitForFunction((text) => document.activeElement?.matches("h2") && document.activeElement.textContent.includes(text), name);
}

async function drop(page, name, text) {
  const transfer = await page.evaluateHandle(([called, content]) => {
    const data = new DataTransfer();
    data.items.add(new File([content], called, { type: "text/csv" }));
    return data;
  }, [name, text]);
  await page.locator(".import-drop").dispatchEvent("drop", { dataTransfer: transfer });
}

test("5,000 lines with 300 faulty ones become a list of 4,700 people", { timeout: 120000 }, async () => {
  const { context, page } = await open({ bypassCSP: true });
  await page.goto(`${server.url}/target-lists`);
  await page.getByText("No target list yet").waitFor();
  await page.getByRole("link", { name: "Import a list" }).click();
  await heading(page, "Choose the file").waitFor();
  assert.deepEqual(await axe(page), []);
  await shoot(page, "1-file");

  await drop(page, "cardiologues_Bretagne.csv", listFile(5000, 300));
  const name = page.getByLabel("Name");
  assert.equal(await name.inputValue(), "Cardiologues Bretagne", "the file's name is proposed");
  await page.getByLabel("Source").fill("CRM, extract for cardiology");
  assert.deepEqual(await axe(page), []);
  await shoot(page, "2-about");
  await page.getByRole("button", { name: "Upload and continue" }).press("Enter");

  await arrived(page, "What the columns mean");
  for (const [column, field] of [["RPPS", "rpps"], ["Nom", "last_name"], ["Spécialité", "specialty"], ["Code postal", "postcode"]])
    assert.equal(await page.getByLabel(`Meaning of “${column}”`).inputValue(), field);
  await page.getByText("semicolon").waitFor();
  await page.getByText("First 20 lines of the file").click();
  await page.getByRole("cell", { name: "p18@x.test" }).last().waitFor();
  assert.equal(one("SELECT count(*) FROM target_list_person"), "0");
  assert.deepEqual(await axe(page), []);
  await shoot(page, "3-columns");
  await page.getByLabel("Meaning of “Code postal”").selectOption("last_name");
  await page.getByText("Another column has this meaning already.").waitFor();
  assert.ok(await page.getByRole("button", { name: "Check the lines" }).isDisabled());
  await page.getByLabel("Meaning of “Code postal”").selectOption("postcode");
  let held = true; // the server seems to be slow
  await page.route(/\/imports\/[0-9a-f-]{36}(\/mapping)?$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: held ? { ...(await response.json()), state: "checking", checked: 2000, counts: null, refused: [], faults: [] } : await response.json() });
  });
  await page.getByRole("button", { name: "Check the lines" }).press("Enter");
  await arrived(page, "The lines are being checked");
  await page.getByRole("status").filter({ hasText: "2,000 of 5,000 lines checked" }).waitFor({ state: "attached" });
  assert.equal(await page.getByRole("progressbar").getAttribute("aria-valuenow"), "40");
  assert.deepEqual(await axe(page), []);
  await shoot(page, "3b-checking");
  held = false;

  await arrived(page, "What the file holds");
  const figure = (label) => page.locator(".figure").filter({ hasText: label }).locator(".figure__value").innerText();
  await page.unrouteAll({ behavior: "ignoreErrors" });
  assert.deepEqual([await figure("Lines accepted"), await figure("Lines refused"), await figure("New on the list")], ["4,700", "300", "4,700"]);
  const reasons = await page.locator(".list-bars__row").allInnerTexts();
  assert.deepEqual(reasons.map((text) => [/column “([^”]+)”/.exec(text)[1], text.includes("100 lines")]).sort(), [["E-mail", true], ["RPPS", true], ["Spécialité", true]]);
  await counted(page.getByRole("table").getByRole("row"), 21, "the first 20 of them, and the head");
  assert.deepEqual(await axe(page), []);
  await shoot(page, "4-report");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "All refused lines" }).click()]);
  const report = parseCsv(readFileSync(await download.path(), "utf8").replace(/^\ufeff/, ""));
  assert.deepEqual([report.length, report[0].Reason], [300, "rpps.malformed"]);
  await page.getByRole("button", { name: "Change the columns" }).press("Enter");
  await arrived(page, "What the columns mean");
  await page.getByText("100 lines refused for this").first().waitFor();

  await page.goto(`${server.url}/target-lists`); // and come back
  await page.getByText("to be confirmed").waitFor();
  assert.deepEqual(await axe(page), []);
  await shoot(page, "5-waiting");
  await page.getByRole("link", { name: "Continue cardiologues_Bretagne.csv" }).click();
  await arrived(page, "What the file holds");
  await page.getByRole("button", { name: "Add 4,700 people" }).press("Enter");
  await arrived(page, "4,700 people were added");
  assert.deepEqual(await axe(page), []);
  await shoot(page, "6-done");
  await page.getByRole("link", { name: "Open the list" }).click();
  await page.getByText("4,700 people").last().waitFor();
  assert.deepEqual(await axe(page), []);
  await shoot(page, "7-list");
  assert.equal(one("SELECT people FROM target_list"), "4700");
  assert.deepEqual(context.errors, []);
  await context.close();
});

test("a workbook becomes people as its cells are, and those on the list are completed", { timeout: 60000 }, async () => {
  const { context, page } = await open({ language: "fr", width: 390 });
  const list = one(`INSERT INTO target_list (organisation_id, name, created_at, changed_at, people) VALUES ('${o.id}', 'Cardiologues', now(), now(), 1) RETURNING id`);
  pg.sql(`INSERT INTO target_list_person (organisation_id, target_list_id, position, rpps, last_name) VALUES ('${o.id}', '${list}', 1, '${rpps(1)}', 'Lefèvre')`);
  const sent = [];
  page.on("request", (request) => request.url().includes("file_name=") && sent.push(request));
  await page.goto(`${server.url}/target-lists/${list}`);
  await page.getByRole("link", { name: "Importer des personnes" }).click();
  await heading(page, "Choisissez le fichier").waitFor();
  await choose(page, "Cardiologues – été.xlsx", workbook({ // large enough to be unpacked on threads of its own
    "Feuille 1": [
      ["N° RPPS", "Nom", "Prénom", "E-mail", "Spécialité", "Vu le"],
      [{ raw: rpps(1).replace(/^(\d)(\d+?)0*$/, "$1.$2E10") }, "Lefèvre", "Zoé", { formula: "LOWER(B2)&\"@x.test\"", value: "zoe@x.test" }, "Cardiologie et maladies vasculaires", { day: 45000 }],
      [Number(rpps(2)), "Müller-Śliwa", "Élise \"Lise\"; née\nDurand", null, "SM04", { day: 45001 }],
      [null, "Sans RPPS", "Anne", { error: "#N/A" }, null, null],
      [null, "Sans adresse", "Paul", "paul", null, null],
      ...Array.from({ length: 4000 }, (_, n) => [Number(rpps(n + 3)), `Nom${n}`, "Prénom", `p${n}@x.test`, "SM04", null]),
    ],
    "Autre": [["Nom"], ["Personne d’une autre feuille"]],
  }));
  await arrived(page, "Signification des colonnes");
  await page.getByText("2023-03-15 · 2023-03-16").waitFor();
  await shoot(page, "x1-colonnes");
  await page.getByRole("button", { name: "Vérifier les lignes" }).click();
  await arrived(page, "Contenu du fichier");
  await page.getByText("N’est pas une adresse e-mail").first().waitFor();
  await shoot(page, "x2-rapport");
  await page.getByText("Les remplacer par les dernières").click();
  await page.getByRole("button", { name: /^Ajouter 4.002 personnes, en mettre à jour 1$/ }).click();
  await arrived(page, "personnes ajoutées");
  assert.equal(one(`SELECT people FROM target_list WHERE id = '${list}'`), "4003");
  const rows = pg.sql(`SELECT coalesce(rpps, ''), last_name, first_name, coalesce(email, ''), coalesce(specialty, '') FROM target_list_person WHERE target_list_id = '${list}' ORDER BY position LIMIT 3`);
  assert.deepEqual(rows, [[rpps(1), "Lefèvre", "Zoé", "zoe@x.test", "SM04"], [rpps(2), "Müller-Śliwa", "Élise \"Lise\"; née Durand", "", "SM04"], ["", "Sans RPPS", "Anne", "", ""]]);
  assert.match(sent[0].headers()["content-type"], /^text\/csv/, "the workbook stays in the browser");
  assert.deepEqual(context.errors, []);
  await context.close();
});

test("an import is cancelled at every step, and nothing is left of it", { timeout: 60000 }, async () => {
  const { context, page } = await open();
  const lists = () => one(`SELECT count(*) FROM target_list WHERE organisation_id = '${o.id}'`);
  await page.route(/file_name=/, () => {}); // which takes for ever
  await page.goto(`${server.url}/target-lists/new`);
  await choose(page, "liste.csv", "Nom\nMartin\n");
  await page.getByRole("button", { name: "Upload and continue" }).click();
  await page.getByText("Uploading “liste.csv”").waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByRole("button", { name: "Upload and continue" }).waitFor();
  await waitFor("the list to go", () => lists() === "0");
  await page.unrouteAll({ behavior: "ignoreErrors" });

  await page.getByRole("button", { name: "Upload and continue" }).click();
  await arrived(page, "What the columns mean");
  await page.getByRole("button", { name: "Cancel the import" }).click();
  const dialog = page.getByRole("dialog", { name: "Cancel the import" });
  await dialog.getByText("which is still empty, is removed").waitFor();
  await dialog.getByRole("button", { name: "Continue the import" }).click();
  await page.getByRole("button", { name: "Check the lines" }).click();
  await arrived(page, "What the file holds");
  await page.getByRole("button", { name: "Cancel the import" }).click();
  await dialog.getByRole("button", { name: "Cancel the import" }).click();
  await page.getByText("No target list yet").waitFor();
  assert.equal(lists(), "0");
  assert.equal(one(`SELECT count(*) FROM target_list_import WHERE organisation_id = '${o.id}'`), "0");
  await context.close();
});

// As many zeros as an archive may say it holds, of which nothing is unpacked.
function bomb() {
  const file = workbook({ A: [["Nom"]] });
  for (let at = file.indexOf("PK\x01\x02"); at >= 0; at = file.indexOf("PK\x01\x02", at + 4)) file.writeUInt32LE(0x7fffffff, at + 24);
  return file;
}

test("a file that is no list says what to do, in both languages", { timeout: 60000 }, async () => {
  const { zipSync } = need("fflate");
  const files = [
    ["a.xls", "x", "Save it as CSV or as an Excel workbook", "Enregistrez-le au format CSV ou Excel"],
    ["a.csv", Buffer.alloc(5000, 3), "This file is not text", "Ce fichier n’est pas du texte"],
    ["a.csv", workbook({ A: [["Nom"]] }), "a workbook under another name", "un classeur sous une autre extension"],
    ["a.csv", "Nom\n", "There is nobody in this file", "Ce fichier ne contient personne"],
    ["a.xlsx", "Nom\nMartin\n", "This workbook cannot be read", "Ce classeur est illisible"],
    ["a.xlsx", Buffer.from(zipSync({ "a.txt": new Uint8Array(9) })), "This workbook cannot be read", "Ce classeur est illisible"],
    ["a.xlsx", bomb(), "too large to be read in the browser", "trop volumineux pour être lu dans le navigateur"],
    ["a.xlsx", workbook({ A: [] }), "The first sheet of this workbook is empty", "La première feuille de ce classeur est vide"],
  ];
  for (const [n, language] of ["en", "fr"].entries()) {
    const { context, page } = await open({ language, width: 820, dark: true });
    await page.goto(`${server.url}/target-lists/new`);
    for (const [name, content, ...said] of files) {
      await choose(page, name, content);
      if (name !== "a.xls") await page.locator("button[type=submit]").click();
      await page.getByRole("alert").filter({ hasText: said[n] }).waitFor();
    }
    await shoot(page, `8-fault-${language}`);
    assert.equal(one(`SELECT count(*) FROM target_list WHERE organisation_id = '${o.id}'`), "0", "no empty list is left behind");
    await context.close();
  }
});
