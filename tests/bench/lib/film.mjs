// A film as ffmpeg finds it, and as a browser's page plays it.
import { execFileSync, spawnSync } from "node:child_process";

const RATE = 8000;
const BLOCK = RATE / 50;

const ffmpeg = (...args) => spawnSync("ffmpeg", ["-v", "error", "-nostdin", ...args], { maxBuffer: 2 ** 30 });

// Blocks of 20 ms: how loud.
function loudness(args) {
  const { stdout } = ffmpeg(...args, "-ac", "1", "-ar", String(RATE), "-f", "s16le", "-");
  const samples = new Int16Array(stdout.buffer, stdout.byteOffset, Math.floor(stdout.length / 2));
  const out = [];
  for (let at = 0; at + BLOCK <= samples.length; at += BLOCK) {
    let sum = 0;
    for (let i = at; i < at + BLOCK; i++) sum += (samples[i] / 32768) ** 2;
    out.push(Math.sqrt(sum / BLOCK));
  }
  return out;
}

function quiet(blocks) {
  const runs = [];
  let begun = null;
  blocks.forEach((loud, i) => {
    if (loud < 0.002) begun ??= i;
    else if (begun !== null) {
      if (i - begun >= 3) runs.push([begun / 50, (i - begun) * 20]);
      begun = null;
    }
  });
  return runs; // [second, ms]
}

export function decoded(path, places) {
  const { format, streams } = JSON.parse(execFileSync("ffprobe", ["-v", "error", "-show_format", "-show_streams", "-of", "json", path]).toString());
  const whole = ffmpeg("-i", path, "-f", "null", "-");
  const blocks = loudness(["-i", path]);
  const frames = Number(execFileSync("ffprobe", ["-v", "error", "-select_streams", "v:0", "-count_packets", "-show_entries", "stream=nb_read_packets", "-of", "csv=p=0", path]).toString());
  const seeks = places.map((at) => {
    const sound = loudness(["-ss", String(at), "-i", path, "-t", "3"]);
    const picture = ffmpeg("-ss", String(at), "-i", path, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "-");
    return { at, loudest: Math.max(0, ...sound), seconds: sound.length / 50, picture: picture.stdout.length > 0 };
  });
  return {
    ...{ seconds: Number(format.duration), tracks: streams.map((s) => `${s.codec_type} ${s.codec_name}`), soundSeconds: blocks.length / 50, frames },
    ...{ errors: whole.stderr.toString().trim(), silences: quiet(blocks), beeps: blocks.filter((loud, i) => loud > 0.2 && (blocks[i - 1] ?? 0) <= 0.2).length, seeks },
  };
}

// In a page of the house, fetched with its cookie: at each place whether it goes on, is loud, and what time the picture's code says.
export async function played(page, path, places) {
  return page.evaluate(
    async ([from, at]) => {
      const video = document.body.appendChild(document.createElement("video"));
      video.src = URL.createObjectURL(await (await fetch(from)).blob());
      video.style.cssText = "position:fixed;inset:10% 10% auto;width:80%;z-index:99";
      await new Promise((done, failed) => ((video.onloadedmetadata = done), (video.onerror = () => failed(new Error(video.error.message)))));
      const context = new AudioContext();
      const ear = new AnalyserNode(context, { fftSize: 2048 });
      context.createMediaElementSource(video).connect(ear).connect(context.destination);
      await context.resume();
      const canvas = document.createElement("canvas");
      const out = [];
      for (const second of at) {
        const asked = performance.now();
        video.currentTime = second;
        await new Promise((done) => (video.onseeked = done));
        const took = performance.now() - asked;
        await video.play();
        const began = performance.now();
        const codes = [];
        let loudest = 0;
        while (performance.now() - began < 3000) {
          await new Promise((done) => setTimeout(done, 50));
          const samples = new Float32Array(ear.fftSize);
          ear.getFloatTimeDomainData(samples);
          loudest = Math.max(loudest, ...samples);
          canvas.width = video.videoWidth;
          canvas.height = video.videoHeight;
          canvas.getContext("2d", { willReadFrequently: true }).drawImage(video, 0, 0);
          const code = canvas.width > 8 ? window.readCode(canvas) : null;
          if (code !== null) codes.push(((code - Math.round(video.currentTime * 1000)) << 8) >> 8);
        }
        video.pause();
        out.push({ at: second, took: Math.round(took), went: video.currentTime - second, loudest, codes });
      }
      return { duration: video.duration, width: video.videoWidth, out };
    },
    [path, places],
  );
}
