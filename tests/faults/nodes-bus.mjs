// The bus drops, doubles and reorders messages between two nodes, while people on both vote, also in polls that are just
// opened, ask, come and go. Once it behaves, all nodes say within 5 s what the database has.
import { fault, seed, short } from "./lib/case.mjs";
import { BusProxy } from "./lib/bus.mjs";
import { comeAndGo, nodesScene, observe, pollsAsWeGo, verifyNodes } from "./lib/nodes.mjs";

const BAD_MS = short ? 4000 : 60000;

await fault({ limit: 150 }, async (figures) => {
  const proxies = [];
  const urls = async (nats) => {
    for (let i = 0; i < 2; i++) proxies.push(await new BusProxy(nats).listen());
    return proxies.map(({ url }) => url);
  };
  const made = await nodesScene({ members: short ? 40 : 200, urls });
  const { crowd, nodes } = made;
  const observers = await Promise.all(nodes.map((node) => observe(made, node)));
  await crowd.enter();
  proxies.forEach((proxy) => (proxy.bad = true));
  crowd.start({ perSecond: short ? 80 : 150, registrants: 1 });
  pollsAsWeGo(made, 300);
  await crowd.during(comeAndGo(made, BAD_MS, 100));
  proxies.forEach((proxy) => (proxy.bad = false));
  await crowd.finish();
  for (const { count } of proxies) for (const [what, n] of Object.entries(count)) figures[what] = (figures[what] ?? 0) + n;
  Object.assign(figures, { seed });
  await verifyNodes(made, observers, figures);
});
