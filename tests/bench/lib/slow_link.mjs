// A process between a standby and its primary: what the standby says, and so the end of each commit, comes so many ms later.
// Arguments: the socket to listen at, and the primary's; {ms} by IPC changes the delay. A process of its own, since a test
// that waits for a commit would hold up what the commit waits for.
import { chmodSync } from "node:fs";
import net from "node:net";

const [own, primary] = process.argv.slice(2);
let ms = 0;
process.on("message", (told) => ({ ms } = told)).on("disconnect", () => process.exit());

net.createServer((near) => {
  const far = net.connect(primary);
  for (const socket of [near, far]) socket.setNoDelay?.(true);
  near.on("data", (bytes) => (ms > 0 ? setTimeout(() => far.write(bytes), ms) : far.write(bytes)));
  far.on("data", (bytes) => near.write(bytes));
  near.on("error", () => {}).on("close", () => far.destroy());
  far.on("error", () => {}).on("close", () => near.destroy());
}).listen(own, () => {
  chmodSync(own, 0o777);
  process.send("ready");
});
