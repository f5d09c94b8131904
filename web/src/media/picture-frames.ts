// The frames of a camera or a screen, one by one.

/** Chrome's; TypeScript's library does not have it. */
interface TrackProcessor {
  readable: ReadableStream<VideoFrame>;
}
type TrackProcessorClass = new (init: { track: MediaStreamTrack; maxBufferSize?: number }) => TrackProcessor;

const processor = (): TrackProcessorClass | undefined =>
  (globalThis as { MediaStreamTrackProcessor?: TrackProcessorClass }).MediaStreamTrackProcessor;

/** The taker closes the frame. */
type Take = (frame: VideoFrame) => void;

/** A still screen gives no frame to end with. Longer than a busy machine takes for one. */
const LAST_FRAME_MS = 5000;

/** Returns what ends it. */
export function readFrames(track: MediaStreamTrack, take: Take): () => void {
  const Processor = processor();
  return Processor ? readTrack(Processor, track.clone(), take) : readVideo(track, take);
}

/** Reads a copy of the track, which it ends itself: of one that is stopped while a frame is on its way, and of a stream that is
 * cancelled with one inside, that frame would be closed by nobody. It ends with the frame that comes next. */
function readTrack(Processor: TrackProcessorClass, own: MediaStreamTrack, take: Take): () => void {
  const reader = new Processor({ track: own, maxBufferSize: 2 }).readable.getReader();
  let over = false;
  let late: ReturnType<typeof setTimeout> | undefined;
  const read = async (): Promise<void> => {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      if (!over) {
        take(value);
        continue;
      }
      value.close();
      clearTimeout(late);
      await reader.cancel();
      return own.stop();
    }
  };
  read().catch(() => undefined); // the track ended
  return () => {
    over = true;
    late = setTimeout(() => own.stop(), LAST_FRAME_MS);
  };
}

/** Where there is no other way: what a <video> shows. It must be in the page to go on. */
function readVideo(track: MediaStreamTrack, take: Take): () => void {
  const video = document.createElement('video');
  video.muted = video.playsInline = true;
  video.setAttribute('aria-hidden', 'true');
  Object.assign(video.style, { position: 'fixed', width: '2px', height: '2px', opacity: '0.01', pointerEvents: 'none' });
  video.srcObject = new MediaStream([track]);
  document.body.append(video);
  video.play().catch(() => undefined);
  let over = false;
  const next = (): void => {
    if (over) return;
    if (video.videoWidth > 0) take(new VideoFrame(video, { timestamp: 0 }));
    video.requestVideoFrameCallback(next);
  };
  video.requestVideoFrameCallback(next);
  return () => {
    over = true;
    video.srcObject = null;
    video.remove();
  };
}

/** Encoders of this browser scale what they are given, and crop by visibleRect. */
export const scalesItself = (): boolean => processor() !== undefined;
