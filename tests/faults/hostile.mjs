// Hostile clients, against the server built with AddressSanitizer and UBSan. The rule: each is told what
// is wrong or let go of, nothing is kept of it, those who are signed in behind the same address do not
// feel it, and the sanitisers have nothing to say, leaks at the end included.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { request } from "../e2e/lib/http.mjs";
import { root } from "../e2e/lib/need.mjs";
import { fault, random, short, sleep } from "./lib/case.mjs";
import { clientFrame, FrameReader, Member, median, openAll, upgradeRequest } from "./lib/member.mjs";
import { commands, mutate, mutateJson, requests } from "./lib/mutate.mjs";
import { exchange, frames, placed, statusOf } from "./lib/raw.mjs";
import { asan, hasAsan, metric, Mover, room } from "./lib/room.mjs";

const N = short ? 100 : 500;
const FLOOD = short ? 1500 : 4000;
const MUTATIONS = Number(process.env.MUTATIONS ?? (short ? 1000 : 100000));
const EVERY_MS = short ? 0 : 120;
const IDLE_MS = short ? 1500 : 10000;

if (!hasAsan()) execFileSync("make", ["-s", "-j2", "SAN=address,undefined", "BUILD=build/san-address-undefined", "all"], { cwd: root, stdio: "inherit" });

const head = (...lines) => [...lines, "", ""].join("\r\n");
const bytes = (...b) => Buffer.from(b);

// Sent in pieces, for ever: [name, head, what the peer sees].
const slow = (host) => [
  ["a header byte by byte", ["GET / HTTP/1.1\r\n", "X"], 0], // closed without a word: there is no request to answer
  ["a body byte by byte", [head("POST /api/sign-in HTTP/1.1", host, "X-Amphi: 1", "Content-Type: application/json", "Content-Length: 60000"), "{"], 408],
];

// [name, bytes, status]; 0: closed without an answer.
const wire = (host) => [
  ["a header of 64 KB", head("GET / HTTP/1.1", host, `X: ${"a".repeat(65536)}`), 0],
  ["a thousand headers", head("GET / HTTP/1.1", host, ...Array.from({ length: 1000 }, (_, i) => `X-${i}: ${"v".repeat(40)}`)), 0],
  ["cookies of 10 KB", head("GET /api/me HTTP/1.1", host, `Cookie: ${"a".repeat(10000)}`), 400],
  ["a path of 9 KB", head(`GET /${"a".repeat(9000)} HTTP/1.1`, host), 400],
  ["another host", head("GET / HTTP/1.1", "Host: evil.example"), 421],
  ["chunks", `${head("POST /api/sign-in HTTP/1.1", host, "X-Amphi: 1", "Transfer-Encoding: chunked")}0\r\n\r\n`, 411],
  ["no method that we know", head("BREW / HTTP/1.1", host), 403], // libwebsockets' own answer
];

const upgrades = (server) => {
  const host = `Host: localhost:${server.port}`;
  const good = upgradeRequest({ port: server.port }).trimEnd().split("\r\n");
  const with_ = (change) => head(...good.map(change).filter(Boolean));
  const but = (name, value) => with_((l) => (l.startsWith(name) ? value : l));
  return [
    ["to something else", but("Upgrade:", "Upgrade: foobar"), 403],
    ["to h2c", but("Upgrade:", "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"), 0],
    ["of an old version", but("Sec-WebSocket-Version", "Sec-WebSocket-Version: 8"), 426],
    ["without subprotocol", but("Sec-WebSocket-Protocol", null), 400],
    ["without key", but("Sec-WebSocket-Key", null), 400],
    ["with a key of 200 bytes", but("Sec-WebSocket-Key", `Sec-WebSocket-Key: ${"A".repeat(200)}`), [0, 400]], // by room in libwebsockets' header space
    ["from another site", but("Origin", "Origin: https://evil.example"), 403],
    ["of another path", with_((l) => l.replace("/live", "/api/me")), 404],
    ["by POST", with_((l) => l.replace("GET", "POST")), 404],
    ["with a body", `${with_((l) => (l === host ? `${host}\r\nContent-Length: 5` : l))}hello`, 400],
    ["with two cookies", with_((l) => (l === host ? `${host}\r\nCookie: __Host-amphi=${"A".repeat(43)}; __Host-amphi=${"B".repeat(43)}` : l)), 400],
  ];
};

