// A member at a tenth of a library's cost: one TLS socket, its own framing, and PROTOCOL.md's rules for
// coming back. Thousands of them fit one process.
import net from "node:net";
import tls from "node:tls";

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10000;
const FINAL = new Set([1003, 1008, 1009, 4401]);
const secureContext = tls.createSecureContext();

// A client frame; the mask is zero, so that what is sent can be read in a dump.
export function clientFrame(opcode, body) {
  const bytes = Buffer.from(body);
  const wide = bytes.length < 126 ? 0 : bytes.length < 65536 ? 2 : 8;
  const head = Buffer.alloc(2 + wide + 4);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (wide === 0 ? bytes.length : wide === 2 ? 126 : 127);
  if (wide === 2) head.writeUInt16BE(bytes.length, 2);
  if (wide === 8) head.writeBigUInt64BE(BigInt(bytes.length), 2);
  return Buffer.concat([head, bytes]);
}

export function upgradeRequest({ port, cookie, secure = true, headers = [] }) {
  return [
    "GET /live HTTP/1.1", `Host: localhost:${port}`, `Origin: ${secure ? "https" : "http"}://localhost:${port}`,
    "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol: amphi.2", ...(cookie ? [`Cookie: __Host-amphi=${cookie}`] : []), ...headers, "", "",
  ].join("\r\n");
}

export function connect({ port, secure = true, address = "127.0.0.1", localAddress }, ready) {
  const socket = secure
    ? tls.connect({ host: address, port, localAddress, secureContext, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] }, ready)
    : net.connect({ host: address, port, localAddress }, ready);
  socket.setNoDelay?.(true);
  return socket;
}

// Takes bytes as they come, gives whole server frames: onFrame(opcode, body).
export class FrameReader {
  constructor(onFrame) {
    this.onFrame = onFrame;
    this.rest = null;
  }

  push(bytes) {
    let buffer = this.rest ? Buffer.concat([this.rest, bytes]) : bytes;
    for (;;) {
      if (buffer.length < 2) break;
      let at = 2;
      let size = buffer[1] & 127;
      if (size === 126) {
        if (buffer.length < 4) break;
        size = buffer.readUInt16BE(2);
        at = 4;
      } else if (size === 127) {
        if (buffer.length < 10) break;
        size = Number(buffer.readBigUInt64BE(2));
        at = 10;
      }
      if (buffer.length < at + size) break;
      this.onFrame(buffer[0] & 15, buffer.subarray(at, at + size));
      buffer = buffer.subarray(at + size);
    }
    this.rest = buffer.length ? buffer : null;
  }
}

export class Member {
  // onEvent(member, seq, at): each event as it arrives; its JSON is read only when asked for.
  constructor({ port, cookie, session, secure = true, address, localAddress, comesBack = false, onEvent = null }) {
    Object.assign(this, { port, cookie, session, secure, address, localAddress, comesBack, onEvent });
    this.next = 1;
    this.waiting = new Map(); // id → {resolve, reject}
    this.at = null; // {epoch, seq}
    this.place = null; // the tag of the session's frames
    this.joins = 0;
    this.attempt = 0;
    this.online = false;
    this.code = null;
    this.stopped = false;
    this.events = 0;
    this.states = new Map();
  }

  // Resolves when it is in; rejects when this try failed and nobody comes back by themselves.
  open() {
    return new Promise((resolve, reject) => {
      this.opened = { resolve, reject };
      this.#connect();
    });
  }

