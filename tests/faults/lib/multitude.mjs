// Very many members in processes of their own, so that none of them waits for another's encryption.
import { fork } from "node:child_process";
import { onCleanup } from "../../e2e/lib/cleanup.mjs";
import { FINAL, Member, openAll } from "./member.mjs";

// Members come from addresses spread over 127.0.0.0/8: what is limited per address is not in their way.
const addressOf = (i) => `127.${1 + (i % 200)}.${1 + (Math.floor(i / 200) % 250)}.2`;

export class Multitude {
  constructor({ port, session, cookies, processes = 1 }) {
    const each = Math.ceil(cookies.length / processes);
    this.parts = [];
    for (let i = 0; i < cookies.length; i += each) {
      const part = fork(new URL(import.meta.url).pathname, ["multitude"], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
      part.send({ port, session, cookies: cookies.slice(i, i + each), first: i });
      onCleanup(() => part.kill("SIGKILL"));
      this.parts.push(part);
    }
  }

  async #ask(question) {
    const answers = await Promise.all(this.parts.map((part) => new Promise((resolve, reject) => {
      part.once("message", (answer) => (answer.error ? reject(new Error(answer.error)) : resolve(answer)));
      part.send({ ask: question });
    })));
    const sum = { online: 0, joins: 0, resumes: 0, finals: 0, newest: 0, oldest: Infinity };
    for (const a of answers) {
      for (const key of ["online", "joins", "resumes", "finals"]) sum[key] += a[key];
      sum.newest = Math.max(sum.newest, a.newest);
      sum.oldest = Math.min(sum.oldest, a.oldest);
    }
    return sum;
  }

  // Resolves when all are in.
  open() {
    return this.#ask("open");
  }

  // newest and oldest: of the seqs that members are at; finals: closed for good.
  status() {
    return this.#ask("status");
  }
}

function serve() {
  let members = [];
  let finals = 0;
  process.on("message", async (message) => {
    try {
      if (message.cookies) {
        const { port, session, cookies, first } = message;
        members = cookies.map((cookie, i) => new Member({ port, session, cookie, localAddress: addressOf(first + i), comesBack: true }));
        for (const m of members) m.onClose = (_, code) => FINAL.has(code) && finals++;
        return;
      }
      if (message.ask === "open") await openAll(members, 48);
      const seqs = members.map((m) => m.place?.seq ?? 0);
      process.send({
        online: members.filter((m) => m.online).length,
        joins: members.reduce((n, m) => n + m.joins, 0),
        resumes: members.reduce((n, m) => n + m.resumes, 0),
        finals,
        newest: seqs.reduce((a, b) => Math.max(a, b), 0),
        oldest: seqs.reduce((a, b) => Math.min(a, b), Infinity),
      });
    } catch (error) {
      process.send({ error: error.message });
    }
  });
}

if (process.argv[2] === "multitude") serve();
