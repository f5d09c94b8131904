import assert from 'node:assert/strict';
import { test } from 'node:test';
import jsqr from 'jsqr';
import { MARGIN, qrOf, type Qr } from './qr';

const MODULE = 3; // pixels

// jsqr is a CommonJS package: its function is the default's default under Node.
const decode = ((jsqr as unknown as { default?: typeof jsqr }).default ?? jsqr) as typeof jsqr;

/** Where the path is dark; each module once. */
function modules({ side, path }: Qr): boolean[][] {
  const dark = Array.from({ length: side }, () => Array<boolean>(side).fill(false));
  const runs = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)];
  assert.equal(runs.map(([run]) => run).join(''), path);
  for (const [, x, y, width] of runs)
    for (let i = 0; i < Number(width); i++) {
      const row = dark[Number(y)] as boolean[];
      assert.equal(row[Number(x) + i], false);
      row[Number(x) + i] = true;
    }
  return dark;
}

/** What another library reads in a picture of it. */
function read(dark: boolean[][]): string | undefined {
  const size = dark.length * MODULE;
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      if (dark[Math.floor(y / MODULE)]?.[Math.floor(x / MODULE)])
        pixels.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
  return decode(pixels, size, size)?.data;
}

const text = (length: number) => 'https://amphi.example.org/r/abcdefghjkmn?'.repeat(15).slice(0, length);

test('codes are read as what was written', async () => {
  for (const said of [...[1, 40, 62, 123, 213, 500].map(text), 'otpauth://totp/Labo%20C%C5%93ur:olga%40labo.test?secret=GEZDGNBVGY3TQOJQ'])
    assert.equal(read(modules(await qrOf(said))), said);
});

test('a code that is partly covered is still read', async () => {
  const dark = modules(await qrOf(text(62)));
  const middle = dark.length >> 1;
  for (let y = middle - 3; y <= middle; y++) dark[y]?.fill(false, middle - 3, middle + 1);
  assert.equal(read(dark), text(62));
});

test('the margin is light', async () => {
  const dark = modules(await qrOf(text(30)));
  const last = dark.length - MARGIN;
  dark.forEach((row, y) =>
    row.forEach((on, x) => assert.ok(!on || (x >= MARGIN && y >= MARGIN && x < last && y < last))),
  );
});