// [name, bytes after joining, close code; null: the connection is cut, which may be sooner than its code is read]
const abuse = [
  ["an unknown opcode", bytes(0x83, 0x80, 0, 0, 0, 0), 1002],
  ["an unknown control opcode", bytes(0x8b, 0x80, 0, 0, 0, 0), 1002],
  ["a reserved bit", bytes(0xc1, 0x82, 0, 0, 0, 0, 0x7b, 0x7d), 1002],
  ["a ping in pieces", bytes(0x09, 0x80, 0, 0, 0, 0), 1002],
  ["a ping of 126 bytes", Buffer.concat([bytes(0x89, 0xfe, 0, 126, 0, 0, 0, 0), Buffer.alloc(126)]), [null, 1002]],
  ["a continuation of nothing", bytes(0x80, 0x82, 0, 0, 0, 0, 0x7b, 0x7d), 1002],
  ["a text within a text", Buffer.concat([bytes(0x01, 0x81, 0, 0, 0, 0, 0x7b), bytes(0x81, 0x82, 0, 0, 0, 0, 0x7b, 0x7d)]), 1002],
  ["a length of 2^63", bytes(0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), [null, 1002]],
  ["a length of 2^40", Buffer.concat([bytes(0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0), Buffer.alloc(2000, 0x20)]), 1009],
  ["pieces without end", Buffer.concat([bytes(0x01, 0x81, 0, 0, 0, 0, 0x7b), ...Array(20000).fill(bytes(0, 0x81, 0, 0, 0, 0, 0x20))]), 1009],
  ["20 KB", clientFrame(1, "a".repeat(20000)), 1009],
  ["a binary frame", clientFrame(2, "abc"), 1003],
  ["no JSON", clientFrame(1, "{"), 1008],
  ["no UTF-8", clientFrame(1, bytes(0xff, 0xfe)), 1007],
];

const count = (list) => list.reduce((counts, key) => ({ ...counts, [key]: (counts[key] ?? 0) + 1 }), {});
const text = (counts) => Object.entries(counts).sort((a, b) => b[1] - a[1]).slice(0, 12).map(([key, n]) => `${key}:${n}`).join(",");

// Lanes that each take the next of n.
async function lanes(width, n, act) {
  let next = 0;
  await Promise.all(Array.from({ length: width }, async (_, lane) => {
    while (next < n) await act(next++, lane);
  }));
}

async function mutatedRequests({ server, o, people }, n) {
  const samples = requests({ port: server.port, session: o.session, congress: o.congress, code: o.code });
  const seen = [];
  await lanes(16, n, async (i) => {
    const cookie = i % 50 === 0 ? o.staff.organiser.cookie : people[i % people.length].cookie;
    const sample = samples[i % samples.length].replace("COOKIE", cookie);
    const from = `127.${1 + (i % 250)}.${Math.floor(i / 250) % 250}.3`;
    const socket = { port: server.port, localAddress: from };
    const { text: answer, ended } = await exchange(socket, mutate(sample), { ms: 250, until: /^HTTP\/1\.1 \d{3}.*\r\n\r\n/s });
    seen.push(statusOf(answer) || (ended ? "closed" : "waiting"));
  });
  return count(seen);
}

// One connection that is used until it is closed. A ping after each frame tells that it was digested.
class Lane {
  constructor(server, session) {
    Object.assign(this, { server, session, socket: null });
  }

  open(cookie) {
    return new Promise((resolve) => {
      const member = new Member({ port: this.server.port, cookie, session: this.session });
      this.member = member;
      member.open().then(() => resolve(true), () => resolve(false));
    });
  }

