// Tried as a new user would: a host and a second speaker, three viewers, slides, a question, a poll, an HCP who speaks, a page that is
// loaded again, a line that is cut; recorded, and the film watched. node tests/bench/twenty.mjs; MINUTES: 20; SHOTS: a folder for pictures.
// What it says is a table; what is at fault is said below it, and makes the exit code 1.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseCsv } from "../e2e/lib/attendance.mjs";
import { openBrowser, openContext } from "../e2e/lib/browser.mjs";
import { cleanup, waitFor } from "../e2e/lib/cleanup.mjs";
import { Hcp } from "../e2e/lib/hcp.mjs";
import { HostConsole } from "../e2e/lib/host.mjs";
import { request } from "../e2e/lib/http.mjs";
import { root } from "../e2e/lib/need.mjs";
import { hcps, organisation, polls } from "../e2e/lib/people.mjs";
import { Postgres, temporaryFolder } from "../e2e/lib/postgres.mjs";
import { Proxy } from "../e2e/lib/proxy.mjs";
import { Server } from "../e2e/lib/server.mjs";
import { signIn } from "../e2e/lib/staff.mjs";
import { common, devices } from "../e2e/lib/stage.mjs";
import { EARS, earsPage, lateness, quantile, silences, slideOffsets } from "./lib/ears.mjs";
import { decoded, played } from "./lib/film.mjs";
import { Burden } from "./lib/burden.mjs";
import { thin } from "./lib/thin.mjs";

const MINUTES = Number(process.env.MINUTES || 20);
const LENGTH_MS = MINUTES * 60000;
const { SHOTS } = process.env;
const PAGES = 40;
const QUESTION = "Question 1";
const PATIENCE = { timeout: 60000 };
const HOST = { hum: 140, low: 800, late: 0 };
const SPEAKER = { hum: 190, low: 1700, late: 500 };
const GUEST = { hum: 240, low: 0 };

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const say = (text) => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);
const faults = [];
const fault = (text) => (faults.push(text), say(`FAULT ${text}`));
const check = (holds, text) => holds || fault(text);

