// What is asked of the browser for each source.

async function user(constraints: (device: string | undefined) => MediaStreamConstraints, device?: string): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia(constraints(device));
  } catch (error) {
    // The one that was used last is not there any more: another one does.
    const missing = error instanceof Error && error.name === 'OverconstrainedError';
    if (!device || !missing) throw error;
    return navigator.mediaDevices.getUserMedia(constraints(undefined));
  }
}

const exactly = (device: string | undefined) => (device ? { deviceId: { exact: device } } : {});

export const acquire = {
  microphone: (device?: string) =>
    user((id) => ({
      audio: { ...exactly(id), echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
    }), device),
  camera: (device?: string) =>
    user((id) => ({
      video: { ...exactly(id), width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } },
    }), device),
  screen: () =>
    navigator.mediaDevices.getDisplayMedia({
      video: { width: { max: 1920 }, height: { max: 1200 }, frameRate: { ideal: 5, max: 10 } },
      audio: false,
    }),
};
