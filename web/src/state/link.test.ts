// Rule: a mailed link is read as it was meant, whatever mail programs and gateways made of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLink } from './link';

const TOKEN = 'Zm9vYmFyLWZvb2Jhcl9mb28tYmFyLWZvb2Jhci1mb29';

function read(address: string) {
  const { pathname, search, hash } = new URL(address, 'https://amphi.test');
  return readLink(pathname, search, hash);
}

const altered = [
  `/join#${TOKEN}`,
  `/join/#${TOKEN}`,
  `/join#/${TOKEN}`,
  `/join%23${TOKEN}`,
  `/join%2523${TOKEN}`,
  `/join/%23${TOKEN}`,
  `/join#${TOKEN}>`,
  `/join#${TOKEN}%3E`,
  `/join#${TOKEN}.`,
  `/join#${TOKEN}).`,
  `/join#${TOKEN}»`,
  `/join#${TOKEN}%20`,
  `/join#${TOKEN}%0D%0A`,
  `/join#%20${TOKEN}`,
  `/join#${TOKEN.slice(0, 20)}%0D%0A${TOKEN.slice(20)}`,
  `/join#${TOKEN.slice(0, 20)}%C2%AD${TOKEN.slice(20)}`.replace('%C2%AD', '\u00ad'),
  `/join#${TOKEN}?utm_source=mail&utm_medium=invitation`,
  `/join#${TOKEN}&data=05%7C01%7Canne%40hopital.example&reserved=0`,
  `/join#${TOKEN}&amp;x=1`,
  `/join#${TOKEN}%22%20target=%22_blank`,
  `/join%23${TOKEN}?utm_source=mail`,
  `/join?utm_source=a-very-long-campaign-name-with-more-than-43-signs%23${TOKEN}`,
];

for (const address of altered)
  test(`${address} is the link`, () => {
    const link = read(address);
    assert.equal(link?.token, TOKEN);
    assert.equal(link?.address, '/join');
  });

test('what belongs to the page stays, the token does not', () => {
  assert.deepEqual(read(`/sign-in?to=%2Fteam#${TOKEN}`), { address: '/sign-in?to=%2Fteam', token: TOKEN });
  assert.deepEqual(read(`/cancel?utm_source=x#${TOKEN}.`), { address: '/cancel?utm_source=x', token: TOKEN });
});

test('the page of a representative has its secret in the same way', () => {
  assert.deepEqual(read(`/representative#${TOKEN}`), { address: '/representative', token: TOKEN });
});

test('other pages and other fragments are no links', () => {
  for (const address of [
    '/join',
    '/join#',
    '/join#main',
    `/join#${TOKEN.slice(1)}`,
    `/my#${TOKEN}`,
    `/joining#${TOKEN}`,
    `/congresses/${TOKEN}#main`,
    `/join/${TOKEN}`,
    '/sign-in?to=%2Fsessions%2F0b8e0b8e-0b8e-4b8e-8b8e-0b8e0b8e0b8e%2Fparticipation',
  ])
    assert.equal(read(address), null, address);
});
