// The sample's synthetic speaker: `make speaker`, beside `make run`. Signs in as the sample's own account, starts the session if nobody
// has, goes on the stage and plays speaker.media over and over, by what every speaker's browser uses: /live and /publish. Ctrl-C takes it
// off the stage again; when the session ends it stops by itself. A database without the sample is refused.
//   node sample/speaker.mjs path/to/amphi
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import https from "node:https";
import { createRequire } from "node:module";

const WebSocket = createRequire(new URL("../web/package.json", import.meta.url))("ws");
const HEAD = 16;
const RATE = 48000;
const EACH_MS = 20;
const BEHIND_MS = 2000; // a machine that slept goes on from now
const port = Number(process.env.AMPHI_PORT || 8443);
const host = `localhost:${port}`;

// One line, and what was begun is undone.
class Over extends Error {}

// --- how it gets in ---

function invited(binary) {
  try {
    return JSON.parse(execFileSync(binary, ["admin", "sample-speaker"], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }));
  } catch (error) {
    throw new Over(String(error.stderr || error.message).trim());
  }
}

// The certificate is the development one: this talks to this machine alone.
function post(path, cookie, body = "") {
  return new Promise((resolve, reject) => {
    const headers = { Host: host, "X-Amphi": "1", "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body), ...(cookie ? { Cookie: cookie } : {}) };
    const asked = https.request({ host: "127.0.0.1", port, method: "POST", path, headers, rejectUnauthorized: false, agent: false }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer));
    });
    asked.on("error", () => reject(new Over(`no amphi answers on port ${port}: make run (AMPHI_PORT says another port)`)));
    asked.end(body);
  });
}

async function signIn(token) {
  const answer = await post("/api/sign-in/token", null, JSON.stringify({ token }));
  const cookie = answer.headers["set-cookie"]?.map((set) => set.split(";")[0]).find((set) => set.startsWith("__Host-amphi="));
  if (!cookie) throw new Over(`the synthetic speaker cannot sign in (${answer.statusCode}): does its account have a second factor?`);
  return cookie;
}

// A websocket by one of the two doors, after its greeting.
class Door {
  constructor(path, protocol, cookie) {
    this.next = 1;
    this.waiting = new Map();
    this.socket = new WebSocket(`wss://127.0.0.1:${port}${path}`, [protocol], { rejectUnauthorized: false, origin: `https://${host}`, headers: { Host: host, Cookie: cookie } });
    this.greeted = new Promise((resolve) => (this.greet = resolve));
    this.closed = new Promise((resolve) => this.socket.on("close", resolve));
    this.closed.then((code) => this.waiting.forEach(({ reject }) => reject(new Over(`the server closed the connection (${code})`))));
    this.socket.on("error", () => {});
    this.socket.on("message", (bytes, binary) => !binary && this.#take(JSON.parse(bytes.toString())));
  }

  #take(frame) {
    if (frame.hello) this.greet(frame.hello);
    const { resolve, reject } = this.waiting.get(frame.id) ?? {};
    this.waiting.delete(frame.id);
    if (frame.ok) resolve?.(frame.ok);
    else if (frame.error) reject?.(Object.assign(new Over(frame.error.code), frame.error));
    else this.hear?.(frame);
  }

  async command(command, data = {}) {
    const id = this.next++;
    const answer = new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    this.socket.send(JSON.stringify({ id, ...(this.place ? { place: this.place } : {}), command, data }));
    return answer;
  }
}

async function enter(cookie, session) {
  const live = new Door("/live", "amphi.2", cookie);
  live.over = new Promise((resolve) => (live.hear = ({ event }) => event === "session.ended" && resolve("the session has ended, and with it its stage")));
  await Promise.race([live.greeted, live.closed.then((code) => Promise.reject(new Over(`refused (${code})`)))]);
  const joined = await live.command("session.join", { session });
  live.place = joined.place;
  const { person } = joined.snapshot.own.me;
  const { state, version } = joined.snapshot.common.session;
  if (state === "lobby") await live.command("session.start", { version });
  await live.command("recording.consent", { given: true }); // nobody's voice: recordings can be tried, too
  await live.command("stage.enter");
  return { live, person };
}

// --- what it says ---

