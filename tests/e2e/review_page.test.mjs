// Rule: an organiser switches the review, and decides in the queue by pointer or by keyboard, one by one or many at once, each decision
// confirmed first; what nobody could decide is said with its reason. The registration page, the mail's link and the queue say where a
// registration stands, in both languages, on a phone and on a desk, in light and dark.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openContext, signedInContext } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { lookAt, shots } from "./lib/look.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

let pg, server, browser;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
});

const WORDS = {
  en: { policy: "Who may register", change: "Change", review: /^Review:/, save: "Save", on: "Each registration is reviewed before it takes a place.", banner: /The organisers review each registration/, confirm: "Confirm my request", waits: /your request is in review/, select: "Select", keys: { approve: "a", proof: "p", decline: "d" },
    approve: "Approve", proof: "Ask for proof", decline: "Decline", reason: "Reason", message: /Message to the person/, asked: "The organisers ask you", all: "Select all shown", chosen: "2 selected", industry: "Pharmaceutical industry", twin: "Perhaps the same person", badge: /Proof asked.*organiser/, result: "What was done", failed: /stays as it was/, why: /Meanwhile somebody else has decided.*second/, refused: "Your request was not accepted", withdraw: "Withdraw my request", withdrawn: "Your request is withdrawn", help: "Keyboard shortcuts", declined: /Declined \(\d\)/, state: "In review" },
  fr: { policy: "Qui peut s’inscrire", change: "Modifier", review: /^Validation\s:/, save: "Enregistrer", on: "Chaque inscription est examinée avant de prendre une place.", banner: /Les organisateurs valident chaque inscription/, confirm: "Confirmer ma demande", waits: /votre demande est en cours de validation/, select: "Sélectionner", keys: { approve: "v", proof: "j", decline: "r" },
    approve: "Valider", proof: "Demander un justificatif", decline: "Refuser", reason: "Motif", message: /Message à la personne/, asked: "Les organisateurs vous demandent", all: "Tout sélectionner sur cette page", chosen: "2 sélectionnées", industry: "Industrie pharmaceutique", twin: "Peut-être la même personne", badge: /Justificatif demandé.*organiser/, result: "Ce qui a été fait", failed: /reste inchangée/, why: /une autre personne a décidé.*second/, refused: "Votre demande n’a pas été acceptée", withdraw: "Retirer ma demande", withdrawn: "Votre demande est retirée", help: "Raccourcis clavier", declined: /Refusées \(\d\)/, state: "En cours de validation" },
};

const look = (page, name) => lookAt(page, `review-${name}`);

async function fillIn(o, who) {
  const body = { first_name: "Luc", rpps: null, language: "fr", profession: "10", specialty: "SM04", practice_setting: "SA07", region: "53", age_band: "45_54",
    consents: [{ kind: "participation", version: 1, given: true }, { kind: "contact", version: 1, given: false }], ...who };
  const { status, text } = await request({ port: server.port, method: "POST", path: `/api/registration-pages/${o.code}`, body });
  assert.equal(status, 202, text);
  return server.link(body.email, "join");
}
async function comes(o, who) {
  const link = await fillIn(o, who);
  const { status, text } = await request({ port: server.port, method: "POST", path: "/api/join", body: { token: link.split("#")[1] } });
  assert.equal(status, 202, text);
  return link;
}
const stateOf = (email) => pg.sql(`SELECT r.state FROM registration r JOIN hcp h ON h.id = r.hcp_id WHERE h.email = '${email}'`)[0][0];

