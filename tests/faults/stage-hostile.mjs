// What people who may publish, and who may not, can send: frames of strangers, of another session, of somebody just taken off the stage,
// too large, out of order, with clocks that jump, codecs that nobody plays, ten times what is allowed. The rule: each is refused by its
// code, may come again where that is allowed, and the stage goes on: whoever follows hears every word of who talks meanwhile.
import assert from "node:assert/strict";
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { hcps, organisation } from "../e2e/lib/people.mjs";
import { Publisher } from "../e2e/lib/publisher.mjs";
import { fault, seed, short } from "./lib/case.mjs";
import { mutate } from "./lib/mutate.mjs";
import { room } from "./lib/room.mjs";
import { CAMERA, clock, config, follower, frame, KEY, onStage, publisher, record, stage, VOICE } from "../e2e/lib/talking.mjs";

const HOUR = 3600 * 48000;
const MUTATED = short ? 150 : 5000;

await fault({ limit: 600 }, async (figures) => {
  const made = await room({ people: 2 });
  const { server, o } = made;
  const { host, hcp, voice, talker } = await stage(made);
  const other = organisation(made.pg, "Deux", { live: true });
  const bad = o.staff.moderator; // on the stage, and not to be trusted
  await onStage(made, bad, { host });
  hcp.begin();

  const refused = (who, session = o.session) => new Publisher({ port: server.port, cookie: who?.cookie ?? "x".repeat(43), session }).open().then(() => assert.fail("it publishes"), (error) => error.code ?? error.message);
  const closes = async (what, code, frames, who = bad) => {
    const from = await publisher(made, who);
    for (const one of frames) from.socket.send(one);
    await waitFor(`the end of ${what}`, () => from.closed !== null, 5000);
    assert.equal(from.closed, code, what);
  };

  // Who is nobody here.
  assert.match(await refused(null), /auth\.|closed/);
  assert.equal(await refused(made.people[1]), "auth.forbidden", "an HCP whom nobody invited");
  assert.equal(await refused(o.staff.organiser), "auth.forbidden", "staff who are not on the stage");
  assert.match(await refused(other.staff.host), /not_found|auth\.forbidden/, "staff of somewhere else");
  assert.match(await refused(hcps(made.pg, other, 1)[0]), /not_found|auth\.forbidden/, "an HCP of somewhere else");

  // What no publisher sends.
  const first = record({});
  const picture = record({ type: CAMERA, flags: KEY, bytes: Buffer.alloc(500) });
  await closes("a record of a stream that is not its own", 1008, [frame(record({ stream: voice.stream || 9 }))]);
  await closes("a picture as the voice's", 1008, [frame(record({ type: CAMERA, stream: 0, flags: KEY }))]);
  await closes("an unknown type", 1008, [frame(record({ type: 9 }))]);
  await closes("flags that are the server's", 1008, [frame(record({ type: CAMERA, flags: KEY | 16 }))]);
  await closes("another kind of frame", 1008, [Buffer.concat([Buffer.from([1, 2, 0, 0]), first])]);
  await closes("a frame that names a place", 1008, [Buffer.concat([Buffer.from([2, 1, 0, 14]), Buffer.from('{"place":"abc"}'), first])]);
  await closes("half a record", 1008, [frame(first.subarray(0, 20))]);
  await closes("too much", 1009, [Buffer.alloc(256 * 1024 + 1, 2)]);
  await closes("a voice of two kilobytes", 1008, [frame(record({ bytes: Buffer.alloc(2000) }))]);
  await closes("a number left out", 1008, [frame(first, record({ sequence: 2 }))]);
  await closes("a number twice", 1008, [frame(first, first)]);
  await closes("time that goes back", 1008, [frame(record({ timestamp: 96000 }), record({ sequence: 1, timestamp: 95000 }))]);
  await closes("a voice an hour ahead", 1008, [frame(first, record({ sequence: 1, timestamp: 48000 + HOUR }))]);
  await closes("a picture an hour ahead", 1008, [frame(first, record({ type: CAMERA, flags: KEY, timestamp: 48000 + HOUR }))]);
  await closes("a clock an hour ahead", 1008, [frame(first, clock(Date.now(), 48000 + HOUR))]);
  await closes("a picture that begins in the middle", 1008, [frame(record({ type: CAMERA, bytes: Buffer.alloc(500) }))]);
  await closes("a codec that nobody plays", 1008, [frame(config("hev1.1.6.L93", { width: 768, height: 432 }))]);
  await closes("a voice of another rate", 1008, [frame(config("opus", { sampleRate: 44100, channels: 1 }))]);
  await closes("a picture of a million pixels each way", 1008, [frame(config("vp8", { width: 1e6, height: 1e6 }))]);
  await closes("ten times the voice", 4429, Array.from({ length: 1200 }, (_, i) => frame(record({ sequence: i, timestamp: i * 96 }))));
  await closes("ten times the picture", 4429, Array.from({ length: 60 }, (_, i) => frame(record({ type: CAMERA, flags: i ? 0 : KEY, sequence: i, bytes: Buffer.alloc(43000) }))));
  await closes("empty frames without end", 4429, Array.from({ length: 2000 }, () => frame()));

  // A clock that says another year is bounded, and nobody is closed for it.
  const liar = await publisher(made, bad);
  const told = [];
  hcp.keep = (r, now) => r.type === 5 && r.stream === liar.stream && told.push([Number(r.bytes.readBigUInt64BE(0)), now]);
  for (const [i, ms] of [0, 1, 2n ** 63n, Date.now()].entries()) liar.socket.send(frame(clock(ms, 48000 * (i + 1))));
  await waitFor("its clocks", () => told.length === 4);
  for (const [ms, now] of told) assert.ok(ms > now - 12000 && ms < now + 1500, `a clock says ${ms} at ${now}`);
  hcp.keep = null;

  // Taken off the stage: closed, and what it still sends is passed on to nobody. Pictures from before, of which viewers are sent pieces in
  // turn, may still be on their way: what it sends now has a later timestamp.
  const since = 48000 * 4;
  let after = 0;
  await host.command("stage.remove", { person: bad.id });
  hcp.keep = (r) => (after += r.stream >> 2 === liar.stream >> 2 && r.type <= CAMERA && r.timestamp >= since);
  for (let i = 0; i < 50; i++) liar.socket.send(frame(record({ sequence: i, timestamp: since + i * 960 })));
  await waitFor("the end of who was taken off", () => liar.closed !== null, 5000);
  assert.equal(liar.closed, 4403);
  assert.equal(await refused(bad), "auth.forbidden");
  assert.equal(after, 0, "nothing of it is heard");

  // Almost right, at random.
  await onStage(made, bad, { host });
  const codes = new Map();
  const material = [frame(first), frame(picture), frame(first, picture), frame(clock(Date.now(), 48000)), frame(config("vp8", { width: 768, height: 432 }))];
  let mad = null;
  for (let i = 0; i < MUTATED; i++) {
    if (!mad || mad.closed !== null) mad = await publisher(made, bad);
    mad.socket.send(mutate(material[i % material.length]));
    if (i % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (mad.closed !== null) codes.set(mad.closed, (codes.get(mad.closed) ?? 0) + 1);
  }
  assert.ok([...codes.keys()].every((code) => [1008, 1009, 4429].includes(code)), `closed with ${[...codes.keys()]}`);

  // Nobody of another session heard a thing, and who follows missed nothing.
  const stranger = await follower({ server, o: other }, other.staff.moderator, 0);
  let heard = 0;
  stranger.keep = () => heard++;
  const before = hcp.late.length;
  await waitFor("two seconds of the talker", () => hcp.late.length > before + 100);
  assert.equal(heard, 0, "another session hears nothing");
  Object.assign(figures, { ...hcp.figures(), mutated: MUTATED, seed });
  assert.equal(voice.closed, null);
  assert.equal(hcp.lost, 0, "every word of the talker was heard");
  assert.ok(hcp.longest < 3000, `the talker was not heard for ${hcp.longest} ms`);
  assert.ok(Math.abs(talker.voices - hcp.sequence) < 150, "and soon");
  void VOICE;
});
