// Rule: what a page gives with web/src/media, another one hears and sees: the same sounds, the same picture, at the same
// moment as each other and soon; through stalls, mutes and lost connections, under the server's content policy.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { need } from "./lib/need.mjs";
import { CAMERA, CLOCK, CONFIG, GAP, Relay, SCREEN, VOICE } from "./lib/relay.mjs";
import { devices, giver, taker, TAP, withoutProcessor } from "./lib/stage.mjs";

const { chromium } = need("playwright-core");
const FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required"];
let browser, context, relay, give, take;
const violations = [];
after(cleanup);

before(async () => {
  relay = await new Relay({ files: { "/tap.js": TAP } }).listen();
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
  onCleanup(() => browser.close());
  context = await browser.newContext({ viewport: { width: 320, height: 240 }, permissions: ["microphone", "camera"] });
  context.on("console", (message) => /Content.Security.Policy/i.test(message.text()) && violations.push(message.text()));
  context.on("weberror", (error) => violations.push(error.error().stack));
  give = await giver(context, relay);
  take = await taker(context, relay);
});

// What the player knows, for whoever has to find out why a test failed.
const seen = () => take.evaluate(() => JSON.stringify({ ...window.player.state, ...window.player.stats(), rungs: window.rungs, seen: window.seen.slice(-3) }));
const waitForPlayer = (what, condition, ms = 40000) => waitFor(what, condition, ms).catch(async (error) => assert.fail(`${error.message}\n${await seen()}`));
const sorted = (values) => [...values].sort((a, b) => a - b);
const at = (values, part) => Math.round(sorted(values)[Math.floor(values.length * part)] ?? NaN);
const online = () => give.evaluate(() => (window.capture.state.publishing.is === "online" ? window.capture.state.publishing.stream : null));
const picture = (stream) => take.evaluate((of) => window.player.state.pictures.find((one) => one.stream === of), stream);
const beepsOf = (page) => page.evaluate(() => window.beeps);
const clear = () => take.evaluate(() => ((window.beeps.length = 0), (window.seen.length = 0)));
// Its pitch says in which second of four a beep was said, and so how late it is heard: ms; null: it was torn, as it may be on
// a machine that has other things to do.
const lateness = ({ at, hz }) => {
  const said = [0, 1, 2, 3].find((second) => Math.abs(800 + 200 * second - hz) < 95); // what comes late is played a little faster
  return said === undefined ? null : (at - said * 1000 + 4000) % 4000;
};
const latenesses = (beeps) => beeps.map(lateness).filter((late) => late !== null);
// Each is heard as it was said, one after the other, and evenly.
const areRight = (beeps) => {
  const lates = latenesses(beeps);
  const even = lates.filter((late) => Math.abs(late - at(lates, 0.5)) < 400);
  assert.ok(even.length >= 0.75 * beeps.length, JSON.stringify([beeps, lates]));
};