for (const [language, width, dark] of [["en", 1440, false], ["fr", 390, true], ...(shots ? [["en", 390, false], ["fr", 1440, true]] : [])])
  test(`the review, as an organiser and as who asks to register see it (${language}, ${width} px, ${dark ? "dark" : "light"})`, { timeout: 180000 }, async () => {
    const w = WORDS[language], tag = `${language}-${width}`, o = organisation(pg, `Labo ${tag}`), at = (name) => `${name}-${tag}@x.test`;
    const context = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, language, width, dark, bypassCSP: true });
    const page = await context.newPage();
    const row = (name) => page.locator("li.review", { hasText: name });
    const dialog = page.getByRole("dialog");
    const queue = `${server.url}/congresses/${o.congress}/review`;
    await page.goto(queue);
    await page.locator(".empty, .empty-state").first().waitFor();
    await look(page, `empty-${tag}`);
    await page.goto(`${server.url}/congresses/${o.congress}/links`);
    const card = page.getByRole("region", { name: w.policy });
    await card.getByRole("button", { name: w.change }).click();
    await dialog.getByLabel(w.review).check();
    await look(page, `switch-${tag}`);
    await dialog.getByRole("button", { name: w.save }).click();
    await card.getByText(w.on).waitFor();

    const person = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", width, dark, bypassCSP: true });
    await person.addInitScript((chosen) => location.protocol === "https:" && localStorage.setItem("amphi.language", chosen), language);
    const mine = await person.newPage();
    await mine.goto(`${server.url}/r/${o.code}`);
    await mine.getByText(w.banner).waitFor();
    await look(mine, `form-${tag}`);
    const anne = await fillIn(o, { email: at("anne"), last_name: "Arnaud" });
    await mine.goto(anne);
    await mine.getByRole("button", { name: w.confirm }).click();
    await mine.getByText(w.waits).waitFor();
    await look(mine, `confirmed-${tag}`);

    const ida = await comes(o, { email: at("ida"), last_name: "Ivars", practice_setting: "SA46" });
    await comes(o, { email: at("one"), last_name: "Lefèvre" });
    await comes(o, { email: at("two"), last_name: "LEFEVRE" });
    const bob = await comes(o, { email: at("bob"), last_name: "Blanc" });
    await page.goto(queue);
    await row("Ivars").locator(".badge", { hasText: w.industry }).waitFor();
    await row("Lefèvre").first().getByText(w.twin).waitFor();
    await page.getByText(w.help).click();
    await look(page, `queue-${tag}`);
    await page.getByText(w.help).click();

    // By keyboard: the letters do nothing outside the rows; the arrows move, a letter asks, and the focus goes on.
    await page.getByRole("searchbox").focus();
    await page.keyboard.press(w.keys.approve);
    assert.equal(await dialog.count(), 0);
    await page.getByRole("searchbox").fill("");
    await row("Arnaud").getByRole("checkbox").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press(w.keys.proof);
    await dialog.getByLabel(w.message).fill("Votre carte CPS,\nrecto verso.");
    await look(page, `proof-${tag}`);
    await dialog.getByRole("button", { name: w.proof }).click();
    await row("Ivars").locator(".review__note", { hasText: w.badge }).waitFor();
    await page.waitForFunction(() => document.activeElement?.closest("[data-review]")?.textContent.includes("Lefèvre"));
    assert.equal(stateOf(at("ida")), "in_review");
    await mine.goto("about:blank");
    await mine.goto(ida);
    await mine.getByText(w.asked).waitFor();
    await look(mine, `asked-${tag}`);

    await row("Arnaud").getByRole("checkbox").focus();
    await page.keyboard.press(w.keys.approve);
    assert.equal(stateOf(at("anne")), "in_review", "a key alone decides nothing");
    await look(page, `approve-${tag}`);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await row("Arnaud").waitFor({ state: "detached" });
    assert.equal(stateOf(at("anne")), "registered");

    // Many at once, of whom somebody else decided one meanwhile.
    await row("Lefèvre").first().getByRole("checkbox").check();
    await row("LEFEVRE").last().getByRole("checkbox").check();
    await page.getByText(w.chosen).waitFor();
    await look(page, `selected-${tag}`);
    pg.sql(`WITH second AS (INSERT INTO account (organisation_id, email, name, language, created_at) VALUES ('${o.id}', '${at("second")}', 'second', 'fr', now()) RETURNING id)
      UPDATE registration_review v SET version = 2, by_account_id = second.id FROM second, registration r JOIN hcp h ON h.id = r.hcp_id WHERE v.registration_id = r.id AND h.email = '${at("one")}'`);
    await row("LEFEVRE").last().getByRole("checkbox").focus();
    await page.keyboard.press(w.keys.decline);
    await dialog.getByRole("button", { name: w.decline }).click();
    assert.equal(stateOf(at("two")), "in_review", "not without a reason");
    await dialog.getByLabel(w.reason).selectOption("duplicate");
    await dialog.getByLabel(w.message).fill("Vous êtes déjà inscrit.");
    await look(page, `decline-${tag}`);
    await dialog.getByRole("button", { name: w.decline }).click();
    await dialog.getByRole("heading", { name: w.result }).waitFor();
    await dialog.getByText(w.why).waitFor();
    await look(page, `result-${tag}`);
    await dialog.locator("footer button").click();
    await page.getByText(w.declined).waitFor();
    assert.deepEqual([stateOf(at("one")), stateOf(at("two"))], ["in_review", "declined"]);

    // A decline is taken back; and somebody withdraws.
    await page.locator("label").filter({ hasText: w.declined }).click();
    await waitFor("the list of those declined", async () => (await page.locator("li.review").count()) === 1);
    await row("LEFEVRE").waitFor();
    await look(page, `declined-${tag}`);
    await row("LEFEVRE").getByRole("button", { name: w.approve }).click();
    await dialog.getByRole("button", { name: w.approve }).click();
    await row("LEFEVRE").waitFor({ state: "detached" });
    assert.equal(stateOf(at("two")), "registered");
    await mine.goto("about:blank");
    await mine.goto(bob);
    await mine.getByRole("button", { name: w.withdraw }).click();
    await mine.getByText(w.withdrawn).waitFor();
    await look(mine, `withdrawn-${tag}`);

    await request({ port: server.port, method: "POST", path: `/api/registrations/${pg.sql(`SELECT r.id FROM registration r JOIN hcp h ON h.id = r.hcp_id WHERE h.email = '${at("ida")}'`)[0][0]}/review`, cookie: o.staff.organiser.cookie, body: { decision: "decline", version: 2, reason: "industry", message: "Réservé aux soignants." } });
    await mine.goto("about:blank");
    await mine.goto(ida);
    await mine.getByText(w.refused).waitFor();
    await mine.getByText("Réservé aux soignants.").waitFor();
    await look(mine, `refused-${tag}`);
    await page.goto(`${server.url}/congresses/${o.congress}/registrations`);
    await page.getByText(w.state, { exact: true }).last().waitFor();
    await look(page, `registrations-${tag}`);
    assert.deepEqual(context.errors.filter((text) => !/409/.test(text)), []);
    await context.close();
    await person.close();
  });
