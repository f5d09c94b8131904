// A small HTTPS client that shows status, headers and parsed body, and sends what a test wants, from
// an address of its own where `from` says so; `write` sends the body in its own time.
import https from "node:https";

export function request({ port, method = "GET", path, cookie, body, headers = {}, host = "localhost", raw = false, from, timeout, write }) {
  return new Promise((resolve, reject) => {
    const bytes = body === undefined ? undefined : Buffer.isBuffer(body) || typeof body === "string" ? body : JSON.stringify(body);
    const all = { Host: `${host}:${port}`, ...(cookie ? { Cookie: `__Host-amphi=${cookie}` } : {}) };
    if (method !== "GET" && method !== "HEAD") all["X-Amphi"] = "1";
    if (bytes !== undefined && !Buffer.isBuffer(body)) all["Content-Type"] = "application/json";
    if (bytes !== undefined) all["Content-Length"] = Buffer.byteLength(bytes);
    const rq = https.request({ host: "127.0.0.1", port, method, path, headers: { ...all, ...headers }, rejectUnauthorized: false, agent: false, ...(from ? { localAddress: from } : {}) }, (rs) => {
      const parts = [];
      rs.on("data", (b) => parts.push(b));
      rs.on("error", reject);
      rs.on("end", () => {
        const buffer = Buffer.concat(parts);
        const type = rs.headers["content-type"] ?? "";
        let json = null;
        if (!raw && /json/.test(type)) json = JSON.parse(buffer.toString());
        resolve({ status: rs.statusCode, headers: rs.headers, text: buffer.toString(), buffer, json });
      });
    });
    rq.on("error", reject);
    if (timeout) rq.setTimeout(timeout, () => rq.destroy(new Error(`no answer within ${timeout} ms`)));
    if (bytes !== undefined) rq.write(bytes);
    if (write) write(rq).then(() => rq.end(), reject);
    else rq.end();
  });
}

// A server of node:http, with whoever is connected to it.
export function endServer(server) {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  return closed;
}
