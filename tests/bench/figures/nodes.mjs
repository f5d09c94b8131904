// Two nodes beside one: what a delivery and a join cost, all nodes together, and how much later an event reaches the people
// of the other node. The nodes share a processor, so cost is what counts.
import { waitFor } from "../../e2e/lib/cleanup.mjs";
import { Live } from "../../e2e/lib/live.mjs";
import { hasNats, Nats } from "../../e2e/lib/nats.mjs";
import { cpuNs, residentBytes, tree } from "../lib/cpu.mjs";
import { figure, median, notMeasured } from "../lib/figures.mjs";
import { Amphi } from "../lib/servers.mjs";
import { once } from "./fanout.mjs";

export const names = ["nodes.cpu", "nodes.join", "nodes.later"];

const MOVES = 100;

// One room whose members are on two nodes, as many on each.
class Two extends Amphi {
  async start(how) {
    const nats = await new Nats().start();
    const env = (name) => ({ AMPHI_NODE_NAME: name, AMPHI_NATS_URL: nats.url });
    this.nats = nats;
    await super.start({ ...how, env: env("one") });
    this.other = await new Amphi(this.context).start({ ...how, env: env("other") });
    return this;
  }

  cpu() {
    return super.cpu() + cpuNs(tree(this.other.pid));
  }

  resident() {
    return super.resident() + residentBytes(tree(this.other.pid));
  }

  async join(gen, n) {
    const cookies = this.stage.people.slice(0, n).map((p) => p.cookie);
    const half = Math.floor(n / 2);
    await gen.run("target", this.other.target());
    const there = await gen.connect(half, { cookies: this.stage.file("other", cookies.slice(0, half)) });
    await gen.run("target", this.target());
    const here = await gen.connect(n - half, { cookies: this.stage.file("one", cookies.slice(half)) });
    return { ...here, ms: here.ms + there.ms };
  }

  async stop() {
    await Promise.all([super.stop(), this.other.stop()]);
    await this.nats.kill();
  }
}

// ms from an event at a member of the node where it happened to one of the other node.
async function later(context) {
  const two = await new Two(context).start({ tls: true });
  const { session, staff: { host } } = context.stage.organisation;
  const enter = (server, cookie) => new Live({ port: server.port, cookie, session, check: false }).open();
  const mover = await enter(two, host.cookie);
  const [here, there] = [await enter(two, context.stage.people[0].cookie), await enter(two.other, context.stage.people[1].cookie)];
  const at = new Map();
  for (const live of [here, there]) live.onEvent = ({ seq }) => at.set(live, { ...at.get(live), [seq]: performance.now() });
  let version = context.stage.sessionVersion();
  for (let i = 0; i < MOVES; i++) {
    ({ version } = await mover.command("slide.move", { version, deck: context.stage.deck, page: 1 + (i % 2) }));
    await waitFor("the move", () => [here, there].every((live) => Object.keys(at.get(live) ?? {}).length > i));
  }
  const samples = Object.entries(at.get(here)).map(([seq, ms]) => at.get(there)[seq] - ms);
  [mover, here, there].forEach((live) => live.close());
  await two.stop();
  return samples;
}

export async function run(context) {
  if (!hasNats) return names.map((name) => notMeasured(name, "SKIPPED: nats-server is not installed"));
  const { n, repeats, say, stage } = context;
  stage.need(n);
  const one = [], two = [];
  for (let i = 0; i < repeats; i++) {
    one.push(await once(context, new Amphi(context), n, true));
    two.push(await once(context, new Two(context), n, true));
    say(`nodes ${n} #${i + 1}: ${["event_us", "join_us"].map((what) => `${what} one ${one.at(-1)[what].toFixed(2)} two ${two.at(-1)[what].toFixed(2)}`).join("  ")}  missed ${two.at(-1).missed}`);
  }
  const of = (all, what) => all.map((x) => x[what]);
  const ratio = (m) => m.amphi <= 1.1 * m.one;
  return [
    figure(`nodes.cpu.${n}`, "us/delivery", { amphi: of(two, "event_us"), one: of(one, "event_us") }, { text: "<= 1.1 x one node", holds: ratio }),
    figure(`nodes.join.${n}`, "us", { amphi: of(two, "join_us"), one: of(one, "join_us") }, { text: "<= 1.1 x one node", holds: ratio }),
    figure("nodes.later", "ms", { amphi: median(await later(context)) }, { text: "<= 5 ms", holds: (m) => m.amphi <= 5 }),
  ];
}
