// NODES=2: each server of a test is two nodes on one database, behind one port that takes them in turns, connection by
// connection, as a balancer does: with PROXY protocol v2.
import { symlinkSync } from "node:fs";
import net from "node:net";
import { onCleanup } from "./cleanup.mjs";
import { Nats } from "./nats.mjs";
import { temporaryFolder } from "./postgres.mjs";

const SIGNATURE = Buffer.from("0d0a0d0a000d0a515549540a", "hex");

// TCP over IPv4, from whom and to where.
function header(socket) {
  const bytes = Buffer.alloc(28);
  SIGNATURE.copy(bytes);
  bytes.set([0x21, 0x11, 0, 12], 12);
  for (const [at, address] of [[16, socket.remoteAddress], [20, socket.localAddress]]) bytes.set(address.replace("::ffff:", "").split(".").map(Number), at);
  bytes.writeUInt16BE(socket.remotePort, 24);
  bytes.writeUInt16BE(socket.localPort, 26);
  return bytes;
}

class Turns {
  constructor() {
    this.ports = [];
    this.next = 0;
    this.server = net.createServer((client) => this.#link(client));
    onCleanup(() => this.server.close());
  }

  async listen() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this.server.address().port;
  }

  #link(client) {
    const node = net.connect(this.ports[this.next++ % this.ports.length], "127.0.0.1");
    node.write(header(client));
    for (const [one, other] of [[client, node], [node, client]]) {
      one.setNoDelay(true);
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
      one.pipe(other);
    }
  }
}

// server: the first of them, started by itself with `first`, to be behind the port; make(name, data): another one.
export async function startPair(server, make) {
  const nats = await new Nats().start();
  const turns = new Turns();
  const port = await turns.listen();
  const shared = temporaryFolder("shared");
  const data = temporaryFolder("second");
  const mail = temporaryFolder("mail");
  const env = { AMPHI_NATS_URL: nats.url, AMPHI_TRUSTED_PROXIES: "127.0.0.1", AMPHI_BASE_URL: `https://localhost:${port}`, AMPHI_BLOBS: `${shared}/blobs`, AMPHI_SECRET_KEY_FILE: `${shared}/secret.key` };
  for (const [name, folder] of [["one", server.data], ["two", data]]) {
    symlinkSync(mail, `${folder}/mail`);
    const node = make({ ...env, AMPHI_NODE_NAME: name, ...server.env }, folder);
    node.onLine = (entry) => server.onLine?.(entry);
    node.log = server.log;
    await node.start();
    turns.ports.push(node.port);
    server.nodes.push(node);
  }
  Object.assign(server, { turns, port, metricsPort: server.nodes[0].metricsPort, url: `https://localhost:${port}` });
  return server;
}
