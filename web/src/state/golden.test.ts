// Rule: the stores read every message of tests/golden, which the server's tests write and read too.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FiguresStore } from '../features/participation/live';
import { PollStore } from '../features/polls/store';
import { PresenceStore } from '../features/presence/store';
import { QuestionStore } from '../features/questions/store';
import { SessionStore } from '../features/sessions/store';
import { SlideStore } from '../features/slides/store';
import { readFrame } from '../net/protocol';
import type { LiveStore } from './store';

const golden = join(process.env.AMPHI_ROOT ?? '..', 'tests/golden');
const call = () => Promise.reject(new Error('no server'));
const stores: Record<string, (staff: boolean) => LiveStore> = {
  participation: () => new FiguresStore(),
  polls: () => new PollStore(call),
  presence: () => new PresenceStore(call, false),
  questions: (staff) => new QuestionStore(call, staff),
  sessions: () => new SessionStore(call),
  slides: () => new SlideStore(call),
};

const record = (value: unknown) => value as Record<string, unknown>;

for (const folder of readdirSync(golden)) {
  const make = stores[folder];
  if (!make) continue;
  for (const name of readdirSync(join(golden, folder)).filter((file) => file.endsWith('.json'))) {
    test(`${folder}/${name}`, () => {
      const text = readFileSync(join(golden, folder, name), 'utf8');
      const store = make(name.includes('staff'));
      if (name.startsWith('snapshot.')) {
        const { common, own } = record(JSON.parse(text));
        store.snapshot(record(common), record(own ?? {}));
        return;
      }
      const frame = readFrame(text);
      if (frame.kind === 'event') store.event?.(frame.event);
      else if (frame.kind === 'state') store.state?.(frame.state);
      else assert.ok(['ok', 'error', 'unknown'].includes(frame.kind), frame.kind);
    });
  }
}