  #connect() {
    const socket = connect(this, () => socket.write(upgradeRequest(this)));
    this.socket = socket;
    this.code = null;
    this.retryAfter = null;
    let head = "";
    const reader = new FrameReader((opcode, body) => this.#frame(socket, opcode, body));
    let upgraded = false;
    socket.on("data", (bytes) => {
      if (upgraded) return reader.push(bytes);
      head += bytes.toString("latin1");
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      if (!head.startsWith("HTTP/1.1 101 ")) {
        this.refusal = head.slice(0, head.indexOf("\r\n"));
        return socket.destroy();
      }
      upgraded = true;
      const rest = Buffer.from(head.slice(end + 4), "latin1");
      if (rest.length) reader.push(rest);
    });
    socket.on("error", () => {});
    socket.on("close", () => this.#closed(socket));
  }

  #frame(socket, opcode, body) {
    if (socket !== this.socket) return;
    if (opcode === 9) return void socket.write(clientFrame(10, body));
    if (opcode === 8) {
      this.code = body.length >= 2 ? body.readUInt16BE(0) : 1005;
      socket.end(clientFrame(8, body.subarray(0, 2)));
      return;
    }
    if (opcode !== 1) return;
    const start = body.toString("latin1", 0, 120);
    if (start.startsWith('{"event"')) {
      const seq = Number(/"seq":(\d+)/.exec(start)[1]);
      if (this.at && seq > this.at.seq) this.at.seq = seq;
      this.events++;
      this.onEvent?.(this, seq, body);
    } else if (start.startsWith('{"state"')) {
      const name = /"state":"([^"]+)"/.exec(start)[1];
      this.states.set(name, body);
      this.onState?.(name);
    } else this.#answer(JSON.parse(body.toString()));
  }

  #answer(frame) {
    if (frame.hello) {
      const id = this.next++;
      this.joinId = id;
      const resume = this.at ? { resume: this.at } : {};
      this.send({ id, command: "session.join", data: { session: this.session, ...resume } });
    } else if (frame.bye) this.retryAfter = frame.bye.retry_ms;
    else if (frame.id === this.joinId) {
      if (frame.ok) this.#entered(frame.ok);
      else {
        this.refusal = frame.error.code;
        this.socket.destroy();
      }
    } else {
      const w = this.waiting.get(frame.id);
      this.waiting.delete(frame.id);
      if (frame.ok) w?.resolve(frame.ok);
      else w?.reject(Object.assign(new Error(frame.error.code), frame.error));
    }
  }

  #entered(ok) {
    this.joins++;
    this.place = ok.place;
    if (ok.resumed) {
      this.at.epoch = ok.epoch;
    } else {
      this.at = { epoch: ok.epoch, seq: ok.seq };
      this.snapshot = ok.snapshot;
    }
    this.attempt = 0;
    this.online = true;
    this.since = Date.now();
    this.opened?.resolve(this);
    this.opened = null;
    this.onOnline?.(this);
  }

  #closed(socket) {
    if (socket !== this.socket) return;
    this.online = false;
    for (const w of this.waiting.values()) w.reject(new Error(`closed ${this.code ?? 1006}`));
    this.waiting.clear();
    this.onClose?.(this, this.code ?? 1006);
    if (this.stopped || !this.comesBack || FINAL.has(this.code)) {
      this.opened?.reject(new Error(`closed ${this.code ?? 1006}, ${this.refusal ?? ""}`));
      this.opened = null;
      return;
    }
    const own = Math.min(FIRST_RETRY_MS * 2 ** this.attempt, LAST_RETRY_MS) * (0.5 + Math.random());
    this.attempt++;
    this.timer = setTimeout(() => this.#connect(), this.retryAfter ?? own);
  }

  send(object) {
    this.socket.write(clientFrame(1, JSON.stringify(object)));
  }

  command(name, data = {}) {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      if (!this.online) return reject(new Error("not online"));
      this.waiting.set(id, { resolve, reject });
      this.send({ id, place: this.place, command: name, data });
    });
  }

  // Without a word, as a browser that was killed.
  destroy() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.socket?.destroy();
  }

  close() {
    this.stopped = true;
    clearTimeout(this.timer);
    if (this.online) this.socket.end(clientFrame(8, Buffer.from([0x03, 0xe8])));
    else this.socket?.destroy();
  }
}

// Opens many, a bounded number at a time.
export async function openAll(members, atOnce = 64) {
  let next = 0;
  const lane = async () => {
    while (next < members.length) await members[next++].open();
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, members.length) }, lane));
  return members;
}

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length ? sorted[Math.floor(sorted.length / 2)] : NaN;
};
export const percentile = (values, p) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))];
