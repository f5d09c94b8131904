// A program that stays and answers what is written to it, so that a question of a test costs no process of its own. Tests call it and
// wait, as for a function: its input and output are FIFOs, which block.
import { execFileSync, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, readSync, truncateSync, writeSync } from "node:fs";

// The program is gone. Its message: what it said last on standard error.
export class Lost extends Error {}

export class Resident {
  // command: the program and its arguments. folder: an empty one, for the FIFOs.
  constructor(command, folder) {
    this.errors = `${folder}/errors`;
    const [input, output] = [`${folder}/in`, `${folder}/out`];
    execFileSync("mkfifo", [input, output]);
    this.process = spawn("sh", ["-c", 'exec "$@" 2>>"$0/errors" <"$0/in" >"$0/out"', folder, ...command], { stdio: "ignore" });
    this.process.unref();
    this.input = openSync(input, "w");
    this.output = openSync(output, "r");
    this.chunk = Buffer.alloc(1 << 16);
  }

  // What it printed before `end`, which its answer to this text ends with.
  ask(text, end) {
    truncateSync(this.errors);
    try {
      writeAll(this.input, text);
    } catch (error) {
      if (error.code === "EPIPE") throw new Lost(this.said());
      throw error;
    }
    const out = this.#until(end);
    if (out === null) throw new Lost(this.said());
    return out;
  }

  // On standard error, since it was last asked.
  said() {
    return readFileSync(this.errors, "utf8");
  }

  close() {
    closeSync(this.input);
    closeSync(this.output);
  }

  #until(end) {
    const chunks = [];
    for (let tail = ""; !tail.endsWith(end); ) {
      const n = readSync(this.output, this.chunk);
      if (n === 0) return null;
      const chunk = Buffer.from(this.chunk.subarray(0, n));
      chunks.push(chunk);
      tail = (tail + chunk.toString("latin1")).slice(-end.length);
    }
    return Buffer.concat(chunks).toString().slice(0, -end.length);
  }
}

function writeAll(fd, text) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}
