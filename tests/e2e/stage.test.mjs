// Rule: who speaks is heard and seen by whoever follows when they are on the stage of a live session, and only then; hosts
// lead people on and off; an HCP raises a hand, is invited, speaks and is gone. All of it by the pages. SHOTS=folder
// keeps what they look like.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { axe, openBrowser, openContext, saveScreens } from "./lib/browser.mjs";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { root } from "./lib/need.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres, temporaryFolder } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const SHOTS = process.env.SHOTS;
const PATIENCE = { timeout: 40000 };
let watching, pg, server, browser, o, people, host, speaker, viewer, early;
after(async () => {
  await saveScreens("stage");
  await cleanup();
});

// Listens to what a page plays, and counts the pictures that a canvas shows.
function senses() {
  window.tracks = [];
  const media = navigator.mediaDevices;
  if (!media) return; // the page before the first
  const ask = media.getUserMedia.bind(media);
  media.getUserMedia = async (what) => {
    if (window.refusal) throw new DOMException("no", window.refusal);
    const stream = await ask(what);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode && !this.context.isChime) {
      const ear = (window.ear = new AnalyserNode(this.context, { fftSize: 8192 }));
      connect.call(this, ear);
    }
    return connect.call(this, to, ...rest);
  };
  window.rms = () => {
    if (!window.ear) return 0;
    const samples = new Float32Array(window.ear.fftSize);
    window.ear.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
  };
  window.pictureOf = (canvas) => {
    if (!canvas || canvas.hidden || canvas.width < 8) return null;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0;
    for (let i = 1; i < data.length; i += 28) sum = (sum * 31 + data[i]) >>> 0; // green: the colour of the pretended camera
    return sum;
  };
}

// A screen to share: a browser without a display has none.
function screens() {
  if (!navigator.mediaDevices) return;
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
    const g = canvas.getContext("2d");
    setInterval(() => {
      g.fillStyle = "#eef";
      g.fillRect(0, 0, 1280, 720);
      g.fillStyle = "#224";
      g.font = "60px sans-serif";
      g.fillText(`Echographie ${Math.floor(performance.now() / 500)}`, 120, 200);
      g.fillRect(120, 300, 300 + (performance.now() % 700), 80);
    }, 200);
    return canvas.captureStream(5);
  };
}

// A driver's scripts count as presses; `untouched` pages do not know of them.
const untouched = () => Object.defineProperty(navigator, "userActivation", { value: { hasBeenActive: false } });

