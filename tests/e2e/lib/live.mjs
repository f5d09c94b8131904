// A second client of the live protocol, written from PROTOCOL.md: for tests that need many people
// or misbehaviour, which browsers do not offer.
import { Carried } from "./carried.mjs";
import { frameFault } from "./declared.mjs";
import { need } from "./need.mjs";

const WebSocket = need("ws");

export class Live {
  // person: for whom the page acts; from: the address to come from; keep: whether frames are gathered, which long loads
  // do without; check: whether each frame is held to what the server's features declare; carried: by requests, not by a
  // websocket; via: the port to go to, where another one is that of a proxy.
  constructor({ port, via = port, cookie, person, session, host = "localhost", address = "127.0.0.1", from, keep = true, check = true, carried = false, repeats = 0 }) {
    Object.assign(this, { port, via, cookie, person, session, host, address, from, keep, check, carried, repeats });
    this.next = 1;
    this.waiting = new Map(); // id → {resolve, reject, frame}
    this.events = [];
    this.states = new Map();
    this.seen = [];
    this.closed = null;
  }

  #websocket() {
    return new WebSocket(`wss://${this.address}:${this.via}/live`, ["amphi.2"], {
      rejectUnauthorized: false,
      origin: `https://${this.host}:${this.port}`,
      ...(this.from ? { localAddress: this.from } : {}),
      headers: { Host: `${this.host}:${this.port}`, ...(this.cookie ? { Cookie: `__Host-amphi=${this.cookie}` } : {}) },
    });
  }

  open({ resume } = {}) {
    return new Promise((resolve, reject) => {
      const socket = this.carried ? new Carried(this) : this.#websocket();
      this.socket = socket;
      this.closed = null;
      socket.on("message", (bytes, binary) => !binary && this.#frame(JSON.parse(bytes.toString()), resolve, reject, resume));
      socket.on("close", (code) => {
        this.closed = code;
        for (const w of this.waiting.values()) w.reject?.(new Error(`closed ${code}`));
        this.waiting.clear();
        reject(new Error(`closed ${code}`));
        this.onClose?.(code);
      });
      socket.on("error", () => {});
    });
  }

  #frame(frame, opened, failed, resume) {
    if (this.keep) this.seen.push(frame);
    if (this.check) {
      const fault = frameFault(frame, this.waiting.get(frame.id)?.name);
      // Nobody waits for it here: it ends the test that runs.
      if (fault) throw new Error(`not as declared: ${fault}\n${JSON.stringify(frame).slice(0, 2000)}`);
    }
    if (frame.hello) {
      this.hello = frame.hello;
      if (!this.session) return opened(this);
      this.command("session.join", { session: this.session, ...(this.person ? { person: this.person } : {}), ...(resume ? { resume } : {}) }).then((ok) => {
        this.joined = ok;
        this.place = ok.place;
        this.epoch = ok.epoch;
        if (!this.seq || !ok.resumed) this.seq = ok.seq;
        opened(this);
      }, failed);
    } else if (frame.id !== undefined) {
      const w = this.waiting.get(frame.id);
      this.waiting.delete(frame.id);
      if (!w) return;
      if (frame.ok) w.resolve(frame.ok);
      else w.reject(Object.assign(new Error(frame.error.code), frame.error));
    } else if (frame.event) {
      this.seq = Math.max(this.seq, frame.seq);
      if (this.keep) this.events.push(frame);
      this.onEvent?.(frame);
    } else if (frame.state) this.states.set(`${frame.state} ${frame.key}`, frame);
    else if (frame.bye) this.bye = frame.bye;
  }

  command(name, data = {}) {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { name, resolve, reject });
      this.socket.send(JSON.stringify({ id, ...(this.place ? { place: this.place } : {}), command: name, data }));
    });
  }

  send(raw) {
    this.socket.send(raw);
  }

  close() {
    this.socket?.close();
  }

  terminate() {
    this.socket?.terminate();
  }
}
