// Rules: only addresses of the web and of mailboxes are offered, called by where they lead.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { place, target, targets } from './links';

const link = (url: string) => ({ x: 0, y: 250, width: 10_000, height: 5, url });
const name = (url: string) => target(link(url))?.name;

test('nothing but web pages and mailboxes is offered', () => {
  for (const url of ['javascript:alert(1)', 'JAVASCRIPT:x', 'data:text/html,x', 'file:///etc/passwd', 'blob:x', '/relative', '', 'http://'])
    assert.equal(target(link(url)), null, url);
  assert.equal(target(link('HTTPS://Example.org'))?.href, 'https://example.org/');
});

test('a link is called by where it leads, whatever stands before', () => {
  assert.equal(name('https://www.who.int/'), 'www.who.int');
  assert.equal(name('https://bank.test@evil.test/a%20b/?token=1#x'), 'evil.test/a b');
  assert.equal(name('https://example.org/%E9tude'), 'example.org/%E9tude');
  assert.equal(name('mailto:info@example.org?subject=x'), 'info@example.org');
  assert.equal(name(`https://example.org/${'a'.repeat(200)}`)?.length, 80);
  assert.ok(target(link('mailto:info@example.org'))?.mail);
});

test('an address that a page has several times is listed once, and placed each time', () => {
  const { all, once } = targets([link('https://a.test'), link('https://a.test/'), link('x:'), link('https://b.test')]);
  assert.deepEqual([all.length, once.length], [3, 2]);
  assert.deepEqual(place(link('')), { left: '0%', top: '2.5%', width: '100%', height: '0.05%' });
});
