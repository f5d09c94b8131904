import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barsFile, columnsFile, dotsFile } from './chartFile';

const widths = (svg: string, colour: string) => [...svg.matchAll(new RegExp(`width="([\\d.]+)" height="\\d+" fill="${colour}"`, 'g'))].map(([, width]) => Number(width));

test('bars are as long as their numbers say, from zero, and a goal has its line', () => {
  const svg = barsFile('By channel', [{ label: 'E-mail', value: 40, words: '40', mark: 80 }, { label: 'Web', value: 10, words: '10' }]);
  const [first = 0, second = 0] = widths(svg, '#1b7f79');
  assert.ok(Math.abs(first / second - 4) < 0.01, `${first} and ${second}`);
  assert.equal(widths(svg, '#14211f').length, 1);
  assert.match(svg, />E-mail<.*>40</s);
});

test('texts that a person typed stay texts', () => {
  const svg = barsFile('A & <b>"', [{ label: '<script>x</script>\u0001', value: 1, words: '1' }]);
  assert.doesNotMatch(svg, /<script|\u0001/);
  assert.match(svg, /A &amp; &lt;b&gt;&quot;/);
});

test('long labels are cut, never in the middle of a sign', () => {
  const svg = barsFile('', [{ label: '🫀'.repeat(60), value: 1, words: '1' }]);
  assert.match(svg, />(🫀){33}…</u);
});

test('nothing to draw is a file all the same', () => {
  for (const svg of [barsFile('a', []), columnsFile('b', [], String), dotsFile('c', [], [], String)]) assert.match(svg, /^<svg [^>]+>[\s\S]+<\/svg>$/);
  assert.doesNotMatch(barsFile('a', [{ label: 'x', value: 0, words: '0' }]), /NaN|Infinity/);
});

test('columns stand on one line, the highest named', () => {
  const svg = columnsFile('Days', [{ label: '1 May', value: 2 }, { label: '2 May', value: 8 }], (n) => `${n} in a day`);
  assert.match(svg, />8 in a day</);
  assert.match(svg, />1 May<.*>2 May</s);
});

test('dots stand where their share is, and what is not known has none', () => {
  const svg = dotsFile('Congresses', ['Attended', 'Completed'], [{ label: 'A', shares: [0.5, null] }, { label: 'B', shares: [1, 0] }], (share) => `${share * 100} %`);
  const [, half, full] = [...svg.matchAll(/<circle cx="([\d.]+)"/g)].map(([, x]) => Number(x));
  assert.equal(full! - half!, 178);
  assert.equal([...svg.matchAll(/<path /g)].length, 2, 'one in the legend, one of B');
});
