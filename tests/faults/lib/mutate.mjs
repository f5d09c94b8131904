// Requests and frames that are almost right. Everything comes from the case's own random numbers, so a
// SEED repeats it.
import { readFileSync, readdirSync } from "node:fs";
import { root } from "../../e2e/lib/need.mjs";
import { random } from "./case.mjs";

const upTo = (n) => Math.floor(random() * n);
const pick = (list) => list[upTo(list.length)];
const INTERESTING = [0, 1, 0x0a, 0x0d, 0x20, 0x22, 0x25, 0x2c, 0x3a, 0x5c, 0x7b, 0x7d, 0x7f, 0x80, 0xbf, 0xc0, 0xed, 0xf4, 0xfe, 0xff];

const mutators = [
  (b) => { b[upTo(b.length)] ^= 1 << upTo(8); return b; },
  (b) => { b[upTo(b.length)] = pick(INTERESTING); return b; },
  (b) => { b[upTo(b.length)] = upTo(256); return b; },
  (b) => { const at = upTo(b.length); return Buffer.concat([b.subarray(0, at), b.subarray(at + 1 + upTo(8))]); },
  (b) => { const at = upTo(b.length); return Buffer.concat([b.subarray(0, at), Buffer.from(Array.from({ length: 1 + upTo(8) }, () => pick(INTERESTING))), b.subarray(at)]); },
  (b) => { const [from, at] = [upTo(b.length), upTo(b.length)]; return Buffer.concat([b.subarray(0, at), b.subarray(from, from + 1 + upTo(64)), b.subarray(at)]); },
  (b) => b.subarray(0, 1 + upTo(b.length)),
  (b) => { const at = upTo(b.length); return Buffer.concat([b.subarray(0, at), Buffer.alloc(1 + upTo(300), b[at]), b.subarray(at)]); },
];

export function mutate(bytes) {
  let b = Buffer.from(bytes);
  for (let n = 1 + upTo(4); n > 0 && b.length > 0; n--) b = mutators[upTo(mutators.length)](b);
  return b;
}

const VALUES = [null, true, -1, 0, 1.5, 2 ** 53, 1e308, "", "x", "\u0000", "é".repeat(2000), "=1+1", "00000000-0000-0000-0000-000000000000", [], [[]], [1, 1], {}, { a: 1 }];

// One place in the document is something else, is missing, or is there besides.
export function mutateJson(value) {
  const document = structuredClone(value);
  const places = [];
  const walk = (node) => {
    if (node === null || typeof node !== "object") return;
    for (const key of Object.keys(node)) {
      places.push([node, key]);
      walk(node[key]);
    }
  };
  walk(document);
  const [node, key] = pick(places);
  const how = upTo(4);
  if (how === 0 && !Array.isArray(node)) delete node[key];
  else if (how === 1 && !Array.isArray(node)) node[`${key}${upTo(3)}`] = pick(VALUES);
  else if (how === 2) {
    let deep = pick(VALUES);
    for (let i = upTo(30); i > 0; i--) deep = [deep];
    node[key] = deep;
  } else node[key] = pick(VALUES);
  return document;
}

// The commands among the golden frames, as objects, but those that come and go.
export function commands() {
  const folder = `${root}tests/golden`;
  const files = readdirSync(folder, { recursive: true }).filter((f) => f.endsWith(".json"));
  return files.map((f) => JSON.parse(readFileSync(`${folder}/${f}`, "utf8"))).filter((frame) => frame.command && !/\.(join|leave)$/.test(frame.command));
}

// Requests of every kind: pages, reading, writing, a form, a file, an upgrade.
export function requests({ port, session, congress, code }) {
  const host = [`Host: localhost:${port}`];
  const own = ["Cookie: __Host-amphi=COOKIE"];
  const json = (line, body, ...headers) => {
    const text = JSON.stringify(body);
    return [line, ...host, "X-Amphi: 1", "Content-Type: application/json", `Content-Length: ${Buffer.byteLength(text)}`, ...headers, "", text].join("\r\n");
  };
  const get = (path, ...headers) => [`GET ${path} HTTP/1.1`, ...host, ...headers, "", ""].join("\r\n");
  return [
    get("/", "Accept-Encoding: gzip;q=0.5, br", 'If-None-Match: "abc", W/"def"'),
    get("/healthz"),
    get("/api/me", ...own),
    get("/api/my/registration", ...own),
    get("/api/codes", "Accept-Language: fr;q=0.9, en"),
    get(`/api/sessions/${session}/attendance.csv?dialect=excel-fr`, ...own),
    get(`/api/congresses/${congress}/registrations?limit=3&cursor=AAAA&q=ada%20lovelace`, ...own),
    get(`/api/decks/${session}/pages/1/960`, ...own),
    get(`/api/registration-pages/${code}`),
    get("/live", ...own, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: amphi.2", `Origin: https://localhost:${port}`),
    json("POST /api/sign-in HTTP/1.1", { email: "nobody@example.org", password: "0123456789abcdef" }),
    json("POST /api/sign-in/token HTTP/1.1", { token: "A".repeat(43) }),
    json("POST /api/join HTTP/1.1", { token: "A".repeat(43) }),
    json(`POST /api/registration-pages/${code} HTTP/1.1`, {
      email: "ada@example.org", first_name: "Ada", last_name: "Lovelace", language: "fr", profession: "10", specialty: "SM04", practice_setting: "SA01", region: "11", age_band: "45_54",
      consents: [{ kind: "participation", version: 1, given: true }, { kind: "contact", version: 1, given: false }],
    }),
    json(`POST /api/registration-pages/${code}/send-link HTTP/1.1`, { email: "ada@example.org" }, "Idempotency-Key: 1"),
    json(`POST /api/sessions/${session}/decks?file_name=x.pdf HTTP/1.1`, { not: "a PDF" }, ...own, "Expect: 100-continue"),
    json("PATCH /api/me HTTP/1.1", { language: "en" }, ...own, `Origin: https://localhost:${port}`),
  ];
}
