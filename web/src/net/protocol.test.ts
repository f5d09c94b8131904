// Rule: each golden message of the envelope is read as the kind that its name says.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { joined, readFrame, readMedia } from './protocol';

const folder = join(process.env.AMPHI_ROOT ?? '..', 'tests/golden/envelope');
const kinds: Record<string, string> = {
  'hello': 'hello',
  'ok': 'ok',
  'error': 'error',
  'error.field': 'error',
  'event': 'event',
  'state': 'state',
  'bye': 'bye',
};

for (const file of readdirSync(folder)) {
  const name = file.replace('.json', '');
  const text = readFileSync(join(folder, file), 'utf8');
  const kind = kinds[name];
  if (kind) test(`envelope ${name}`, () => assert.equal(readFrame(text).kind, kind));
  else if (/^session\.join\.(ok|resumed)$/.test(name))
    test(`envelope ${name}`, () => {
      const frame = readFrame(text);
      assert.ok(frame.kind === 'ok');
      const answer = joined(frame.ok);
      assert.equal(answer.resumed, name.endsWith('resumed'));
      assert.equal(answer.snapshot === null, answer.resumed);
    });
}

test('a message the page does not know is told apart, a broken one throws', () => {
  assert.equal(readFrame('{"later":1}').kind, 'unknown');
  assert.throws(
    () => readFrame('{"event":"a","place":"p","seq":"1","at":"x","data":{}}'),
    /seq: expected a number/,
  );
  assert.throws(() => readFrame('nonsense'));
});

function frame(version: number, header: string, bytes: number[]): ArrayBuffer {
  const text = new TextEncoder().encode(header);
  const all = [1, version, text.length >> 8, text.length & 255, ...text, ...bytes];
  return new Uint8Array(all).buffer;
}

test('a media frame is kind, header and bytes; other versions and cut frames are ignored', () => {
  const media = readMedia(frame(2, '{"deck":"d","page":2,"width":960}', [7, 8, 9]));
  assert.deepEqual(media?.header, { deck: 'd', page: 2, width: 960 });
  assert.deepEqual([...(media?.bytes ?? [])], [7, 8, 9]);
  assert.equal(readMedia(frame(1, '{}', [])), null);
  const live = Uint8Array.from([2, 1, 0, 2, 123, 125, 9]);
  assert.deepEqual(readMedia(live.buffer)?.kind, 2);
  assert.deepEqual([...(readMedia(live.buffer)?.bytes ?? [])], [9]);
  assert.equal(readMedia(new Uint8Array([1, 2, 0, 9, 123]).buffer), null);
  assert.equal(readMedia(new ArrayBuffer(0)), null);
});
