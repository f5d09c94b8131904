// Several nodes, NATS and one live session with people on all of them, who go elsewhere when their node is not there; and
// what must hold afterwards: nothing acknowledged is lost or double, and everybody sees the same, which is what the
// database has.
import assert from "node:assert/strict";
import { waitFor } from "../../e2e/lib/cleanup.mjs";
import { request } from "../../e2e/lib/http.mjs";
import { Live } from "../../e2e/lib/live.mjs";
import { hasNats, Nats } from "../../e2e/lib/nats.mjs";
import { deck, hcps, organisation, polls as makePolls } from "../../e2e/lib/people.mjs";
import { Postgres } from "../../e2e/lib/postgres.mjs";
import { Server } from "../../e2e/lib/server.mjs";
import { between, onFailure, random, skip, sleep } from "./case.mjs";
import { Crowd } from "./crowd.mjs";
import { Ledger } from "./ledger.mjs";

const PAGES = 20;
const EQUAL_MS = 5000; // after what was broken is whole again

// Where somebody goes: to their own node while it runs, else to any other. What a Server is for a client.
class Door {
  constructor(nodes, own) {
    Object.assign(this, { nodes, own });
  }
  get server() {
    if (!this.own.gone) return this.own;
    const others = this.nodes.filter((node) => !node.gone);
    return others[Math.floor(random() * others.length)];
  }
  get port() {
    return this.server.port;
  }
  mailed(...args) {
    return this.nodes.map((node) => node.mailed(...args)).find(Boolean);
  }
}

// urls: of each node's NATS, given the real one. Nobody is connected yet.
export async function nodesScene({ members, names = ["a", "b"], polls = 10, urls = (nats) => names.map(() => nats.url), env = {} }) {
  if (!hasNats) skip("nats-server is not installed");
  const pg = new Postgres();
  const nats = await new Nats().start();
  const where = await urls(nats);
  const nodes = names.map((name, i) => new Server({ database: pg, env: { AMPHI_NODE_NAME: name, AMPHI_NATS_URL: where[i], AMPHI_LOOPS: "1", ...env } }));
  onFailure(() => nodes.flatMap((node) => node.log.filter((l) => l.level !== "info").slice(-15).map((l) => `${node.env.AMPHI_NODE_NAME} ${JSON.stringify(l)}`)).join("\n"));
  await nodes[0].start(); // migrates
  await Promise.all(nodes.slice(1).map((node) => node.start()));
  const o = organisation(pg, "Un", { live: true });
  const made = { pg, nats, nodes, o, polls: makePolls(pg, o, 1, polls, { state: "open" }), deck: deck(pg, o, PAGES), pages: PAGES, people: hcps(pg, o, members), ledger: new Ledger(pg, o, nodes.map(({ data }) => data)) };
  const crowd = new Crowd({ ...made, server: new Door(nodes, nodes[0]), elsewhere: true });
  crowd.everybody.forEach((member, i) => (member.server = new Door(nodes, nodes[i % nodes.length])));
  return { ...made, crowd };
}

// Somebody on the staff who sees everything, on one node.
export async function observe({ o }, node) {
  const live = new Live({ port: node.port, cookie: o.staff.organiser.cookie, session: o.session });
  await live.open();
  return live;
}

// Polls that are made and opened while all goes on; who sees one opened votes in it at once, on whatever node.
export function pollsAsWeGo({ o, nodes, ledger, crowd }, everyMs) {
  const done = [];
  for (const member of crowd.members)
    member.onEvent = ({ event, data }) => {
      const id = data.poll?.id ?? data.poll;
      if (event === "poll.opened" && !ledger.votes.sent.has(`${id} ${member.person.registration}`)) done.push(vote(member, id));
    };
  async function vote(member, id) {
    const k = `${id} ${member.person.registration}`, choice = 1 + Math.floor(random() * 3);
    ledger.votes.ask(k, choice);
    const { ok, code } = await member.do("poll.vote", { poll: id, choices: [choice] });
    if (code === "over") return;
    if (!ok) throw new Error(`a vote in a new poll was refused: ${code}`);
    ledger.votes.ack(k, choice);
  }
  async function go() {
    for (let n = 0; crowd.running; n++) {
      const node = nodes.filter((x) => !x.gone)[n % nodes.filter((x) => !x.gone).length];
      const made = await request({ port: node.port, method: "POST", path: `/api/sessions/${o.session}/polls`, cookie: o.staff.host.cookie,
        body: { question: `New ${n}`, choice: "single", options: ["A", "B", "C"] } }).catch(() => null);
      if (made?.status === 201) {
        const { code } = await crowd.host.do("poll.open", { poll: made.json.id });
        if (code && !["over", "poll.state", "not_found"].includes(code)) throw new Error(`a poll was not opened: ${code}`);
      }
      await Promise.race([sleep(everyMs), crowd.stopped]);
    }
    await Promise.all(done);
  }
  const all = go();
  all.catch(() => {});
  crowd.failed = Promise.all([crowd.failed, all]);
  crowd.failed.catch(() => {});
}

