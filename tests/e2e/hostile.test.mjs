// Rule: bad input gets a clear error, loses nothing, never stops the server, and costs bounded memory.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import tls from "node:tls";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { root } from "./lib/need.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres, temporaryFolder } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, o, person, pid, rssBefore;
after(cleanup);

before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg, env: { AMPHI_RENDER_PAGE_SECONDS: "3", AMPHI_MAX_UPLOAD_MB: "20" } }).start();
  o = organisation(pg, "Un", { live: true });
  person = hcps(pg, o, 1)[0];
  pid = server.process.pid;
  rssBefore = rss();
});

const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);

async function alive() {
  assert.equal(server.process.exitCode, null, "the server runs");
  const rs = await request({ port: server.port, path: "/healthz" });
  assert.equal(rs.status, 200);
}

// Sends bytes as they are; resolves with everything that came back until the server closed or said enough.
function raw(bytes, { ms = 8000, until = null } = {}) {
  return new Promise((resolve) => {
    let text = "";
    const socket = tls.connect({ host: "127.0.0.1", port: server.port, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] }, () => socket.write(bytes));
    const timer = setTimeout(() => socket.destroy(), ms);
    socket.on("data", (b) => {
      text += b.toString("latin1");
      if (until?.test(text)) socket.destroy();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(text);
    });
  });
}

const head = (line, ...headers) => [line, `Host: localhost:${server.port}`, ...headers, "", ""].join("\r\n");
const answered = /HTTP\/1\.1 (\d{3})/;
const status = (text) => Number(answered.exec(text)?.[1] ?? 0);
const signIn = (...headers) => head("POST /api/sign-in HTTP/1.1", "X-Amphi: 1", "Content-Type: application/json", ...headers);