test("a microphone and a camera are published, heard and seen", { timeout: 60000 }, async () => {
  const [microphone, camera] = await give.evaluate(async () => [await window.capture.turnOn("microphone"), await window.capture.turnOn("camera")].map(({ is, fault }) => ({ is, fault })));
  assert.deepEqual([microphone, camera], [{ is: "on", fault: null }, { is: "on", fault: null }]);
  await waitFor("the level", () => give.evaluate(() => window.levels.some((dbov) => dbov < 30)));
  await give.evaluate(() => window.publish());
  const stream = await waitFor("the publisher", online);
  assert.deepEqual(relay.asked, { command: "session.publish", data: { session: "s", person: "p" } });

  assert.equal(await take.evaluate(() => window.player.startSound()), "on");
  await take.evaluate(() => window.listen());
  await take.evaluate((of) => void (window.shown = window.watch(of + 1)), stream);
  await waitForPlayer("the large picture", async () => (await picture(stream + 1))?.rung === "high" && (await picture(stream + 1)).width === 640);
  assert.deepEqual(await take.evaluate(() => window.rungs), ["low", "high"]);
  await clear();
  await waitForPlayer("ten beeps", async () => (await beepsOf(take)).length >= 10);
  const beeps = await beepsOf(take);
  const seen = await take.evaluate(() => window.seen);
  const stats = await take.evaluate(() => window.player.stats());
  const glass = seen.map(({ latency }) => latency).filter((latency) => latency !== null);
  const mouth = latenesses(beeps);
  console.log(`# glass to glass p50/p95 ${at(glass, 0.5)}/${at(glass, 0.95)} ms of ${seen.length} frames; mouth to ear ${at(mouth, 0.5)}/${at(mouth, 0.95)} ms; target ${Math.round(stats.voices[0].target)} ms; ${Math.round(stats.throughput)} kbit/s measured`);
  areRight(beeps);
  assert.ok(at(mouth, 0.5) < 1500, `mouth to ear ${mouth}`);
  assert.ok(glass.length > 0.9 * seen.length && glass.length > 50, `${glass.length} of ${seen.length} frames are readable`);
  assert.ok(Math.abs(at(glass, 0.5) - at(mouth, 0.5)) < 250, "the lips are with the voice");
});

test("what is sent is small, numbered, and tells the time", async () => {
  const now = Date.now();
  const sent = relay.received.filter(({ at }) => now - at < 8000);
  const rate = (of) => Math.round(of.reduce((sum, { length }) => sum + (length * 8) / 8000, 0));
  const voice = sent.filter(({ type }) => type === VOICE);
  const camera = sent.filter(({ type }) => type === CAMERA);
  const [high, low] = [0, 4].map((flag) => camera.filter(({ flags }) => (flags & 4) === flag));
  console.log(`# kbit/s: voice ${rate(voice)}, high ${rate(high)} at ${high.length / 8}/s, low ${rate(low)} at ${low.length / 8}/s, key frames ${high.filter(({ flags }) => flags & 1).map(({ length }) => length)}`);
  assert.deepEqual(relay.faults, []);
  assert.ok(voice.length / 8 > 40 && voice.length / 8 < 55 && rate(voice) < 28);
  assert.ok(high.length / 8 < 16 && rate(high) < 550 && low.length / 8 < 8.5 && rate(low) < 100);
  assert.ok(high.some(({ flags }) => flags & 2), "every other frame may be left out");
  const clocks = sent.filter(({ type }) => type === CLOCK);
  assert.ok(clocks.length >= 7 && clocks.length <= 9);
  for (const { clock, at } of clocks) assert.ok(Math.abs(clock - at) < 500);
  const [a, b] = [clocks[0], clocks.at(-1)];
  assert.ok(Math.abs((b.timestamp - a.timestamp) / 48 - (b.clock - a.clock)) < 60);
  const steps = voice.slice(1).map(({ timestamp }, i) => timestamp - voice[i].timestamp);
  // What a busy machine did not record is a hole.
  const holes = steps.filter((step) => step !== 960);
  assert.ok(holes.length <= 5 && holes.every((step) => step > 960), `${holes}`);
});

test("a key frame that somebody waits for comes soon, and no more than one a second", async () => {
  const keys = () => relay.received.filter(({ type, flags, at }) => type === CAMERA && flags === 1 && at >= begin).length;
  const begin = Date.now();
  const asking = setInterval(() => relay.askKey(1), 50);
  await waitFor("three key frames", () => keys() >= 3);
  clearInterval(asking);
  assert.ok(keys() <= Math.ceil((Date.now() - begin) / 1000) + 1);
});

