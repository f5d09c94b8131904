import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellText, csvLine } from './sheetCsv';

test('a number has no exponent, a day no time, and a truth value is a figure', () => {
  assert.equal(cellText(10000001916), '10000001916');
  assert.equal(cellText(Number('1.0000001916E10')), '10000001916');
  assert.equal(cellText(0.1), '0.1');
  assert.equal(cellText(new Date('1975-03-02T00:00:00Z')), '1975-03-02');
  assert.equal(cellText(new Date('1975-03-02T08:30:00Z')), '1975-03-02 08:30:00');
  assert.equal(cellText(true), '1');
  assert.equal(cellText(null), '');
});

test('a row is one line, whatever is in its cells', () => {
  assert.equal(csvLine(['Élise', 'dit "Zoé", la 2e', 'rue;\r\n du Port', null, 7]), '"Élise","dit ""Zoé"", la 2e","rue; du Port",,"7"\n');
});
