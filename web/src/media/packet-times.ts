// When the samples that a decoder gives out are: browsers' decoders count on from the first packet, whatever the times of the next
// ones say (Chromium), so a silence, a loss or another beginning would move all that follows. Decoders keep the order. Pure.
import { FRAME } from './clock';

const PACKETS_MOST = 500; // 10 s: a decoder gives out much sooner

export class PacketTimes {
  private readonly times: number[] = [];
  private given = 0; // samples of the first packet that were given out already

  /** A packet of FRAME samples goes into the decoder. */
  put(time: number): void {
    this.times.push(time);
    if (this.times.length > PACKETS_MOST) this.times.shift();
  }

  /** The time of the next `samples` that come out; null: nothing went in that they could be of. */
  take(samples: number): number | null {
    const [first] = this.times;
    if (first === undefined) return null;
    const time = first + this.given;
    this.given += samples;
    while (this.given >= FRAME && this.times.length > 0) {
      this.times.shift();
      this.given -= FRAME;
    }
    if (this.times.length === 0) this.given = 0;
    return time;
  }

  /** Another decoder begins: what the last one did not give out will not come. */
  clear(): void {
    this.times.length = 0;
    this.given = 0;
  }
}