async function shoot(page, name) {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}/${name}.png` }).catch((error) => say(`${name}: ${error.message}`));
}

async function setUp() {
  const pg = new Postgres();
  const server = await new Server({ database: pg }).start();
  const o = organisation(pg, "Laboratoire Exemple");
  const people = hcps(pg, o, 3);
  pg.sql(`UPDATE account SET name = 'Hélène Marchand' WHERE id = '${o.staff.host.id}'`);
  ["Claire", "Ben", "Clara"].forEach((first, i) => pg.sql(`UPDATE hcp SET first_name = '${first}', last_name = '${["Dubois", "Okoye", "Duval"][i]}' WHERE id = '${people[i].hcp}'`));
  pg.sql(`UPDATE session SET title = 'Insuffisance cardiaque : les recommandations 2026' WHERE id = '${o.session}'`);
  polls(pg, o, 1, 1, { options: ["Bêta-bloquant", "Inhibiteur SGLT2", "Diurétique"] });
  const pdf = `${temporaryFolder("pdf")}/deck.pdf`;
  execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", String(PAGES), pdf]);
  const as = (method, path, body, headers) => request({ port: server.port, method, path, cookie: o.staff.organiser.cookie, body, headers });
  const deck = await as("POST", `/api/sessions/${o.session}/decks?file_name=deck.pdf`, readFileSync(pdf), { "Content-Type": "application/pdf" });
  await waitFor("the deck", () => pg.sql(`SELECT state FROM deck WHERE id = '${deck.json.id}'`)[0][0] === "ready", 120000);
  const invited = await as("POST", "/api/staff", { name: "Pr Antoine Lefèvre", email: "lefevre@example.org", language: "en", roles: ["speaker"] });
  if (invited.status >= 300) throw new Error(invited.text);
  return { pg, server, o, people };
}

// Somebody's own browser and page. voice: their microphone and camera.
async function arrive({ server }, name, { cookie, voice, proxy, ...looks }) {
  const burden = new Burden(name);
  const browser = await openBrowser({ devices: true, ...(proxy ? { server, proxy } : {}) });
  burden.begin();
  const context = await openContext(browser, { permissions: ["microphone", "camera"], bypassCSP: true, ...looks });
  if (cookie) await context.addCookies([{ name: "__Host-amphi", value: cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
  await context.addInitScript(common);
  if (voice) await context.addInitScript(devices, voice);
  await context.addInitScript(earsPage, EARS);
  const page = await context.newPage();
  burden.page = page;
  return { name, browser, context, page, burden, voice };
}

async function goBackstage({ page }) {
  await page.getByRole("button", { name: "Join with sound and picture" }).click();
  const dialog = page.getByRole("dialog", { name: "Check your microphone and camera" });
  await dialog.getByText("We hear you.").waitFor(PATIENCE);
  await dialog.getByRole("button", { name: "Go backstage" }).click();
  await page.getByText("You are backstage: only the team hears and sees you.").waitFor(PATIENCE);
}

const person = (page, list, name) => page.getByRole("region", { name: list, exact: true }).getByRole("listitem").filter({ hasText: name });

async function act(page, list, name, action) {
  await page.getByRole("tab", { name: "Stage" }).click();
  await person(page, list, name).getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: action }).click();
}

async function listen({ page }) {
  const button = page.getByRole("button", { name: /^(Écouter|Listen)/ });
  const on = page.getByRole("button", { name: /^(Couper le son|Turn the sound off)$/ });
  await button.or(on).first().waitFor(PATIENCE);
  if (await button.isVisible()) await button.click();
  await waitFor("sound", () => page.evaluate(() => window.heard.ticks.length > 0), 30000);
}

async function gather(made) {
  const { server, o, people } = made;
  const [claire, ben, clara] = people;
  const host = await arrive(made, "host", { cookie: o.staff.host.cookie, voice: HOST });
  const speaker = await arrive(made, "speaker", { voice: SPEAKER });
  await signIn(speaker.page, await server.link("lefevre@example.org", "sign-in"));
  for (const { page } of [host, speaker]) await page.goto(`${server.url}/host/${o.session}`);
  const cut = await new Proxy({ name: "ben", target: server.port, keys: server.keys }).listen();
  const narrow = await thin(server.port, 300);
  const viewers = [
    await arrive(made, "Claire, French, 390 px", { cookie: claire.cookie, voice: GUEST, locale: "fr-FR", width: 390, height: 844 }),
    await arrive(made, "Ben, picture off, cut", { cookie: ben.cookie, proxy: cut }),
    await arrive(made, "Clara, 300 kbit/s", { cookie: clara.cookie, proxy: narrow }),
  ];
  viewers.forEach((viewer, i) => (viewer.who = Object.assign(new Hcp({ language: i ? "en" : "fr", page: viewer.page }), { page: viewer.page })));
  viewers[1].proxy = cut;
  // The two whose pages are in English chose it.
  for (const viewer of viewers.slice(1)) await viewer.context.addInitScript(() => location.protocol === "https:" && localStorage.setItem("amphi.language", "en"));
  for (const { page } of viewers) await page.goto(`${server.url}/live/${o.session}`);
  return { ...made, host, speaker, viewers, console: new HostConsole(host.page, PAGES), pages: [host, speaker, ...viewers] };
}

async function begin(all) {
  const { host, speaker } = all;
  await goBackstage(host);
  await goBackstage(speaker);
  await host.page.getByRole("tab", { name: "Stage" }).click();
  for (const name of ["Hélène", "Lefèvre"]) await person(host.page, "Backstage", name).getByRole("button", { name: "Put on stage" }).click();
  await speaker.page.getByText("Everybody will hear you as soon as the session starts.").waitFor(PATIENCE);
  await all.console.jump(1);
  await host.page.getByRole("button", { name: "Record", exact: true }).click();
  await host.page.getByRole("dialog").getByRole("button", { name: "Record" }).click();
  for (const { page } of [host, speaker]) await page.getByRole("button", { name: "I agree" }).click();
  for (const { page } of [host, speaker]) await page.getByText("You agreed to be recorded.").waitFor(PATIENCE);
  all.liveAt = await all.console.start();
  await speaker.page.getByText("You are on stage: everybody hears and sees you.").waitFor(PATIENCE);
  for (const viewer of all.viewers) await listen(viewer);
  await all.viewers[1].page.getByRole("button", { name: "Turn the pictures off" }).click();
  all.heardFrom = Date.now() + 3000;
}

// Turns slides until it is stopped.
function turn(all) {
  const turner = { page: 1, on: true, paused: false };
  const each = Math.max(8000, LENGTH_MS / (PAGES - 4));
  turner.over = (async () => {
    while (turner.on && turner.page < PAGES) {
      for (const end = Date.now() + each; Date.now() < end && turner.on; ) await sleep(250);
      if (!turner.on || turner.paused) continue;
      await all.speaker.page.getByRole("button", { name: "Next slide" }).click();
      turner.page++;
    }
  })();
  turner.over.catch((error) => fault(`slides: ${error.message}`));
  return turner;
}

const STEPS = {
  async question({ viewers: [claire], console }) {
    const text = "Faut-il adapter la dose chez l’insuffisant rénal ?";
    const tab = claire.page.getByRole("tab", { name: /^Questions/ });
    if (await tab.isVisible()) await tab.click();
    await claire.who.ask(text);
    await console.approve(text);
    await console.answer(text);
    await claire.page.getByText("Traitée", { exact: true }).first().waitFor(PATIENCE);
    await shoot(claire.page, "viewer-question");
  },

  async poll({ viewers, console, host }) {
    await console.openPoll(QUESTION);
    await shoot(viewers[0].page, "viewer-poll");
    for (const [i, { who }] of viewers.entries()) await who.vote(QUESTION, ["Inhibiteur SGLT2", "Inhibiteur SGLT2", "Diurétique"][i]);
    await console.closePoll(QUESTION);
    await console.showResults(QUESTION);
    await viewers[1].who.seesResult(QUESTION, [/SGLT2.*67%.*\(2\)/]);
    await shoot(viewers[0].page, "viewer-results");
    await shoot(host.page, "host-results");
  },

  async guest(all) {
    const { viewers: [claire, ben], host } = all;
    await claire.page.getByRole("button", { name: "Lever la main" }).click();
    await act(host.page, "Raised hands", "Claire Dubois", "Invite with picture");
    const invitation = claire.page.getByRole("dialog", { name: "L’animateur vous invite" });
    await invitation.waitFor(PATIENCE);
    await invitation.getByRole("button", { name: "Oui, m’enregistrer" }).click();
    await shoot(claire.page, "guest-invitation");
    await invitation.getByRole("button", { name: "Parler avec caméra" }).click();
    const dialog = claire.page.getByRole("dialog", { name: "Vérifiez votre micro et votre caméra" });
    await dialog.getByText("On vous entend.").waitFor(PATIENCE);
    await shoot(claire.page, "guest-check");
    await dialog.getByRole("button", { name: "Monter sur scène" }).click();
    await claire.page.getByText("Vous êtes sur scène : tout le monde vous entend et vous voit.").waitFor(PATIENCE);
    await ben.page.locator(".tile").filter({ hasText: "Claire" }).waitFor(PATIENCE);
    await sleep(LENGTH_MS * 0.08);
    await shoot(claire.page, "guest-speaks");
    await shoot(host.page, "host-guest");
    await act(host.page, "On stage", "Claire Dubois", "Take off the stage");
    await claire.page.getByText("L’animateur vous a fait quitter la scène.").waitFor(PATIENCE);
    await shoot(claire.page, "guest-after");
  },

  async reload(all) {
    const { speaker, turner } = all;
    turner.paused = true;
    speaker.before = await speaker.page.evaluate(() => window.heard);
    const from = Date.now();
    await speaker.page.reload();
    await speaker.page.getByRole("button", { name: "Speak from here" }).click(PATIENCE);
    await speaker.page.getByRole("dialog").getByText("We hear you.").waitFor(PATIENCE);
    await shoot(speaker.page, "speaker-reloaded");
    await speaker.page.getByRole("dialog").getByRole("button", { name: "Speak from here" }).click();
    await speaker.page.getByText("You are on stage: everybody hears and sees you.").waitFor(PATIENCE);
    all.reloaded = Date.now() - from;
    turner.paused = false;
  },

  async cut(all) {
    const ben = all.viewers[1];
    const from = Date.now();
    await ben.proxy.vanish(10000);
    const over = Date.now();
    await waitFor("sound after the cut", () => ben.page.evaluate((at) => window.heard.beeps.some((beep) => beep.at > at), over + 500), 30000).catch((error) => fault(error.message));
    const { beeps } = await ben.page.evaluate(() => window.heard);
    all.resumed = Math.round(beeps.find((beep) => beep.at > over)?.at - over);
    all.cutSpan = [from, over + 4000];
    await shoot(ben.page, "viewer-after-cut");
  },
};

const PLAN = [["question", 0.15], ["poll", 0.25], ["guest", 0.4], ["reload", 0.58], ["cut", 0.7]];

async function conduct(all) {
  const at = (part) => sleep(Math.max(0, all.liveAt + LENGTH_MS * part - Date.now()));
  all.turner = turn(all);
  await at(0.05);
  await Promise.all(all.pages.map((one) => one.burden.first()));
  all.server.burden.first();
  await shoot(all.host.page, "host");
  await shoot(all.viewers[0].page, "viewer-390");
  await shoot(all.viewers[2].page, "viewer-thin");
  for (const [name, part] of PLAN) {
    await at(part);
    say(name);
    await STEPS[name](all).catch(async (error) => {
      fault(`${name}: ${error.message.split("\n").slice(0, 4).join(" ")}`);
      for (const [i, one] of all.pages.entries()) await shoot(one.page, `failed-${name}-${i}`);
    });
  }
  await at(0.88);
  await Promise.all(all.pages.map((one) => one.burden.second()));
  all.server.burden.second();
  await shoot(all.host.page, "host-late");
  await shoot(all.viewers[0].page, "viewer-390-late");
  await shoot(all.viewers[2].page, "viewer-thin-late");
  await at(1);
  all.turner.on = false;
  await all.turner.over;
  for (const one of all.pages) one.heard = await one.page.evaluate(() => window.heard);
  for (const viewer of all.viewers) viewer.stats = await viewer.page.locator(".cast__note").allTextContents();
  all.heardTo = Date.now() - 500;
  all.endedAt = await all.console.end();
  for (const { who } of all.viewers) await who.seesEnd();
  await shoot(all.viewers[0].page, "viewer-over");
}

async function watch(all) {
  const { server, o } = all;
  const asked = Date.now();
  const organiser = await arrive(all, "organiser", { cookie: o.staff.organiser.cookie, acceptDownloads: true });
  await organiser.page.goto(`${server.url}/sessions/${o.session}/recordings`);
  const link = organiser.page.getByText("Download film");
  await link.waitFor({ timeout: 60000 + LENGTH_MS / 4 });
  const made = Date.now() - asked;
  await shoot(organiser.page, "recordings");
  const [file] = await Promise.all([organiser.page.waitForEvent("download"), link.click()]);
  const path = process.env.FILM ?? `${temporaryFolder("film")}/film.webm`;
  await file.saveAs(path);
  const found = decoded(path, [0.05, 0.25, 0.5, 0.75, 0.95].map((part) => Math.round((LENGTH_MS / 1000) * part)));
  const { json } = await request({ port: server.port, path: `/api/sessions/${o.session}/recordings`, cookie: o.staff.organiser.cookie });
  const seen = await played(organiser.page, `/api/recordings/${json.items[0].id}/film.webm`, found.seeks.map(({ at }) => at));
  await shoot(organiser.page, "film");
  return { made, found, seen, recording: json.items[0], name: file.suggestedFilename() };
}

async function attendance(all) {
  const { server, o } = all;
  const { text } = await request({ port: server.port, path: `/api/sessions/${o.session}/attendance.csv?dialect=machine`, cookie: o.staff.organiser.cookie });
  const lines = parseCsv(text);
  return all.people.map(({ email }) => lines.find((line) => line.email === email) ?? {});
}

function judge(all, film, lines) {
  const { viewers, endedAt, liveAt } = all;
  const live = (endedAt - liveAt) / 1000;
  const rows = viewers.map((viewer, i) => {
    const without = i === 1 && all.cutSpan ? [all.cutSpan] : [];
    const quiet = silences(viewer.heard, all.heardFrom, all.heardTo, without);
    const ears = [HOST, SPEAKER].map((voice) => viewer.heard.beeps.filter(({ at }) => at > all.heardFrom).map((beep) => lateness(beep, voice)).filter((ms) => ms !== null && ms < 3500));
    const offsets = [all.speaker.before, all.speaker.heard].filter(Boolean).flatMap((one) => slideOffsets(viewer.heard, one, SPEAKER));
    const { seconds_present: present, seconds_heard: heardSeconds } = lines[i];
    const total = quiet.reduce((sum, one) => sum + one.to - one.from, 0);
    check(total <= 500 * Math.max(1, MINUTES / 5), `${viewer.name}: silent ${Math.round(total)} ms: ${quiet.map((one) => `${Math.round(one.to - one.from)} at ${Math.round((one.from - liveAt) / 1000)} s`).join(", ")}`);
    check(quantile(offsets.map(Math.abs), 0.95) <= 200, `${viewer.name}: slides beside the voice p95 ${quantile(offsets.map(Math.abs), 0.95)} ms: ${offsets.map(Math.round)}`);
    const away = i === 1 ? 13 : 3;
    check(Math.abs(Number(present) - live) <= away, `${viewer.name}: ${present} s present of ${Math.round(live)}`);
    const could = (all.heardTo - all.heardFrom) / 1000;
    check(Math.abs(Number(heardSeconds) - could) <= away + 8, `${viewer.name}: ${heardSeconds} s heard of ${Math.round(could)}`);
    return [viewer.name, `${Math.round(total)} ms in ${quiet.length}`, ears.map((ms) => `${quantile(ms, 0.5)}/${quantile(ms, 0.95)}`).join(" "), `${quantile(offsets, 0.5)}, ${quantile(offsets.map(Math.abs), 0.95)} of ${offsets.length}`, present, heardSeconds];
  });
  return [["viewer", "silence", "ear host, speaker p50/p95", "slide, |p95|", "s present", "s heard"], ...rows];
}

function judgeFilm(all, { found, seen }) {
  const live = (all.endedAt - all.liveAt) / 1000;
  check(Math.abs(found.seconds - live) <= 2, `the film lasts ${found.seconds} s, the session ${live.toFixed(1)}`);
  check(Math.abs(found.soundSeconds - found.seconds) <= 1, `its sound ${found.soundSeconds} s`);
  check(found.tracks.join() === "audio opus,video vp8" || found.tracks.join() === "video vp8,audio opus", `tracks ${found.tracks}`);
  check(found.errors === "", `ffmpeg: ${found.errors.slice(0, 300)}`);
  for (const { at, loudest, seconds, picture } of found.seeks) check(loudest > 0.05 && seconds > 2.5 && picture, `ffmpeg at ${at} s: ${loudest} loud, ${seconds} s, picture ${picture}`);
  for (const { at, went, loudest, codes } of seen.out) check(went > 2 && loudest > 0.05 && codes.length > 5, `the page at ${at} s: went on ${went} s, ${loudest} loud, ${codes.length} pictures read`);
  const quiet = found.silences.filter(([at]) => at > 3 && at < found.seconds - 3);
  check(quiet.reduce((sum, [, ms]) => sum + ms, 0) <= 500 * Math.max(1, MINUTES / 5), `the film is silent: ${quiet.map(([at, ms]) => `${ms} ms at ${at} s`).join(", ")}`);
}

// Only the line that was cut may have been complained about.
const expected = (text) => /WebSocket connection|ERR_CONNECTION_RESET|ERR_TIMED_OUT|ERR_CONNECTION_CLOSED|ERR_NETWORK_CHANGED/.test(text);

function table(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)));
  return rows.map((row) => row.map((cell, i) => String(cell).padEnd(widths[i])).join("  ").trimEnd()).join("\n");
}

async function main() {
  const made = await setUp();
  made.server.burden = new Burden("server", made.server.process.pid);
  const all = await gather(made);
  await begin(all);
  say(`live, ${MINUTES} minutes`);
  await conduct(all);
  const lines = await attendance(all);
  const film = await watch(all);
  judgeFilm(all, film);
  const rows = judge(all, film, lines);
  for (const one of all.pages) {
    const errors = one.context.errors.filter((text) => !(one.proxy && expected(text)));
    if (errors.length) fault(`${one.name}: console: ${[...new Set(errors)].slice(0, 5).join(" | ")}`);
  }
  const complaints = all.server.log.filter(({ level }) => ["error", "warning", "warn"].includes(level));
  if (complaints.length) fault(`the server's log: ${complaints.slice(0, 5).map((line) => JSON.stringify(line)).join(" ")}`);
  console.log(table(rows));
  console.log(table([["", "processor %", "then", "memory MB", "then", "JS heap MB", "then", "nodes", "then"], ...[...all.pages.map((one) => one.burden), all.server.burden].map((burden) => burden.row())]));
  console.log(`second speaker away ${all.reloaded} ms by a reload; sound ${all.resumed} ms after the cut`);
  const { found, seen } = film;
  console.log(`film: ready ${Math.round(film.made / 1000)} s after, ${found.seconds} s, ${found.tracks.join(" + ")}, ${found.frames} pictures, ${found.beeps} beeps, silent ${found.silences.map(([at, ms]) => `${ms} ms at ${at} s`).join(", ") || "never"}`);
  console.log(`page: ${seen.out.map(({ at, took, codes }) => `${at} s after ${took} ms, code ${quantile(codes, 0.05)}..${quantile(codes, 0.95)}`).join("; ")}`);
  console.log(faults.length ? `${faults.length} faults:\n${faults.join("\n")}` : "no fault");
  if (SHOTS) writeFileSync(`${SHOTS}/heard.json`, JSON.stringify({ liveAt: all.liveAt, pages: all.pages.map(({ name, heard }) => ({ name, heard })), film }));
}

try {
  await main();
} catch (error) {
  fault(error.stack);
} finally {
  await cleanup();
}
process.exit(faults.length ? 1 : 0);
