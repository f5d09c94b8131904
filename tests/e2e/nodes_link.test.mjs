// Rule: a mistake on the link to NATS is a line at the start, never a server that runs and hears nothing.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, test } from "node:test";
import { cleanup, onCleanup } from "./lib/cleanup.mjs";
import { Nats, withoutNats } from "./lib/nats.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

// Answers each connection with this.
async function speaking(text) {
  const server = createServer((socket) => socket.on("error", () => {}).end(text));
  onCleanup(() => server.close());
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server.address().port;
}

test("wrong TLS, wrong credentials and a server that speaks nonsense are refused at the start", { skip: withoutNats, timeout: 60000 }, async () => {
  const pg = new Postgres();
  const plain = await new Nats().start();
  const locked = await new Nats({ config: 'authorization { user: "amphi", password: "secret" }' }).start();
  const nonsense = await speaking("HTTP/1.1 400 Bad Request\r\n\r\n");
  const wrong = {
    "TLS where there is none": { AMPHI_NATS_URL: plain.url.replace("nats://", "tls://") },
    "an authority that is not there": { AMPHI_NATS_URL: plain.url.replace("nats://", "tls://"), AMPHI_NATS_CA: "/nowhere.pem" },
    "another password": { AMPHI_NATS_URL: locked.url.replace("//", "//amphi:wrong@") },
    "not NATS": { AMPHI_NATS_URL: `nats://127.0.0.1:${nonsense}` },
  };
  for (const [what, env] of Object.entries(wrong)) {
    const server = new Server({ database: pg, env: { AMPHI_NODE_NAME: "x", ...env } });
    const started = await server.start().then(() => true, () => false);
    await server.kill("SIGKILL");
    assert.equal(started, false, what);
  }
});
