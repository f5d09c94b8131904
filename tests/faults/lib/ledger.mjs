// The independent checker. Clients note here what they sent and what they saw acknowledged; verify()
// then looks into the database with SQL of its own, which it shares with nobody.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";

const id = (uuid) => `'${uuid}'`;
const key = (...parts) => parts.join(" ");

// At most this many of what is wrong, so that a message stays readable.
function none(faults, what) {
  assert.equal(faults.length, 0, `${what}: ${faults.length}, such as ${faults.slice(0, 3).join("; ")}`);
}

class Book {
  sent = new Map();
  kept = new Map(); // acknowledged
  ask(of, value) {
    this.sent.set(of, value);
  }
  ack(of, value) {
    this.kept.set(of, value);
  }
}

export class Ledger {
  // data: the server's data folder, where mails are files.
  constructor(pg, o, data) {
    Object.assign(this, { pg, o, data });
    this.votes = new Book(); // "poll registration" → position
    this.questions = new Book(); // id → {registration, text}
    this.supports = new Book(); // "question registration"
    this.approvals = new Book(); // question
    this.registrations = new Book(); // address
    this.moves = new Book(); // version after it → page
    this.ended = []; // {node, leaseAt, spans}: what a killed server left open
  }

  get acknowledged() {
    const books = { votes: this.votes, questions: this.questions, supports: this.supports, approvals: this.approvals, registrations: this.registrations, moves: this.moves };
    return Object.fromEntries(Object.entries(books).filter(([, b]) => b.kept.size > 0).map(([n, b]) => [n, b.kept.size]));
  }

  // To be called while the killed server is down: what it left open, and its last lease in seconds.
  noteKilled() {
    const [[node, leaseAt, lease]] = this.pg.sql("SELECT id, lease_at, extract(epoch FROM lease_at) FROM node ORDER BY started_at DESC, lease_at DESC LIMIT 1");
    const spans = this.pg.sql(`SELECT id, coalesce(registration_id, account_id) FROM span WHERE node_id = ${id(node)} AND left_at IS NULL AND kind = 'connected'`);
    this.ended.push({ node, leaseAt, spans: spans.map(([span]) => span) });
    return { node, lease: Number(lease), present: new Set(spans.map(([, person]) => person)) };
  }

