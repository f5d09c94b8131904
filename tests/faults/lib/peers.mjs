// peers.py from here: members with small buffers, that stop reading, or whose packets vanish.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { onCleanup } from "../../e2e/lib/cleanup.mjs";

export class Peers {
  constructor() {
    const script = new URL("peers.py", import.meta.url).pathname;
    this.process = spawn("python3", [script], { stdio: ["pipe", "pipe", "inherit"] });
    this.waiting = [];
    createInterface({ input: this.process.stdout }).on("line", (line) => this.waiting.shift()?.(JSON.parse(line)));
    this.process.on("exit", () => this.waiting.forEach((w) => w({ error: "peers.py ended" })));
    onCleanup(() => this.process.kill("SIGKILL"));
  }

  async ask(command, fields = {}) {
    const answer = await new Promise((resolve) => {
      this.waiting.push(resolve);
      this.process.stdin.write(`${JSON.stringify({ do: command, ...fields })}\n`);
    });
    if (answer.error) throw new Error(`${command}: ${answer.error}`);
    return answer.ok;
  }

  end() {
    this.process.stdin.end();
  }
}
