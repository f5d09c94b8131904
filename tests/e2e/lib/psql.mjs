// A psql that stays, so that a statement of a test costs neither a process nor a backend of its own.
import { randomUUID } from "node:crypto";
import { Resident } from "./resident.mjs";

const OPTIONS = ["-X", "-q", "-A", "-t", "-F", "\t", "-P", "null=\\N"];

export class Psql {
  // folder: an empty one, which it uses.
  constructor(program, url, folder) {
    this.program = new Resident([program, url, ...OPTIONS], folder);
  }

  // All of the text in one transaction; what it printed. Lost: the connection is, and this psql with it.
  run(text) {
    const mark = randomUUID();
    const out = this.program.ask(`BEGIN;\n${text}\n;COMMIT;\nRESET ALL;\nSELECT '${mark}';\n`, `${mark}\n`);
    const said = this.program.said();
    if (/^(psql:[^\n]*)?(ERROR|FATAL):/m.test(said)) throw new Error(said);
    return out;
  }

  close() {
    this.program.close();
  }
}
