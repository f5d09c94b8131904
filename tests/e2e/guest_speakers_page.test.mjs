// Rule: a speaker without an account is invited on a page, reads one mail, and comes by its link on a telephone and on a desk; they are
// heard and seen by whoever follows, with their face free of their name; taken back while live they are gone. In both languages.
// SHOTS=folder keeps what the pages look like.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openContext, signedInContext } from "./lib/browser.mjs";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { Live } from "./lib/live.mjs";
import { lookAt } from "./lib/look.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const PATIENCE = { timeout: 40000 };
const NAME = "Pr Marie-Antoinette Delacroix-Fontaine";
const WORDS = {
  en: { tab: "Guest speakers", invite: "Invite a speaker", name: "Name", email: "E-mail address", language: "Language of the e-mail", own: "English", send: "Send invitation", sent: "E-mail sent", came: "Came", more: /^More actions/, again: "Send the link again", back: "Take the link back", gone: "Taken back", hello: `Hello ${NAME}`, enter: "Go to the session", join: "Join with sound and picture", check: "Check your microphone and camera", hears: "We hear you.", backstage: "Go backstage", behind: "You are backstage: only the team hears and sees you.", on: "You are on stage: everybody hears and sees you.", over: "You are no longer signed in here. Open your personal link again.", dead: "This link is not valid any more", listen: /^Listen/ },
  fr: { tab: "Intervenants invités", invite: "Inviter un intervenant", name: "Nom", email: "Adresse e-mail", language: "Langue de l’e-mail", own: "Français", send: "Envoyer l’invitation", sent: "E-mail envoyé", came: "Venu", more: /^Autres actions/, again: "Envoyer le lien à nouveau", back: "Retirer le lien", gone: "Retiré", hello: `Bonjour ${NAME}`, enter: "Aller à la session", join: "Participer avec son et image", check: "Vérifiez votre micro et votre caméra", hears: "On vous entend.", backstage: "Aller en coulisses", behind: "Vous êtes en coulisses : seule l’équipe vous entend et vous voit.", on: "Vous êtes sur scène : tout le monde vous entend et vous voit.", over: "Vous n’êtes plus connecté. Ouvrez de nouveau votre lien personnel.", dead: "Ce lien n’est plus valable", listen: /^Écouter/ },
};
let pg, server, browser;
after(cleanup);
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser({ devices: true });
});

// Listens to what a page plays.
function ears() {
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode && !this.context.isChime) connect.call(this, (window.ear = new AnalyserNode(this.context, { fftSize: 8192 })));
    return connect.call(this, to, ...rest);
  };
  window.loud = () => {
    if (!window.ear) return false;
    const samples = new Float32Array(window.ear.fftSize);
    window.ear.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length) > 0.004;
  };
}

const look = (page, name) => lookAt(page, `guest-${name}`);

const locale = (language) => (language === "fr" ? "fr-FR" : "en-GB");
const devices = { permissions: ["microphone", "camera"], bypassCSP: true };

