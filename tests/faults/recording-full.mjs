// The disk is full while it records. The rule: the recording stops and says that it is for want of space, what was said before is kept
// and becomes a film, the stage goes on for whoever follows, and with space again another recording begins.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { onCleanup, waitFor } from "../e2e/lib/cleanup.mjs";
import { temporaryFolder } from "../e2e/lib/postgres.mjs";
import { fault, short, skip } from "./lib/case.mjs";
import { film } from "./lib/film.mjs";
import { room } from "./lib/room.mjs";
import { stage } from "../e2e/lib/talking.mjs";

function smallDisk() {
  const folder = temporaryFolder("disk");
  if (process.getuid() !== 0) skip("needs root for a tmpfs");
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256m,mode=777", "tmpfs", folder], { stdio: "pipe" });
  } catch (error) {
    skip(`cannot mount a tmpfs: ${String(error.stderr).trim()}`);
  }
  onCleanup(() => execFileSync("umount", ["-l", folder]));
  return folder;
}

// Leaves so many bytes.
function fill(folder, ballast, leave) {
  const file = openSync(ballast, "a");
  const piece = Buffer.alloc(1 << 16);
  const left = () => statfsSync(folder).bavail * statfsSync(folder).bsize - leave;
  while (left() > 0) writeSync(file, piece, 0, Math.min(left(), piece.length));
  closeSync(file);
}

await fault({ limit: 300 }, async (figures) => {
  const folder = smallDisk();
  const made = await room({ people: 1, data: `${folder}/var`, env: { AMPHI_DISK_FLOOR_MB: short ? "4" : "0" } });
  const { host, live, hcp } = await stage(made);
  await live.command("recording.consent", { given: true });
  const stopped = () => hcp.live.events.filter(({ event }) => event === "recording.stopped");
  hcp.live.keep = true;
  const ballast = `${folder}/ballast`;
  const rounds = short ? 1 : 4;
  for (let round = 0; round < rounds; round++) {
    await host.command("recording.start");
    const said = hcp.late.length;
    await waitFor("two seconds that are recorded", () => hcp.late.length > said + 100);
    hcp.begin();
    const at = Date.now();
    fill(folder, ballast, short ? 1 << 20 : 0);
    await waitFor("the recording to stop", () => stopped().length > round, 20000);
    const { data } = stopped()[round];
    assert.equal(data.why, "storage");
    figures.stopped_after_ms = Date.now() - at;
    await assert.rejects(host.command("recording.start"), { code: "recording.storage" });
    await waitFor("the stage to go on", () => hcp.late.length > 100);
    assert.equal(hcp.lost, 0, "every word was heard");
    assert.ok(hcp.longest < 2000, `nothing for ${hcp.longest} ms`);
    rmSync(ballast);
    const { seconds } = await film(made, data.recording);
    figures.film_s = seconds;
    assert.ok(seconds >= 1, `${seconds} s are kept`);
  }
  await host.command("recording.start");
  await host.command("recording.stop");
  Object.assign(figures, { rounds, ...hcp.figures() });
});
