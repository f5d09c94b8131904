// People in a session who do what people do: vote, ask, support questions, register, while a host
// moves slides and a moderator approves. All of it goes into the ledger. What is not answered is
// sent again until it is, so after finish() the outcome of everything is known.
import { randomUUID } from "node:crypto";
import { onCleanup, waitFor } from "../../e2e/lib/cleanup.mjs";
import { request } from "../../e2e/lib/http.mjs";
import { Resuming } from "../../e2e/lib/resuming.mjs";
import { between, random, sleep } from "./case.mjs";

const HEARD_MS = 6000; // until a node knows what another one committed, whatever becomes of their messages
const ASKED_MOST = 45; // a person may ask 50
const address = () => `127.${Math.floor(between(1, 255))}.${Math.floor(between(0, 256))}.${Math.floor(between(1, 255))}`;

export class Crowd {
  // scene: {server, o, people, polls, deck, pages, ledger, elsewhere: people are on several nodes}
  constructor(scene) {
    Object.assign(this, scene);
    this.tries = []; // {name, ms, code, at} of every answer
    this.approved = [];
    this.running = false;
    this.jobs = [];
    const member = (person) =>
      new Resuming({ server: this.server, person, session: this.o.session, from: address(), onAnswer: (name, ms, code) => this.tries.push({ name, ms, code, at: Date.now() }) });
    this.members = this.people.map(member);
    this.host = member(this.o.staff.host);
    this.moderator = member(this.o.staff.moderator);
    this.everybody = [...this.members, this.host, this.moderator];
    onCleanup(() => this.end());
  }

  // Everybody but those who come later.
  async enter(later = []) {
    const now = this.everybody.filter((m) => !later.includes(m));
    this.host.onJoined = (joined) => joined.snapshot && (this.version = joined.snapshot.common.session.version);
    this.host.onEvent = (event) => event.data.version && (this.version = Math.max(this.version, event.data.version));
    for (let i = 0; i < now.length; i += 50) await Promise.all(now.slice(i, i + 50).map((m) => m.connect()));
  }