// People's connections break, and they come back, here or elsewhere.
export async function comeAndGo({ crowd, nodes }, ms, everyMs) {
  for (const until = Date.now() + ms; Date.now() < until; await sleep(between(0, 2 * everyMs))) {
    const member = crowd.members[Math.floor(random() * crowd.members.length)];
    if (!member.connected) continue;
    member.server = new Door(nodes, nodes[Math.floor(random() * nodes.length)]);
    member.live.terminate();
  }
}

const sorted = (rows) => Object.fromEntries([...rows].sort(([x], [y]) => (x < y ? -1 : 1)));

// What the database says of votes and of who is there.
function truth(pg, o) {
  const tallies = pg.sql(`SELECT p.id, count(v.*), count(*) FILTER (WHERE v.choices & 1 > 0), count(*) FILTER (WHERE v.choices & 2 > 0), count(*) FILTER (WHERE v.choices & 4 > 0)
    FROM poll p LEFT JOIN poll_vote v ON v.poll_id = p.id WHERE p.session_id = '${o.session}' AND p.state <> 'draft' GROUP BY 1`);
  const votes = pg.sql(`SELECT q.id, count(v.*) FROM question q JOIN question_vote v ON v.question_id = q.id WHERE q.session_id = '${o.session}' GROUP BY 1`);
  const [[people]] = pg.sql(`SELECT count(DISTINCT registration_id) FROM span p JOIN node n ON n.id = p.node_id
    WHERE session_id = '${o.session}' AND kind = 'connected' AND left_at IS NULL AND registration_id IS NOT NULL AND n.renewed_at > clock_timestamp() - interval '2.5 s'`);
  return {
    tallies: sorted(tallies.map(([id, voters, ...counts]) => [id, { voters: Number(voters), counts: counts.map(Number) }])),
    votes: sorted(votes.map(([id, n]) => [id, Number(n)])),
    people: Number(people),
  };
}

// As browsers do: of a question's votes, what was told last.
function questionVotes(live) {
  const votes = new Map();
  for (const frame of live.seen) {
    for (const q of frame.ok?.snapshot?.common.questions ?? []) votes.set(q.id, q.votes);
    if (frame.event === "question.changed") votes.set(frame.data.id, frame.data.votes);
    if (frame.state === "question.votes") votes.set(frame.key, frame.data.votes);
  }
  return sorted([...votes].filter(([, n]) => n > 0));
}

function seen(live) {
  const of = (name) => [...live.states].filter(([k]) => k.startsWith(`${name} `)).map(([k, f]) => [k.split(" ")[1], f.data]);
  return {
    tallies: sorted(of("poll.tally").map(([id, t]) => [id, { voters: t.voters, counts: t.counts }])),
    votes: questionVotes(live),
    people: live.states.get("presence.count ")?.data.people,
  };
}

const without = ({ live_seconds, ...figures }) => figures;

async function equalViews(made, observers) {
  const { pg, o } = made;
  const fresh = await Promise.all(made.nodes.filter((node) => !node.gone).map((node) => observe(made, node)));
  const figures = (live) => live.states.get("participation ")?.data;
  let last = "";
  const all = () => {
    const should = truth(pg, o);
    for (const live of [...observers, ...fresh]) {
      try {
        assert.deepEqual(seen(live), should);
        assert.deepEqual(without(figures(live) ?? {}), without(figures(observers[0]) ?? {}));
        assert.equal(figures(live).present, should.people);
      } catch (error) {
        last = error.message;
        return false;
      }
    }
    return true;
  };
  const began = Date.now();
  await waitFor("all nodes to agree with the database", all, EQUAL_MS).catch((error) => {
    throw new Error(`${error.message}\n${last}`);
  });
  fresh.forEach((live) => live.close());
  return Date.now() - began;
}

// After finish(), nothing broken any more. observers: from the beginning to the end, one on each node that was there.
export async function verifyNodes(made, observers, figures) {
  figures.equal_ms = await equalViews(made, observers);
  // Votes are no events: one that tells of a question has those that this node knew then, and states follow.
  const told = (data) => JSON.parse(JSON.stringify(data, (key, value) => (key === "votes" ? undefined : value)));
  const events = (live) => live.events.map(({ seq, event, data }) => ({ seq, event, data: told(data) }));
  for (const live of observers) {
    const seqs = live.events.map(({ seq }) => seq);
    assert.deepEqual(seqs, [...new Set(seqs)].sort((x, y) => x - y), "events come once, in order");
    assert.equal(live.seq, observers[0].seq);
    const from = Math.max(observers[0].joined.seq, live.joined.seq);
    assert.deepEqual(events(live).filter(({ seq }) => seq > from), events(observers[0]).filter(({ seq }) => seq > from), "the same events on every node");
  }
  made.ledger.verify();
  Object.assign(figures, made.ledger.acknowledged);
}