const wire = [
  ["a header block of 64 KB", () => head("GET / HTTP/1.1", `X-Long: ${"a".repeat(65536)}`), [0, 400, 431]],
  ["a thousand headers", () => head("GET / HTTP/1.1", ...Array.from({ length: 1000 }, (_, i) => `X-${i}: ${"v".repeat(40)}`)), [0, 400, 431]],
  ["a request line that is none", () => "\x16\x03 rubbish\r\n\r\n", [0, 400]],
  ["an unknown method", () => head("BREW /api/me HTTP/1.1"), [0, 400, 403, 404, 405]],
  ["a chunked body", () => `${signIn("Transfer-Encoding: chunked")}6\r\nabcdef\r\n0\r\n\r\n`, [411]],
  ["length and chunks together", () => `${signIn("Content-Length: 5", "Transfer-Encoding: chunked")}0\r\n\r\n`, [400, 411]],
  ["a negative length", () => signIn("Content-Length: -1"), [400]],
  ["a length with a sign", () => `${signIn("Content-Length: +2")}{}`, [400]],
  ["two lengths", () => `${signIn("Content-Length: 2", "Content-Length: 3")}{}x`, [400]],
  ["a length that overflows", () => signIn("Content-Length: 99999999999999999999"), [400, 413]],
  ["a body over its limit", () => signIn("Content-Length: 10000000"), [413]],
  ["a NUL in the path", () => head("GET /api/%00me HTTP/1.1"), [0, 400, 404]], // libwebsockets 4.3 hangs up by itself
  ["an upgrade to something else", () => head("GET /healthz HTTP/1.1") + head("GET / HTTP/1.1", "Connection: Upgrade", "Upgrade: foobar"), [0, 200, 400, 426]],
  ["an upgrade to h2c", () => head("GET / HTTP/1.1", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"), [0, 200, 400, 426]],
  ["the HTTP/2 preface", () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [0, 400, 404, 505]],
];

test("HTTP as bytes", { timeout: 240000 }, async () => {
  for (const [name, bytes, expected] of wire) {
    const text = await raw(bytes(), { until: answered });
    assert.ok(expected.includes(status(text)), `${name}: ${text.slice(0, 120)}`);
    assert.ok(!/ 101 /.test(text), `${name} must not switch protocols`);
    await alive();
  }
});

test("paths outside the web folder are not served", async () => {
  for (const path of ["/../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../../etc/passwd", "/api/../../etc/passwd", "//etc/passwd"]) {
    const text = await raw(head(`GET ${path} HTTP/1.1`, "Connection: close"), { ms: 3000 });
    assert.ok(!text.includes("root:"), path);
  }
  await alive();
});

const bodies = [
  ["not JSON", "{", 400], ["an array", "[]", [400, 422]], ["deep nesting", `{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`, 400],
  ["invalid UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400], ["a duplicate key", '{"email":"a@b.fr","email":"c@d.fr","password":"x"}', 400],
  ["an unknown field", '{"email":"a@b.fr","password":"xxxxxxxxxxxx","admin":true}', 422], ["a NUL in a text", '{"email":"a@b.fr\\u0000","password":"x"}', [400, 422]],
  ["a number for a text", '{"email":1,"password":"x"}', 422],
];
test("JSON bodies", async () => {
  for (const [name, body, expected] of bodies) {
    const rs = await request({ port: server.port, method: "POST", path: "/api/sign-in", body, headers: { "Content-Type": "application/json" } });
    assert.ok([expected].flat().includes(rs.status), `${name}: ${rs.status} ${rs.text}`);
    assert.match(rs.headers["content-type"], /application\/problem\+json/, name);
    assert.ok(rs.json.code, name);
  }
  await alive();
});

test("requests from another site are refused", async () => {
  const cookie = o.staff.organiser.cookie;
  const rs = await request({ port: server.port, method: "POST", path: "/api/congresses", cookie, body: { title: "x" }, headers: { Origin: "https://evil.example" } });
  assert.equal(rs.status, 403);
  const bare = await request({ port: server.port, method: "POST", path: "/api/congresses", cookie, body: { title: "x" }, headers: { "X-Amphi": "" } });
  assert.equal(bare.status, 403);
});

const frames = [
  ["not JSON", (l) => l.send("{"), 1008], ["deep nesting", (l) => l.send(`{"id":1,"command":"x","data":${"[".repeat(5000)}`), 1008],
  ["20 KB", (l) => l.send(`"${"a".repeat(20000)}"`), 1009], ["100 MB in one frame", (l) => l.send("a".repeat(1e8)), 1009],
  ["binary", (l) => l.send(Buffer.from([1, 2, 3])), 1003],   ["invalid UTF-8", (l) => l.socket.send(Buffer.from([0xff, 0xfe]), { binary: false }), [1007, 1006, 1002]],
];
test("websocket frames", { timeout: 120000 }, async () => {
  for (const [name, act, expected] of frames) {
    const live = await new Live({ port: server.port, cookie: person.cookie, session: o.session }).open();
    act(live);
    await waitFor(`${name} to be closed`, () => live.closed !== null);
    assert.ok([expected, 1006].flat().includes(live.closed), `${name}: ${live.closed}`);
    await alive();
  }
});

test("commands that are wrong get an answer and the connection lives", async () => {
  const live = await new Live({ port: server.port, cookie: person.cookie, session: o.session }).open();
  const wrong = [
    ["no.such", {}, "request.unknown"], ["poll.vote", { poll: "x", choices: [1] }, "request.invalid"], ["question.ask", { question: o.session, text: "", anonymous: false }, "request.invalid"],
    ["question.ask", { question: o.session, text: "a".repeat(1001), anonymous: false }, "request.invalid"], ["presence.visible", { visible: "yes" }, "request.invalid"],
    ["presence.visible", { visible: true, extra: 1 }, "request.invalid"], ["session.start", { version: 0 }, "auth.forbidden"], ["slide.move", { version: 0, deck: o.session, page: 1 }, "auth.forbidden"],
  ];
  for (const [command, data, code] of wrong) await assert.rejects(live.command(command, data), { code }, command);
  const many = await Promise.allSettled(Array.from({ length: 400 }, () => live.command("presence.visible", { visible: true })));
  assert.ok(many.some((r) => r.reason?.code === "rate.limited"), "a flood is limited");
  live.close();
});

test("nobody enters without a cookie, or from another origin", async () => {
  const live = new Live({ port: server.port, session: o.session });
  await assert.rejects(live.open(), /4401/);
  const text = await raw(head("GET /live HTTP/1.1", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: amphi.2", "Origin: https://evil.example", `Cookie: __Host-amphi=${person.cookie}`), { until: answered });
  assert.equal(status(text), 403);
});

test("hostile PDFs fail with a reason, and the deck after them renders", { timeout: 240000 }, async () => {
  const folder = temporaryFolder("pdf");
  const make = (...args) => {
    execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, ...args, `${folder}/x.pdf`]);
    return readFileSync(`${folder}/x.pdf`);
  };
  const upload = (body) => request({ port: server.port, method: "POST", path: `/api/sessions/${o.session}/decks?file_name=x.pdf`, cookie: o.staff.organiser.cookie, body, headers: { "Content-Type": "application/pdf" } });
  const outcome = async (body) => {
    const rs = await upload(body);
    if (rs.status !== 201) return rs.json.code;
    return waitFor("the deck to be done", () => {
      const [[state, error]] = pg.sql(`SELECT state, coalesce(error, (SELECT min(error) FROM slide WHERE deck_id = deck.id), '') FROM deck WHERE id = '${rs.json.id}'`);
      return state === "rendering" ? null : error || state;
    }, 60000);
  };
  assert.equal(await outcome(Buffer.from("hello, I am no PDF")), "pdf.invalid");
  assert.equal(await outcome(make("--encrypted")), "pdf.encrypted");
  assert.match(await outcome(make("--truncated")), /^(pdf|page)\.|^ready$/);
  assert.match(await outcome(make("--endless")), /^page\.(timeout|failed)$/);
  assert.match(await outcome(make("--huge")), /^page\.|^ready$/);
  const big = await upload(Buffer.alloc(21 * 1024 * 1024, "a"));
  assert.equal(big.status, 413);
  assert.equal(await outcome(make("--pages", "3")), "ready");
  await alive();
});

test("memory stayed bounded through all of it", async () => {
  assert.ok(rss() - rssBefore < 150 * 1024, `grew by ${rss() - rssBefore} KB`);
  await alive();
});