  async #vote(member) {
    const registration = member.person.registration;
    const poll = this.polls.find((p) => !this.ledger.votes.sent.has(`${p} ${registration}`));
    if (!poll) return this.#support(member);
    const choice = 1 + Math.floor(random() * 3);
    this.ledger.votes.ask(`${poll} ${registration}`, choice);
    const { ok, code } = await member.do("poll.vote", { poll, choices: [choice] });
    if (code === "over") return;
    if (!ok) throw new Error(`a vote was refused: ${code}`);
    if (ok.choices[0] !== choice) throw new Error(`a vote for ${choice} is said to be ${ok.choices}`);
    this.ledger.votes.ack(`${poll} ${registration}`, choice);
  }

  async #ask(member) {
    member.asked = (member.asked ?? 0) + 1;
    if (member.asked > ASKED_MOST) return this.#support(member);
    const question = randomUUID();
    const text = `Question ${member.asked}: ${question}`;
    this.ledger.questions.ask(question, { registration: member.person.registration, text });
    const { ok, code } = await member.do("question.ask", { question, text, anonymous: random() < 0.5 });
    if (code === "over") return;
    if (!ok) throw new Error(`a question was refused: ${code}`);
    this.ledger.questions.ack(question, { registration: member.person.registration, text });
    if (this.toApprove === undefined) this.toApprove = { question, member };
  }

  // Something that somebody else made: another node hears of it in time.
  async #once(member, name, data) {
    for (const until = Date.now() + HEARD_MS; ; await sleep(100)) {
      const outcome = await member.do(name, data);
      if (!["not_found", "question.state"].includes(outcome.code) || this.elsewhere !== true || Date.now() > until) return outcome;
    }
  }

  async #support(member) {
    const found = this.approved[Math.floor(random() * this.approved.length)];
    if (!found || found.member === member) return;
    const k = `${found.question} ${member.person.registration}`;
    if (this.ledger.supports.sent.has(k)) return;
    this.ledger.supports.ask(k, true);
    const { ok, code } = await this.#once(member, "question.vote", { question: found.question });
    if (code === "over") return;
    if (!ok) throw new Error(`a vote for a question was refused: ${code}`);
    this.ledger.supports.ack(k, true);
  }

  async #behave(member) {
    if (member.over) return;
    const what = random();
    if (what < 0.55) await this.#vote(member);
    else if (what < 0.7) await this.#ask(member);
    else if (what < 0.85) await this.#support(member);
    else {
      member.visible = !member.visible;
      await member.do("presence.visible", { visible: member.visible });
    }
  }

  async #approve() {
    const found = this.toApprove;
    if (!found) return;
    const { ok, code } = await this.#once(this.moderator, "question.approve", { question: found.question });
    if (code === "over") return;
    // Sent again because its answer was lost, it finds the question approved already.
    if (!ok && code !== "question.state") throw new Error(`an approval was refused: ${code}`);
    this.ledger.approvals.ack(found.question, true);
    this.approved.push(found);
    this.toApprove = undefined;
  }

  // The version tells whether a move whose answer was lost was kept.
  async #move() {
    const version = this.version;
    const page = 1 + Math.floor(random() * this.pages);
    this.ledger.moves.ask(version + 1, page);
    const { ok, code } = await this.host.do("slide.move", { version, deck: this.deck, page });
    if (ok) {
      this.ledger.moves.ack(ok.version, page);
      this.version = Math.max(this.version, ok.version);
    } else if (code === "over") return;
    else if (code === "session.version") await waitFor("the host to see a newer version", () => !this.running || this.version > version, 30000);
    else throw new Error(`a slide move was refused: ${code}`);
  }

  // A form, and the link that it is answered with: what is acknowledged by that is a registration.
  async #register() {
    const email = `new-${randomUUID()}@example.org`;
    const form = {
      email, first_name: "Ada", last_name: "Lovelace", language: "fr", profession: "10", specialty: "SM04", practice_setting: "SA01", region: "11", age_band: "45_54",
      consents: [{ kind: "participation", version: 1, given: true }, { kind: "contact", version: 1, given: false }],
    };
    this.ledger.registrations.ask(email, true);
    if (!(await this.#insist("register", `/api/registration-pages/${this.o.code}`, form, 202))) return;
    const token = await this.#mailedToken(email);
    if (token && (await this.#insist("confirm", "/api/join", { token }, 200))) this.ledger.registrations.ack(email, true);
  }

  // Until it is answered. False: the crowd went home meanwhile.
  async #insist(name, path, body, expected) {
    while (!this.over) {
      const at = Date.now();
      const answer = await request({ port: this.server.port, method: "POST", path, body, from: address(), timeout: 100000 }).catch(() => null);
      if (answer) this.tries.push({ name, ms: Date.now() - at, code: answer.json?.code, at: Date.now() });
      if (answer?.status === expected) return true;
      if (answer && answer.status !== 503) throw new Error(`${name} was refused: ${answer.status} ${answer.text}`);
      await sleep(between(100, 500));
    }
    return false;
  }

  async #mailedToken(email) {
    while (!this.over) {
      const link = this.server.mailed(email, "join");
      if (link) return link.split("#")[1];
      await sleep(200);
    }
    return null;
  }

  #repeat(act, meanMs) {
    const loop = async () => {
      while (this.running) {
        await Promise.race([sleep(-Math.log(1 - random()) * meanMs), this.stopped]);
        if (this.running) await act();
      }
    };
    this.jobs.push(loop());
  }

  // perSecond: what members do, all together.
  start({ perSecond = 150, registrants = 4, registerEveryMs = 400, moveEveryMs = 120 } = {}) {
    this.running = true;
    this.stopped = new Promise((resolve) => (this.stop = resolve));
    const each = (this.members.length / perSecond) * 1000;
    for (const member of this.members) this.#repeat(() => this.#behave(member), each);
    for (let i = 0; i < registrants; i++) this.#repeat(() => this.#register(), registerEveryMs);
    this.#repeat(() => this.#move(), moveEveryMs);
    this.#repeat(() => this.#approve(), 300);
    this.failed = Promise.all(this.jobs);
    this.failed.catch(() => {});
  }

  // Fails when somebody was answered what nobody should be.
  async during(promise) {
    return Promise.race([promise, this.failed.then(() => promise)]);
  }

  allConnected() {
    return this.everybody.every((m) => m.connected);
  }

  // Nothing new; everything that was sent is answered.
  async finish(ms = 30000) {
    this.running = false;
    this.stop();
    const late = sleep(ms).then(() => {
      const pending = this.everybody.flatMap((m) => [...m.pending].map((c) => c.name));
      throw new Error(`${pending.length} commands were not answered within ${ms} ms: ${[...new Set(pending)].join(" ")}; ${this.everybody.filter((m) => !m.connected).length} people are away`);
    });
    late.catch(() => {});
    await Promise.race([this.failed, late]);
  }

  end() {
    this.running = false;
    this.over = true;
    for (const member of this.everybody) member.end();
  }
}
