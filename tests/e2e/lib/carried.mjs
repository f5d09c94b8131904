// A second client of connections that requests carry, written from PROTOCOL.md, with what tests use of a websocket. It keeps
// a log of its own: when requests were sent and answered is what attendance is expected from.
import { EventEmitter } from "node:events";
import { request } from "./http.mjs";

export class Carried extends EventEmitter {
  // repeats: how often a request is sent again whose reply was lost, or told to come again.
  constructor({ port, cookie, host, from, repeats = 0 }) {
    super();
    Object.assign(this, { port, cookie, host, from, repeats });
    this.over = false;
    this.ack = 0;
    this.number = 0;
    this.queue = [];
    this.log = []; // {action, sent, answered} in Unix ms
    this.#run().catch(() => this.#end(1006));
  }

  async #post(action, body, repeats = this.repeats) {
    const reply = await this.#once(action, body).catch((error) => {
      if (repeats === 0) throw error;
    });
    if (repeats === 0 || (reply && reply.status < 500)) return reply;
    await new Promise((resolve) => setTimeout(resolve, 300));
    return this.#post(action, body, repeats - 1);
  }

  async #once(action, body) {
    const entry = { action, sent: Date.now(), answered: null };
    this.log.push(entry);
    const path = this.connection ? `/api/live/${this.connection}/${action}` : "/api/live";
    const headers = { Origin: `https://${this.host}:${this.port}`, "Content-Type": "text/plain" };
    const reply = await request({ port: this.port, method: "POST", path, cookie: this.cookie, body, headers, host: this.host, from: this.from });
    entry.answered = Date.now();
    return reply;
  }

  async #run() {
    const opened = await this.#post("open", '{"protocol":2}');
    if (opened.status !== 201) return this.#end(1006);
    this.connection = opened.json.connection;
    this.#flush();
    while (!this.over) {
      const { status, text } = await this.#post("next", JSON.stringify({ ack: this.ack }));
      if (this.over) return;
      if (status !== 200) return this.#end(1006);
      this.#take(text.trimEnd().split("\n"));
    }
  }

  #take([first, ...lines]) {
    const { answer } = JSON.parse(first);
    if (answer === this.ack) return;
    this.ack = answer;
    for (const line of lines) {
      const { close } = JSON.parse(line);
      if (close) return this.#end(close.code);
      this.emit("message", Buffer.from(line), false);
    }
  }

  async #flush() {
    if (this.sending || !this.connection) return;
    this.sending = true;
    while (this.queue.length && !this.over) {
      const frames = this.queue.splice(0, 64);
      const { status } = await this.#post("commands", [JSON.stringify({ number: ++this.number }), ...frames].join("\n"));
      if (status !== 204) this.#end(1006);
    }
    this.sending = false;
  }

  #end(code) {
    if (this.over) return;
    this.over = true;
    this.emit("close", code);
  }

  send(text) {
    this.queue.push(text);
    this.#flush().catch(() => this.#end(1006));
  }

  close() {
    if (this.over) return;
    this.over = true;
    this.#post("close", "").then(
      () => this.emit("close", 1005),
      () => this.emit("close", 1006),
    );
  }

  // Without a word: nothing more is asked for.
  terminate() {
    this.#end(1006);
  }

  // As the oracle wants it: a stay until its last request. That the connection was lost is known from when nothing of it
  // waited any more.
  stay(began) {
    const sent = this.log.map((entry) => entry.sent);
    const close = Math.max(...sent);
    const answered = this.log.filter((entry) => entry.action === "next").map((entry) => entry.answered ?? 0);
    return { websocket: began, close, gone: Math.max(close, ...answered) };
  }
}
