// People on the stage of a live session and those who follow it, as tests of faults and figures need them: publishers that say anything,
// a talker who goes on meanwhile, and followers who note when each record came.
import { onCleanup, waitFor } from "./cleanup.mjs";
import { Live } from "./live.mjs";
import { Publisher } from "./publisher.mjs";

export const [VOICE, CAMERA, SCREEN, CONFIG, GAP, CLOCK] = [0, 1, 2, 3, 4, 5];
export const [KEY, LOW, MORE] = [1, 4, 16];
const HEAD = 16;
const KEY_EACH = 60; // pictures

const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? 0;

export function record({ type = VOICE, flags = 0, stream = [0, 1, 2][type] ?? 0, sequence = 0, level = 30, timestamp = 48000, bytes = Buffer.alloc(60) }) {
  const head = Buffer.alloc(HEAD);
  head.set([type, flags]);
  head.writeUInt16BE(stream, 2);
  head.writeUInt16BE(sequence & 0xffff, 4);
  head[6] = type === VOICE ? level : 0;
  head.writeUInt32BE(timestamp >>> 0, 8);
  head.writeUInt32BE(bytes.length, 12);
  return Buffer.concat([head, bytes]);
}

export const frame = (...records) => Buffer.concat([Buffer.from([2, 1, 0, 0]), ...records]);
export const config = (codec, more) => record({ type: CONFIG, stream: codec === "opus" ? 0 : 1, bytes: Buffer.from(JSON.stringify({ codec, ...more })) });

export function clock(ms, timestamp) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(ms));
  return record({ type: CLOCK, timestamp, bytes });
}

// Records of a frame to a viewer.
export function* recordsOf(bytes) {
  for (let at = 4 + bytes.readUInt16BE(2); at + HEAD <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 12);
    yield { type: bytes[at], flags: bytes[at + 1], stream: bytes.readUInt16BE(at + 2), sequence: bytes.readUInt16BE(at + 4), timestamp: bytes.readUInt32BE(at + 8), bytes: bytes.subarray(at + HEAD, at + HEAD + length) };
    at += HEAD + length;
  }
}

// Staff of the room's organisation, on the stage; {id, cookie} of people.mjs.
export async function onStage({ server, o, address }, who, { place = "stage", host } = {}) {
  const live = await new Live({ port: server.port, address, cookie: who.cookie, session: o.session }).open();
  onCleanup(() => live.close());
  await live.command("stage.enter");
  if (place === "stage") await (host ?? live).command("stage.move", { person: who.id, place });
  return live;
}

// from: the address to come from.
export async function publisher({ server, o, address, from }, who) {
  const made = await new Publisher({ port: server.port, address, from, cookie: who.cookie, session: o.session }).open();
  onCleanup(() => made.socket.terminate());
  return made;
}

// Voice, both rungs of a camera (470 and 70 kbit/s), and the clock, as they are in time. The voice says when it was sent.
export class Talker {
  constructor(publisher, { picture = 3500, low = 1000, key = 4 } = {}) {
    Object.assign(this, { publisher, sizes: { picture, low, key }, keysAsked: 0, begun: Date.now(), voices: 0, pictures: 0, lows: 0, clocks: 0, stopped: false });
    this.timer = setInterval(() => this.#talk(), 20);
    onCleanup(() => this.stop());
    publisher.socket.send(frame(config("opus", { sampleRate: 48000, channels: 1 }), config("vp8", { width: 768, height: 432 })));
  }

  #talk() {
    const ms = Date.now() - this.begun;
    const out = [];
    const asked = this.publisher.notices.length > 0;
    for (; this.voices * 20 <= ms; this.voices++) {
      const bytes = Buffer.alloc(60);
      bytes.writeDoubleBE(Date.now(), 0);
      out.push(record({ sequence: this.voices, timestamp: this.voices * 960, bytes }));
    }
    for (; this.pictures * 67 <= ms; this.pictures++) {
      const key = this.pictures % KEY_EACH === 0 || asked;
      const bytes = (size) => Buffer.alloc(size * (key ? this.sizes.key : 1));
      const base = { type: CAMERA, timestamp: this.pictures * 67 * 48 };
      out.push(record({ ...base, flags: key ? KEY : 0, sequence: this.pictures, bytes: bytes(this.sizes.picture) }));
      if (this.pictures % 2 === 0 || key) out.push(record({ ...base, flags: LOW | (key ? KEY : 0), sequence: this.lows++, bytes: bytes(this.sizes.low) }));
      if (key) this.keysAsked += this.publisher.notices.splice(0).length;
    }
    for (; this.clocks * 1000 <= ms; this.clocks++) out.push(clock(Date.now(), this.clocks * 48000));
    if (out.length && this.publisher.closed === null) this.publisher.socket.send(frame(...out));
  }

  stop() {
    clearInterval(this.timer);
  }
}

// An HCP, or whoever, who follows: what came, and how late each of the talker's words was.
export class Follower {
  constructor(live) {
    Object.assign(this, { live, records: [], late: [], heardAt: 0, longest: 0, lost: 0, sequence: null });
    live.socket.on("message", (bytes, binary) => binary && this.#take(bytes));
    onCleanup(() => live.close());
  }

  #take(bytes) {
    const now = Date.now();
    for (const r of recordsOf(bytes)) {
      this.keep?.(r, now);
      if (r.type !== VOICE || r.stream !== this.of) continue;
      if (this.sequence !== null && r.sequence !== ((this.sequence + 1) & 0xffff)) this.lost++;
      this.sequence = r.sequence;
      if (this.heardAt) this.longest = Math.max(this.longest, now - this.heardAt);
      this.heardAt = now;
      this.late.push(now - r.bytes.readDoubleBE(0));
    }
  }

  // From now on.
  begin() {
    Object.assign(this, { late: [], longest: 0, lost: 0 });
  }

  figures() {
    return { heard: this.late.length, late_p50: quantile(this.late, 0.5), late_p95: quantile(this.late, 0.95), longest: this.longest, lost: this.lost };
  }
}

// of: the stream of the voice that it listens to; rung: what it chooses, null: nothing, and is sent voices alone.
export async function follower({ server, o, address, via }, who, of, rung = "high") {
  const made = new Follower(await new Live({ port: server.port, via, address, cookie: who.cookie, session: o.session, keep: false }).open());
  made.of = of;
  if (rung) await made.live.command("media.watch", { rung });
  return made;
}

// A talker on the stage, heard by a follower.
export async function stage(made, { person = made.people[0] } = {}) {
  const host = await onStage(made, made.o.staff.host);
  const live = await onStage(made, made.o.staff.speaker, { host });
  const voice = await publisher(made, made.o.staff.speaker);
  const talker = new Talker(voice);
  const hcp = await follower(made, person, voice.stream);
  await waitFor("the talker to be heard", () => hcp.late.length > 20);
  return { host, live, voice, talker, hcp };
}
