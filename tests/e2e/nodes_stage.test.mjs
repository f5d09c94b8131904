// Rule: voice and picture of a session reach everybody in it, whatever node they, the speaker's page and the speaker's
// voice came to; a picture begins with a key frame; a speaker whose voice moves to another node goes on; one node's viewers
// hear of a dead one that the voice has gone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { twoNodes, withoutNats } from "./lib/nats.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { CAMERA, CONFIG, follower, KEY, LOW, onStage, publisher, Talker } from "./lib/talking.mjs";

const skip = withoutNats;
let pg, node, a, b, o, people, host, speaker, voice, talker, near, far;
const at = (server) => ({ server, o });
const stream = (live) => live.states.get(`stage.streams ${o.staff.speaker.id}`)?.data.stream;
const told = (who) => waitFor("the stream to be told", () => ((who.of = stream(who.live)), who.of !== undefined && who.of !== null));
const heard = (who) => waitFor("the voice to be heard", () => who.late.length > 20);

async function listen(server, person) {
  const who = await follower(at(server), person, -1);
  who.seen = new Map();
  who.keep = (r) => who.seen.set(r.type, [...(who.seen.get(r.type) ?? []), r]);
  return who;
}

before(async () => {
  if (skip) return;
  ({ pg, node, a, b } = await twoNodes());
  o = organisation(pg, "Un", { live: true });
  people = hcps(pg, o, 3);
});
after(cleanup);

test("a voice and a picture that come to one node are heard and seen on the other", { skip }, async () => {
  host = await onStage(at(a), o.staff.host);
  speaker = await onStage(at(a), o.staff.speaker, { host });
  near = await listen(a, people[0]);
  far = await listen(b, people[1]);
  voice = await publisher(at(a), o.staff.speaker);
  talker = new Talker(voice);
  for (const who of [near, far]) {
    await told(who);
    await heard(who);
  }
  const later = far.figures().late_p50 - near.figures().late_p50;
  console.log(`# later by ${later} ms at the other node, lost ${far.lost}`);
  assert.ok(later <= 60 && far.lost === 0);
  const pictures = await waitFor("pictures", () => far.seen.get(CAMERA)?.length > 5 && far.seen.get(CAMERA));
  const first = pictures.find(({ flags }) => !(flags & LOW)) ?? pictures[0];
  assert.ok(first.flags & KEY, "the picture begins with a key frame");
  assert.ok(far.seen.get(CONFIG)?.length >= 1, "and with what decodes it");
});

test("who comes later at the other node is sent what the streams begin with", { skip }, async () => {
  const late = await listen(b, people[2]);
  await told(late);
  await heard(late);
  await waitFor("a picture", () => late.seen.get(CAMERA)?.length > 5);
  assert.ok(late.seen.get(CAMERA)[0].flags & KEY);
  late.live.close();
});

test("a mute on one node is one on the other, and the stage keeps its speaker", { skip }, async () => {
  await speaker.command("stage.mute", { person: o.staff.speaker.id, muted: true });
  await waitFor("silence", () => Date.now() - far.heardAt > 500);
  await speaker.command("stage.mute", { person: o.staff.speaker.id, muted: false });
  far.begin();
  await heard(far);
  assert.equal(speaker.events.filter(({ event }) => event === "stage.left").length, 0);
});

test("the speaker's voice comes back by the other node: one voice, heard on both", { skip }, async () => {
  talker.stop();
  voice.socket.terminate();
  voice = await waitFor("the other node to take it", () => publisher(at(b), o.staff.speaker).catch(({ code }) => assert.equal(code, "server.busy")));
  talker = new Talker(voice);
  for (const who of [near, far]) who.begin();
  for (const who of [near, far]) {
    await told(who);
    who.sequence = null;
    await heard(who);
  }
});

test("a node where only the speaker's voice comes to has no one else in the room, and is heard all the same", { skip }, async () => {
  const c = await node("c").start();
  talker.stop();
  voice.socket.terminate();
  voice = await waitFor("the third node to take it", () => publisher(at(c), o.staff.speaker).catch(({ code }) => assert.equal(code, "server.busy")));
  talker = new Talker(voice);
  for (const who of [near, far]) who.begin();
  for (const who of [near, far]) {
    await told(who);
    who.begin();
    await heard(who);
  }
  await c.kill("SIGKILL");
  talker.stop();
  for (const who of [near, far]) await waitFor("the tile to say so", () => stream(who.live) === null, 5000);
  assert.equal(near.live.closed, null);
});
