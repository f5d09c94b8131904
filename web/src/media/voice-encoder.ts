// A voice into Opus: mono, 20 ms, 24 kbit/s of constant bitrate (Firefox overshoots with variable).
import type { CapturedFrame } from './worklet/messages';
import { FRAME } from './clock';
import { RATE, toMicros } from './time';

const CONFIG: AudioEncoderConfig = {
  codec: 'opus',
  sampleRate: RATE,
  numberOfChannels: 1,
  bitrate: 24_000,
  bitrateMode: 'constant',
  opus: { frameDuration: 20_000, complexity: 5 },
};
// Chrome alone knows these; others leave them out.
Object.assign(CONFIG.opus ?? {}, { application: 'voip', signal: 'voice' });

const BEHIND_MOST = 150; // frames that went in and did not come out: a page that was held up gives many at once

interface Said {
  time: number;
  level: number;
}

export class VoiceEncoder {
  private encoder: AudioEncoder | null = null;
  private said: Said[] = []; // one frame in is one packet out

  constructor(
    private readonly emit: (packet: Uint8Array<ArrayBuffer>, time: number, level: number) => void,
    private readonly failed: () => void,
  ) {}

  encode(samples: CapturedFrame, time: number, level: number): void {
    const encoder = this.ready();
    this.said.push({ time, level });
    const data = new AudioData({
      format: 'f32-planar',
      sampleRate: RATE,
      numberOfFrames: FRAME,
      numberOfChannels: 1,
      timestamp: toMicros(time),
      data: samples,
    });
    encoder.encode(data);
    data.close();
  }

  private ready(): AudioEncoder {
    if (this.encoder?.state === 'configured' && this.said.length <= BEHIND_MOST) return this.encoder;
    this.close();
    this.encoder = new AudioEncoder({
      output: (chunk) => this.encoded(chunk),
      error: () => this.failed(),
    });
    this.encoder.configure(CONFIG);
    return this.encoder;
  }

  private encoded(chunk: EncodedAudioChunk): void {
    const said = this.said.shift();
    if (!said) return;
    const packet = new Uint8Array(chunk.byteLength);
    chunk.copyTo(packet);
    this.emit(packet, said.time, said.level);
  }

  close(): void {
    if (this.encoder && this.encoder.state !== 'closed') this.encoder.close();
    this.encoder = null;
    this.said = [];
  }
}
