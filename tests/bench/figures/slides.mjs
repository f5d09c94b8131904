// The image of the next page to every member, ahead of the change: by frames of the websocket, or by
// a GET of each member's own. What one image costs the server's processor, and who had it in time.
import { figure } from "../lib/figures.mjs";
import { upload } from "../lib/deck.mjs";
import { median } from "../lib/figures.mjs";

export const names = ["slides.cpu", "slides.in_time", "slides.http_in_time"];

const SPREAD_MS = 8000; // slide_spread_ms, the server's default
const GAP_MS = 9000; // less than an idle connection lives
const MOVES = 3;

// [label, arguments of the phase, configuration]
const WAYS = [
  ["websocket", { way: "websocket" }, { AMPHI_SLIDE_PUSH: "true" }],
  ["http_kept", { way: "http", keep: true }, { AMPHI_SLIDE_PUSH: "false" }],
  ["http_new", { way: "http", keep: false }, { AMPHI_SLIDE_PUSH: "false" }],
];

async function once(context, deck, n, args, env) {
  const gen = context.generator();
  const server = new context.servers.Amphi(context);
  await server.start({ tls: true, env: { AMPHI_DATA: deck.data, AMPHI_SLIDE_SPREAD_MS: String(SPREAD_MS), ...env } });
  try {
    await server.join(gen, n);
    const by = await server.publisher(gen);
    await gen.run("idle", { for_ms: 2500 });
    const slides = async (more, firstId) => {
      const before = server.cpu();
      const answer = await gen.run("slides", { by, deck: deck.id, page: 1, moves: MOVES, version: context.stage.sessionVersion(), first_id: firstId,
        width: deck.width, spread_ms: SPREAD_MS, gap_ms: GAP_MS, cookies: context.stage.cookies, timeout_ms: GAP_MS * (MOVES + 4), ...more });
      return { ...answer, ns: server.cpu() - before };
    };
    const bare = await slides({ way: "none" }, 1000); // the moves and pings alone
    const answer = await slides(args, 2000);
    if (answer.refused || answer.timeout) throw new Error(`slides ${args.way}: ${JSON.stringify(answer)}`);
    return { ...answer, us: (answer.ns - bare.ns) / 1000 / answer.images, least: Math.min(...answer.had_before) };
  } finally {
    await gen.end();
    await server.stop();
  }
}

export async function run(context) {
  const deck = await upload(context, MOVES + 2);
  context.say(`slides: images of ${deck.bytes} bytes at width ${deck.width}`);
  // A kept connection takes a descriptor beside the member's, and idle ones are closed above seven eighths.
  const members = (label) => (label === "http_kept" ? Math.min(context.n, 8000) : context.n);
  context.stage.need(context.n);
  const us = {}, least = {}, details = {};
  for (let repeat = 0; repeat < context.repeats; repeat++)
    for (const [label, args, env] of WAYS) {
      const result = await once(context, deck, members(label), args, env);
      context.say(`slides ${label}: ${result.us.toFixed(1)} us an image, ${(result.least * 100).toFixed(1)} % in time`);
      (us[label] ??= []).push(result.us);
      (least[label] ??= []).push(result.least);
      details[label] = { delay_ms: result.delay_ms, images: result.images, image_bytes: result.image_bytes, bad: result.bad };
    }
  const cheapest = Object.keys(us).sort((a, b) => median(us[a]) - median(us[b]))[0];
  const inTime = { text: ">= 0.95", holds: (m) => m.amphi >= 0.95 };
  const more = { image_bytes: deck.bytes, spread_ms: SPREAD_MS, gap_ms: GAP_MS };
  return [
    figure("slides.cpu", "us an image", { amphi: us.websocket, http_kept: us.http_kept, http_new: us.http_new },
      { text: "the default (websocket) <= http", holds: (m) => m.amphi <= Math.min(m.http_kept, m.http_new) }, { ...more, cheapest, details }),
    figure("slides.in_time", "of members", { amphi: least.websocket }, inTime, more),
    figure("slides.http_in_time", "of members", { amphi: least.http_new }, null, more),
  ];
}