async function open(cookie, path, { language = "en-GB", dark = false, pressed = true, without = [], refused = null } = {}) {
  const context = await openContext(browser, { locale: language, dark, permissions: ["microphone", "camera"], bypassCSP: true });
  await context.addCookies([{ name: "__Host-amphi", value: cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
  await context.addInitScript(senses);
  await context.addInitScript(screens);
  await context.addInitScript((names) => names.forEach((name) => delete window[name]), without);
  if (refused) await context.addInitScript((name) => (window.refusal = name), refused);
  if (!pressed) await context.addInitScript(untouched);
  const page = await context.newPage();
  await page.goto(server.url + path);
  return page;
}

const SIZES = [[390, 844], [820, 1180], [1440, 900], [320, 640], [844, 390]];

async function shoot(page, name, { full = false } = {}) {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(500); // animations end; only when pictures are taken
    await page.screenshot({ path: `${SHOTS}/${name}-${width}.png`, fullPage: full });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

async function clean(page, what) {
  assert.deepEqual(await axe(page), [], what);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${what} scrolls sideways`);
}

const loud = (page) => page.evaluate(() => window.rms() > 0.004);
const hears = (page, what) => waitFor(`${what} to be heard`, () => loud(page), 30000);
// Silence is what lasts: the fake microphone beeps once a second.
async function hearsNothing(page, ms = 2500) {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    if (await loud(page)) return false;
    await page.waitForTimeout(40);
  }
  return true;
}
const isSilent = (page, what) => waitFor(`${what} to be silent`, () => hearsNothing(page), 30000);

// On a machine that is too busy the picture waits for a press.
async function press(page) {
  const held = page.getByRole("button", { name: /^(Show the picture|Afficher l’image)$/ });
  if (await held.isVisible()) await held.click({ timeout: 1000 }).catch(() => {});
}

async function sees(page, name) {
  const shown = async () => {
    await press(page);
    return look();
  };
  const look = () => page.evaluate((of) => window.pictureOf([...document.querySelectorAll(".tile")].find((tile) => tile.textContent.includes(of))?.querySelector("canvas")), name);
  // What the page shows, for whoever has to find out why.
  const state = () => page.evaluate(() => JSON.stringify({ note: document.querySelector(".cast__note")?.textContent, tiles: [...document.querySelectorAll(".tile")].map((tile) => [tile.className, tile.textContent, tile.querySelector("canvas")?.hidden, tile.querySelector("canvas")?.width]) }));
  const first = await waitFor(`the picture of ${name}`, shown, 60000).catch(async (error) => assert.fail(`${error.message}\n${await state()}`));
  await waitFor(`the picture of ${name} to move`, async () => ![null, undefined, first].includes(await shown()), 30000);
}

const person = (page, list, name) => page.getByRole("region", { name: list, exact: true }).getByRole("listitem").filter({ hasText: name });
async function act(page, list, name, action) {
  await person(page, list, name).getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: action }).click();
}

before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Laboratoire Exemple");
  people = hcps(pg, o, 3);
  pg.sql(`UPDATE account SET name = 'Hélène Marchand' WHERE id = '${o.staff.host.id}'`);
  pg.sql(`UPDATE account SET name = 'Pr Antoine Lefèvre' WHERE id = '${o.staff.speaker.id}'`);
  pg.sql(`UPDATE hcp SET first_name = 'Claire', last_name = 'Dubois' WHERE id = '${people[0].hcp}'`);
  pg.sql(`UPDATE session SET title = 'Insuffisance cardiaque : les recommandations 2026', listen_at = '+33 1 23 45 67 89' WHERE id = '${o.session}'`);
  pg.sql(`UPDATE congress SET title = 'Journées de cardiologie' WHERE id = '${o.congress}'`);
  const folder = temporaryFolder("pdf");
  execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", "4", `${folder}/deck.pdf`]);
  const { json: deck } = await request({ port: server.port, method: "POST", path: `/api/sessions/${o.session}/decks?file_name=deck.pdf`, cookie: o.staff.organiser.cookie, body: readFileSync(`${folder}/deck.pdf`), headers: { "Content-Type": "application/pdf" } });
  await waitFor("the deck", () => pg.sql(`SELECT state FROM deck WHERE id = '${deck.id}'`)[0][0] === "ready", 60000);
  const organiser = await new Live({ port: server.port, cookie: o.staff.organiser.cookie, session: o.session }).open();
  await organiser.command("slide.move", { version: 0, deck: deck.id, page: 2 });
  organiser.close();
  watching = await new Live({ port: server.port, cookie: people[2].cookie, session: o.session }).open();
  onCleanup(() => watching.close());
  browser = await openBrowser({ devices: true });
  host = await open(o.staff.host.cookie, `/host/${o.session}`);
  speaker = await open(o.staff.speaker.cookie, `/host/${o.session}`);
  early = await open(people[1].cookie, `/live/${o.session}`);
});

async function goBackstage(page, name) {
  await page.getByRole("button", { name: "Join with sound and picture" }).click();
  const check = page.getByRole("dialog", { name: "Check your microphone and camera" });
  await check.getByText("We hear you.").waitFor(PATIENCE);
  await check.locator("video:not([hidden])").waitFor(PATIENCE);
  await check.getByText("Your connection is good for sound and picture.").waitFor(PATIENCE);
  await check.getByText(/^You send at .* Mbit\/s: enough for your picture/).waitFor(PATIENCE);
  await clean(page, `the check of ${name}`);
  await shoot(page, `check-${name}`);
  await check.getByRole("button", { name: "Go backstage" }).click();
  await page.getByText("You are backstage: only the team hears and sees you.").waitFor(PATIENCE);
}

test("speakers check their devices and meet backstage; who follows hears nothing", { timeout: 180000 }, async () => {
  await host.getByText("Nobody is on stage").first().waitFor();
  await clean(host, "an empty stage");
  await shoot(host, "desk-empty");
  await goBackstage(host, "host");
  await goBackstage(speaker, "speaker");
  await hears(host, "the speaker");
  await hears(speaker, "the host");
  await sees(host, "Lefèvre");
  await early.getByText("salle d’attente").waitFor();
  assert.ok(await hearsNothing(early));
  assert.equal(await early.locator(".tile").count(), 0);
});

test("led on the stage of a live session, they are heard and seen", { timeout: 180000 }, async () => {
  await host.getByRole("tab", { name: "Stage" }).click();
  for (const name of ["Lefèvre", "Hélène"]) await person(host, "Backstage", name).getByRole("button", { name: "Put on stage" }).click();
  await speaker.getByText("Everybody will hear you as soon as the session starts.").waitFor();
  await shoot(host, "desk-lobby");
  await host.getByRole("button", { name: "Start" }).click();
  await host.getByRole("dialog").getByRole("button", { name: "Start" }).click();
  await speaker.getByText("You are on stage: everybody hears and sees you.").waitFor();
  await hears(early, "the stage, by whom a press led here");
  viewer = await open(people[0].cookie, `/live/${o.session}`, { pressed: false });
  await viewer.getByRole("button", { name: /^Écouter/ }).waitFor();
  await shoot(viewer, "live-listen");
  await clean(viewer, "the stage that asks for a press");
  await viewer.getByRole("button", { name: /^Écouter/ }).click();
  await hears(viewer, "the stage");
  for (const name of ["Lefèvre", "Marchand"]) await sees(viewer, name);
  await clean(viewer, "the stage");
  await clean(host, "the desk");
  await shoot(viewer, "live-slide");
  await shoot(host, "desk-live", { full: true });
});

test("the host chooses what is large: a speaker, a screen, or the slide", { timeout: 180000 }, async () => {
  const shape = (name) => viewer.locator(`.cast--${name}`).waitFor(PATIENCE);
  await host.getByRole("group", { name: "What participants see" }).getByText("Speaker", { exact: true }).click();
  await shape("speaker");
  await act(host, "On stage", "Lefèvre", "Show large");
  await viewer.locator(".cast__large").getByText("Lefèvre").waitFor(PATIENCE);
  await sees(viewer, "Lefèvre");
  await clean(viewer, "a large speaker");
  await shoot(viewer, "live-speaker");
  await speaker.getByRole("button", { name: "Share screen" }).click();
  await host.getByText("Pr Antoine Lefèvre is sharing a screen.").waitFor(PATIENCE);
  await shoot(host, "desk-sharing");
  await host.getByRole("button", { name: "Show it to everybody" }).click();
  await shape("screen");
  await waitFor("the screen", async () => (await press(viewer), await viewer.evaluate(() => document.querySelector(".tile--screen canvas")?.width)) > 1000, 30000);
  await clean(viewer, "a screen");
  await shoot(viewer, "live-screen");
  await viewer.getByRole("button", { name: "Plein écran" }).click();
  await shoot(viewer, "full-screen");
  await speaker.getByRole("button", { name: "Stop sharing" }).click();
  await shape("slide");
  await shoot(viewer, "full-slide");
  await host.getByRole("group", { name: "What participants see" }).getByText("Speaker", { exact: true }).click();
  await shape("speaker");
  await shoot(viewer, "full-speaker");
  await viewer.mouse.move(300, 300); // the controls are hidden while nothing moves
  await viewer.getByRole("button", { name: "Quitter le plein écran" }).click();
  await host.getByRole("group", { name: "What participants see" }).getByText("Slide", { exact: true }).click();
  await shape("slide");
});

test("a slide is shown when the word that it belongs to is heard", { timeout: 60000 }, async () => {
  await speaker.getByRole("button", { name: "Next slide" }).click();
  await viewer.getByText("Diapositive 3 sur 4", { exact: true }).waitFor();
  const { data } = await waitFor("the move", () => watching.events.find(({ event, data }) => event === "slide.moved" && data.page === 3));
  assert.ok(data.media?.stream % 4 === 0 && data.media.timestamp > 0, JSON.stringify(data));
});

test("a muted microphone is let go and heard by nobody; only its owner turns it on again", { timeout: 120000 }, async () => {
  await speaker.getByRole("button", { name: "Mute", exact: true }).click();
  await act(host, "On stage", "Lefèvre", "Turn camera off");
  await speaker.getByText("The host has turned your camera off.").waitFor();
  assert.deepEqual(await speaker.evaluate(() => window.tracks.filter(({ readyState }) => readyState === "live").map(({ kind }) => kind)), []);
  await host.getByRole("button", { name: "Mute", exact: true }).click();
  await isSilent(viewer, "the stage");
  await host.getByRole("button", { name: "Unmute" }).click();
  await hears(viewer, "the host again");
  await act(host, "On stage", "Lefèvre", "Take off the stage");
  await speaker.getByText("The host has taken you off the stage.").waitFor();
  await viewer.locator(".tile").filter({ hasText: "Lefèvre" }).waitFor({ state: "detached" });
});

test("an HCP raises a hand, is invited, speaks with picture, and is taken off", { timeout: 180000 }, async () => {
  await viewer.getByRole("button", { name: "Lever la main" }).click();
  await viewer.getByRole("button", { name: "Baisser la main" }).waitFor();
  await person(host, "Raised hands", "Claire Dubois").waitFor();
  await shoot(host, "desk-hand");
  await act(host, "Raised hands", "Claire Dubois", "Invite with picture");
  const invitation = viewer.getByRole("dialog", { name: "L’animateur vous invite" });
  await invitation.waitFor();
  await clean(viewer, "an invitation");
  await shoot(viewer, "invitation");
  await invitation.getByRole("button", { name: "Parler avec caméra" }).click();
  const check = viewer.getByRole("dialog", { name: "Vérifiez votre micro et votre caméra" });
  await check.getByText("On vous entend.").waitFor(PATIENCE);
  await check.getByRole("button", { name: "Monter sur scène" }).click();
  await viewer.getByText("Vous êtes sur scène : tout le monde vous entend et vous voit.").waitFor(PATIENCE);
  await host.getByRole("button", { name: "Mute", exact: true }).click();
  await hears(early, "the guest");
  await sees(early, "Claire Dubois");
  await clean(viewer, "a guest");
  await shoot(viewer, "guest");
  await shoot(early, "live-guest");
  await act(host, "On stage", "Claire Dubois", "Take off the stage");
  await viewer.getByText("L’animateur vous a fait quitter la scène.").waitFor();
  await early.locator(".tile").filter({ hasText: "Claire" }).waitFor({ state: "detached" });
  await isSilent(early, "the stage");
  assert.deepEqual(await viewer.evaluate(() => window.tracks.filter(({ readyState }) => readyState === "live").length), 0);
});

test("another page of the same person takes the stage over; after a reload it waits for a press", { timeout: 120000 }, async () => {
  await goBackstage(speaker, "again");
  const other = await open(o.staff.speaker.cookie, `/host/${o.session}`);
  const here = async (page) => {
    await page.getByRole("button", { name: "Speak from here" }).click();
    await page.getByRole("dialog").getByText("We hear you.").waitFor(PATIENCE);
    await page.getByRole("dialog").getByRole("button", { name: "Speak from here" }).click();
    await page.getByText("You are backstage: only the team hears and sees you.").waitFor(PATIENCE);
  };
  await other.getByText("this page sends neither sound nor picture").waitFor(PATIENCE);
  await here(other);
  await speaker.getByText("You are now speaking from another window.").waitFor(PATIENCE);
  await clean(speaker, "a stage that another page took over");
  assert.equal(await speaker.evaluate(() => window.tracks.filter(({ readyState }) => readyState === "live").length), 0);
  await here(speaker);
  await other.getByText("You are now speaking from another window.").waitFor(PATIENCE);
  await other.context().close();
});

test("what stands in the way of a microphone is said, and it is tried again when one is plugged in", { timeout: 60000 }, async () => {
  const page = await open(o.staff.moderator.cookie, `/host/${o.session}`, { refused: "NotAllowedError" });
  await page.getByRole("button", { name: "Join with sound and picture" }).click();
  const check = page.getByRole("dialog");
  for (const what of ["microphone", "camera"]) await check.getByText(`The browser may not use your ${what}.`).waitFor(PATIENCE);
  await clean(page, "a check that was refused");
  await shoot(page, "check-denied");
  const again = async (refusal, text) => {
    await page.evaluate((name) => (window.refusal = name), refusal);
    await check.getByRole("button", { name: "Try again" }).first().click();
    await check.getByText(text).waitFor(PATIENCE);
  };
  await again("NotReadableError", "Another program is using your microphone.");
  await again("NotFoundError", "No microphone was found.");
  await page.evaluate(() => ((window.refusal = null), navigator.mediaDevices.dispatchEvent(new Event("devicechange"))));
  await check.getByText("We hear you.").waitFor(PATIENCE);
  await check.getByRole("button", { name: "Go backstage" }).click();
  await page.getByText("You are backstage: only the team hears and sees you.").waitFor(PATIENCE);
  await page.evaluate(() => window.tracks.forEach((track) => track.kind === "audio" && track.dispatchEvent(new Event("ended"))));
  await page.getByText("Your microphone was disconnected.").waitFor(PATIENCE);
  await page.getByRole("button", { name: "Unmute" }).waitFor();
  await clean(page, "a microphone that was pulled out");
  await shoot(page, "desk-unplugged");
  await page.getByRole("button", { name: "Unmute" }).click();
  await page.getByRole("button", { name: "Mute", exact: true }).waitFor(PATIENCE);
  await page.context().close();
});

test("a browser that plays no voice says so, and where to listen; one that sends none cannot speak", { timeout: 60000 }, async () => {
  const old = await open(people[1].cookie, `/live/${o.session}`, { without: ["AudioDecoder", "VideoDecoder", "AudioEncoder"] });
  await old.getByText("Ce navigateur ne peut pas lire le son.").waitFor(PATIENCE);
  assert.match(await old.locator(".cast__note").textContent(), /\+33 1 23 45 67 89/);
  assert.equal(await old.getByRole("button", { name: /^Écouter/ }).count(), 0);
  await clean(old, "a browser without decoders");
  await shoot(old, "live-old");
  await old.getByRole("button", { name: "Lever la main" }).click();
  await old.getByText("ce navigateur ne peut pas transmettre votre voix").waitFor();
  await act(host, "Raised hands", "Nom", "Invite with picture");
  const invitation = old.getByRole("dialog", { name: "L’animateur vous invite" });
  await invitation.getByText("Vous ne pouvez pas prendre la parole depuis ce navigateur.").waitFor();
  await clean(old, "an invitation that cannot be followed");
  await shoot(old, "invitation-old");
  await invitation.getByRole("button", { name: "Décliner" }).click();
  await invitation.waitFor({ state: "detached" });
  await old.context().close();
});

test("with the end of the session everything is let go", { timeout: 60000 }, async () => {
  await host.getByRole("button", { name: "End the session" }).click();
  await host.getByRole("dialog").getByRole("button", { name: "End the session" }).click();
  await viewer.getByRole("heading", { level: 1 }).and(viewer.locator(".over h1")).waitFor();
  for (const page of [host, speaker]) await waitFor("the devices to be let go", () => page.evaluate(() => window.tracks.every(({ readyState }) => readyState === "ended")));
  await isSilent(viewer, "a session that is over");
});

test("failures are shown", async () => {
  for (const page of [host, speaker, viewer, early]) assert.deepEqual(page.context().errors, []);
});
