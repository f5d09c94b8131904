// The load generator of gen/: one phase at a time, each answered by one line of JSON (gen/gen.h).
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { onCleanup } from "../../e2e/lib/cleanup.mjs";

// Whom to speak to, when that is amphi: the argument of the phase target.
export function amphiTarget({ port, tls, session }) {
  const host = `localhost:${port}`;
  return { speaks: "amphi", tls, port, host, origin: `${tls ? "https" : "http"}://${host}`, session };
}

export class Generator {
  constructor(build) {
    this.process = spawn(`${build}/bench/gen`, [], { stdio: ["pipe", "pipe", "inherit"] });
    this.exited = new Promise((resolve) => this.process.on("exit", resolve));
    this.waiting = null;
    createInterface({ input: this.process.stdout }).on("line", (line) => this.#answered(JSON.parse(line)));
    this.exited.then((code) => this.waiting?.reject(new Error(`the generator ended: ${code}`)));
    onCleanup(() => this.end());
  }

  #answered(answer) {
    const { resolve, reject } = this.waiting;
    this.waiting = null;
    if (answer.error) reject(new Error(`${answer.phase}: ${answer.error}`));
    else resolve(answer);
  }

  // Throws on a fault; a phase that ran out of time answers with timeout: true.
  run(phase, args = {}) {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.process.stdin.write(`${JSON.stringify({ ...args, phase })}\n`);
    });
  }

  // n connections, all of which must become ready. Returns the answer; first is the first's slot.
  async connect(n, args = {}) {
    const answer = await this.run("connect", { timeout_ms: 30000 + n * 10, ...args, count: n });
    if (answer.ready !== n || answer.failed) throw new Error(`of ${n} connections ${answer.ready} became ready: ${answer.fault ?? "too slow"}`);
    return answer;
  }

  async end() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.stdin.end();
    await this.exited;
  }
}
