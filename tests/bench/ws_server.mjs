// The peer "ws": what people write first. node ws_server.mjs '{"port":0,"certificate":…,"key":…}'
// A message on /pub goes to every client on /live; {"id":N,…} on /live is answered {"id":N,"ok":{}}.
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { need } from "../e2e/lib/need.mjs";

const { WebSocketServer } = need("ws");
const options = JSON.parse(process.argv[2]);
const tls = options.certificate && { cert: readFileSync(options.certificate), key: readFileSync(options.key), minVersion: "TLSv1.3" };
const server = tls ? https.createServer(tls) : http.createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false });
const members = new Set();

sockets.on("connection", (socket, request) => {
  socket.on("error", () => socket.terminate());
  if (request.url === "/pub") {
    socket.on("message", (bytes, binary) => {
      for (const member of members) member.send(bytes, { binary });
    });
    return;
  }
  members.add(socket);
  socket.on("close", () => members.delete(socket));
  socket.on("message", (bytes) => {
    const id = /^\{"id":(\d+)/.exec(bytes.toString());
    if (id) socket.send(`{"id":${id[1]},"ok":{}}`);
  });
});
if (options.ping_ms) setInterval(() => members.forEach((member) => member.ping()), options.ping_ms);
server.listen({ port: options.port ?? 0, host: "127.0.0.1", backlog: 4096 }, () => console.log(JSON.stringify({ port: server.address().port })));
