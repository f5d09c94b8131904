// Somebody on the stage vanishes: their packets come no more, and nobody says why. The rule: their tile says so within 5 s, everybody
// else goes on, they keep their place for a minute, and are where they were when they come back; later than that they are off the stage.
import assert from "node:assert/strict";
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { fault, short } from "./lib/case.mjs";
import { room } from "./lib/room.mjs";
import { onStage, publisher, stage, Talker } from "../e2e/lib/talking.mjs";

await fault({ limit: 180 }, async (figures) => {
  const made = await room({ people: 1 });
  const { o } = made;
  const { host, hcp } = await stage(made);
  const live = await onStage(made, o.staff.moderator, { host });
  let gone = await publisher(made, o.staff.moderator);
  let talker = new Talker(gone);
  const state = () => hcp.live.states.get(`stage.streams ${o.staff.moderator.id}`)?.data;
  const left = () => host.events.filter(({ event, data }) => event === "stage.left" && data.person === o.staff.moderator.id);

  const vanish = async () => {
    await waitFor("them to publish", () => state()?.stream === gone.stream);
    hcp.begin();
    const at = Date.now();
    talker.stop();
    gone.socket.pause(); // pings are not answered either
    await waitFor("the tile to say so", () => state().stream === null, 8000);
    const ms = Date.now() - at;
    assert.ok(ms <= 5000, `said after ${ms} ms`);
    assert.ok(Math.abs(Date.parse(state().lost_at) - at) < 5500);
    return { at, ms };
  };

  figures.said_ms = (await vanish()).ms;
  live.terminate(); // their page, too
  const before = gone.stream;
  await new Promise((resolve) => setTimeout(resolve, short ? 1000 : 20000)); // away
  assert.equal(left().length, 0, "the place is kept");
  gone = await publisher(made, o.staff.moderator);
  talker = new Talker(gone);
  await waitFor("them to be back", () => state().stream === gone.stream);
  assert.equal(gone.stream, before, "at the streams of before");
  const place = (await onStage(made, o.staff.moderator, { place: "as it was" })).joined.snapshot.common.stage.people.find(({ id }) => id === o.staff.moderator.id).place;
  assert.equal(place, "stage");
  Object.assign(figures, { others: hcp.figures().heard });
  assert.equal(hcp.lost, 0, "who talked meanwhile was heard");
  if (short) return;

  const { at } = await vanish();
  await waitFor("them to be off the stage", () => left().length > 0, 90000);
  figures.off_after_s = (Date.now() - at) / 1000;
  assert.equal(left()[0].data.why, "lost");
  assert.ok(figures.off_after_s >= 60 && figures.off_after_s < 70, `off after ${figures.off_after_s} s`);
});
