// Rules: whatever a feature declares can be loaded; every dictionary says the same in both languages;
// an error code and an audit word belong to one feature.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { detailLines } from '../features/audit/details';
import { dictionaries, language } from '../i18n';
import { addErrorTexts, codeText } from '../i18n/errors';
import '../ui/LeaveDialog'; // shown by no page, but by the application itself
import '../features/stage/later'; // fetched when somebody is on a stage
import './SomebodyElse';
import { features } from './features';
import { pages } from './pages';
import { congressTabs, sessionTabs } from './tabs';

const source = join(process.env.AMPHI_ROOT ?? '..', 'web/src');

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

async function loadEverything(): Promise<void> {
  const views = [...pages, ...congressTabs, ...sessionTabs].map(({ load }) => load());
  for (const { default: view } of await Promise.all<{ default: unknown }>(views))
    assert.equal(typeof view, 'function');
  await Promise.all(features.flatMap(({ live, host }) => [live?.(), host?.()]));
  await Promise.all(features.flatMap((feature) => [feature.audit?.(), feature.proof?.()]));
}

test('each folder of features/ is listed, under its own name', () => {
  const folders = readdirSync(join(source, 'features'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  assert.deepEqual(features.map((feature) => feature.name).sort(), folders.sort());
});

test('all texts belong to something that a feature declares', async () => {
  await loadEverything();
  const definitions = files(source)
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\./.test(path))
    .map((path) => readFileSync(path, 'utf8').match(/(?:=|default) defineTexts\(/g)?.length ?? 0)
    .reduce((sum, count) => sum + count, 0);
  assert.equal(dictionaries.length, definitions);
});

function compare(en: unknown, fr: unknown, path: string): void {
  assert.equal(typeof fr, typeof en, path);
  if (typeof en === 'string') {
    assert.ok(en.trim() && (fr as string).trim(), `${path} is empty`);
  } else if (typeof en === 'function') {
    assert.equal((fr as typeof en).length, en.length, `${path} takes other arguments`);
  } else {
    const [a, b] = [en, fr] as Record<string, unknown>[];
    assert.deepEqual(Object.keys(b ?? {}).sort(), Object.keys(a ?? {}).sort(), path);
    for (const key of Object.keys(a ?? {})) compare(a?.[key], b?.[key], `${path}.${key}`);
  }
}

test('both languages have the same keys, and no text is empty', async () => {
  await loadEverything();
  dictionaries.forEach(({ en, fr }, index) => compare(en, fr, `dictionary ${index}`));
});

test('a word of the audit log belongs to one feature', async () => {
  const words = await Promise.all(features.flatMap((feature) => feature.audit?.() ?? []));
  for (const list of ['action', 'kind'] as const) {
    const codes = words.flatMap((module) => Object.keys(module.default()[list]));
    assert.equal(new Set(codes).size, codes.length, codes.sort().join(' '));
  }
});

test('the log says in words what it holds of each action', async () => {
  const words = await Promise.all(features.flatMap((feature) => feature.audit?.() ?? []));
  const rows = JSON.parse(
    readFileSync(`${process.env.AMPHI_ROOT}/tests/fixtures/audit_details.json`, 'utf8'),
  ) as { action: string; details: Record<string, unknown> }[];
  for (const wanted of ['fr', 'en'] as const) {
    language.value = wanted;
    for (const { action, details } of rows) {
      const own = words.find((module) => Object.hasOwn(module.default().action, action))?.default();
      assert.ok(own, action);
      for (const text of detailLines(details, own)) {
        assert.doesNotMatch(text, /[{}[\]"]|_|\b[0-9a-f]{8}\b|\b(true|false|null)\b/, `${action}: ${text}`);
        const label = text.split(/\s*:/)[0] ?? '';
        assert.ok(Object.values(own.detail ?? {}).includes(label), `${action}: ${text} has a word`);
      }
    }
  }
});

test('the error codes of features have their sentences, each from one feature', async () => {
  const later = await Promise.all(features.flatMap(({ laterErrors }) => laterErrors?.() ?? []));
  const texts = [...features.flatMap(({ errors }) => errors ?? []), ...later.map((module) => module.default)];
  const codes = texts.flatMap((own) => Object.keys(own()));
  assert.equal(new Set(codes).size, codes.length, codes.sort().join(' '));
  const first = features.flatMap(({ errors }) => Object.keys(errors?.() ?? {})); // pages above have brought the later ones
  for (const code of first) assert.equal(codeText(code), codeText('other'), `${code} is a general one`);
  texts.forEach(addErrorTexts);
  for (const code of codes) assert.notEqual(codeText(code), codeText('other'), code);
});
