// Rule: what somebody types is sent as the server takes it, and keys are made once and never twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerFaults, type Answers, type AskedQuestion, keyOf, toAnswers, toTyped, typedNumber } from './formQuestions';

const base = { label_fr: 'Q', label_en: 'Q', help_fr: '', help_en: '', required: true };
const text: AskedQuestion = { ...base, key: 'why', kind: 'text', max_length: 3 };
const number: AskedQuestion = { ...base, key: 'beds', kind: 'number', minimum: 1, maximum: null, whole: true };
const choice: AskedQuestion = { ...base, key: 'meal', kind: 'choice', several: true, options: [{ key: 'fish', text_fr: 'P', text_en: 'F' }] };

test('a number is read in either language’s way', () => {
  assert.deepEqual(['2,5', '1 000', '\u22123', '+4', '2.5'].map(typedNumber), [2.5, 1000, -3, 4, 2.5]);
  for (const none of ['', 'a', '1e5', '1,2,3', '0x10', '-']) assert.ok(Number.isNaN(typedNumber(none)), none);
});

test('what is missing or wrong is found by its field', () => {
  assert.deepEqual(Object.keys(answerFaults([text, number, choice], {})), ['answers.why', 'answers.beds', 'answers.meal']);
  assert.deepEqual(Object.keys(answerFaults([text, number, choice], { why: 'abcd', beds: '0', meal: ['fish'] })), ['answers.why', 'answers.beds']);
  assert.deepEqual(answerFaults([text, number, choice], { why: '😀😀😀', beds: '1', meal: ['fish'] }), {});
});

test('only what is asked and answered is sent, and comes back as it was typed', () => {
  const sent: Answers = toAnswers([text, number, choice], { why: ' a ', beds: '2', meal: ['fish', 'gone'], other: 'x' });
  assert.deepEqual({ ...sent }, { why: 'a', beds: 2, meal: ['fish'] });
  const answered = [text, number, choice].map((q) => ({ ...q, answer: sent[q.key] ?? null }));
  assert.deepEqual(toTyped(answered), { why: 'a', beds: '2', meal: ['fish'] });
  assert.deepEqual(toAnswers([text], { why: '  ' }), {});
});

test('a key is plain, short and new', () => {
  assert.equal(keyOf('Régime & allergies ?', []), 'regime_allergies');
  assert.equal(keyOf('42 nights', []), 'nights');
  assert.equal(keyOf('食事', []), 'q');
  assert.equal(keyOf('Meal', ['meal', 'meal_2']), 'meal_3');
  assert.match(keyOf('x'.repeat(300), ['x'.repeat(26)]), /^[a-z][a-z0-9_]{0,29}$/);
});
