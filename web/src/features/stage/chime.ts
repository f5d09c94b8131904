// Three short notes, so that people hear that their loudspeaker works.
const NOTES = [523.25, 659.25, 783.99];
const STEP_S = 0.22;

export async function chime(): Promise<void> {
  const context = new AudioContext();
  await context.resume();
  const begin = context.currentTime + 0.05;
  for (const [index, frequency] of NOTES.entries()) {
    const at = begin + index * STEP_S;
    const note = new OscillatorNode(context, { frequency });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.2, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, at + STEP_S * 1.8);
    note.connect(gain).connect(context.destination);
    note.start(at);
    note.stop(at + STEP_S * 2);
  }
  setTimeout(() => void context.close(), (NOTES.length + 2) * STEP_S * 1000);
}
