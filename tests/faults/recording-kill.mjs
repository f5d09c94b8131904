// SIGKILL of the server while it records. The rule: of what was said a second is missing at most, and the film of it plays to its end and
// seeks in a browser.
import assert from "node:assert/strict";
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { Live } from "../e2e/lib/live.mjs";
import { between, fault, quantile, seed, short, sleep } from "./lib/case.mjs";
import { film, play } from "./lib/film.mjs";
import { room } from "./lib/room.mjs";
import { onStage, publisher } from "../e2e/lib/talking.mjs";

const ROUNDS = short ? 1 : 12;

await fault({ limit: 900 }, async (figures) => {
  const made = await room();
  const { server, o, pg } = made;
  const missing = [];
  let made_of = null;
  for (let round = 0; round < ROUNDS; round++) {
    const host = await onStage(made, o.staff.host);
    await host.command("recording.consent", { given: true });
    const voice = await publisher(made, o.staff.host);
    await host.command("recording.start");
    const began = Date.now();
    await voice.speak(short ? 2500 : between(1500, 25000)); // over the end of a chunk, too
    const killed = Date.now();
    await server.kill("SIGKILL");
    await sleep(short ? 0 : between(0, 500));
    await server.start();
    const again = await new Live({ port: server.port, cookie: o.staff.organiser.cookie, session: o.session }).open();
    const { recording } = again.joined.snapshot.common.recording.running;
    await again.command("recording.stop");
    const kept = await waitFor("what was kept", () => {
      const [[from, to]] = pg.sql(`SELECT extract(epoch FROM min(from_at)) * 1000, extract(epoch FROM max(to_at)) * 1000 FROM recording_chunk WHERE recording_id = '${recording}'`);
      return to !== "\\N" && { from: Number(from), to: Number(to) };
    });
    missing.push(killed - kept.to);
    assert.ok(kept.from - began < 1000 && killed - kept.to < 1000, `${killed - kept.to} ms are missing, ${kept.from - began} at the beginning`);
    made_of = await film(made, recording);
    assert.ok(Math.abs(made_of.seconds - (kept.to - kept.from) / 1000) <= 1, `${made_of.seconds} s of film`);
    voice.socket.terminate();
    again.close();
  }
  const { duration, end } = await play(made, made_of);
  assert.ok(Math.abs(duration - made_of.seconds) <= 1 && end > duration - 0.3, `it plays ${end} of ${duration} s`);
  Object.assign(figures, { rounds: ROUNDS, missing_p50_ms: quantile(missing, 0.5), missing_most_ms: Math.max(...missing), film_s: duration, seed });
});
