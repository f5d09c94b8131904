// Rules: what happens to a poll is news once; a poll that was opened while the connection was lost is news
// after the next join; results stay on the stage until the next slide.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PollStore, pollStore } from './store';

const poll = (id: string, state = 'open') => ({
  id,
  position: 1,
  question: `Question ${id}`,
  choice: 'single',
  state,
  results_shown: false,
  opened_at: null,
  closed_at: null,
  options: [{ position: 1, text: 'A' }],
});

function open() {
  const opened = pollStore.open(() => Promise.reject(new Error('no server')), false);
  const store: PollStore = opened.store;
  const event = (name: string, data: object) =>
    opened.event({ event: name, place: 'p', seq: 1, at: 'now', data });
  const join = (...polls: object[]) => opened.snapshot({ common: { polls }, own: { polls: [] } });
  const news = () => store.news.value && `${store.news.value.what} ${store.news.value.poll.id}`;
  return { store, event, join, news };
}

test('opening, closing and results are news, the state at the first join is not', () => {
  const { store, event, join, news } = open();
  join(poll('a'));
  assert.equal(news(), null);
  event('poll.opened', { poll: poll('b') });
  assert.equal(news(), 'opened b');
  event('poll.closed', { id: 'b', closed_at: 'now' });
  assert.equal(news(), 'closed b');
  event('poll.results_shown', { id: 'b' });
  assert.equal(news(), 'results b');
  const { number } = store.news.value ?? {};
  event('poll.results_hidden', { id: 'b' });
  event('poll.results_shown', { id: 'b' });
  assert.notEqual(store.news.value?.number, number);
});

test('a poll that was missed is news after the next join', () => {
  const { join, news } = open();
  join();
  join(poll('a'));
  assert.equal(news(), 'opened a');
});

test('results leave the stage with the next slide, when they are hidden, and when the person wishes', () => {
  const { store, event, join } = open();
  join(poll('a'));
  const leaves = [
    () => event('slide.moved', { version: 2, deck: 'd', page: 2 }),
    () => event('poll.results_hidden', { id: 'a' }),
    () => store.unstage(),
  ];
  for (const leave of leaves) {
    event('poll.results_shown', { id: 'a' });
    assert.equal(store.staged.value, 'a');
    leave();
    assert.equal(store.staged.value, null);
  }
});
