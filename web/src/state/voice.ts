// What binds other things to a moment of somebody's voice, such as a slide to the word that it was shown at. The
// stage puts its player and its microphone in here while they are there; without them everything is shown at once.

/** `stream`: the server's number of the voice; `timestamp`: on its own clock. */
export interface Moment {
  stream: number;
  timestamp: number;
}

type WhenHeard = (moment: Moment, run: () => void) => () => void;

const atOnce: WhenHeard = (_, run) => {
  run();
  return () => undefined;
};

class Voice {
  /** What of this page's own voice is being said now; null: it gives none. */
  now: () => Moment | null = () => null;
  /** Runs when that moment is heard here, soon at the latest. Returns what cancels it. */
  whenHeard: WhenHeard = atOnce;

  /** It is not played any more. */
  silent(): void {
    this.whenHeard = atOnce;
  }

  /** Nothing is said here any more. */
  off(): void {
    this.now = () => null;
  }
}

export const voice = new Voice();
