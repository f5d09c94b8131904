import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accentTokens, contrast } from './accent';

test('contrast is that of WCAG', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
  assert.ok(Math.abs(contrast('#767676', '#ffffff') - 4.54) < 0.01);
});

test('whatever colour an organisation chooses, texts in it and on it can be read', () => {
  const surface = { light: '#ffffff', dark: '#141d1b' } as const;
  for (let n = 0; n < 0x1000; n += 7) {
    const hex = `#${[8, 4, 0].map((bits) => ((n >> bits) & 15).toString(16).repeat(2)).join('')}`;
    for (const shade of ['light', 'dark'] as const) {
      const t = accentTokens(hex, shade);
      const pairs = [[t['--on-accent'], t['--accent']], [t['--accent-ink'], surface[shade]], [t['--accent-ink'], t['--accent-soft']]];
      for (const [one, other] of pairs)
        assert.ok(contrast(one ?? '', other ?? '') >= 4.5, `${hex} ${shade}: ${one} on ${other}`);
    }
  }
});

test('a colour that can be read stays as it is', () => {
  assert.equal(accentTokens('#7a1f5c', 'light')['--accent'], '#7a1f5c');
});
