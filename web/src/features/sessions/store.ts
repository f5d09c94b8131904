// The session of a live room: its state, its version, and the commands of those who conduct it.
import { signal } from '@preact/signals';
import type { Decoded } from '../../net/decode';
import { type Call, type EventOf, type LiveStore, liveStore } from '../../state/store';
import { type LiveSession, type Messages, messages, type Person } from './messages';

export class SessionStore implements LiveStore<Messages> {
  readonly session = signal<LiveSession | null>(null);
  readonly person = signal<Person | null>(null);
  /** The version that the next command names; commands may be sent before earlier ones are answered. */
  private next = 0;

  constructor(private readonly call: Call<Messages>) {}

  snapshot({ session }: Decoded<Messages['common']>, { me }: Decoded<Messages['own']>): void {
    this.session.value = session;
    this.person.value = me;
    this.next = session.version;
  }

  event({ event, data }: EventOf<Messages>): void {
    switch (event) {
      case 'session.started':
        return this.merge({ ...data, state: 'live' });
      case 'session.ended':
        return this.merge({ ...data, state: 'ended' });
      case 'session.extended':
      case 'session.changed':
      case 'slide.moved':
        return this.merge(data);
    }
  }

  start(): Promise<unknown> {
    return this.versioned((version) => this.call('session.start', { version }));
  }

  extend(planned_minutes: number): Promise<unknown> {
    return this.versioned((version) => this.call('session.extend', { version, planned_minutes }));
  }

  end(): Promise<unknown> {
    return this.versioned((version) => this.call('session.end', { version }));
  }

  /** Sends a command that names the version, and counts the version up for the next one. */
  async versioned<T>(send: (version: number) => Promise<T>): Promise<T> {
    const version = this.next;
    this.next += 1;
    try {
      return await send(version);
    } catch (error) {
      this.next = this.session.value?.version ?? 0;
      throw error;
    }
  }

  private merge(change: Partial<LiveSession>): void {
    const now = this.session.value;
    if (!now) return;
    this.session.value = { ...now, ...change };
    this.next = Math.max(this.next, this.session.value.version);
  }
}

export const sessionStore = liveStore(messages, (call) => new SessionStore(call));
