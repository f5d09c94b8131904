// A second client of /publish, written from PROTOCOL.md: sends voice that is silence, pictures of any bytes, or a file of records.
import { readFileSync } from "node:fs";
import { need } from "./need.mjs";

const WebSocket = need("ws");
const TYPES = { voice: 0, camera: 1, screen: 2, config: 3 };
const SILENCE = Buffer.from([0xf8, 0xff, 0xfe]); // 20 ms of Opus

export class Publisher {
  constructor({ port, cookie, session, address = "127.0.0.1", from }) {
    Object.assign(this, { port, cookie, session, address, from, closed: null, notices: [] });
    this.keys = 0; // key frames that play() has sent
    this.sequence = [0, 0, 0, 0];
    this.timestamp = 4800;
  }

  // Resolves when the server lets it in; rejects with its code.
  open() {
    return new Promise((resolve, reject) => {
      this.socket = new WebSocket(`wss://${this.address}:${this.port}/publish`, ["amphi-media.1"], {
        rejectUnauthorized: false,
        ...(this.from ? { localAddress: this.from } : {}),
        origin: `https://localhost:${this.port}`,
        headers: { Host: `localhost:${this.port}`, Cookie: `__Host-amphi=${this.cookie}` },
      });
      this.socket.on("message", (bytes, binary) => {
        if (binary) return;
        const frame = JSON.parse(bytes.toString());
        if (frame.hello) this.socket.send(JSON.stringify({ id: 1, command: "session.publish", data: { session: this.session } }));
        else if (frame.ok) resolve(Object.assign(this, { stream: frame.ok.stream }));
        else if (frame.error) reject(Object.assign(new Error(frame.error.code), frame.error));
        else if (frame.notice) this.notices.push(frame);
      });
      this.socket.on("close", (code) => {
        this.closed = code;
        reject(new Error(`closed ${code}`));
      });
      this.socket.on("error", () => {});
    });
  }

  send(type, bytes, { key = false, level = 30 } = {}) {
    const stream = type === "config" ? 1 : TYPES[type];
    const head = Buffer.alloc(20);
    head.set([2, 1, 0, 0]);
    head[4] = TYPES[type];
    head[5] = key ? 1 : 0;
    head.writeUInt16BE(stream, 6);
    head.writeUInt16BE(this.sequence[stream]++ & 0xffff, 8);
    head[10] = type === "voice" ? level : 0;
    head.writeUInt32BE(this.timestamp >>> 0, 12);
    head.writeUInt32BE(bytes.length, 16);
    this.socket.send(Buffer.concat([head, bytes]));
  }

  // Speaks in real time for so long, with the time of each packet that was sent.
  async speak(ms) {
    for (const end = Date.now() + ms, begun = Date.now(); Date.now() < end; ) {
      await new Promise((done) => setTimeout(done, 20));
      for (; this.timestamp < 4800 + this.spoken(begun); this.timestamp += 960) this.send("voice", SILENCE);
    }
  }

  // What the clock says after the time since it began to speak.
  spoken(begun) {
    this.offset ??= 0;
    this.begun ??= begun;
    return Math.floor((Date.now() - this.begun) * 48);
  }

  // Sends the records of a file, each at its time, over and over.
  play(path) {
    const file = readFileSync(path);
    const records = [];
    for (let at = 0; at < file.length; at += 16 + file.readUInt32BE(at + 12)) records.push(file.subarray(at, at + 16 + file.readUInt32BE(at + 12)));
    const length = records.at(-1).readUInt32BE(8) + 960;
    const begun = Date.now();
    let [next, round] = [0, 0];
    this.playing = setInterval(() => {
      while (records[next].readUInt32BE(8) + round * length <= (Date.now() - begun) * 48) {
        this.#record(records[next], round * length);
        next = (next + 1) % records.length;
        round += next === 0;
      }
    }, 20);
  }

  // As it is in the file, but later, and with a number: one after the other in each stream and rung.
  #record(bytes, later) {
    const record = Buffer.from(bytes);
    record.writeUInt32BE((record.readUInt32BE(8) + later) % 2 ** 32, 8);
    this.keys += record[0] === 1 && record[1] & 1;
    const track = `${record.readUInt16BE(2)} ${record[1] & 4}`;
    this.numbers ??= new Map();
    const number = this.numbers.get(track) ?? 0;
    record.writeUInt16BE(number & 0xffff, 4);
    this.numbers.set(track, number + (record[0] <= 2));
    this.socket.send(Buffer.concat([Buffer.from([2, 1, 0, 0]), record]));
  }

  close() {
    clearInterval(this.playing);
    this.socket.close();
  }
}
