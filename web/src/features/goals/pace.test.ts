import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Board, ProfileGoals } from './api';
import { byGap, gaps, projected, standing } from './pace';

const profile = (name: string, over: Partial<ProfileGoals>): ProfileGoals => ({
  id: name,
  name,
  goal_registrations: null,
  goal_attendees: null,
  goal_completions: null,
  goal_coverage: null,
  goal_registration_rate: null,
  goal_participation_rate: null,
  goal_completion_rate: null,
  goal_due: null,
  goal_due_at: null,
  universe: null,
  universe_source: null,
  target_list: null, recent: [0, 0, 0, 0, 0, 0, 0],
  registered: 0,
  attended: 0,
  completed: 0,
  ...over,
});
const board = (over: Partial<Board>): Board => ({
  as_of: '2026-03-01T10:00:00.000Z',
  masked: false,
  next_session_at: '2026-03-08T10:00:00.000Z',
  sessions_held: 0,
  invitations: null,
  all: { registered: 0, attended: 0, completed: 0 },
  no_profile: { registered: 0, attended: 0, completed: 0 },
  profiles: [],
  channels: [],
  campaigns: [],
  regions: [],
  days: [],
  ...over,
});

test('of masked numbers nobody says what is missing, nor where they lead', () => {
  const masked = profile('masked', { goal_registrations: 40, registered: null, recent: null });
  const found = board({ masked: true, profiles: [masked] });
  assert.deepEqual(gaps(found), []);
  assert.equal(standing(masked, found), 'open');
  assert.equal(standing(masked, { ...found, next_session_at: null }), 'open', 'there may be more than is shown');
  assert.equal(standing({ ...masked, registered: 40 }, found), 'reached');
});

test('a projection goes on at the pace of the last seven days, as a range that widens with time', () => {
  assert.deepEqual(projected(10, [0, 0, 0, 0, 0, 0, 0], 30), { low: 10, high: 10 });
  const week = projected(10, [2, 2, 2, 2, 2, 2, 2], 7); // 14 expected, spread 1.28 × √28
  assert.deepEqual(week, { low: 17, high: 31 });
  const later = projected(10, [2, 2, 2, 2, 2, 2, 2], 28);
  assert.ok(later.high - later.low > week.high - week.low);
  assert.ok(projected(0, [1, 0, 0, 0, 0, 0, 0], 1).low >= 0);
});

test('a profile stands where its goal is to the range', () => {
  const two = { recent: [2, 2, 2, 2, 2, 2, 2], registered: 10 };
  const at = (goal: number | null, over: Partial<Board> = {}) =>
    standing(profile('P', { ...two, goal_registrations: goal }), board(over));
  assert.deepEqual([10, 17, 18, 31, 32].map((goal) => at(goal)), ['reached', 'on_course', 'open', 'open', 'short']);
  assert.equal(at(null), 'none');
  assert.equal(at(32, { next_session_at: null }), 'missed');
  const attendees = profile('P', { goal_registrations: 5, registered: 9, goal_attendees: 4, attended: 3 });
  assert.equal(standing(attendees, board({ sessions_held: 1 })), 'reached'); // registrations still count
  assert.equal(standing(attendees, board({ sessions_held: 1, next_session_at: null })), 'missed');
  assert.equal(standing({ ...attendees, goal_registrations: null }, board({ sessions_held: 1 })), 'open');
});

test('what is missing is of what still can come, the largest share of a goal first', () => {
  const near = profile('near', { goal_registrations: 100, registered: 90 });
  const far = profile('far', { goal_registrations: 10, registered: 1 });
  const there = profile('there', { goal_registrations: 5, registered: 5, goal_attendees: 4 });
  const before = board({ profiles: [near, there, far] });
  assert.deepEqual(gaps(before).map(({ profile: p, missing }) => [p.name, missing]), [['far', 9], ['near', 10]]);
  assert.deepEqual(byGap(before).map(({ name }) => name), ['far', 'near', 'there']);
  const after = board({ profiles: [near, there, far], sessions_held: 1, next_session_at: null });
  assert.deepEqual(gaps(after).map(({ profile: p, measure }) => [p.name, measure]), [['there', 'attendees']]);
});

test('registrations are wanted by their day where it has one, also before and after the next session', () => {
  const two = { recent: [2, 2, 2, 2, 2, 2, 2], registered: 10, goal_registrations: 18 };
  const by = (goal_due_at: string | null) => standing(profile('P', { ...two, goal_due_at }), board({}));
  assert.equal(by('2026-03-02T23:00:00.000Z'), 'short', 'a day and a half');
  assert.equal(by(null), 'open', 'a week');
  assert.equal(by('2026-04-01T22:00:00.000Z'), 'on_course', 'a month');
  assert.equal(by('2026-03-01T10:00:00.000Z'), 'missed', 'the day has just ended');
  const late = profile('late', { ...two, goal_due_at: '2026-02-28T23:00:00.000Z' });
  assert.deepEqual(gaps(board({ profiles: [late] })), [], 'nothing helps any more');
});

test('each goal of what people did counts: all are to be reached', () => {
  const done = { goal_attendees: 4, attended: 4, goal_completions: 3, completed: 3, registered: 8, universe: 100 };
  const after = (over: Partial<ProfileGoals>, more: Partial<Board> = {}) => standing(profile('P', { ...done, ...over }), board({ sessions_held: 1, next_session_at: null, ...more }));
  assert.equal(after({}), 'reached');
  assert.equal(after({ completed: 2 }), 'missed');
  assert.deepEqual([0.5, 0.501].map((goal_participation_rate) => after({ goal_participation_rate })), ['reached', 'missed'], 'hit exactly');
  assert.deepEqual([0.04, 0.041].map((goal_coverage) => after({ goal_coverage })), ['reached', 'missed']);
  assert.deepEqual([0.08, 0.081].map((goal_registration_rate) => after({ goal_registration_rate })), ['reached', 'missed']);
  assert.deepEqual([0.75, 0.751].map((goal_completion_rate) => after({ goal_completion_rate })), ['reached', 'missed']);
  assert.equal(after({ goal_coverage: 0.01, universe: null }), 'open', 'of what is not known nobody can say');
  assert.equal(after({ goal_participation_rate: 0.5 }, { masked: true }), 'open', 'of masked numbers no rate is');
});

test('a rate that is short is said as a share', () => {
  const rate = profile('rate', { goal_participation_rate: 0.5, registered: 10, attended: 2 });
  const [gap] = gaps(board({ profiles: [rate], sessions_held: 1 }));
  assert.deepEqual([gap?.measure, gap?.missing, gap?.share], ['participation_rate', 0.3, 0.6]);
});
