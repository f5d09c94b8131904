// A device of this page that is turned on and off: a press that comes while another is under way wins.
import { faultOf } from './devices';
import type { Device, Fault, Source } from './types';

export const OFF: Source = { is: 'off', fault: null, device: null, stream: null };

interface SlotNeeds {
  /** Asks the browser; rejects with what the browser said. */
  acquire(device: string | undefined): Promise<MediaStream>;
  /** It is there: use it. A rejection is a fault. */
  use(stream: MediaStream): Promise<void>;
  /** It is used no more; its tracks are stopped already. */
  release(): void;
  changed(source: Source): void;
  /** A screen is asked for anew each time, and a refusal there is a choice. */
  screen: boolean;
}

export class Slot {
  private state: Source = OFF;
  private turn = 0;

  constructor(private readonly needs: SlotNeeds) {}

  get source(): Source {
    return this.state;
  }

  async turnOn(device?: string): Promise<Source> {
    const turn = ++this.turn;
    this.letGo();
    this.set({ is: 'asking', fault: null, stream: null });
    try {
      const stream = await this.needs.acquire(device ?? this.state.device?.id);
      if (turn !== this.turn) stop(stream);
      else await this.begin(stream, turn);
    } catch (error) {
      if (turn === this.turn) this.fail(faultOf(error, this.needs.screen));
    }
    return this.state;
  }

  private async begin(stream: MediaStream, turn: number): Promise<void> {
    const track = stream.getTracks()[0];
    if (!track) throw new DOMException('no track', 'NotFoundError');
    this.set({ stream, device: deviceOf(track) });
    track.addEventListener('ended', () => {
      if (turn === this.turn) this.fail(this.needs.screen ? 'cancelled' : 'unplugged');
    });
    await this.needs.use(stream);
    if (turn !== this.turn) return;
    this.set({ is: 'on' });
  }

  /** It does not work, or does no more. */
  fail(fault: Fault): void {
    this.turn++;
    this.letGo();
    // Sharing that the person ended in the browser's bar is no fault.
    this.set({ is: this.needs.screen && fault === 'cancelled' ? 'off' : 'fault', fault, stream: null });
  }

  turnOff(): void {
    this.turn++;
    this.letGo();
    this.set({ is: 'off', fault: null, stream: null });
  }

  private letGo(): void {
    if (!this.state.stream) return;
    stop(this.state.stream);
    this.needs.release();
  }

  private set(part: Partial<Source>): void {
    this.state = { ...this.state, ...part };
    this.needs.changed(this.state);
  }
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function deviceOf(track: MediaStreamTrack): Device {
  return { id: track.getSettings().deviceId ?? '', label: track.label };
}
