// A film of a recording, as a browser plays it.
import { openBrowser, openContext } from "../../e2e/lib/browser.mjs";
import { waitFor } from "../../e2e/lib/cleanup.mjs";
import { request } from "../../e2e/lib/http.mjs";

export async function film({ server, o }, recording) {
  const at = { port: server.port, cookie: o.staff.organiser.cookie };
  let last = "";
  const made = await waitFor("the film", async () => {
    const { json, status, text } = await request({ ...at, path: `/api/sessions/${o.session}/recordings` });
    last = `${status} ${text}`;
    const found = json.items?.find(({ id }) => id === recording);
    return found?.film?.state === "ready" && found;
  }, 40000).catch((error) => {
    throw new Error(`${error.message}: ${last}`);
  });
  const { status, buffer } = await request({ ...at, path: `/api/recordings/${recording}/film.webm`, raw: true });
  if (status !== 200) throw new Error(`the film: ${status}`);
  return { seconds: made.film.seconds, bytes: buffer };
}

// Its length, and where it is after a seek to the middle and play to the end: seconds.
export async function play({ server }, { bytes }) {
  const page = await (await openContext(await openBrowser(), { bypassCSP: true })).newPage();
  await page.goto(`${server.url}/sign-in`);
  return page.evaluate(async (base64) => {
    const video = Object.assign(document.createElement("video"), { muted: true, src: `data:video/webm;base64,${base64}` });
    const when = (name) => new Promise((resolve, reject) => {
      video.addEventListener(name, resolve, { once: true });
      video.addEventListener("error", () => reject(new Error(video.error.message)), { once: true });
    });
    await when("loadedmetadata");
    const sought = when("seeked");
    video.currentTime = video.duration / 2;
    await sought;
    const over = when("ended");
    video.playbackRate = 4;
    await video.play();
    await over;
    return { duration: video.duration, end: video.currentTime };
  }, bytes.toString("base64"));
}
