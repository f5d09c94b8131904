// A proxy that ends TCP before a thin line: it takes from the server what comes, as far as 256 KB, and gives it on at so many kbit/s, all
// connections together, so that the server sees no congestion.
import net from "node:net";
import { onCleanup } from "../../e2e/lib/cleanup.mjs";

const HELD_MOST = 256 * 1024;
const SLICE_MS = 5;
const PIECE = 1400;

export async function thin(target, kbits) {
  const links = new Set();
  const server = net.createServer((client) => {
    const upstream = net.connect(target, "127.0.0.1");
    const link = { client, held: [], bytes: 0, upstream };
    links.add(link);
    const end = () => {
      links.delete(link);
      client.destroy();
      upstream.destroy();
    };
    client.setNoDelay(true).on("error", end).on("close", end);
    upstream.setNoDelay(true).on("error", () => {}).on("close", () => (link.held.length ? (link.over = true) : end())); // what is held comes first
    client.on("data", (bytes) => upstream.write(bytes));
    upstream.on("data", (bytes) => {
      for (let at = 0; at < bytes.length; at += PIECE) link.held.push(bytes.subarray(at, at + PIECE));
      link.bytes += bytes.length;
      if (link.bytes > HELD_MOST) upstream.pause();
    });
  });
  let [at, credit] = [performance.now(), 0];
  const timer = setInterval(() => {
    const now = performance.now();
    credit = Math.min(credit + ((now - at) * kbits) / 8, 2 * PIECE + ((now - at) * kbits) / 8);
    at = now;
    while (credit > 0) {
      const waiting = [...links].filter(({ held }) => held.length);
      if (waiting.length === 0) break;
      for (const link of waiting) {
        const piece = link.held.shift();
        credit -= piece.length + 40; // and the headers
        link.bytes -= piece.length;
        link.client.write(piece);
        if (link.over && link.held.length === 0) link.client.end();
        if (link.bytes < HELD_MOST / 2) link.upstream.resume();
      }
    }
  }, SLICE_MS);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    clearInterval(timer);
    for (const { client, upstream } of links) [client, upstream].forEach((side) => side.destroy());
    server.close();
  };
  onCleanup(close);
  return { port: server.address().port, close };
}
