// What the media library shows to the pages that use it. Times in milliseconds are of performance.now()
// unless said; media timestamps are in 1/48,000 s of one publisher's clock, modulo 2^32.

/** The most a viewer is sent: each includes the ones before. */
export type Rung = 'voice' | 'low' | 'high';

/** A moment of somebody's voice, as events name it. `stream`: the server's number. */
export interface MediaMoment {
  stream: number;
  timestamp: number;
}

/** Why a microphone, a camera or a screen is not there. */
export type Fault =
  /** The person, the browser or the system said no. */
  | 'denied'
  /** No such device. */
  | 'none'
  /** Another program has it. */
  | 'busy'
  /** It was there, and was pulled out or stopped by the system. */
  | 'unplugged'
  /** The person closed the choice of a screen, or ended sharing in the browser's own bar. */
  | 'cancelled'
  /** This browser cannot. */
  | 'unsupported'
  | 'failed';

export interface Device {
  id: string;
  /** Empty until the person has allowed one of its kind. */
  label: string;
}

export interface Devices {
  microphones: Device[];
  cameras: Device[];
}

/** A microphone, a camera or a screen of this page. */
export interface Source {
  /** `off`: not asked for, or turned off; the device itself is released. */
  is: 'off' | 'asking' | 'on' | 'fault';
  fault: Fault | null;
  /** The device that is used, or was last. */
  device: Device | null;
  /** For a <video muted playsinline> of one's own picture. */
  stream: MediaStream | null;
}

export type SourceName = 'microphone' | 'camera' | 'screen';

/** Why no further try follows. */
export type PublishEnding =
  | 'stopped'
  | 'signed-out'
  | 'other-person'
  /** There is no such session (any more). */
  | 'gone'
  /** The server may not take anything of this person. */
  | 'forbidden'
  /** Not on the stage and not behind it any more. */
  | 'off-stage'
  /** Another page of the same person publishes now. */
  | 'elsewhere'
  /** This page is too old, or broke a rule of the protocol. */
  | 'refused'
  | 'outdated';

export type Publishing =
  | { is: 'idle' }
  | { is: 'connecting' }
  /** `stream`: the first of this publisher's four. */
  | { is: 'online'; stream: number }
  /** Lost; `at` is when the next try starts (milliseconds of Date.now), null while offline. */
  | { is: 'waiting'; at: number | null; attempt: number }
  | { is: 'closed'; why: PublishEnding };

export interface CaptureState {
  microphone: Source;
  camera: Source;
  screen: Source;
  publishing: Publishing;
  /** The uplink is too slow: what is left out for now. */
  leftOut: { high: boolean; low: boolean; screen: boolean; voice: boolean };
  /** The camera gives no picture now: browsers stop some of them in hidden windows. */
  stalled: boolean;
}

/** Of the last 60 ms of the microphone. */
export interface Level {
  /** 0 loudest to 127 silence. */
  dbov: number;
  /** 0 to 1, of the meter. */
  meter: number;
}

export interface CaptureOptions {
  /** The server's clock, Unix milliseconds: ties the media clock to the session's time. */
  serverNow(): number;
}

export interface PublishTarget {
  /** wss://…/publish */
  url: string;
  session: string;
  person?: string | undefined;
}

/** What this page gives: a microphone, a camera and a screen, shown to itself and published. */
export interface StageCapture {
  readonly state: CaptureState;
  /** Called at each change of `state`, which is a new object then. Returns what ends it. */
  listen(heard: (state: CaptureState) => void): () => void;
  /** Called some 16 times a second while the microphone is on. */
  onLevel(heard: (level: Level) => void): () => void;
  /**
   * Turns one on, or changes its device (no id: the one used last, or the browser's choice). Must be
   * called out of a press for a screen. Resolves when it is on or its fault is known; never rejects.
   */
  turnOn(source: SourceName, device?: string): Promise<Source>;
  /** Mutes, darkens or ends sharing: the device itself is let go, its light goes out. */
  turnOff(source: SourceName): void;
  /** Sends what is on, now and later, until stopped; comes back by itself after a lost connection. */
  publish(target: PublishTarget): void;
  stopPublishing(): void;
  /** What of one's own voice is being said now, for slide.show; null while not online. */
  now(): MediaMoment | null;
  /** Stops everything. */
  close(): void;
}