test("what belongs to a moment of the voice is shown when it is heard", async () => {
  const apart = [];
  await waitFor("a slide that comes with its moment", async () => {
    // One that is yet to be said, so that there is time to tell it.
    const said = await give.evaluate(() => ({ ...window.capture.now(), at: window.wall() }));
    const moment = { ...said, timestamp: (said.timestamp + 48000) % 2 ** 32, at: said.at + 1000 };
    const shown = await take.evaluate((of) => new Promise((resolve) => window.player.whenHeard(of, () => resolve(window.wall()))), moment);
    const mouth = latenesses(await beepsOf(take)).at(-1); // as it is now
    console.log(`# a slide is shown ${Math.round(shown - moment.at)} ms after its moment, the voice is heard after ${Math.round(mouth)} ms`);
    apart.push(shown - moment.at - mouth);
    return Math.abs(apart.at(-1)) < 200;
  });
  assert.ok(apart.length < 6, `${apart}`);
});

test("a network that stands still for a second is heard, and then forgotten", { timeout: 60000 }, async () => {
  const before = await take.evaluate(() => window.player.stats().voices[0].underruns);
  relay.held = true;
  setTimeout(() => (relay.held = false), 1000);
  await waitFor("the stall", async () => !relay.held);
  await clear();
  await waitForPlayer("five beeps", async () => (await beepsOf(take)).length >= 5);
  const { underruns } = (await take.evaluate(() => window.player.stats())).voices[0];
  assert.ok(underruns - before <= 2, `${underruns - before} underruns`);
  areRight(await beepsOf(take));
});

test("muted, the microphone is let go and the picture goes on; unmuted, it is heard again", { timeout: 60000 }, async () => {
  await take.evaluate(() => window.force("high")); // from here on, whatever the ladder says
  const [stream] = [await online()];
  await give.evaluate(() => window.capture.turnOff("microphone"));
  const states = await give.evaluate(() => window.tracks.map(({ kind, readyState }) => `${kind} ${readyState}`));
  assert.deepEqual(states, ["audio ended", "video live"]);
  await waitForPlayer("silence", async () => (await take.evaluate((of) => window.player.heardUntil(of), stream)) === null);
  assert.ok(relay.received.some(({ type, stream: of }) => type === GAP && of === stream));
  await clear();
  await waitForPlayer("pictures", async () => (await take.evaluate(() => window.seen)).length > 15);
  assert.equal((await beepsOf(take)).length, 0);
  await give.evaluate(() => window.capture.turnOn("microphone"));
  await waitForPlayer("two beeps", async () => (await beepsOf(take)).length >= 2);
  areRight(await beepsOf(take));
});

test("a camera that is turned off has ended; turned on, it is seen again", { timeout: 60000 }, async () => {
  const stream = await online();
  await give.evaluate(() => window.capture.turnOff("camera"));
  await waitForPlayer("the end", async () => (await picture(stream + 1))?.is === "ended");
  await give.evaluate(() => window.capture.turnOn("camera"));
  await clear();
  await waitForPlayer("the picture", async () => (await picture(stream + 1))?.is === "playing" && (await take.evaluate(() => window.seen)).some(({ latency }) => latency !== null));
});

test("a screen that does not change is seen by whoever comes later, in its own shape", { timeout: 60000 }, async () => {
  const stream = await online();
  assert.equal(await give.evaluate(() => window.capture.turnOn("screen").then(({ is }) => is)), "on");
  await waitFor("the screen", () => relay.received.some(({ type, flags }) => type === SCREEN && flags & 1));
  const late = await taker(context, relay);
  await late.evaluate(() => window.force("high"));
  const canvas = await late.evaluateHandle((of) => window.watch(of + 2).canvas, stream);
  await waitFor("its picture", () => canvas.evaluate((of) => of.width === 1152 && of.getContext("2d").getImageData(500, 500, 1, 1).data[1] > 120));
  assert.equal(await canvas.evaluate((of) => of.height), 720);
  await late.close();
  await give.evaluate(() => window.capture.turnOff("screen"));
});

