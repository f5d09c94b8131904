// Rule: what people on the stage say is recorded if they agreed, from the host's click to a film that a browser plays;
// a server that is killed loses a second of it at most; organisers find it, in both languages and on a phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { root } from "./lib/need.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Publisher } from "./lib/publisher.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

const shots = process.env.SHOTS; // a folder: what the pages look like
let pg, server, browser;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
});

const enter = (o, role = "host") => new Live({ port: server.port, cookie: o.staff[role].cookie, session: o.session }).open();
const as = (o, path, more = {}) => request({ port: server.port, path, cookie: o.staff.organiser.cookie, ...more });
const films = async (o) => (await as(o, `/api/sessions/${o.session}/recordings`)).json.items;

// A host who is on the stage of a live session, and publishes.
async function onStage(name, { agrees, place = "stage" }) {
  const o = organisation(pg, name);
  pg.sql(`UPDATE session SET state = 'live', live_at = now() WHERE id = '${o.session}'`);
  const host = await enter(o);
  await host.command("stage.enter");
  if (place === "stage") await host.command("stage.move", { person: o.staff.host.id, place });
  if (agrees) await host.command("recording.consent", { given: true });
  const publisher = await new Publisher({ port: server.port, cookie: o.staff.host.cookie, session: o.session }).open();
  return { o, host, publisher };
}

const ready = async (o) => waitFor("the film", async () => (await films(o))[0].film?.state === "ready", 40000);

test("a film of who agreed, which a browser plays", { timeout: 120000 }, async () => {
  const { o, host, publisher } = await onStage("Un", { agrees: true });
  await publisher.speak(300);
  await host.command("recording.start");
  await publisher.speak(3000);
  await host.command("recording.stop");
  await publisher.speak(500);
  await ready(o);
  const [made] = await films(o);
  assert.deepEqual(made.people.map((p) => p.id), [o.staff.host.id]);
  assert.ok(made.film.bytes > 500 && Math.abs(made.film.seconds - 3) <= 1, JSON.stringify(made));
  const film = await as(o, `/api/recordings/${made.id}/film.webm`, { raw: true });
  assert.equal(film.status, 200);
  assert.match(film.headers["content-disposition"], /attachment;.*\.webm/);
  const page = await (await openContext(browser, { bypassCSP: true })).newPage();
  await page.goto(`${server.url}/sign-in`);
  const played = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const video = document.createElement("video");
    video.muted = true;
    video.src = `data:video/webm;base64,${base64}`;
    await new Promise((done, failed) => { video.onloadedmetadata = done; video.onerror = () => failed(new Error(video.error.message)); });
    video.currentTime = 1.5;
    await new Promise((done) => { video.onseeked = done; });
    await video.play();
    await new Promise((done) => { video.onended = done; });
    return { duration: video.duration, end: video.currentTime, bytes: bytes.length };
  }, film.buffer.toString("base64"));
  assert.ok(Math.abs(played.duration - 3) < 0.5 && played.end > 2.5, JSON.stringify(played));
});

// The host's camera was on before, behind the stage, too: whoever only keeps the streams was never told what they begin with.
test("a picture that was there before the recording is in the film, and of who agrees later, too", { timeout: 120000 }, async () => {
  const { o, host, publisher } = await onStage("Image", { agrees: false, place: "backstage" });
  publisher.play(`${root}sample/speaker.media`);
  await waitFor("pictures", () => publisher.keys > 0);
  await host.command("stage.move", { person: o.staff.host.id, place: "stage" });
  await host.command("recording.start");
  await host.command("recording.consent", { given: true });
  const { keys } = publisher;
  await waitFor("another key frame of both rungs, and one more", () => publisher.keys > keys + 2);
  publisher.close();
  await host.command("recording.stop");
  await waitFor("the film", () => pg.sql(`SELECT 1 FROM recording_film WHERE organisation_id = '${o.id}' AND state = 'ready'`).length === 1, 40000);
  const film = await as(o, `/api/recordings/${(await films(o))[0].id}/film.webm`, { raw: true });
  assert.ok(film.buffer.includes("V_VP8") && film.buffer.length > 30000, `${film.buffer.length} bytes`);
});

test("who did not agree is heard and not recorded; who takes it back is deleted", { timeout: 120000 }, async () => {
  const { o, host, publisher } = await onStage("Deux", { agrees: false });
  await host.command("recording.start");
  await publisher.speak(600);
  await host.command("recording.consent", { given: true });
  await publisher.speak(600);
  await host.command("recording.stop");
  await ready(o);
  assert.ok((await films(o))[0].film.seconds <= 1);
  await host.command("recording.consent", { given: false });
  await waitFor("nothing to be left", async () => (await films(o))[0].people.length === 0);
});

test("a server that is killed loses a second at most", { timeout: 120000 }, async () => {
  const { o, host, publisher } = await onStage("Trois", { agrees: true });
  await host.command("recording.start");
  const from = Date.now();
  await publisher.speak(4000);
  const killed = Date.now();
  await server.kill("SIGKILL");
  await server.start();
  const again = await enter(o, "organiser");
  await again.command("recording.stop");
  await ready(o);
  const { kept } = Object.fromEntries([["kept", Number(pg.sql(`SELECT extract(epoch FROM max(to_at)) * 1000 FROM recording_chunk`)[0][0])]]);
  assert.ok(killed - kept < 1000, `${killed - kept} ms are missing of ${killed - from}`);
});

