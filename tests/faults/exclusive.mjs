// A second server on the same data folder, the same private database or the same port refuses to
// start with one clear line, and the first does not notice.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { root } from "../e2e/lib/need.mjs";
import { temporaryFolder } from "../e2e/lib/postgres.mjs";
import { fault, short } from "./lib/case.mjs";
import { scene } from "./lib/scene.mjs";

const TIMES = short ? 1 : 20;

// Beside what the first server does meanwhile.
function start(server, env) {
  return new Promise((resolve) =>
    execFile(server.binary, ["serve"], { cwd: root, env: { ...server.environment(), ...env }, timeout: 20000 }, (error, out, said) => resolve({ status: error?.code ?? (error ? error.signal : 0), said: said.trim() })),
  );
}

await fault({ limit: 300 }, async (figures) => {
  const { server, crowd, ledger } = await scene({ pg: null, members: short ? 40 : 200 });
  await crowd.enter();
  crowd.start({ perSecond: 50 });
  const other = () => ({ AMPHI_DATA: temporaryFolder("second"), AMPHI_PORT: "0", AMPHI_METRICS_PORT: "-1", AMPHI_NODE_NAME: "second" });
  const elsewhere = { DATABASE_URL: `postgresql:///amphi?host=${server.data}/pg/run&user=amphi_app` };
  const cases = [
    ["the same data folder", { ...other(), AMPHI_DATA: server.data }, /another amphi is running on the data folder/],
    ["the same port", () => ({ ...other(), ...elsewhere, AMPHI_PORT: String(server.port) }), /port \d+ is in use/],
    ["the same metrics port", () => ({ ...other(), ...elsewhere, AMPHI_METRICS_PORT: String(server.metricsPort) }), /port \d+ is in use/],
  ];
  let refused = 0;
  for (let time = 0; time < TIMES; time++) {
    for (const [what, env, expected] of cases) {
      const { status, said } = await crowd.during(start(server, typeof env === "function" ? env() : env));
      assert.equal(status, 1, `${what}: ended with ${status}: ${said}`);
      assert.match(said, expected, what);
      assert.equal(said.split("\n").length, 1, `${what}: one line: ${said}`);
      refused++;
    }
  }
  await crowd.finish();
  assert.deepEqual(crowd.everybody.flatMap((m) => m.closes), [], "nobody was disconnected");
  ledger.verify();
  Object.assign(figures, { refused, ...ledger.acknowledged });
});