test("a lost connection comes back, and whoever watches goes on", { timeout: 60000 }, async () => {
  const before = await online();
  await give.evaluate(() => ((window.states = []), window.capture.listen(({ publishing }) => window.states.at(-1) !== publishing.is && window.states.push(publishing.is))));
  relay.cutPublisher(before);
  const stream = await waitFor("another one", async () => ((await online()) !== before ? online() : null));
  assert.deepEqual(await give.evaluate(() => window.states), ["waiting", "connecting", "online"]);
  await take.evaluate((of) => (window.shown.end(), void (window.shown = window.watch(of + 1))), stream);
  await clear();
  await waitForPlayer("a beep and the picture", async () => (await beepsOf(take)).length > 0 && (await take.evaluate(() => window.seen)).filter(({ latency }) => latency !== null).length > 10);
  assert.ok(relay.received.some(({ type, stream: of }) => type === CONFIG && of === stream));
});

test("why a device cannot be had is said, and what was asked for", async () => {
  const turnOn = (refusal, source = "microphone") => give.evaluate(async ([name, of]) => ((window.refusal = name), (await window.capture.turnOn(of)).fault), [refusal, source]);
  assert.equal(await turnOn("NotAllowedError"), "denied");
  assert.equal(await turnOn("NotFoundError", "camera"), "none");
  assert.equal(await turnOn("NotReadableError"), "busy");
  assert.equal(await turnOn(null), null);
  const { audio } = await give.evaluate(() => window.askedFor);
  assert.deepEqual([audio.echoCancellation, audio.noiseSuppression, audio.autoGainControl], [true, true, true]);
  await give.evaluate(() => window.tracks.filter(({ readyState }) => readyState === "live").forEach((track) => track.dispatchEvent(new Event("ended"))));
  assert.equal(await give.evaluate(() => window.capture.state.microphone.fault), "unplugged");
});

test("a browser's own devices are listed and heard, under the server's policies", { timeout: 60000 }, async () => {
  const page = await giver(context, relay, []);
  const turnOn = (source) => page.evaluate((of) => window.capture.turnOn(of).then(({ is, fault, device }) => ({ is, fault, label: device?.label })), source);
  const microphone = await turnOn("microphone");
  const camera = await turnOn("camera");
  assert.deepEqual([microphone.is, camera.is], ["on", "on"], JSON.stringify([microphone, camera]));
  const listed = await page.evaluate(() => window.media.listDevices());
  assert.ok(listed.microphones.some(({ label }) => label === microphone.label) && listed.cameras.some(({ label }) => label === camera.label));
  await waitFor("its beeps", () => page.evaluate(() => window.levels.some((dbov) => dbov < 40)));
  const chosen = listed.microphones.at(-1);
  assert.equal(await page.evaluate((id) => window.capture.turnOn("microphone", id).then(({ device }) => device.id), chosen.id), chosen.id);
  await page.close();
});

test("without frames of a track, what a video shows is sent", { timeout: 60000 }, async () => {
  const page = await giver(context, relay, [devices, withoutProcessor]);
  await page.evaluate(() => window.capture.turnOn("camera").then(() => window.publish()));
  const stream = await waitFor("the publisher", () => page.evaluate(() => (window.capture.state.publishing.is === "online" ? window.capture.state.publishing.stream : null)));
  const canvas = await take.evaluateHandle((of) => window.watch(of + 1).canvas, stream);
  await waitFor("its picture", () => canvas.evaluate((of) => of.width > 1 && window.readCode(of) !== null));
  await page.close();
  await waitFor("its end", async () => (await picture(stream + 1))?.is === "ended");
});

test("off the stage, nothing is tried again; the policy was kept", async () => {
  relay.cutPublisher(await online(), 4403);
  await waitFor("the end", () => give.evaluate(() => window.capture.state.publishing.why === "off-stage"));
  assert.deepEqual(relay.faults, []);
  assert.deepEqual(violations, []);
});
