// Rule: the registration form offers each profession its own specialties, the usual entries first and everything by
// the names of the reader's language; each list is searched by what people type, by keyboard and on a phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, counted, openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const WORDS = {
  fr: { profession: "Profession", specialty: /^Spécialité/, setting: "Lieu d’exercice", region: "Région ou pays", age: "Tranche d’âge", submit: "M’inscrire" },
  en: { profession: "Profession", specialty: /^Specialty/, setting: "Practice setting", region: "Region or country", age: "Age band", submit: "Register" },
};
let pg, server, browser, o;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Laboratoire Exemple");
  browser = await openBrowser();
});
after(cleanup);

// The form in a language, with ways to open, read and search its lists.
async function form(language, look = {}) {
  const context = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", bypassCSP: true, ...look });
  await context.addInitScript((chosen) => localStorage.setItem("amphi.language", chosen), language);
  const page = await context.newPage();
  await page.goto(`${server.url}/r/${o.code}`);
  const words = WORDS[language];
  const box = (list) => page.getByRole("combobox", { name: words[list] });
  await box("profession").waitFor();
  const options = page.getByRole("listbox").getByRole("option"); // those of an open list
  const shown = () => options.allInnerTexts();
  const offered = async (list) => {
    await box(list).click();
    const texts = await shown();
    await box(list).press("Escape");
    return texts;
  };
  const choose = async (list, name) => {
    await box(list).fill(name);
    await page.getByRole("option", { name, exact: true }).click();
  };
  return { page, words, box, options, shown, offered, choose };
}

const sorted = (names, language) => [...names].sort(new Intl.Collator(language).compare);

for (const [language, names] of Object.entries({
  fr: { doctor: "Médecin", nurse: "Infirmier", midwife: "Sage-femme", pharmacist: "Pharmacien", dentist: "Chirurgien-dentiste", general: "Médecine générale", advanced: /^Pratique avancée/, biology: ["Biologie médicale", "Pharmacie hospitalière"], other: "Autre spécialité", optional: "facultatif" },
  en: { doctor: "Physician", nurse: "Nurse", midwife: "Midwife", pharmacist: "Pharmacist", dentist: "Dentist", general: "General practice", advanced: /^Advanced practice/, biology: ["Hospital pharmacy", "Laboratory medicine"], other: "Other specialty", optional: "optional" },
}))
  test(`each profession is offered its own specialties, by name (${language})`, async () => {
    const { page, box, offered, choose } = await form(language);
    assert.deepEqual((await offered("profession")).slice(0, 5), [names.doctor, names.pharmacist, names.nurse, names.midwife, names.dentist]);
    await choose("profession", names.doctor);
    const doctors = await offered("specialty");
    assert.equal(doctors[0], names.general);
    assert.equal(doctors.at(-1), names.other);
    assert.deepEqual(doctors.slice(1, -1), sorted(doctors.slice(1, -1), language));
    assert.ok(doctors.length > 40);
    assert.ok(!doctors.some((name) => names.advanced.test(name)));
    await choose("specialty", names.general);
    await choose("profession", names.nurse);
    assert.equal(await box("specialty").inputValue(), "", "a nurse has no doctor's specialty");
    assert.equal((await offered("specialty")).filter((name) => names.advanced.test(name)).length, 5);
    await page.getByText(`(${names.optional})`).first().waitFor();
    await choose("profession", names.pharmacist);
    assert.deepEqual(await offered("specialty"), names.biology);
    await choose("profession", names.midwife);
    assert.equal(await box("specialty").count(), 0);
  });

for (const [language, names] of Object.entries({
  fr: { heads: ["Les plus fréquents", "Autres lieux d’exercice"], places: ["Régions de France", "Outre-mer", "Autres pays"], eighth: "Industrie pharmaceutique, dispositifs médicaux", last: "Autre ou non précisé", countries: ["Allemagne", "Belgique", "Égypte", "États-Unis", "Suisse"] },
  en: { heads: ["Most common", "Other settings"], places: ["Regions of France", "French overseas territories", "Other countries"], eighth: "Pharmaceutical or medical device industry", last: "Other or not specified", countries: ["Belgium", "Egypt", "Germany", "Switzerland", "United States"] },
}))
  test(`the usual settings come first, and places are regions, overseas and countries (${language})`, async () => {
    const { page, box, shown, offered } = await form(language);
    await box("setting").click();
    const groups = page.getByRole("listbox").getByRole("group");
    assert.deepEqual(await Promise.all((await groups.all()).map((group) => group.getByRole("presentation").innerText())), names.heads);
    const usual = await groups.first().getByRole("option").allInnerTexts();
    const rest = await groups.nth(1).getByRole("option").allInnerTexts();
    assert.equal(usual.length, 8);
    assert.equal(usual[7], names.eighth);
    assert.deepEqual(rest, sorted(rest, language));
    const all = await shown();
    assert.equal(all.at(-1), names.last);
    assert.ok(!all.some((name) => /taxi/i.test(name)));
    await box("setting").press("Escape");
    await box("region").click();
    for (const [index, name] of names.places.entries()) {
      const options = await page.getByRole("group", { name }).getByRole("option").allInnerTexts();
      assert.deepEqual(options, sorted(options, language), name);
      assert.equal(options.length, [13, 11, 198][index], name);
    }
    await box("region").press("Escape");
    const regions = await offered("region");
    for (const country of names.countries) assert.ok(regions.includes(country), country);
  });

