import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inGroups, totpUri } from './totpUri';

test('an app reads issuer, account and secret from the address', () => {
  const uri = new URL(
    totpUri({ secret: 'GEZDGNBVGY3TQOJQ', issuer: 'Labo: Cœur & Cie', account: 'olga+1@labo.test' }),
  );
  assert.equal(uri.protocol, 'otpauth:');
  assert.equal(decodeURIComponent(uri.pathname.split('/').at(-1) ?? ''), 'Labo  Cœur & Cie:olga+1@labo.test');
  assert.equal(uri.searchParams.get('issuer'), 'Labo  Cœur & Cie');
  assert.equal(uri.searchParams.get('secret'), 'GEZDGNBVGY3TQOJQ');
});

test('a key is written in groups of four', () => {
  assert.equal(inGroups('GEZDGNBVGY3TQOJQ'), 'GEZD GNBV GY3T QOJQ');
});
