// A client of the live protocol that comes back by itself with backoff, and sends again what was not
// answered, as browsers do.
import { Live } from "./live.mjs";

export class Resuming {
  // onAnswer(name, ms, code): one try was answered, with a code when it was refused.
  constructor({ server, person, session, from, keep = false, onAnswer, onEvent }) {
    Object.assign(this, { server, person, session, from, keep, onAnswer, onEvent });
    this.pending = new Set(); // {name, data, resolve}
    this.connected = false;
    this.over = false; // does not come back any more
    this.closes = []; // codes
    this.longest = 0; // ms from a command to what became of it, over all its tries
  }

  async connect() {
    const live = new Live({ port: this.server.port, cookie: this.person.cookie, session: this.session, from: this.from, keep: this.keep });
    live.onEvent = this.onEvent;
    live.onClose = (code) => {
      if (this.live === live && this.connected) this.#lost(code);
    };
    try {
      await live.open(this.resume ? { resume: this.resume } : {});
    } catch (error) {
      live.terminate();
      throw error;
    }
    if (this.over) return live.terminate();
    this.live = live;
    this.connected = true;
    this.since = Date.now();
    this.onJoined?.(live.joined);
    for (const command of this.pending) this.#send(command);
  }

  #lost(code) {
    this.connected = false;
    this.resume = { epoch: this.live.epoch, seq: this.live.seq };
    this.closes.push(code);
    this.bye = this.live.bye;
    if (this.over) return;
    const again = () => this.over || this.connect().catch(() => setTimeout(again, 200 + Math.random() * 600));
    setTimeout(again, this.bye?.retry_ms ?? 100 + Math.random() * 400);
  }

  // Resolves with {ok} or {code}, after end() with the code "over"; a server that is busy or gone is asked again, less and less often.
  do(name, data) {
    return new Promise((resolve) => {
      const command = { name, data, resolve, since: performance.now() };
      this.pending.add(command);
      if (this.connected) this.#send(command);
    });
  }

  #send(command) {
    const { live } = this;
    const at = performance.now();
    const settle = (outcome) => {
      if (!this.pending.delete(command)) return;
      this.longest = Math.max(this.longest, performance.now() - command.since);
      command.resolve(outcome);
    };
    live.command(command.name, command.data).then(
      (ok) => {
        this.onAnswer?.(command.name, performance.now() - at);
        settle({ ok });
      },
      (error) => {
        if (!error.code) return; // the connection closed: it is sent again on the next one
        this.onAnswer?.(command.name, performance.now() - at, error.code);
        if (!["server.busy", "rate.limited"].includes(error.code)) return settle({ code: error.code });
        command.wait = Math.min(2000, (command.wait ?? 150) * 2);
        setTimeout(() => this.live === live && this.connected && this.pending.has(command) && this.#send(command), command.wait * (0.5 + Math.random()));
      },
    );
  }

  end() {
    this.over = true;
    this.connected = false;
    this.live?.terminate();
    for (const command of this.pending) command.resolve({ code: "over" });
    this.pending.clear();
  }
}