function material() {
  const file = readFileSync(new URL("speaker.media", import.meta.url));
  const records = [];
  for (let at = 0; at < file.length; at += HEAD + file.readUInt32BE(at + 12)) records.push(file.subarray(at, at + HEAD + file.readUInt32BE(at + 12)));
  const last = Math.max(...records.filter((record) => record[0] === 0).map((record) => record.readUInt32BE(8)));
  return { records, length: last + 960 };
}

// Sends each record when its time has come, each second the clock.
class Player {
  constructor(door) {
    Object.assign(this, { door, ...material(), at: 0, round: 0, clockAt: 0, sequences: new Map(), begun: performance.now() });
    this.timer = setInterval(() => this.#play(), EACH_MS);
  }

  #play() {
    const ms = performance.now() - this.begun;
    const due = (record) => ((record.readUInt32BE(8) + this.round * this.length) * 1000) / RATE;
    if (ms - due(this.records[this.at]) > BEHIND_MS) this.begun += ms - due(this.records[this.at]);
    const now = performance.now() - this.begun;
    const frame = [Buffer.from([2, 1, 0, 0])];
    if (now >= this.clockAt) frame.push(this.#clock(now));
    while (due(this.records[this.at]) <= now) {
      frame.push(this.#numbered(this.records[this.at]));
      this.at = (this.at + 1) % this.records.length;
      this.round += this.at === 0;
    }
    if (frame.length > 1) this.door.socket.send(Buffer.concat(frame));
  }

  #numbered(record) {
    const copy = Buffer.from(record);
    const track = `${copy.readUInt16BE(2)} ${copy[1] & 4}`;
    const sequence = this.sequences.get(track) ?? 0;
    copy.writeUInt16BE(sequence & 0xffff, 4);
    this.sequences.set(track, sequence + (copy[0] <= 2));
    copy.writeUInt32BE((copy.readUInt32BE(8) + this.round * this.length) % 2 ** 32, 8);
    return copy;
  }

  #clock(ms) {
    const record = Buffer.alloc(HEAD + 8);
    record[0] = 5;
    record.writeUInt32BE(Math.floor((ms * RATE) / 1000) % 2 ** 32, 8);
    record.writeUInt32BE(8, 12);
    record.writeBigUInt64BE(BigInt(Date.now()), HEAD);
    this.clockAt = ms + 1000;
    return record;
  }

  end() {
    clearInterval(this.timer);
  }
}

// --- from beginning to end ---

// With the end of the session the stage ends, too: what was told before the answer has come by then.
async function gone(code, live) {
  if (code !== 4403) return `the server closed the connection (${code})`;
  await live.command("stage.exit").catch(() => {});
  return "taken off the stage by a host";
}

async function main(binary) {
  const stopped = new Promise((resolve) => ["SIGINT", "SIGTERM"].forEach((signal) => process.on(signal, () => resolve("stopped"))));
  const { session, token } = invited(binary);
  const cookie = await signIn(token);
  let live, door, player;
  try {
    const entered = await enter(cookie, session);
    live = entered.live;
    door = new Door("/publish", "amphi-media.1", cookie);
    await Promise.race([door.greeted, door.closed.then((code) => Promise.reject(new Over(`refused (${code})`)))]);
    await door.command("session.publish", { session });
    await live.command("stage.move", { person: entered.person, place: "stage" });
    player = new Player(door);
    console.log(`A synthetic speaker is on the stage of https://${host}/live/${session} (sign in as the HCP, or as the host). Ctrl-C stops it.`);
    const why = await Promise.race([stopped, live.over, door.closed.then((code) => gone(code, live)), live.closed.then((code) => gone(code, live))]);
    console.log(why);
    return why.startsWith("the server") ? 1 : 0;
  } finally {
    player?.end();
    if (live?.socket.readyState === WebSocket.OPEN) await live.command("stage.exit").catch(() => {});
    for (const one of [door, live]) one?.socket.close();
    await post("/api/sign-out", cookie).catch(() => {});
  }
}

main(process.argv[2] ?? "build/release/amphi").then(
  (status) => process.exit(status),
  (error) => {
    console.error(error instanceof Over ? error.message : error.stack);
    process.exit(1);
  },
);
