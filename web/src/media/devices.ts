// The microphones and cameras of this machine, and why one cannot be had.
import type { Device, Devices, Fault } from './types';

function named(all: MediaDeviceInfo[], kind: MediaDeviceKind): Device[] {
  // Chrome lists a device again as "default" and "communications": an id that moves with the system's choice.
  return all
    .filter((device) => device.kind === kind && device.deviceId !== 'communications')
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

/** Labels and ids are empty until the person has allowed one of the kind. */
export async function listDevices(): Promise<Devices> {
  const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return { microphones: named(all, 'audioinput'), cameras: named(all, 'videoinput') };
}

/** Called when one is plugged in or out. */
export function watchDevices(changed: () => void): () => void {
  navigator.mediaDevices.addEventListener('devicechange', changed);
  return () => navigator.mediaDevices.removeEventListener('devicechange', changed);
}

const FAULTS: Record<string, Fault> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'none',
  OverconstrainedError: 'none',
  NotReadableError: 'busy',
  AbortError: 'busy',
  TypeError: 'unsupported',
  NotSupportedError: 'unsupported',
};

/** Of what getUserMedia or getDisplayMedia rejected with. */
export function faultOf(error: unknown, screen = false): Fault {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  const fault = FAULTS[name] ?? 'failed';
  // Of a screen: there is no telling a system's refusal from a choice that was closed, which is far more common.
  return screen && fault === 'denied' ? 'cancelled' : fault;
}