test("a list is found by both languages, synonyms and the parts of a region, without accents", async () => {
  const { page, box, shown, choose } = await form("en");
  await choose("profession", "Physician");
  for (const [list, typed, first] of [
    ["specialty", "pneu", "Respiratory medicine"], ["specialty", "PULMO", "Respiratory medicine"], ["specialty", "general pract", "General practice"],
    ["specialty", "médecine d'urg", "Emergency medicine"], ["specialty", "ent", "Otorhinolaryngology"], ["specialty", "infantile", "Paediatric surgery"],
    ["setting", "ehpad", "Nursing or care home"], ["setting", "etablissement prive", "Private clinic"], ["region", "isere", "Auvergne-Rhône-Alpes"],
    ["region", "etats unis", "United States"], ["region", "angleterre", "United Kingdom"], ["profession", "kine", "Physiotherapist"],
  ]) {
    await box(list).fill(typed);
    assert.ok((await shown())[0].startsWith(first), `${typed}: ${await shown()}`);
    await box(list).press("Escape");
  }
  await box("specialty").fill("pneu");
  await page.getByRole("option", { name: "Respiratory medicine Pneumologie" }).waitFor();
});

test("what was typed is gone after a choice; leaving keeps the choice, takes what was clearly meant, or empties", async () => {
  const { page, box, options } = await form("en");
  const profession = box("profession");
  await profession.pressSequentially("phys");
  await page.getByRole("option", { name: "Physiotherapist" }).click();
  assert.equal(await profession.inputValue(), "Physiotherapist");
  assert.equal(await options.count(), 0, "the list is closed");
  await profession.click();
  await page.getByRole("option", { name: "Physiotherapist", selected: true }).waitFor();
  await profession.pressSequentially("ph"); // over the choice, which was marked
  assert.equal(await profession.inputValue(), "ph");
  await profession.press("Escape");
  assert.equal(await profession.inputValue(), "Physiotherapist");
  await profession.fill("ph");
  await profession.press("Tab");
  assert.equal(await profession.inputValue(), "Physiotherapist", "several were found");
  await profession.fill("midw");
  await page.getByRole("heading").first().click();
  assert.equal(await profession.inputValue(), "Midwife", "one was found");
  await profession.fill("nurse");
  await profession.press("Tab");
  assert.equal(await profession.inputValue(), "Nurse", "it was named in full");
  await profession.fill("");
  await profession.press("Tab");
  assert.equal(await profession.inputValue(), "");
});

test("the keyboard does it all, as the combobox pattern has it", async () => {
  const { page, box } = await form("en");
  const profession = box("profession");
  const active = async () => {
    const id = await profession.getAttribute("aria-activedescendant");
    return id && page.locator(`[id="${id}"]`).innerText();
  };
  const press = async (key) => {
    await profession.press(key);
    return active();
  };
  await profession.focus();
  assert.equal(await profession.getAttribute("aria-expanded"), "false", "coming by opens nothing");
  assert.equal(await press("ArrowDown"), null);
  assert.equal(await profession.getAttribute("aria-expanded"), "true");
  assert.equal(await press("ArrowDown"), "Physician");
  assert.equal(await press("ArrowDown"), "Pharmacist");
  assert.equal(await press("ArrowUp"), "Physician");
  await profession.press("Enter");
  assert.equal(await profession.inputValue(), "Physician");
  assert.equal(await profession.getAttribute("aria-expanded"), "false");
  assert.equal(await press("ArrowDown"), "Physician", "the list opens at the choice");
  await profession.press("Escape");
  await profession.fill("zzz");
  await page.getByRole("status").filter({ hasText: "Nothing found" }).waitFor();
  assert.equal(await profession.getAttribute("aria-expanded"), "false");
  await profession.press("Enter");
  assert.equal(await page.getByText("Please check the marked fields.").count(), 0, "Enter in a list does not send the form");
  await profession.fill("nurs");
  await page.getByRole("status").filter({ hasText: /^\d+ results$/ }).waitFor();
  assert.equal(await active(), "Nurse");
});