async function act(page, w, item) {
  await page.getByRole("button", { name: w.more }).first().click();
  await page.getByRole("menuitem", { name: item }).click();
  await page.getByRole("dialog").getByRole("button", { name: item }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

async function openLink(link, { language, width, dark }) {
  const w = WORDS[language];
  const context = await openContext(browser, { locale: locale(language), width, height: width < 500 ? 844 : 900, dark, ...devices });
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole("heading", { name: w.hello }).waitFor();
  await look(page, `link-${language}-${width}`);
  await page.getByRole("button", { name: w.enter }).click();
  await page.waitForURL(/\/host\//);
  return page;
}

async function speak(page, w, name) {
  await page.getByRole("button", { name: w.join }).click(PATIENCE);
  const check = page.getByRole("dialog", { name: w.check });
  await check.getByText(w.hears).waitFor(PATIENCE);
  await look(page, `check-${name}`);
  await check.getByRole("button", { name: w.backstage }).click();
  await page.getByText(w.behind).waitFor(PATIENCE);
}

for (const { language, dark, phone } of [{ language: "fr", dark: false, phone: true }, { language: "en", dark: true, phone: false }])
  test(`in ${language}: invited, come by the link, heard, taken back`, { timeout: 240000 }, async () => {
    const w = WORDS[language];
    const o = organisation(pg, "Laboratoire Exemple", { live: true });
    pg.sql(`UPDATE session SET title = 'Insuffisance cardiaque : les recommandations 2026', language = '${language}' WHERE id = '${o.session}'; UPDATE congress SET title = 'Journées de cardiologie' WHERE id = '${o.congress}'`);
    const [hcp] = hcps(pg, o, 1);
    const email = `marie.${language}@chu.example.org`;

    const staff = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, language, dark, width: phone ? 1440 : 390, bypassCSP: true });
    const desk = await staff.newPage();
    await desk.goto(`${server.url}/sessions/${o.session}`);
    await desk.getByRole("link", { name: w.tab }).click();
    await desk.getByRole("button", { name: w.invite }).waitFor();
    await look(desk, `none-${language}`);
    await desk.getByRole("button", { name: w.invite }).click();
    const dialog = desk.getByRole("dialog", { name: w.invite });
    await dialog.getByLabel(w.name, { exact: true }).fill(NAME);
    await dialog.getByLabel(w.email).fill(email);
    await dialog.getByLabel(w.language).selectOption({ index: language === "fr" ? 0 : 1 });
    await look(desk, `invite-${language}`);
    await dialog.getByRole("button", { name: w.send }).click();
    await desk.getByText(w.sent, { exact: true }).waitFor();
    await look(desk, `list-${language}`);

    const link = await server.link(email, "speaker");
    const wide = { language, width: 1440, dark };
    const narrow = { language, width: 390, dark };
    const other = await openLink(link, phone ? wide : narrow);
    const page = await openLink(link, phone ? narrow : wide); // again, on another device
    assert.equal(await page.getByRole("link", { name: /Participation/ }).count(), 0);
    await look(page, `room-${language}`);
    await speak(page, w, language);
    await page.goto(`${server.url}/sessions/${o.session}/slides`); // as a speaker with an account
    await page.locator("input[type=file]").waitFor({ state: "attached" });
    await look(page, `slides-${language}`);
    await page.goto(`${server.url}/congresses`); // no page of staff of other sessions
    await page.waitForURL(/\/host\//);
    await page.getByRole("button", { name: /Speak from here|Parler d’ici/ }).or(page.getByRole("button", { name: w.join })).first().click(PATIENCE);
    await page.getByRole("dialog").getByText(w.hears).waitFor(PATIENCE);
    await page.getByRole("dialog").getByRole("button").last().click();
    await page.getByText(w.behind).waitFor(PATIENCE);

    const [[guest]] = pg.sql(`SELECT account_id FROM guest_speaker WHERE session_id = '${o.session}'`);
    const host = await new Live({ port: server.port, cookie: o.staff.host.cookie, session: o.session }).open();
    onCleanup(() => host.close());
    await host.command("stage.move", { person: guest, place: "stage" });
    await page.getByText(w.on).waitFor(PATIENCE);
    const context = await openContext(browser, { locale: locale(language), width: 390, height: 844, dark, bypassCSP: true });
    await context.addCookies([{ name: "__Host-amphi", value: hcp.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
    await context.addInitScript(ears);
    const viewer = await context.newPage();
    await viewer.goto(`${server.url}/live/${o.session}`);
    const tile = viewer.locator(".tile").filter({ hasText: "Delacroix" });
    await tile.waitFor(PATIENCE);
    const press = viewer.getByRole("button", { name: w.listen });
    if (await press.isVisible()) await press.click();
    await waitFor("the guest to be heard", () => viewer.evaluate(() => window.loud()), 30000);
    const share = await tile.evaluate((of) => of.querySelector(".tile__name").getBoundingClientRect().height / of.getBoundingClientRect().height);
    await look(viewer, `heard-${language}`);
    await look(page, `on-stage-${language}`);
    assert.ok(share < 0.34, `the name covers ${Math.round(share * 100)} % of the tile`);

    await desk.getByText(w.came, { exact: true }).waitFor({ timeout: 15000 });
    await act(desk, w, w.back);
    const at = Date.now();
    for (const one of [page, other]) await one.getByText(w.over).waitFor({ timeout: 3000 });
    await tile.waitFor({ state: "detached", timeout: 3000 });
    console.log(`# gone from all pages ${Date.now() - at} ms after the dialog closed`);
    assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll("video")].flatMap((v) => v.srcObject?.getTracks() ?? []).filter((t) => t.readyState === "live").length), 0);
    await look(page, `taken-back-${language}`);
    await desk.getByText(w.gone, { exact: true }).waitFor();
    await look(desk, `list-taken-back-${language}`);
    await other.goto(link);
    await other.reload();
    await other.getByRole("heading", { name: w.dead }).waitFor();
    for (const one of [staff, context, page.context(), other.context()]) await one.close();
    host.close();
  });
