// Rule: who follows a session in Firefox hears and sees its stage, sees the slides move, and asks a question.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { after, test } from "node:test";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { missing, openFirefox } from "./lib/firefox.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { root } from "./lib/need.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres, temporaryFolder } from "./lib/postgres.mjs";
import { Publisher } from "./lib/publisher.mjs";
import { Server } from "./lib/server.mjs";

const { SHOTS } = process.env;
after(cleanup);

// A live session with slides, whose host is on the stage and speaks as the sample's synthetic speaker does.
async function setUp() {
  const pg = new Postgres();
  const server = await new Server({ database: pg }).start();
  const o = organisation(pg, "Laboratoire Exemple", { live: true });
  const [who] = hcps(pg, o, 1);
  const folder = temporaryFolder("pdf");
  execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", "4", `${folder}/deck.pdf`]);
  const { json: deck } = await request({ port: server.port, method: "POST", path: `/api/sessions/${o.session}/decks?file_name=deck.pdf`, cookie: o.staff.organiser.cookie, body: readFileSync(`${folder}/deck.pdf`), headers: { "Content-Type": "application/pdf" } });
  await waitFor("the deck", () => pg.sql(`SELECT state FROM deck WHERE id = '${deck.id}'`)[0][0] === "ready", 60000);
  const host = await new Live({ port: server.port, cookie: o.staff.host.cookie, session: o.session }).open();
  onCleanup(() => host.close());
  await host.command("stage.enter");
  await host.command("stage.move", { person: o.staff.host.id, place: "stage" });
  const publisher = await new Publisher({ port: server.port, cookie: o.staff.host.cookie, session: o.session }).open();
  onCleanup(() => publisher.close());
  publisher.play(`${root}sample/speaker.media`);
  let version = 0;
  const move = (page) => host.command("slide.move", { version: version++, deck: deck.id, page });
  await move(2);
  return { pg, server, o, who, host, move };
}

// Listens to what the page plays, and says what a canvas shows.
function senses() {
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode) {
      window.ear = new AnalyserNode(this.context, { fftSize: 8192 });
      connect.call(this, window.ear);
    }
    return connect.call(this, to, ...rest);
  };
  window.rms = () => {
    if (!window.ear) return 0;
    const samples = new Float32Array(window.ear.fftSize);
    window.ear.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
  };
  window.picture = () => {
    const canvas = document.querySelector(".tile canvas");
    if (!canvas || canvas.hidden || canvas.width < 8) return null;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0;
    for (let i = 1; i < data.length; i += 28) sum = (sum * 31 + data[i]) >>> 0;
    return sum;
  };
}

test("an HCP hears, sees, follows and asks in Firefox", { timeout: 120000, skip: missing ? `needs ${missing}` : false }, async () => {
  const { pg, server, o, who, move } = await setUp();
  const browser = await openFirefox();
  const page = await browser.newPage();
  const wrong = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(error.message));
  await browser.setCookie({ name: "__Host-amphi", value: who.cookie, domain: "localhost", path: "/", secure: true, httpOnly: true, sameSite: "Strict" });
  await page.evaluateOnNewDocument(senses);
  const shoot = async (name) => {
    if (!SHOTS) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: `${SHOTS}/firefox-${name}.png` });
  };
  await page.goto(`${server.url}/live/${o.session}`);
  const state = () => page.evaluate(() => document.body.innerText.slice(0, 900));
  const shown = (what, condition, ms) => waitFor(what, condition, ms).catch(async (error) => assert.fail(`${error.message}\n${await state()}\n${wrong.join("\n")}`));

  const text = async (what) => (await shown(what, () => page.$(`::-p-text(${what})`))).asElement();
  await text("Diapositive 2 sur 4");
  await (await page.waitForSelector(".listen-button")).click();
  await shown("the voice", () => page.evaluate(() => window.rms() > 0.004), 30000);
  const look = () => page.evaluate(() => window.picture());
  const first = await shown("the picture", look, 40000);
  await shown("the picture to move", async () => ![null, first].includes(await look()), 20000);
  await shoot("stage");

  await move(3);
  await text("Diapositive 3 sur 4");
  await shown("the slide", () => page.evaluate(() => [...document.querySelectorAll(".stage__screen img")].some((img) => img.complete && img.naturalWidth > 0)));
  await (await page.waitForSelector("textarea")).type("Et après 75 ans ?");
  await (await text("Envoyer la question")).click();
  await text("Votre question a bien été reçue.");
  assert.deepEqual(pg.sql(`SELECT text FROM question WHERE session_id = '${o.session}'`), [["Et après 75 ans ?"]]);
  await shoot("question");
  assert.deepEqual(wrong, []);
});
