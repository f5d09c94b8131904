// A TCP proxy that the test can break. It sits between one browser and the server, ends TLS on both
// sides to see which connection is the websocket, and logs what it saw: that log, not the server, is
// what attendance is expected from.
import { readFileSync } from "node:fs";
import tls from "node:tls";
import { onCleanup } from "./cleanup.mjs";

export class Proxy {
  constructor({ name, target, keys }) {
    this.name = name;
    this.target = target;
    this.links = new Set();
    this.log = []; // {open, websocket, lastClientByte, close} in Unix ms, one per connection
    this.vanishing = false;
    this.server = tls.createServer({ cert: readFileSync(keys.certificate), key: readFileSync(keys.key), ALPNProtocols: ["http/1.1"] }, (client) => this.#link(client));
    this.server.on("tlsClientError", () => {});
    onCleanup(() => this.close());
  }

  async listen() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.port = this.server.address().port;
    return this;
  }

  #link(client) {
    const upstream = tls.connect({ host: "127.0.0.1", port: this.target, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] });
    const entry = { proxy: this.name, open: Date.now(), websocket: null, lastClientByte: Date.now(), close: null };
    const link = { client, upstream, entry };
    this.links.add(link);
    this.log.push(entry);
    client.on("data", (bytes) => {
      if (this.vanishing) return; // swallowed: the server sees nothing, nobody sees a FIN
      if (entry.websocket === null && bytes.subarray(0, 10).toString("latin1").startsWith("GET /live")) entry.websocket = Date.now();
      entry.lastClientByte = Date.now();
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => {
      if (!this.vanishing) client.write(bytes);
    });
    const end = () => {
      if (entry.close === null && !this.vanishing) entry.close = Date.now();
      this.links.delete(link);
      client.destroy();
      upstream.destroy();
    };
    for (const side of [client, upstream]) side.on("close", () => !this.vanishing && end()).on("error", () => !this.vanishing && end());
    link.end = end;
  }

  // Connection reset, seen by both sides at once.
  reset() {
    for (const link of [...this.links]) {
      link.client.resetAndDestroy?.();
      link.upstream.resetAndDestroy?.();
      link.end();
    }
  }

  // Packets vanish in both directions for a while; whoever was connected is then reset.
  async vanish(ms) {
    this.vanishing = true;
    for (const link of this.links) link.entry.close = link.entry.lastClientByte;
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.vanishing = false;
    this.reset();
  }

  close() {
    this.reset();
    this.server.close();
  }
}