  // What came of it: a code, the first answer, or nothing.
  put(frame) {
    return new Promise((resolve) => {
      const { socket } = this.member;
      let answer = "silence";
      const reader = new FrameReader((opcode, body) => {
        if (opcode === 8) done(body.length >= 2 ? body.readUInt16BE(0) : 1005);
        else if (opcode === 10) done(answer);
        else if (opcode === 1 && body.toString("latin1", 0, 5) === '{"id"') answer = JSON.parse(body.toString()).error?.code ?? "ok";
      });
      const onData = (b) => reader.push(b);
      const onClose = () => done("cut");
      const timer = setTimeout(() => done("waiting"), 250); // a length that waits for more
      const done = (what) => {
        clearTimeout(timer);
        socket.off("data", onData).off("close", onClose);
        if (typeof what === "number" || what === "cut" || what === "waiting") {
          this.member.destroy();
          this.member = null;
        }
        resolve(what);
      };
      if (socket.destroyed) return resolve("cut");
      socket.on("data", onData).on("close", onClose);
      socket.write(Buffer.concat([placed(frame, this.member.place), clientFrame(9, "x")]));
    });
  }
}

async function mutatedFrames({ server, o, people }, n) {
  const samples = commands();
  const seen = [];
  const open = Array.from({ length: 16 }, () => new Lane(server, o.session));
  const staff = [o.staff.moderator.cookie, o.staff.speaker.cookie];
  await lanes(open.length, n, async (i, lane) => {
    const l = open[lane];
    while (!l.member && !(await l.open(lane < 2 ? staff[lane] : people[(i * 7) % people.length].cookie))) l.member = null;
    const sample = samples[i % samples.length];
    const kind = random();
    if (kind < 0.6) seen.push(await l.put(clientFrame(1, JSON.stringify(mutateJson(sample)))));
    else if (kind < 0.8) seen.push(await l.put(clientFrame(1, mutate(JSON.stringify(sample)))));
    else seen.push(await l.put(mutate(clientFrame(1, JSON.stringify(sample)))));
  });
  for (const l of open) l.member?.destroy();
  return count(seen);
}

