// A proxy as some networks have it: it ends TLS, refuses to upgrade, and keeps each reply until all of it is there, as what
// looks for viruses does. `stream` passes replies on as they come; `hold`: an upgrade is neither refused nor made.
import { readFileSync } from "node:fs";
import https from "node:https";
import { onCleanup } from "./cleanup.mjs";

export class RefusingProxy {
  constructor({ target, keys, stream = false, hold = false }) {
    Object.assign(this, { target, stream, hold });
    this.refused = 0; // upgrades
    this.allow = false; // upgrades
    this.log = []; // {method, path, at, answered, status} in Unix ms
    this.sockets = new Set();
    this.server = https.createServer({ cert: readFileSync(keys.certificate), key: readFileSync(keys.key), ALPNProtocols: ["http/1.1"] }, (rq, rs) => this.#pass(rq, rs));
    this.server.on("upgrade", (rq, socket, head) => this.#upgrade(rq, socket, head));
    this.server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket)).on("error", () => {});
    });
    onCleanup(() => this.close());
  }

  async listen() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.port = this.server.address().port;
    return this;
  }

  #ask(rq) {
    return https.request({ host: "127.0.0.1", port: this.target, method: rq.method, path: rq.url, headers: rq.headers, rejectUnauthorized: false, agent: false });
  }

  #pass(rq, rs) {
    const entry = { method: rq.method, path: rq.url, at: Date.now(), answered: null, status: null };
    this.log.push(entry);
    const out = this.#ask(rq);
    const gone = () => rs.destroy();
    out.on("error", gone);
    out.on("response", (reply) => {
      const parts = [];
      const { "transfer-encoding": _, connection: __, ...headers } = reply.headers;
      if (this.stream) rs.writeHead(reply.statusCode, headers);
      reply.on("data", (bytes) => (this.stream ? rs.write(bytes) : parts.push(bytes)));
      reply.on("error", gone);
      reply.on("end", () => {
        Object.assign(entry, { answered: Date.now(), status: reply.statusCode });
        if (!this.stream) rs.writeHead(reply.statusCode, { ...headers, Via: "1.1 guard" });
        rs.end(Buffer.concat(parts));
      });
    });
    rs.on("close", () => out.destroy());
    rq.pipe(out);
  }

  #upgrade(rq, socket, head) {
    socket.on("error", () => {});
    if (this.allow) return this.#tunnel(rq, socket, head);
    this.refused++;
    if (!this.hold) socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  }

  #tunnel(rq, socket, head) {
    const out = this.#ask(rq);
    out.on("error", () => socket.destroy());
    out.on("upgrade", (reply, upstream, rest) => {
      const lines = Object.entries(reply.headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("")}\r\n`);
      upstream.on("error", () => socket.destroy()).on("close", () => socket.destroy());
      socket.on("close", () => upstream.destroy());
      socket.write(rest);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    out.end();
  }

  carried(action) {
    return this.log.filter(({ path }) => path.startsWith("/api/live/") && path.endsWith(`/${action}`));
  }

  // Whatever is under way is cut, and what comes until `back` is called.
  cut() {
    for (const socket of this.sockets) socket.resetAndDestroy?.();
    const refuse = (socket) => socket.destroy();
    this.server.prependListener("connection", refuse);
    return () => this.server.off("connection", refuse);
  }

  close() {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}
