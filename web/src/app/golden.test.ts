// Rule: what features declare and what tests/golden holds are the same. Each event, state and command
// has a golden message of its name, each golden message is declared by exactly one feature, and the
// stores read it. The server's tests write and read the same files.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Feature } from '../features/feature';
import { readFrame } from '../net/protocol';
import type { Messages, OpenStore } from '../state/store';
import { features } from './features';

const golden = join(process.env.AMPHI_ROOT ?? '..', 'tests/golden');
const ENVELOPE = 'envelope'; // no feature's: net/protocol.test.ts reads it
const GENERAL_ERROR = /^(server|request|rate|auth)\.|^not_found$/;

interface Golden {
  name: string;
  text: string;
}

const goldenOf = (folder: string): Golden[] =>
  readdirSync(join(golden, folder)).map((file) => ({
    name: file.replace(/\.json$/, ''),
    text: readFileSync(join(golden, folder, file), 'utf8'),
  }));

const record = (value: unknown) => value as Record<string, unknown>;
const parse = (text: string) => record(JSON.parse(text));

/** What a golden message is: `event`, `state`, `command`, `answer`, `error`, `snapshot`, and its name. */
function kindOf({ name, text }: Golden): [kind: string, of: string] {
  const message = parse(text);
  for (const kind of ['event', 'state', 'command'])
    if (kind in message) return [kind, String(message[kind])];
  if ('ok' in message) return ['answer', name.replace(/\.ok$/, '')];
  if ('error' in message) return ['error', String(record(message.error).code)];
  return ['snapshot', name.replace(/\..*$/, '')];
}

const listed = (messages: Messages): Record<string, readonly string[]> => ({
  event: Object.keys(messages.events),
  state: Object.keys(messages.states),
  command: Object.keys(messages.commands),
  answer: Object.keys(messages.commands),
});

function isDeclared({ errors }: Feature, messages: Messages, [kind, of]: [string, string]) {
  if (kind === 'snapshot') return of === 'snapshot';
  if (kind === 'error') return GENERAL_ERROR.test(of) || (errors !== undefined && of in errors());
  return listed(messages)[kind]?.includes(of) ?? false;
}

/** The store of a feature; its parts for HCPs and for the host share it. */
async function declared(feature: Feature) {
  const parts = await Promise.all([feature.live?.(), feature.host?.()]);
  const kinds = new Set(parts.flatMap((part) => part?.default.store ?? []));
  if (feature.store) kinds.add(feature.store);
  assert.ok(kinds.size <= 1, feature.name);
  return [...kinds].map((kind) => ({ feature, kind, messages: kind.messages }));
}

const live = (await Promise.all(features.map(declared))).flat();

test('each folder of golden messages is a feature’s', () => {
  const names = live.map(({ feature }) => feature.name);
  const folders = readdirSync(golden).filter((folder) => folder !== ENVELOPE);
  assert.deepEqual(folders.sort(), names.sort());
});

test('a message is declared by one feature, and followed only where another declares it', () => {
  const events = live.flatMap(({ messages }) => Object.keys(messages.events));
  const states = live.flatMap(({ messages }) => Object.keys(messages.states));
  const commands = live.flatMap(({ messages }) => Object.keys(messages.commands));
  for (const names of [events, states, commands])
    assert.equal(new Set(names).size, names.length, names.sort().join(' '));
  for (const { messages } of live)
    for (const name of Object.keys(messages.follows ?? {}))
      assert.ok(events.includes(name) && !(name in messages.events), name);
});

function read(store: OpenStore<unknown>, messages: Messages, text: string, of: string): void {
  const frame = readFrame(text);
  if (frame.kind === 'event') store.event(frame.event);
  else if (frame.kind === 'state') store.state(frame.state);
  else if (frame.kind === 'ok') messages.commands[of]?.(frame.ok, of);
  else assert.ok(frame.kind === 'unknown' || frame.kind === 'error', frame.kind);
}

for (const { feature, kind, messages } of live) {
  const { name } = feature;
  const found = goldenOf(name);

  test(`${name}: each declared message has a golden one`, () => {
    const kinds = found.map((file) => kindOf(file).join(' '));
    for (const [what, names] of Object.entries(listed(messages)))
      for (const of of names) assert.ok(kinds.includes(`${what} ${of}`), `${what} ${of}`);
  });

  for (const file of found)
    test(`${name}/${file.name} is declared and read`, () => {
      const [what, of] = kindOf(file);
      assert.ok(isDeclared(feature, messages, [what, of]), `${what} ${of} is not declared`);
      for (const staff of [true, false]) {
        const store = kind.open(() => Promise.reject(new Error('no server')), staff);
        const { common, own } = parse(file.text);
        if (what === 'snapshot') store.snapshot({ common, own });
        else read(store, messages, file.text, of);
      }
    });
}
