// A small server of voice and picture, written from PROTOCOL.md ("Publishing", "Media frames"): tests of web/src/media need
// no database for it, and it can hold frames back, cut connections and say what it was sent. It serves web/dist with the
// server's own policies.
import { readFileSync } from "node:fs";
import http from "node:http";
import { onCleanup } from "./cleanup.mjs";
import { need, root } from "./need.mjs";

const { WebSocketServer } = need("ws");
const HEAD = 16;
const PIECE = 4000;
const FRAME = 8192;
const [KEY, DISCARDABLE, LOW, MORE] = [1, 2, 4, 16];
export const [VOICE, CAMERA, SCREEN, CONFIG, GAP, CLOCK] = [0, 1, 2, 3, 4, 5];
const MOST = { [VOICE]: 1500, [CAMERA]: 256 * 1024, [SCREEN]: 256 * 1024, [CONFIG]: 1024, [GAP]: 0, [CLOCK]: 8 };
const A_SECOND = { [VOICE]: 120, [CAMERA]: 100, [SCREEN]: 40, [CONFIG]: 8, [GAP]: 8, [CLOCK]: 8 };
// Of every answer of the server, as its source has them.
const [, source] = readFileSync(`${root}server/net/respond.c`, "utf8").match(/security_headers\[\] =\s*"([^;]+(?:;[^;]+)*?)";\n/);
const security = Object.fromEntries(source.replace(/"\s*"/g, "").split("\\r\\n").filter(Boolean).map((line) => line.split(/: (.*)/)));
const types = { html: "text/html", js: "text/javascript", css: "text/css", svg: "image/svg+xml", bin: "application/octet-stream" };

export function recordsOf(bytes) {
  const found = [];
  for (let at = 0; at + HEAD <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 12);
    found.push({ type: bytes[at], flags: bytes[at + 1], stream: bytes.readUInt16BE(at + 2), sequence: bytes.readUInt16BE(at + 4), level: bytes[at + 6], generation: bytes[at + 7], timestamp: bytes.readUInt32BE(at + 8), bytes: bytes.subarray(at + HEAD, at + HEAD + length) });
    at += HEAD + length;
  }
  return found;
}

function encode(r, bytes, flags) {
  const head = Buffer.alloc(HEAD);
  head.set([r.type, flags]);
  head.writeUInt16BE(r.stream, 2);
  head.writeUInt16BE(r.sequence, 4);
  head.set([r.level, r.generation], 6);
  head.writeUInt32BE(r.timestamp, 8);
  head.writeUInt32BE(bytes.length, 12);
  return Buffer.concat([head, bytes]);
}

function piecesOf(r) {
  const pieces = [];
  for (let at = 0; at === 0 || at < r.bytes.length; at += PIECE)
    pieces.push(encode(r, r.bytes.subarray(at, at + PIECE), r.flags | (at + PIECE < r.bytes.length ? MORE : 0)));
  return pieces;
}

// What a publisher may not send; null: it may.
class Inlet {
  tracks = new Map();
  spent = new Map();
  fault(r) {
    if (r.type > CLOCK || r.stream > 3 || r.flags & ~15 || r.level > 127) return "no record";
    if (r.bytes.length > MOST[r.type] || (r.bytes.length === 0 && r.type !== GAP)) return `${r.bytes.length} bytes of type ${r.type}`;
    if ((r.flags & KEY && r.flags & DISCARDABLE) || (r.type === VOICE && r.flags & 7)) return `flags ${r.flags} of type ${r.type}`;
    const spent = (this.spent.get(r.type) ?? []).filter((at) => Date.now() - at < 4000);
    this.spent.set(r.type, [...spent, Date.now()]);
    if (spent.length > 4 * A_SECOND[r.type]) return `too many of type ${r.type}`;
    return r.type >= CONFIG ? null : this.follows(r);
  }
  follows(r) {
    const name = `${r.stream} ${r.flags & LOW}`;
    const before = this.tracks.get(name);
    this.tracks.set(name, r);
    if (!before) return r.type === VOICE || r.flags & KEY ? null : "begins without a key frame";
    if (r.sequence !== ((before.sequence + 1) & 0xffff)) return `number ${r.sequence} after ${before.sequence}`;
    return ((r.timestamp - before.timestamp) | 0) < 0 ? "time goes back" : null;
  }
}

export class Relay {
  constructor({ tickMs = 100, files = {} } = {}) {
    Object.assign(this, { tickMs, files });
    this.viewers = new Set();
    this.configs = new Map(); // track → record
    this.groups = new Map(); // track → records since its key frame
    this.received = []; // heads of what publishers sent
    this.faults = [];
    this.publishers = new Map(); // by their first streams
    this.slots = 0;
    this.held = false;
  }

