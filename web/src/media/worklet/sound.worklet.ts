// Runs on the browser's audio thread: the microphone's samples into frames, and voices out of their
// jitter buffers, mixed. One file of its own, which the build names.
import { Framer } from '../framer';
import { JitterBuffer } from '../jitter';
import { RATE } from '../time';
import { CAPTURE, type CapturedFrame, PLAY, type PlayOrder, type PlayReport } from './messages';
import { Base, contextTime, rate, register } from './scope';

const REPORT_BLOCKS = 10;
const SILENCE = new Float32Array(128);
const FIRST_TARGET = 0.16 * RATE; // until the page says more
const VOICES_MOST = 8; // three are sent; others may fade away

class Capture extends Base {
  private readonly framer = new Framer(rate, (frame: CapturedFrame) =>
    this.port.postMessage(frame, [frame.buffer]),
  );
  process(inputs: Float32Array[][]): boolean {
    this.framer.push(inputs[0]?.[0] ?? SILENCE);
    return true;
  }
}

class Play extends Base {
  private readonly voices = new Map<number, JitterBuffer>();
  private blocks = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<PlayOrder>) => this.take(data);
  }

  private take(order: PlayOrder): void {
    const voice = this.voices.get(order.stream);
    if (order.do === 'put') (voice ?? this.add(order.stream)).put(order.time, order.samples);
    else if (order.do === 'aim') (voice ?? this.add(order.stream)).aim(order.target);
    else if (order.do === 'finish') voice?.finish();
    else this.voices.delete(order.stream);
  }

  private add(stream: number): JitterBuffer {
    const oldest = this.voices.keys().next().value;
    if (this.voices.size >= VOICES_MOST && oldest !== undefined) this.voices.delete(oldest);
    const voice = new JitterBuffer(FIRST_TARGET);
    this.voices.set(stream, voice);
    return voice;
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const out = outputs[0]?.[0];
    if (!out) return true;
    for (const voice of this.voices.values()) voice.read(out, RATE / rate);
    if (this.voices.size > 1) soften(out);
    if (++this.blocks % REPORT_BLOCKS === 0) this.report();
    return true;
  }

  private report(): void {
    const voices = [...this.voices].map(([stream, voice]) => ({ stream, view: voice.view() }));
    const report: PlayReport = { time: contextTime(), voices };
    this.port.postMessage(report);
  }
}

/** Several voices at once may be louder than the loudspeaker: what is over 0.8 is bent, not cut. */
function soften(out: Float32Array): void {
  for (let i = 0; i < out.length; i++) {
    const x = out[i] ?? 0;
    const over = Math.abs(x) - 0.8;
    if (over > 0) out[i] = Math.sign(x) * (0.8 + 0.2 * Math.tanh(over / 0.2));
  }
}

register(CAPTURE, Capture);
register(PLAY, Play);