test("on a phone the list is in view above the keyboard, and axe finds nothing", async () => {
  const keyboard = 300;
  for (const language of ["fr", "en"]) {
    const { page, box, choose } = await form(language, { width: 390, height: 720, hasTouch: true, isMobile: true });
    const faults = async (where) => assert.deepEqual(await axe(page, ["best-practice"]), [], where);
    await choose("profession", language === "fr" ? "Médecin" : "Physician");
    for (const list of ["profession", "specialty", "setting", "region"]) {
      await box(list).tap();
      const listbox = page.getByRole("listbox");
      await waitFor(`${list} in view`, async () => {
        const at = await listbox.boundingBox();
        return at.y > 0 && at.y + 130 < 720 - keyboard && at.x >= 0 && at.x + at.width <= 390;
      });
      await faults(`${language} ${list}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      await box(list).press("Escape");
    }
    await box("region").fill("zzz");
    await faults(`${language} nothing found`);
  }
});

test("what was chosen is what is sent", async () => {
  const { page, words, choose } = await form("fr");
  await page.getByRole("textbox", { name: "Adresse e-mail" }).first().fill("lea@example.org");
  await page.getByLabel("Prénom").fill("Léa");
  await page.getByLabel("Nom", { exact: true }).fill("Maes");
  await page.getByRole("button", { name: words.submit, exact: true }).click();
  await counted(page.getByText("Veuillez choisir dans la liste."), 4);
  await choose("profession", "Interne (médecine, pharmacie, odontologie)");
  await choose("specialty", "Pneumologie");
  await choose("setting", "Remplacements, sans lieu fixe");
  await choose("region", "Belgique");
  await page.getByLabel(words.age).selectOption("under_35");
  for (const checkbox of await page.getByRole("checkbox").all()) await checkbox.check();
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await page.getByRole("button", { name: words.submit, exact: true }).click();
  const answer = await answered;
  assert.equal(answer.status(), 202);
  const { profession, specialty, practice_setting, region } = answer.request().postDataJSON();
  assert.deepEqual({ profession, specialty, practice_setting, region }, { profession: "intern", specialty: "SM41", practice_setting: "locum", region: "BE" });
});

test("a refusal of the server stands beside its field", async () => {
  const { page, words, box, choose } = await form("en");
  await page.getByRole("textbox", { name: "E-mail address" }).first().fill("ada@example.org");
  await page.getByLabel("First name").fill("Ada");
  await page.getByLabel("Last name").fill("Byron");
  for (const [list, name] of [["profession", "Physician"], ["specialty", "Neurology"], ["setting", "Solo practice"], ["region", "Corsica"]]) await choose(list, name);
  await page.getByLabel(words.age).selectOption("under_35");
  for (const checkbox of await page.getByRole("checkbox").all()) await checkbox.check();
  await page.route("**/api/registration-pages/*", (route) => (route.request().method() === "POST" ? route.continue({ postData: route.request().postData().replace('"10"', '"50"') }) : route.continue()));
  await page.getByRole("button", { name: words.submit, exact: true }).click();
  await page.getByText("This profession does not have this specialty.").waitFor();
  assert.equal(await box("specialty").getAttribute("aria-invalid"), "true");
});

test("a criterion's search is empty again after each choice, and a code that has ended keeps its name", async () => {
  pg.sql(`INSERT INTO target_profile (id, organisation_id, congress_id, name, position, created_at) VALUES ('${o.id}', '${o.id}', '${o.congress}', 'Taxis', 1, now());
    INSERT INTO target_profile_criterion VALUES ('${o.id}', 1, 'all_of', 'practice_setting', '{SA58}')`);
  const context = await openContext(browser, { locale: "en-GB" });
  await context.addCookies([{ name: "__Host-amphi", value: o.staff.organiser.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
  await context.addInitScript(() => localStorage.setItem("amphi.language", "en"));
  const page = await context.newPage();
  await page.goto(`${server.url}/congresses/${o.congress}/audience`);
  await page.getByText("Taxi company").waitFor();
  await page.getByRole("button", { name: "More actions: Taxis" }).click();
  await page.getByRole("menuitem", { name: "Edit profile" }).click();
  const dialog = page.getByRole("dialog");
  const box = dialog.getByRole("combobox", { name: "Practice setting is one of" });
  await dialog.getByRole("button", { name: "Remove Taxi company" }).waitFor();
  for (const [typed, name] of [["ehpad", "Nursing or care home"], ["lab", "Medical laboratory"]]) {
    await box.fill(typed);
    await dialog.getByRole("option", { name }).click();
    assert.equal(await box.inputValue(), "");
    await dialog.getByRole("button", { name: `Remove ${name}` }).waitFor();
  }
  await box.press("Escape");
  assert.ok(await dialog.isVisible(), "Escape closes the list, not the dialog");
});
