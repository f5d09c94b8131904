// An S3-compatible store for tests: npm's s3rver behind a check of signatures of our own, which s3rver lacks for version 4.
import { createHash, createHmac } from "node:crypto";
import { copyFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { onCleanup } from "./cleanup.mjs";
import { endServer } from "./http.mjs";
import { need } from "./need.mjs";
import { temporaryFolder } from "./postgres.mjs";

let S3rver = null;
try {
  S3rver = need("s3rver");
} catch {
  // the tests are skipped by name
}
export const skip = S3rver ? false : "s3rver is not installed";

const KEY = "S3RVER";
const SECRET = "a secret that nobody tells";
const BUCKET = "amphi-blobs";
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const hmac = (key, text) => createHmac("sha256", key).update(text).digest();

// As the documentation of Signature Version 4 has it; null: good.
function fault(rq) {
  const parts = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(rq.headers.authorization ?? "");
  if (!parts) return "AccessDenied";
  const [, key, day, region, names, signature] = parts;
  if (key !== KEY) return "InvalidAccessKeyId";
  const date = rq.headers["x-amz-date"];
  const at = Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5"));
  if (!date.startsWith(day) || !(Math.abs(at - Date.now()) < 900e3)) return "RequestTimeTooSkewed";
  const [path, query = ""] = rq.url.split("?");
  const signed = names.split(";");
  for (const name of ["host", ...Object.keys(rq.headers).filter((h) => h.startsWith("x-amz-"))]) if (!signed.includes(name)) return "AccessDenied";
  const canonical = [rq.method, path, query.split("&").sort().join("&"), ...signed.map((h) => `${h}:${rq.headers[h]}`), "", names, rq.headers["x-amz-content-sha256"]].join("\n");
  const text = ["AWS4-HMAC-SHA256", date, `${day}/${region}/s3/aws4_request`, sha256(canonical)].join("\n");
  const made = hmac(hmac(hmac(hmac(hmac(`AWS4${SECRET}`, day), region), "s3"), "aws4_request"), text).toString("hex");
  return made === signature ? null : "SignatureDoesNotMatch";
}

export class Store {
  constructor() {
    this.directory = temporaryFolder("s3");
    this.port = 0;
    this.asked = [];
    onCleanup(() => this.stop());
  }

  async start() {
    const s3 = new S3rver({ silent: true, directory: this.directory, configureBuckets: [{ name: BUCKET }] });
    await s3.configureBuckets();
    const serve = s3.callback();
    this.server = createServer((rq, rs) => {
      const code = fault(rq);
      this.asked.push(`${rq.method} ${rq.url}`);
      if (!code) return serve(rq, rs);
      rq.resume();
      rs.writeHead(403, { "Content-Type": "application/xml" }).end(`<Error><Code>${code}</Code></Error>`);
    });
    await new Promise((resolve) => this.server.listen(this.port, "127.0.0.1", resolve));
    this.port = this.server.address().port;
    return this;
  }

  async stop() {
    const server = this.server;
    this.server = null;
    if (server) await endServer(server);
  }

  env(more = {}) {
    return { AMPHI_BLOBS: `s3://${BUCKET}/some/prefix/`, AMPHI_S3_ENDPOINT: `http://127.0.0.1:${this.port}`, AMPHI_S3_ACCESS_KEY: KEY, AMPHI_S3_SECRET_KEY: SECRET, ...more };
  }

  // The same content under another name of the same shelf; the name.
  copy(name) {
    const other = `${name.slice(0, 5)}${"0".repeat(62)}`;
    const folder = `${this.directory}/${BUCKET}/some/prefix/`;
    for (const end of ["object", "metadata.json", "object.md5"]) copyFileSync(`${folder}${name}._S3rver_${end}`, `${folder}${other}._S3rver_${end}`);
    return other;
  }

  // The names that are there, without the prefix.
  objects() {
    const found = new Set();
    const walk = (folder, name) => {
      for (const entry of readdirSync(folder, { withFileTypes: true }))
        if (entry.isDirectory()) walk(`${folder}/${entry.name}`, `${name}${entry.name}/`);
        else found.add(`${name}${entry.name}`.replace(/\._S3rver_.*$/, ""));
    };
    walk(`${this.directory}/${BUCKET}`, "");
    return [...found].filter((name) => name.startsWith("some/prefix/")).map((name) => name.slice("some/prefix/".length));
  }
}
export const secret = SECRET;
