// Bytes as they are, to the server and back.
import { clientFrame, connect, FrameReader, upgradeRequest } from "./member.mjs";

// Sends each piece, the next one everyMs later; resolves, when the server ended or `until` matched what
// came or `ms` are over since the first piece, with {text, ended, reset, ms}.
export function exchange(server, pieces, { everyMs = 0, ms = 5000, until = null, secure = true } = {}) {
  return new Promise((resolve) => {
    const began = Date.now();
    let text = "";
    let timer = null;
    let over = false;
    const finish = (how) => {
      if (over) return;
      over = true;
      clearTimeout(limit);
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, ended: false, reset: false, ms: Date.now() - began, ...how });
    };
    const rest = [...[pieces].flat()];
    const next = () => {
      if (over || rest.length === 0) return;
      socket.write(rest.shift());
      timer = setTimeout(next, everyMs);
    };
    let limit = setTimeout(() => finish({}), 10000); // to connect
    const socket = connect({ port: server.port, secure, localAddress: server.localAddress }, () => {
      clearTimeout(limit);
      limit = setTimeout(() => finish({}), ms);
      next();
    });
    socket.on("data", (b) => {
      text += b.toString("latin1");
      if (until?.test(text)) finish({});
    });
    socket.on("error", (error) => finish({ ended: true, reset: error.code === "ECONNRESET" }));
    socket.on("close", () => finish({ ended: true }));
  });
}

export const statusOf = (text) => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);

// The golden commands name a place of their own; where they are sent it is another one of the same length.
export const GOLDEN_PLACE = "5b6c7f2e";
export const placed = (bytes, place) => (place ? Buffer.from(bytes.toString("latin1").replaceAll(GOLDEN_PLACE, place), "latin1") : bytes);

// A joined or merely opened websocket that sends raw frame bytes; resolves with the close code that
// came (null: none), how it ended, and the answers that came before.
export function frames(server, { cookie, session = null }, bytes, { ms = 5000, secure = true } = {}) {
  return new Promise((resolve) => {
    const seen = { code: null, ended: false, answers: [] };
    let over = false;
    const finish = () => {
      if (over) return;
      over = true;
      clearTimeout(limit);
      socket.destroy();
      resolve(seen);
    };
    const limit = setTimeout(finish, ms);
    const reader = new FrameReader((opcode, body) => {
      if (opcode === 8) {
        seen.code = body.length >= 2 ? body.readUInt16BE(0) : 1005;
        socket.end(clientFrame(8, body.subarray(0, 2)));
      }
      if (opcode !== 1) return;
      const frame = JSON.parse(body.toString());
      if (frame.hello) {
        if (session) socket.write(clientFrame(1, JSON.stringify({ id: 1, command: "session.join", data: { session } })));
        else socket.write(bytes);
      } else if (frame.id === 1 && session && !seen.joined) {
        seen.joined = true;
        socket.write(placed(bytes, frame.ok?.place));
      } else if (frame.id !== undefined) seen.answers.push(frame);
    });
    let head = "";
    let upgraded = false;
    const socket = connect({ port: server.port, secure }, () => socket.write(upgradeRequest({ port: server.port, cookie, secure })));
    socket.on("data", (b) => {
      if (upgraded) return reader.push(b);
      head += b.toString("latin1");
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      seen.status = statusOf(head);
      if (seen.status !== 101) return finish();
      upgraded = true;
      const rest = Buffer.from(head.slice(end + 4), "latin1");
      if (rest.length) reader.push(rest);
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      seen.ended = true;
      finish();
    });
  });
}
