// The browser's part of the public programme, a page that the server writes (server/features/programme/public_page.c): it
// filters in place and keeps the address, says times in the reader's zone beside the congress's, and shows where it is now.
import '../state/theme';
import { brand } from '../ui/accent';
import { clock, dayBefore, matches, type Wanted } from './list';

const NAMES = ['q', 'track', 'room', 'language', 'level', 'speaker'] as const;
const MINUTE = 60_000;
const by = <T extends HTMLElement>(id: string) => document.getElementById(id) as T | null;
const cards = [...document.querySelectorAll<HTMLElement>('.card')];
const form = by<HTMLFormElement>('filters');
const language = document.documentElement.lang;

brand.value = document.documentElement.dataset.accent || null;

// --- filters ---

function wanted(): Wanted {
  const typed = new FormData(form ?? undefined);
  return Object.fromEntries(NAMES.map((name) => [name, String(typed.get(name) ?? '')])) as Wanted;
}

function keepAddress(asked: Wanted): void {
  const address = new URL(location.href);
  for (const name of NAMES) {
    if (asked[name]) address.searchParams.set(name, asked[name]);
    else address.searchParams.delete(name);
  }
  history.replaceState(null, '', address);
  const other = by<HTMLAnchorElement>('lang');
  if (!other) return;
  const there = new URL(address);
  there.searchParams.set('lang', other.lang);
  other.href = there.search;
}

function sayFound(): void {
  const sessions = cards.filter((card) => !card.classList.contains('card--break'));
  const found = sessions.filter((card) => !card.hidden).length;
  const says = by('found');
  const nothing = by('nothing');
  if (nothing) nothing.hidden = found > 0;
  if (!says) return;
  const template = (found === sessions.length ? says.dataset.all : says.dataset.some) ?? '';
  const text = template.replace('%s', String(found)).replace('%s', String(sessions.length));
  if (says.textContent !== text) says.textContent = text;
}

/** Times and days of which nothing is shown go, too. */
function hideEmpty(): void {
  for (const part of document.querySelectorAll<HTMLElement>('.slot, .day')) part.hidden = !part.querySelector('.card:not([hidden])');
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.days a')) link.hidden = by(link.hash.slice(1))?.hidden ?? false;
}

function filter(): void {
  const asked = wanted();
  for (const card of cards) card.hidden = !matches(card.dataset, asked);
  hideEmpty();
  sayFound();
  keepAddress(asked);
  const reset = by('reset');
  if (reset) reset.hidden = Object.values(asked).every((value) => !value);
}

if (form) {
  form.addEventListener('input', filter);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    filter();
    by('list')?.focus();
  });
  document.documentElement.classList.add('scripted');
  const choices = form.querySelector('details');
  if (choices && innerWidth >= 820) choices.open = true;
  by('reset')?.addEventListener('click', (event) => {
    event.preventDefault();
    for (const field of form.querySelectorAll<HTMLInputElement>('[type=search]')) field.value = '';
    for (const field of form.querySelectorAll('select')) field.value = '';
    filter();
    form.querySelector<HTMLInputElement>('[type=search]')?.focus();
  });
}
hideEmpty();

// --- times in the reader's zone, with the congress's beside ---

const zoneLine = by('zone');
const there = zoneLine?.dataset.zone ?? 'UTC';
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

function sayTimes(): void {
  const times = [...document.querySelectorAll<HTMLTimeElement>('time[datetime]')];
  const differs = times.some((time) => clock(time.dateTime, here) !== clock(time.dateTime, there));
  if (!differs || !zoneLine) return;
  document.documentElement.classList.add('two-zones');
  for (const time of times) {
    const other = document.createElement('span');
    other.className = 'there';
    other.textContent = time.textContent;
    time.textContent = clock(time.dateTime, here) + dayBefore(time.dateTime, here, there, language);
    time.append(' ', other);
  }
  const mine = document.createElement('strong');
  mine.translate = false;
  mine.textContent = here.replaceAll('_', ' ');
  const theirs = document.createElement('span');
  theirs.className = 'there';
  theirs.translate = false;
  theirs.textContent = there.replaceAll('_', ' ');
  const label = zoneLine.firstChild?.textContent ?? '';
  zoneLine.replaceChildren(label, mine, ` (${zoneLine.dataset.here}) `, theirs);
}
sayTimes();

// --- now ---

const line = document.createElement('li');
line.className = 'now';
line.setAttribute('aria-hidden', 'true');

function placeNow(): void {
  const now = Date.now();
  const start = (part: HTMLElement) => Date.parse(part.querySelector('time')?.dateTime ?? '');
  for (const card of cards) {
    const { from = '', to = '' } = card.dataset;
    card.classList.toggle('card--now', Date.parse(from) <= now && now < Date.parse(to));
    card.classList.toggle('card--past', Date.parse(to) <= now);
  }
  const slots = [...document.querySelectorAll<HTMLElement>('.slot:not([hidden])')];
  const first = slots[0];
  const over = Math.max(...cards.map((card) => Date.parse(card.dataset.to ?? '')));
  line.remove();
  if (!first || now < start(first) || now > over) return;
  const time = document.createElement('time');
  time.dateTime = new Date(now).toISOString();
  time.textContent = clock(time.dateTime, here);
  line.replaceChildren(zoneLine?.dataset.now ?? '', ' ', time);
  slots.filter((slot) => start(slot) <= now).at(-1)?.after(line);
}
placeNow();
setInterval(placeNow, MINUTE / 2);
form?.addEventListener('input', placeNow);

// --- printing ---

const print = by<HTMLButtonElement>('print');
if (print) {
  print.hidden = false;
  print.addEventListener('click', () => window.print());
}
