// A TCP proxy that the test can break. It sits between one browser and the server, ends TLS on both
// sides to see which connection is the websocket, and logs what it saw: that log, not the server, is
// what attendance is expected from.
import { readFileSync } from "node:fs";
import net from "node:net";
import tls from "node:tls";
import { onCleanup } from "./cleanup.mjs";

export class Proxy {
  constructor({ name, target, keys }) {
    this.name = name;
    this.target = target;
    this.links = new Set();
    this.log = []; // {open, websocket, lastClientByte, close} in Unix ms, one per connection
    this.vanishing = null; // while packets vanish: what has to happen when they no longer do
    const certificate = { cert: readFileSync(keys.certificate), key: readFileSync(keys.key) };
    this.tls = tls.createSecureContext(certificate);
    this.server = net.createServer((raw) => {
      raw.on("error", () => {});
      this.#whenClear(() => this.#link(raw));
    });
    onCleanup(() => this.close());
  }

  async listen() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.port = this.server.address().port;
    return this;
  }

  // At once, or, while packets vanish, when a retransmission would come through.
  #whenClear(act) {
    if (this.vanishing) this.vanishing.push(act);
    else act();
  }

  #link(rawClient) {
    const alpn = { ALPNProtocols: ["http/1.1"] };
    const rawUpstream = net.connect(this.target, "127.0.0.1").on("error", () => {});
    const client = new tls.TLSSocket(rawClient, { isServer: true, secureContext: this.tls, ...alpn });
    const upstream = tls.connect({ socket: rawUpstream, rejectUnauthorized: false, ...alpn });
    const entry = { proxy: this.name, open: Date.now(), websocket: null, lastClientByte: Date.now(), close: null };
    const link = { client, upstream, entry };
    this.links.add(link);
    this.log.push(entry);
    client.on("data", (bytes) => {
      const isSocket = entry.websocket === null && bytes.subarray(0, 10).toString("latin1") === "GET /live ";
      this.#whenClear(() => {
        if (isSocket) entry.websocket = Date.now();
        if (entry.close !== null) return;
        entry.lastClientByte = Date.now();
        upstream.write(bytes);
      });
    });
    upstream.on("data", (bytes) => this.#whenClear(() => client.write(bytes)));
    // The server's last word about a connection is that of its last byte when it gave up in silence.
    let over = false;
    const end = (when) => {
      if (over) return;
      over = true;
      entry.close ??= when;
      this.links.delete(link);
      client.destroy();
      upstream.destroy();
    };
    link.end = end;
    for (const side of [client, upstream]) {
      const gone = () => {
        if (!this.vanishing) return end(Date.now());
        if (side === upstream) entry.close ??= entry.lastClientByte;
        this.vanishing.push(() => (side === upstream && !over ? link.reset() : end(entry.lastClientByte)));
      };
      side.on("close", gone).on("error", () => {});
    }
    link.reset = () => {
      rawClient.resetAndDestroy();
      rawUpstream.resetAndDestroy();
      end(Date.now());
    };
  }

  // Connection reset, seen by both sides at once.
  reset() {
    for (const link of [...this.links]) link.reset();
  }

  // Packets vanish in both directions for a while; nobody sees a FIN. Afterwards TCP would send
  // again what was lost, so it all comes through then, unless a side has given up meanwhile: then
  // the other learns it by a reset.
  async vanish(ms) {
    this.vanishing = [];
    await new Promise((resolve) => setTimeout(resolve, ms));
    const held = this.vanishing;
    this.vanishing = null;
    for (const act of held) act();
  }

  get websockets() {
    return this.log.filter((entry) => entry.websocket !== null);
  }

  close() {
    this.vanishing = null;
    this.reset();
    this.server.close();
  }
}