export type Sound =
  /** Waits for startSound() out of a press. */
  | 'waiting'
  | 'on'
  /** The system took the loudspeaker (a call); it comes back by itself. */
  | 'interrupted'
  /** This browser decodes no voice (WebCodecs is missing). */
  | 'unsupported';

export interface VoiceView {
  /** Of the voice; publisherOf() says whose. */
  stream: number;
  /** 0 to 127, as the publisher measured it. */
  dbov: number;
  /** Sound of it is heard at this moment. */
  playing: boolean;
}

export interface PictureView {
  stream: number;
  kind: 'camera' | 'screen';
  rung: 'low' | 'high';
  /** Of the newest frame; 0 before the first. */
  width: number;
  height: number;
  /** `ended`: turned off; `frozen`: none came for a while. */
  is: 'waiting' | 'playing' | 'frozen' | 'ended';
}

export interface PlayerState {
  sound: Sound;
  /** This browser can show pictures. */
  picture: boolean;
  voices: VoiceView[];
  pictures: PictureView[];
  /** What the ladder asks the server for; send it as media.watch when it changes. */
  rung: Rung;
  /** The network carries voice only; a press may try the picture: tryPicture(). */
  pictureHeld: boolean;
  /** Sound is on and comes: for media.hearing. */
  hearing: boolean;
}

export interface PlayerOptions {
  /** Where a file of some 120 KB lies, to measure the network with; null: climb slowly. */
  measureUrl?: string | null;
  /** The most that is ever asked for. */
  ceiling?: Rung;
}

/** What this page hears and sees of the stage. */
export interface StagePlayer {
  readonly state: PlayerState;
  listen(heard: (state: PlayerState) => void): () => void;
  /** Bytes of a frame of kind 2 that came on /live (MEDIA_LIVE of net/protocol). */
  receive(bytes: Uint8Array): void;
  /** The connection or the session is another one: everything begins anew. */
  reset(): void;
  /** Must be called out of a press. Resolves with what became of it. */
  startSound(): Promise<Sound>;
  stopSound(): void;
  /** 0 to 1. */
  setVolume(volume: number): void;
  /** Which publishers (their first streams) are not played here: oneself, or backstage ones. */
  mute(publishers: readonly number[]): void;
  /** Draws a stream's picture into a canvas, whose size becomes the picture's. Returns what ends it. */
  show(stream: number, canvas: HTMLCanvasElement): () => void;
  /** How far the voice of a publisher is heard by now; null while nothing of it plays. */
  heardUntil(stream: number): number | null;
  /** Runs when that moment is heard, at most 2 s and this viewer's delay from now; at once when nothing plays. */
  whenHeard(moment: MediaMoment, run: () => void): () => void;
  setCeiling(rung: Rung): void;
  tryPicture(): void;
  /** For reports of faults and tests. */
  stats(): PlayerStats;
  close(): void;
}

export interface VoiceStats {
  stream: number;
  underruns: number;
  /** Samples. */
  played: number;
  silent: number;
  skips: number;
  /** Milliseconds: in the buffer, and wanted there. */
  level: number;
  target: number;
}

export interface PlayerStats {
  bytes: number;
  voices: VoiceStats[];
  drawn: number;
  waitedForKey: number;
  decoderErrors: number;
  /** kbit/s; null: not known. */
  throughput: number | null;
  late: number;
}

/** What this browser can. */
export interface Support {
  publish: boolean;
  voice: boolean;
  picture: boolean;
  shareScreen: boolean;
}