  async listen() {
    this.server = http.createServer((request, reply) => this.#serve(request, reply));
    this.sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, handleProtocols: (offered) => [...offered][0] });
    this.server.on("upgrade", (request, socket, head) => {
      socket.setNoDelay(true);
      this.sockets.handleUpgrade(request, socket, head, (ws) => (request.url === "/publish" ? this.#publisher(ws) : this.#viewer(ws)));
    });
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.port = this.server.address().port;
    this.url = `http://localhost:${this.port}`;
    this.timer = setInterval(() => this.#round(), this.tickMs);
    onCleanup(() => this.close());
    return this;
  }

  close() {
    clearInterval(this.timer);
    for (const ws of this.sockets.clients) ws.terminate();
    this.server.close();
  }

  #serve({ url }, reply) {
    const path = url.split("?")[0];
    const end = path === "/" ? "html" : path.split(".").pop();
    let body = this.files[path];
    try {
      body ??= readFileSync(`${root}web/dist${path === "/" ? "/index.html" : path}`);
    } catch {
      return reply.writeHead(404).end();
    }
    reply.writeHead(200, { "Content-Type": types[end] ?? "text/plain", ...security, "Cache-Control": "no-store" }).end(body);
  }

  #publisher(ws) {
    const inlet = new Inlet();
    const first = 4 * (this.slots++ % 6) + 4;
    let begun = false;
    this.publishers.set(first, ws);
    ws.send(JSON.stringify({ hello: { protocol: 2, build: "test", now: new Date().toISOString(), ping_ms: 20000 } }));
    ws.on("message", (data, binary) => {
      if (!binary) {
        const { id, command, data: asked } = JSON.parse(data);
        this.asked = { command, data: asked };
        begun = true;
        return ws.send(JSON.stringify({ id, ok: { stream: first, frame_bytes: 262144 } }));
      }
      if (!begun || data.readUInt32BE(0) !== 0x02010000) this.faults.push("no frame");
      for (const r of recordsOf(data.subarray(4))) {
        const fault = inlet.fault(r);
        if (fault) this.faults.push(fault);
        this.#put({ ...r, stream: r.stream + first, bytes: Buffer.from(r.bytes) });
      }
    });
    ws.on("close", () => {
      const ends = [...this.groups.keys(), first * 2].filter((track) => track >= first * 2 && track < first * 2 + 8);
      for (const track of ends) this.#put({ type: GAP, flags: track % 2 ? LOW : 0, stream: track >> 1, sequence: 0, level: 0, generation: 0, timestamp: 0, bytes: Buffer.alloc(0) });
    });
  }

  cutPublisher(stream, code) {
    const ws = this.publishers.get(stream);
    if (code) ws.close(code);
    else ws.terminate();
  }

  // own: 1 of its camera, 2 of its screen.
  askKey(own, streams = this.publishers.keys()) {
    for (const stream of streams) this.publishers.get(stream).send(JSON.stringify({ notice: "media.keyframe", data: { stream: own } }));
  }

  #put(r) {
    const track = r.stream * 2 + (r.flags & LOW ? 1 : 0);
    this.received.push({ type: r.type, flags: r.flags, stream: r.stream, sequence: r.sequence, level: r.level, timestamp: r.timestamp, length: r.bytes.length, at: Date.now(), ...(r.type === CLOCK ? { clock: Number(r.bytes.readBigUInt64BE(0)) } : {}) });
    if (r.type === CONFIG) this.configs.set(track, r);
    if (r.flags & KEY) this.groups.set(track, []);
    this.groups.get(track)?.push(r);
    for (const viewer of this.viewers) viewer.put(r, track);
  }

  // A viewer says {"rung": …}; it gets frames with a header, as on /live.
  #viewer(ws) {
    const viewer = { ws, rung: "voice", open: new Set(), queue: [] };
    const wanted = (r) => (viewer.rung === "high" && !(r.flags & LOW)) || (viewer.rung === "low" && (r.flags & LOW || r.stream % 4 === 2)) || (viewer.rung === "high" && !viewer.open.has(r.stream * 2));
    viewer.put = (r, track) => {
      if (r.type !== CONFIG && r.type !== GAP && r.stream % 4) {
        if (viewer.rung === "voice" || !wanted(r) || (!viewer.open.has(track) && !(r.flags & KEY))) return void viewer.open.delete(track);
        if (!viewer.open.has(track) && this.configs.has(track)) viewer.queue.push(this.configs.get(track));
        viewer.open.add(track);
      }
      viewer.queue.push(r);
    };
    const fresh = (track) => {
      const [key] = this.groups.get(track) ?? [];
      return key && this.received.length && key.at === undefined;
    };
    ws.on("message", (data) => {
      viewer.rung = JSON.parse(data).rung;
      viewer.open.clear();
      for (const [track, group] of this.groups) if (viewer.rung !== "voice" && fresh(track)) for (const r of group) viewer.put(r, track);
      if (viewer.rung !== "voice") this.askKey(1);
    });
    for (const [track, config] of this.configs) if (!(track >> 1) || (track >> 1) % 4 === 0) viewer.queue.push(config);
    ws.on("close", () => this.viewers.delete(viewer));
    this.viewers.add(viewer);
  }

  #round() {
    if (this.held) return;
    const header = Buffer.from('{"place":"test"}');
    const head = Buffer.concat([Buffer.from([2, 1, 0, header.length]), header]);
    for (const viewer of this.viewers) {
      const queue = viewer.queue.splice(0).sort((a, b) => (a.stream % 4 ? 1 : 0) - (b.stream % 4 ? 1 : 0));
      let frame = [head];
      let size = 0;
      for (const piece of queue.flatMap(piecesOf)) {
        if (size + piece.length > FRAME) {
          viewer.ws.send(Buffer.concat(frame));
          [frame, size] = [[head], 0];
        }
        frame.push(piece);
        size += piece.length;
      }
      if (size) viewer.ws.send(Buffer.concat(frame));
    }
  }
}