  #verifyVotes() {
    const rows = this.pg.sql(`SELECT v.poll_id, v.registration_id, v.choices FROM poll_vote v JOIN poll p ON p.id = v.poll_id WHERE p.session_id = ${id(this.o.session)}`);
    const held = new Map();
    const wrong = [];
    for (const [poll, registration, bits] of rows) {
      const k = key(poll, registration);
      if (held.has(k)) wrong.push(`${k} twice`);
      held.set(k, Number(bits));
      if (!this.votes.sent.has(k)) wrong.push(`${k} never sent`);
      else if (Number(bits) !== 1 << (this.votes.sent.get(k) - 1)) wrong.push(`${k} holds ${bits}`);
    }
    none(wrong, "votes that are wrong");
    none([...this.votes.kept].filter(([k, choice]) => held.get(k) !== 1 << (choice - 1)).map(([k]) => k), "acknowledged votes that are lost");
  }

  #verifyQuestions() {
    const held = new Map(this.pg.sql(`SELECT id, registration_id, text, state FROM question WHERE session_id = ${id(this.o.session)}`).map(([q, registration, text, state]) => [q, { registration, text, state }]));
    const same = (q, { registration, text }) => held.get(q)?.registration === registration && held.get(q)?.text === text;
    none([...held.keys()].filter((q) => !this.questions.sent.has(q) || !same(q, this.questions.sent.get(q))), "questions that nobody asked so");
    none([...this.questions.kept].filter(([q, asked]) => !same(q, asked)).map(([q]) => q), "acknowledged questions that are lost");
    none([...this.approvals.kept.keys()].filter((q) => held.get(q)?.state !== "approved"), "approvals that are lost");
    const told = this.pg.sql(`SELECT payload->>'question', count(*) FROM session_event WHERE session_id = ${id(this.o.session)} AND type = 'question.asked' GROUP BY 1`);
    none(told.filter(([, n]) => n !== "1").map(([q]) => q), "questions that are in the log twice");
    none([...held.keys()].filter((q) => !told.some(([t]) => t === q)), "questions that are not in the log");
    const supports = this.pg.sql(`SELECT question_id, registration_id, count(*) FROM question_vote WHERE session_id = ${id(this.o.session)} GROUP BY 1, 2`);
    const supported = new Set(supports.map(([q, registration]) => key(q, registration)));
    none(supports.filter(([q, registration, n]) => n !== "1" || !this.supports.sent.has(key(q, registration))).map(([q, r]) => key(q, r)), "votes for questions that are double or nobody's");
    none([...this.supports.kept.keys()].filter((k) => !supported.has(k)), "acknowledged votes for questions that are lost");
  }

  // A registration is a person, a registration, a consent, a line in the audit and a mail.
  #verifyRegistrations() {
    const rows = this.pg.sql(`
      SELECT h.email, (SELECT count(*) FROM registration r WHERE r.hcp_id = h.id),
             (SELECT count(*) FROM registration r JOIN registration_consent c ON c.registration_id = r.id WHERE r.hcp_id = h.id AND c.kind = 'participation' AND c.given),
             (SELECT count(*) FROM registration r JOIN audit_log a ON a.object_id = r.id AND a.action = 'registration.create' WHERE r.hcp_id = h.id)
        FROM hcp h WHERE h.organisation_id = ${id(this.o.id)} AND h.email LIKE 'new-%'`);
    const held = new Map(rows.map(([email, ...counts]) => [email, counts.map(Number)]));
    none([...this.registrations.kept.keys()].filter((email) => !held.has(email)), "acknowledged registrations that are lost");
    none([...held].filter(([email, [r, consents, audits]]) => !this.registrations.sent.has(email) || r !== 1 || consents !== 1 || audits !== 1).map(([email, n]) => `${email} ${n}`), "registrations that are double or in part");
    const waiting = new Set(this.pg.sql("SELECT to_address FROM outbox WHERE to_address IS NOT NULL").map(([to]) => to));
    const folders = [this.data].flat().map((data) => `${data}/mail`).filter(existsSync); // of each node
    const files = folders.flatMap((folder) => readdirSync(folder).filter((f) => f.endsWith(".eml")).map((f) => `${folder}/${f}`));
    const delivered = new Set(files.map((f) => /^To:.*?([^\s<]+@[^\s>]+)/im.exec(readFileSync(f, "utf8"))?.[1]));
    none([...this.registrations.kept.keys()].filter((email) => !waiting.has(email) && !delivered.has(email)), "acknowledged registrations without a mail");
  }

  #verifyMoves() {
    const log = this.pg.sql(`SELECT payload->>'version', payload->>'page', seq FROM session_event WHERE session_id = ${id(this.o.session)} AND type = 'slide.moved' ORDER BY seq`);
    const held = new Map();
    const wrong = [];
    for (const [version, page] of log) {
      if (held.has(Number(version))) wrong.push(`version ${version} twice`);
      if (held.size > 0 && Number(version) <= [...held.keys()].at(-1)) wrong.push(`version ${version} out of order`);
      held.set(Number(version), Number(page));
    }
    none(wrong, "slide moves that are wrong");
    none([...this.moves.kept].filter(([version, page]) => held.get(version) !== page).map(([version]) => version), "acknowledged slide moves that are lost");
    if (log.length === 0) return;
    const [[page]] = this.pg.sql(`SELECT page FROM slide_position WHERE session_id = ${id(this.o.session)}`);
    assert.equal(Number(page), [...held.values()].at(-1), "what is on is what the log says last");
    const [[version]] = this.pg.sql(`SELECT version FROM session WHERE id = ${id(this.o.session)}`);
    assert.ok(Number(version) >= [...held.keys()].at(-1), "the session's version is that of its last change");
  }

  #verifyLog() {
    const [[count, first, last, seq]] = this.pg.sql(`SELECT count(*), coalesce(min(e.seq), 1), coalesce(max(e.seq), 0), s.seq FROM session s LEFT JOIN session_event e ON e.session_id = s.id WHERE s.id = ${id(this.o.session)} GROUP BY s.seq`)
      .map((row) => row.map(Number));
    const events = this.pg.sql(`SELECT count(*) FROM session_event WHERE session_id = ${id(this.o.session)}`)[0][0];
    assert.ok(first === 1 && last === seq && Number(events) === seq, `the log's seq has gaps: ${count} events from ${first} to ${last}, the session says ${seq}`);
  }

  // What a killed server left open ends at its last lease, and nothing of it stays open.
  #verifySpans() {
    const faults = [];
    for (const { node, leaseAt, spans } of this.ended) {
      const rows = this.pg.sql(`SELECT id, left_at IS NOT NULL AND left_at = greatest(joined_at, '${leaseAt}'::timestamptz), coalesce(left_at::text, 'open') FROM span WHERE node_id = ${id(node)} AND kind = 'connected'`);
      const ends = new Map(rows.map(([span, right, at]) => [span, right === "t" ? null : at]));
      for (const span of spans) if (ends.get(span) !== null) faults.push(`${span} ends ${ends.get(span)} instead of ${leaseAt}`);
    }
    none(faults, "spans of a killed server that do not end at its last lease");
    const open = this.pg.sql("SELECT s.id FROM span s JOIN node n ON n.id = s.node_id WHERE s.left_at IS NULL AND n.stopped_at IS NOT NULL");
    none(open.map(([span]) => span), "spans of a stopped server that are still open");
  }

  verify() {
    this.#verifyVotes();
    this.#verifyQuestions();
    this.#verifyRegistrations();
    this.#verifyMoves();
    this.#verifyLog();
    this.#verifySpans();
  }
}