await fault({ limit: 1800 }, async (figures) => {
  const env = { AMPHI_IDLE_MS: String(IDLE_MS), LSAN_OPTIONS: `suppressions=${root}tests/rules/lsan.supp:print_suppressions=0`, ASAN_OPTIONS: "strict_string_checks=1", UBSAN_OPTIONS: "print_stacktrace=1" };
  const scene = await room({ people: N + 60, decks: [{ pages: 20, chars: 100 }], env, binary: asan });
  const { server, o, people, decks } = scene;
  const host = `Host: localhost:${server.port}`;
  const at = { port: server.port, session: o.session };
  const strangers = people.slice(N); // the members of the room are left alone

  const hostMember = await new Member({ ...at, cookie: o.staff.host.cookie, comesBack: true }).open();
  const mover = new Mover(hostMember);
  let arrived = [];
  const members = await openAll(people.slice(0, N).map((p) => new Member({ ...at, cookie: p.cookie, comesBack: true, onEvent: () => arrived.push(performance.now()) })), 16);
  figures.members = N;

  // How long the middle member waits for a slide, over some slides.
  let page = 1;
  async function latency(slides) {
    const waits = [];
    for (let i = 0; i < slides; i++) {
      arrived = [];
      const began = performance.now();
      await mover.to(decks[0], (page = 1 + (page % 20)));
      await waitFor("everybody to have the slide", () => arrived.length >= N, 10000);
      waits.push(median(arrived) - began);
      await sleep(EVERY_MS); // a host may not move faster for long
    }
    return median(waits);
  }

  // 1. Slow requests, all the while.
  const slowly = slow(host).flatMap(([name, [first, byte], status]) =>
    Array.from({ length: short ? 5 : 100 }, async () => {
      const seen = await exchange(server, [first, ...Array(1000).fill(byte)], { everyMs: 100, ms: 60000 });
      assert.equal(statusOf(seen.text), status, `${name}: ${seen.text.slice(0, 100)}`);
      assert.ok(seen.ended && seen.ms < 2 * IDLE_MS + 5000, `${name}: ended after ${seen.ms} ms`);
    }));

  // 2. Thousands of connections of nobody from the members' own address.
  const slides = short ? 5 : 40;
  await latency(3);
  const bare = await latency(slides);
  const refusedBefore = await metric(server, "amphi_net_refused_total");
  const seconds = short ? 2.5 : 25;
  const flood = spawn("python3", [new URL("lib/flood.py", import.meta.url).pathname, server.port, FLOOD, FLOOD * 3, seconds].map(String), { stdio: ["ignore", "pipe", "inherit"] });
  let flooded = "";
  flood.stdout.on("data", (b) => (flooded += b));
  const over = new Promise((resolve) => flood.on("exit", resolve));
  const refused = async () => (await metric(server, "amphi_net_refused_total")) - refusedBefore;
  await waitFor("the flood to be more than one address may", async () => (await refused()) > 0, 20000);
  const beside = [];
  const joined = [];
  while (flood.exitCode === null && beside.length < (short ? 2 : 4)) {
    beside.push(await latency(slides));
    const began = performance.now();
    const late = await new Member({ ...at, cookie: strangers[beside.length].cookie, comesBack: true }).open();
    joined.push(performance.now() - began);
    late.close();
  }
  await over;
  const bareAgain = await latency(slides);
  figures.latency_ms = bare;
  figures.latency_again_ms = bareAgain;
  figures.latency_beside_flood_ms = median(beside);
  figures.join_beside_flood_ms = Math.max(...joined);
  figures.flood = flooded.trim().replace(/[{}" ]/g, "");
  figures.refused = await refused();
  assert.ok(members.every((m) => m.online && m.joins === 1), "nobody who was signed in was let go of");

  // 3. Things that are wrong, one by one.
  await Promise.all([...wire(host), ...upgrades(server)].map(async ([name, sent, status]) => {
    const seen = await exchange(server, sent, { ms: 8000 });
    const got = Number(/^HTTP\/1\.[01] (\d{3})/.exec(seen.text)?.[1] ?? 0);
    assert.ok([status].flat().includes(got), `${name}: ${got}, not ${status}: ${seen.text.slice(0, 100)}`);
    assert.ok(seen.ended, `${name}: the connection is closed`);
  }));
  await Promise.all(abuse.map(async ([name, sent, code], i) => {
    const seen = await frames(server, { cookie: strangers[i].cookie, session: o.session }, sent, { ms: 8000 });
    assert.ok([code].flat().includes(seen.code) && seen.ended, `${name}: ${JSON.stringify(seen)}`);
  }));
  const tries = await Promise.all(Array.from({ length: 20 }, () => request({ port: server.port, method: "POST", path: "/api/sign-in/link", body: { email: "nobody@example.org" }, from: "127.9.9.9" })));
  const statuses = count(tries.map((t) => t.status));
  assert.ok(statuses[429] > 0 && tries.filter((t) => t.status === 429).every((t) => Number(t.headers["retry-after"]) > 0), `sign-in links by the dozen: ${text(statuses)}`);

  // 4. Almost right, very often.
  const began = Date.now();
  const died = server.exited.then(({ code, signal }) => {
    throw new Error(`the server ended with ${code ?? signal}: the sanitisers' report is above`);
  });
  const other = { ...scene, people: strangers };
  figures.requests = text(await Promise.race([died, mutatedRequests(other, MUTATIONS / 2)]));
  figures.frames = text(await Promise.race([died, mutatedFrames(other, MUTATIONS / 2)]));
  died.catch(() => {});
  figures.mutations_s = (Date.now() - began) / 1000;
  await Promise.all(slowly);

  assert.equal((await request({ port: server.port, path: "/readyz" })).status, 200);
  assert.ok(members.every((m) => m.online && m.joins === 1), "everybody is still there");
  const after = await latency(3);
  figures.latency_after_ms = after;
  for (const m of [...members, hostMember]) m.destroy();
  await server.kill("SIGTERM");
  const { code, signal } = await server.exited;
  assert.equal(code, 0, `the server ended with ${code ?? signal}: the sanitisers' report is above`);
  const alone = Math.max(bare, bareAgain);
  assert.ok(median(beside) <= (short ? 5 : 2) * alone + 50, `latency beside the flood: ${Math.round(median(beside))} ms, without ${Math.round(alone)} ms`);
});
