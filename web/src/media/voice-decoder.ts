// A voice out of Opus, by the browser's own decoder. (Browsers without one hear nothing yet.)
import type { MediaRecord } from './records';
import { PacketTimes } from './packet-times';
import { fromMicros, RATE, toMicros } from './time';

const FAILURES_MOST = 10; // in a row: then it is given up

export class VoiceDecoder {
  private decoder: AudioDecoder | null = null;
  private failures = 0;
  private readonly times = new PacketTimes();

  constructor(
    private readonly emit: (time: number, samples: Float32Array<ArrayBuffer>) => void,
    private readonly failed: () => void,
  ) {}

  /** time: unwrapped. */
  decode({ bytes }: MediaRecord, time: number): void {
    if (this.failures >= FAILURES_MOST) return;
    try {
      this.ready().decode(new EncodedAudioChunk({ type: 'key', timestamp: toMicros(time), data: bytes }));
      this.times.put(time);
    } catch {
      this.fail();
    }
  }

  private ready(): AudioDecoder {
    if (this.decoder?.state === 'configured') return this.decoder;
    const decoder = new AudioDecoder({
      output: (data) => this.decoded(data),
      error: () => this.fail(),
    });
    decoder.configure({ codec: 'opus', sampleRate: RATE, numberOfChannels: 1 });
    this.decoder = decoder;
    return decoder;
  }

  private decoded(data: AudioData): void {
    this.failures = 0;
    const samples = new Float32Array(data.numberOfFrames);
    data.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
    this.emit(this.times.take(samples.length) ?? fromMicros(data.timestamp), samples);
    data.close();
  }

  /** The next packet goes to another one. */
  private fail(): void {
    this.close();
    this.failures++;
    this.failed();
  }

  close(): void {
    if (this.decoder && this.decoder.state !== 'closed') this.decoder.close();
    this.decoder = null;
    this.times.clear();
  }
}
