// The session of a live room: its state, its version, and the commands of those who conduct it.
import { signal } from '@preact/signals';
import type { Event } from '../../net/protocol';
import type { Call, LiveStore } from '../../state/store';
import {
  changed,
  ended,
  extended,
  type LiveSession,
  liveSession,
  me,
  type Person,
  started,
  versioned,
} from './messages';

export class SessionStore implements LiveStore {
  readonly session = signal<LiveSession | null>(null);
  readonly person = signal<Person | null>(null);
  /** Of the last command that was sent: several may be on their way. */
  private sent = 0;

  constructor(private readonly call: Call) {}

  snapshot(common: Record<string, unknown>, own: Record<string, unknown>): void {
    this.session.value = liveSession(common.session, 'session');
    this.person.value = me(own.me, 'me');
    this.sent = this.session.value.version;
  }

  event({ event, data }: Event): void {
    switch (event) {
      case 'session.started':
        return this.merge({ ...started(data), state: 'live' });
      case 'session.extended':
        return this.merge(extended(data));
      case 'session.ended':
        return this.merge({ ...ended(data), state: 'ended' });
      case 'session.changed':
        return this.merge(changed(data));
      case 'slide.moved':
        return this.merge({ version: versioned(data).version });
    }
  }

  start(): Promise<unknown> {
    return this.command('session.start', {});
  }

  extend(planned_minutes: number): Promise<unknown> {
    return this.command('session.extend', { planned_minutes });
  }

  end(): Promise<unknown> {
    return this.command('session.end', {});
  }

  /** A command that compares the version; each that is sent counts it up, so they may follow fast. */
  async command(name: string, data: object): Promise<unknown> {
    const version = this.sent;
    this.sent += 1;
    try {
      return await this.call(name, { version, ...data });
    } catch (error) {
      this.sent = this.session.value?.version ?? 0;
      throw error;
    }
  }

  private merge(change: Partial<LiveSession>): void {
    const now = this.session.value;
    if (!now) return;
    this.session.value = { ...now, ...change };
    this.sent = Math.max(this.sent, this.session.value.version);
  }
}
