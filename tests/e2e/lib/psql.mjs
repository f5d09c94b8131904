// A psql that stays, so that a statement of a test costs neither a process nor a backend of its own. Tests call it and wait, as for a
// function: its input and output are FIFOs, which block.
import { execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync, truncateSync, writeSync } from "node:fs";

const OPTIONS = ["-X", "-q", "-A", "-t", "-F", "\t", "-P", "null=\\N"];

export class Lost extends Error {}

export class Psql {
  // folder: an empty one, for the FIFOs.
  constructor(program, url, folder) {
    this.errors = `${folder}/errors`;
    const [input, output] = [`${folder}/in`, `${folder}/out`];
    execFileSync("mkfifo", [input, output]);
    this.process = spawn("sh", ["-c", 'exec "$@" 2>>"$0/errors" <"$0/in" >"$0/out"', folder, program, url, ...OPTIONS], { stdio: "ignore" });
    this.process.unref();
    this.input = openSync(input, "w");
    this.output = openSync(output, "r");
    this.chunk = Buffer.alloc(1 << 16);
  }

  // All of the text in one transaction; what it printed. Lost: the connection is, and this psql with it.
  run(text) {
    const mark = randomUUID();
    truncateSync(this.errors);
    try {
      writeAll(this.input, `BEGIN;\n${text}\n;COMMIT;\nRESET ALL;\nSELECT '${mark}';\n`);
    } catch (error) {
      if (error.code === "EPIPE") throw new Lost(this.#said());
      throw error;
    }
    const out = this.#until(`${mark}\n`);
    const said = this.#said();
    if (out === null) throw new Lost(said);
    if (/^(psql:[^\n]*)?(ERROR|FATAL):/m.test(said)) throw new Error(said);
    return out;
  }

  close() {
    closeSync(this.input);
    closeSync(this.output);
  }

  #said() {
    return readFileSync(this.errors, "utf8");
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