// An HCP is led on the stage by the host, and publishes from elsewhere; the page that they have open asks them.
test("an HCP who speaks is asked in the room, and not written before they agreed", { timeout: 120000 }, async () => {
  const { o, host, publisher } = await onStage("Quatre", { agrees: true });
  const [who] = hcps(pg, o, 1);
  const context = await openContext(browser, { locale: "fr-FR", width: 390, bypassCSP: true });
  await context.addCookies([{ name: "__Host-amphi", value: who.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
  const page = await context.newPage();
  await page.goto(`${server.url}/live/${o.session}`);
  await page.getByRole("button", { name: "Lever la main" }).click();
  const look = async (name) => {
    await page.evaluate(() => Promise.all(document.getAnimations().map((one) => (one.effect?.getComputedTiming().iterations === Infinity ? null : one.finished.catch(() => null)))));
    if (shots) await page.screenshot({ path: `${shots}/recording-guest-${name}.png` });
    assert.deepEqual(await axe(page), [], name);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name);
  };
  const ask = page.getByText("Votre voix et votre image peuvent-elles être conservées ?");
  const invite = () => host.command("stage.invite", { person: who.registration, picture: false });

  // Nothing is recorded: nothing is asked. It begins while they speak: then they are.
  await waitFor("the hand", () => host.events.some(({ event }) => event === "hand.raised"));
  await invite();
  const dialog = page.getByRole("dialog", { name: "L’animateur vous invite" });
  await dialog.waitFor();
  assert.equal(await ask.count(), 0);
  const guest = await new Live({ port: server.port, cookie: who.cookie, session: o.session }).open();
  await guest.command("stage.enter");
  const voice = await new Publisher({ port: server.port, cookie: who.cookie, session: o.session }).open();
  await voice.speak(200);
  await host.command("recording.start");
  await ask.waitFor();
  await look("begins");
  await voice.speak(400);
  await page.getByRole("button", { name: "Parler sans enregistrement" }).click();
  await page.getByText("Vous parlez sans être enregistré.").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Accepter");
  await Promise.all([voice.speak(500), publisher.speak(500)]);
  await host.command("recording.stop");
  await ready(o);
  assert.deepEqual((await films(o))[0].people.map(({ id }) => id), [o.staff.host.id]);

  // They change their mind, in another tab too; the invitation itself says it and needs no answer.
  await host.command("stage.remove", { person: who.registration });
  await host.command("recording.start");
  await invite();
  await dialog.getByText("Vous parlez sans être enregistré.").waitFor();
  await look("invited");
  await guest.command("recording.consent", { given: true });
  await dialog.getByText("Vous avez accepté d’être enregistré.").waitFor();
  await guest.command("stage.enter");
  const again = await new Publisher({ port: server.port, cookie: who.cookie, session: o.session }).open();
  await again.speak(600);
  await host.command("recording.stop");
  await waitFor("their part", async () => (await films(o))[0].people.some(({ id }) => id === who.registration));
  assert.deepEqual(context.errors, []);
  await context.close();
});

const WORDS = {
  fr: { tab: "Enregistrements", download: "Télécharger le film", automatic: "Enregistrer automatiquement cette session", on: "Cette session est enregistrée.", start: "Enregistrer", ask: "Acceptez-vous d’être enregistré ?", agree: "J’accepte", agreed: "Vous avez accepté d’être enregistré." },
  en: { tab: "Recordings", download: "Download film", automatic: "Record this session automatically", on: "This session is being recorded.", start: "Record", ask: "May you be recorded?", agree: "I agree", agreed: "You agreed to be recorded." },
};
for (const [language, width] of [["fr", 390], ["en", 1440], ...(shots ? [["fr", 820], ["en", 390], ["fr", 1440]] : [])])
  test(`the pages of a recording, ${language} ${width}`, { timeout: 120000 }, async () => {
    const w = WORDS[language];
    const { o, host, publisher } = await onStage(`Labo ${language}`, { agrees: true });
    await host.command("recording.start");
    await publisher.speak(1200);
    await host.command("recording.stop");
    await ready(o);
    await host.command("recording.start");
    const context = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", width, bypassCSP: true });
    await context.addCookies([{ name: "__Host-amphi", value: o.staff.organiser.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
    const page = await context.newPage();
    const look = async (name) => {
      await page.waitForLoadState("networkidle");
      assert.deepEqual(await axe(page), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      if (shots) await page.screenshot({ path: `${shots}/recording-${language}-${width}-${name}.png`, fullPage: true });
    };
    await page.goto(`${server.url}/sessions/${o.session}/recordings`);
    await page.getByText(w.download).waitFor();
    await page.getByLabel(w.automatic).check();
    await waitFor("the setting", () => pg.sql(`SELECT 1 FROM recording_setting WHERE session_id = '${o.session}' AND automatic`).length === 1);
    await look("tab");
    await page.goto(`${server.url}/host/${o.session}`);
    await page.getByText(w.on).first().waitFor();
    await page.getByText(w.ask).waitFor();
    await look("console");
    await page.getByRole("button", { name: w.agree }).click();
    await page.getByText(w.agreed).waitFor();
    assert.deepEqual(context.errors, []);
    await context.close();
  });
