// Rule: registering works without JavaScript: the same link leads to a form that the server writes, with the organiser's own questions and
// the same checks, and the link of the mail confirms it. In both languages, on a phone too; nobody is signed in by it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

const shots = process.env.SHOTS; // a folder: what each page looks like
let pg, server, browser;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
});

const WORDS = {
  en: { email: "E-mail address", first: "First name", last: "Last name", profession: "Profession", specialty: /^Specialty/, practice: "Practice setting", region: "Region or country", age: "Age band", submit: "Register", meal: "Meal <b>", fish: "Fish", beds: /^Beds/, check: "Please check the marked field.", missing: "Please fill this in.", sent: "One step left: check your inbox", link: "Link of the e-mail", confirm: "Confirm my registration", done: /You are registered/, expired: /not valid/, other: "Français" },
  fr: { email: "Adresse e-mail", first: "Prénom", last: "Nom", profession: "Profession", specialty: /^Spécialité/, practice: "Lieu d’exercice", region: "Région ou pays", age: "Tranche d’âge", submit: "M’inscrire", meal: "Repas <b>", fish: "Poisson", beds: /^Lits/, check: "Veuillez vérifier le champ signalé.", missing: "Veuillez compléter ce champ.", sent: "Dernière étape : votre messagerie", link: "Lien de l’e-mail", confirm: "Confirmer mon inscription", done: /inscription est confirmée/, expired: /n’est pas valable/, other: "English" },
};

// A required choice, and a required number for cardiologists.
async function ask(o) {
  const [[profile]] = pg.sql(`INSERT INTO target_profile (organisation_id, congress_id, name, position, created_at) VALUES ('${o.id}', '${o.congress}', 'Cardio', 1, now()) RETURNING id`);
  pg.sql(`INSERT INTO target_profile_criterion VALUES ('${profile}', 1, 'all_of', 'specialty', '{SM04}')`);
  const base = { help_fr: "", help_en: "", required: true, hidden: false };
  const option = (key, text_fr, text_en) => ({ key, text_fr, text_en, hidden: false });
  const questions = [
    { ...base, key: "meal", kind: "choice", label_fr: "Repas <b>", label_en: "Meal <b>", several: true, limited: false, profiles: [], options: [option("fish", "Poisson", "Fish"), option("meat", "Viande", "Meat")] },
    { ...base, key: "beds", kind: "number", label_fr: "Lits", label_en: "Beds", minimum: 1, maximum: null, whole: false, limited: true, profiles: [profile] },
  ];
  const { status, text } = await request({ port: server.port, method: "PUT", path: `/api/congresses/${o.congress}/form-questions`, cookie: o.staff.organiser.cookie, body: { version: 0, questions } });
  assert.equal(status, 200, text);
}

async function look(path, name, { language, width, dark }) {
  const context = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", width, dark, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(server.url + path);
  assert.equal(await page.evaluate(() => document.documentElement.lang), language);
  assert.deepEqual(await axe(page), [], name);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} scrolls sideways`);
  if (shots) await page.screenshot({ path: `${shots}/plain-${name}.png`, fullPage: true });
  assert.deepEqual(context.errors, []);
  await context.close();
}

for (const [language, width, dark] of [["en", 1440, false], ["fr", 390, true]])
  test(`a form, its questions and its confirmation without JavaScript (${language}, ${width} px)`, { timeout: 120000 }, async () => {
    const w = WORDS[language], o = organisation(pg, `Labo ${language}`), email = `${language}@example.org`;
    await ask(o);
    await look(`/api/registration-pages/${o.code}/plain`, `${language}-form`, { language, width, dark });
    await look("/api/join/plain", `${language}-join`, { language, width, dark });
    const context = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", width, dark, javaScriptEnabled: false });
    const page = await context.newPage();
    const label = (text) => page.getByLabel(text, { exact: true });
    await page.goto(`${server.url}/r/${o.code}`);
    await page.waitForURL("**/plain");
    assert.equal(await label(w.beds).count(), 0);
    await label(w.email).fill(email);
    await label(w.first).fill("Anne");
    await label(w.last).fill("Martin");
    await label(w.profession).selectOption("10");
    await label(w.specialty).selectOption("SM04");
    await label(w.practice).selectOption("SA01");
    await label(w.region).selectOption("11");
    await label(w.age).selectOption("45_54");
    await page.getByRole("checkbox").nth(2).check(); // the first consent, after the two options
    await page.getByRole("group", { name: w.meal }).waitFor();
    await page.getByRole("button", { name: w.submit }).click();
    await page.getByText(w.check).waitFor();
    await page.getByText(w.missing).waitFor();
    assert.equal(await label(w.email).inputValue(), email, "what was typed stays");
    assert.equal(await label(w.specialty).inputValue(), "SM04");
    await label(w.fish).check();
    await label(w.beds).fill("2,5"); // asked by now
    if (shots) await page.screenshot({ path: `${shots}/plain-${language}-faults.png`, fullPage: true });
    await page.getByRole("button", { name: w.submit }).click();
    await page.getByRole("heading", { name: w.sent }).waitFor();
    assert.deepEqual(pg.sql(`SELECT answers FROM registration_request WHERE email = '${email}'`)[0], ['{"beds": 2.5, "meal": ["fish"]}']);
    const link = await server.link(email, "join");
    await page.goto(link);
    await page.waitForURL("**/join/plain**");
    await label(w.link).fill("https://example.org/join#nothing");
    await page.getByRole("button", { name: w.confirm }).click();
    await page.getByText(w.expired).waitFor();
    await label(w.link).fill(link);
    await page.getByRole("button", { name: w.confirm }).click();
    await page.getByText(w.done).waitFor();
    assert.deepEqual(pg.sql(`SELECT r.state, count(a) FROM registration r JOIN hcp h ON h.id = r.hcp_id LEFT JOIN form_answer a ON a.registration_id = r.id WHERE h.email = '${email}' GROUP BY 1`)[0], ["registered", "2"]);
    assert.deepEqual(await context.cookies(), [], "nobody is signed in");
    await page.goto(`${server.url}/api/join/plain`);
    await page.getByRole("link", { name: w.other }).click();
    await label(WORDS[language === "fr" ? "en" : "fr"].link).waitFor();
    await context.close();
  });

test("what is no form, and what is closed, is said on a page", async () => {
  const o = organisation(pg, "Zu"), path = `/api/registration-pages/${o.code}/plain`;
  const post = (body, type = "application/x-www-form-urlencoded") => request({ port: server.port, method: "POST", path, body: Buffer.from(body), headers: { "Content-Type": type, "X-Amphi": "0" } });
  for (const [body, type] of [["email=%zz"], ["email=%00"], ["email=%ff"], ["a=1&".repeat(500)], ["{}", "application/json"]]) {
    const { status, text } = await post(body, type);
    assert.equal(status, 400, body.slice(0, 40));
    assert.match(text, /^<!doctype html>/);
  }
  const { status, text } = await post("email=%3Cscript%3E&first_name=%22%3E%3Cimg%3E");
  assert.equal(status, 422);
  assert.ok(!text.includes("<script") && !text.includes("<img"), text);
  pg.sql(`UPDATE registration_link SET closed_at = now() WHERE code = '${o.code}'`);
  assert.match((await request({ port: server.port, path })).text, /Registration is closed/);
  assert.equal((await request({ port: server.port, path: "/api/registration-pages/abcdefghijkm/plain" })).status, 404);
});
