// Between a node and NATS: a proxy that knows where messages of NATS' text protocol begin and end, and, while it misbehaves,
// drops, doubles and reorders them, in both directions. What else the two say to each other passes untouched.
import net from "node:net";
import { onCleanup } from "../../e2e/lib/cleanup.mjs";
import { random } from "./case.mjs";

const HELD_MS = 150; // what waits for its successor waits no longer
const CARRY = /^(MSG|HMSG|PUB|HPUB) /;

// Cuts a stream into messages and lines.
function* frames(state, bytes) {
  state.rest = state.rest ? Buffer.concat([state.rest, bytes]) : bytes;
  for (;;) {
    const end = state.rest.indexOf("\r\n");
    if (end < 0) return;
    const line = state.rest.toString("latin1", 0, end);
    const carries = CARRY.test(line);
    const size = end + 2 + (carries ? Number(line.split(" ").at(-1)) + 2 : 0);
    if (state.rest.length < size) return;
    yield { carries, bytes: state.rest.subarray(0, size) };
    state.rest = state.rest.subarray(size);
  }
}

export class BusProxy {
  constructor(nats) {
    this.bad = false; // drops, doubles and reorders
    this.count = { passed: 0, dropped: 0, doubled: 0, swapped: 0 };
    this.sockets = new Set();
    this.server = net.createServer((near) => {
      const far = net.connect(nats.port, "127.0.0.1");
      this.#relay(near, far);
      this.#relay(far, near);
    });
    onCleanup(() => this.close());
  }

  async listen() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `nats://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  #relay(from, to) {
    const state = {};
    this.sockets.add(from);
    from.setNoDelay(true);
    from.on("data", (bytes) => {
      for (const frame of frames(state, bytes)) this.#pass(state, frame, to);
    });
    from.on("error", () => {}).on("close", () => {
      this.sockets.delete(from);
      clearTimeout(state.timer);
      to.destroy();
    });
  }

  #pass(state, { carries, bytes }, to) {
    const what = carries && this.bad ? random() : 1;
    const send = (...all) => to.writable && all.forEach((one) => to.write(one));
    if (what < 0.15) this.count.dropped++;
    else if (what < 0.3 && !state.held) {
      state.held = Buffer.from(bytes);
      state.timer = setTimeout(() => this.#release(state, send), HELD_MS);
    } else {
      const twice = what < 0.45;
      this.count[twice ? "doubled" : "passed"]++;
      send(bytes, ...(twice ? [bytes] : []));
      if (carries && state.held) {
        this.count.swapped++;
        this.#release(state, send);
      }
    }
  }

  #release(state, send) {
    clearTimeout(state.timer);
    if (state.held) send(state.held);
    state.held = null;
  }

  close() {
    this.sockets.forEach((socket) => socket.destroy());
    this.server.close();
  }
}
