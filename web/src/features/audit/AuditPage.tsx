// Who did what, and when.
import { useContext, useState } from 'preact/hooks';
import { formatDate } from '../../i18n';
import { useList } from '../../state/list';
import { hasRole } from '../../state/me';
import { useResource } from '../../state/resource';
import { AppShell } from '../../ui/AppShell';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { Segmented } from '../../ui/Field';
import { ListView } from '../../ui/ListView';
import { type Column, Table } from '../../ui/Table';
import { api as accountsApi } from '../accounts/api';
import { type AuditWords, type Feature, Features } from '../feature';
import { api, type AuditEntry, type AuditPart } from './api';
import { detailLines } from './details';
import { auditTexts } from './texts';

type Words = () => AuditWords;

async function loadWords(features: readonly Feature[]): Promise<Words[]> {
  const loaded = features.flatMap((feature) => feature.audit?.() ?? []);
  return (await Promise.all(loaded)).map((module) => module.default);
}

/** The names of the organisation's staff by their ids. Only organisers may ask for them. */
async function staffNames(): Promise<Map<string, string>> {
  if (!hasRole('organiser')) return new Map();
  const people = await accountsApi.staff({ limit: 200 });
  return new Map(people.items.map((person) => [person.id, person.name]));
}

export default function AuditPage() {
  const t = auditTexts();
  const features = useContext(Features);
  const [words, setWords] = useState<Words[]>([]);
  const [part, setPart] = useState<AuditPart | null>(null);
  const list = useList(`audit ${part}`, async (page) => {
    const [found, loaded] = await Promise.all([api.audit({ ...page, part }), loadWords(features)]);
    setWords(loaded);
    return found;
  });
  const names = useResource('audit names', staffNames);
  return (
    <AppShell title={t.title} subtitle={t.lead(Intl.DateTimeFormat().resolvedOptions().timeZone)}>
      <Card flush>
        <Parts value={part} onChange={setPart} />
        <ListView list={list} empty={<EmptyState icon="scroll" title={t.empty} />}>
          {(rows) => (
            <Table
              caption={t.title}
              columns={columns(names.value ?? new Map(), words)}
              rows={rows}
              rowKey={(row) => String(row.id)}
            />
          )}
        </ListView>
      </Card>
    </AppShell>
  );
}

function Parts({ value, onChange }: { value: AuditPart | null; onChange: (part: AuditPart | null) => void }) {
  const t = auditTexts();
  return (
    <div class="audit__parts">
      <Segmented
        label={t.part}
        hideLabel
        value={value ?? 'all'}
        onChange={(part) => onChange(part === 'all' ? null : (part as AuditPart))}
        options={[
          { value: 'all', label: t.all },
          { value: 'changes', label: t.changes },
          { value: 'reads', label: t.reads },
        ]}
      />
    </div>
  );
}

function who(row: AuditEntry, names: Map<string, string>): string {
  const kind = auditTexts().actor[row.actor_kind];
  return row.actor_name ?? (row.actor_id && names.get(row.actor_id)) ?? kind;
}

/** The words of the feature that declares the code. */
const wordsOf = (words: Words[], list: 'action' | 'kind', code: string) =>
  words.find((texts) => Object.hasOwn(texts()[list], code))?.();

/** The words for a code of the log; the code itself where no feature declares any. */
const word = (words: Words[], list: 'action' | 'kind', code: string): string =>
  wordsOf(words, list, code)?.[list][code] ?? code;

/** Where things have a page of their own. */
const PAGES: Readonly<Record<string, string>> = { congress: '/congresses', session: '/sessions' };

function Thing({ row, words }: EntryProps) {
  const kind = word(words, 'kind', row.object_kind);
  const folder = PAGES[row.object_kind];
  const name = <span class="audit__name">{row.object_name}</span>;
  if (!row.object_name) return <span class="muted">{kind}</span>;
  return (
    <div>
      {folder && row.object_id ? <a href={`${folder}/${row.object_id}`}>{name}</a> : name}
      <span class="table__second">{kind}</span>
    </div>
  );
}

interface EntryProps {
  row: AuditEntry;
  words: Words[];
}

function Details({ row, words }: EntryProps) {
  const lines = detailLines(row.details, wordsOf(words, 'action', row.action));
  return (
    <div class="audit__details small">
      {lines.length > 0 && (
        <ul class="plain">
          {lines.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      <References row={row} />
    </div>
  );
}

/** For whoever has to find an entry again: in the database, in an answer of the API. */
function References({ row }: { row: AuditEntry }) {
  const t = auditTexts();
  const all: [string, string | null][] = [
    [t.action, row.action],
    [t.reference, row.object_id],
    [t.actorReference, row.actor_id],
  ];
  return (
    <details class="muted">
      <summary>{t.references}</summary>
      <dl>
        {all.map(
          ([label, value]) =>
            value && (
              <div key={label}>
                <dt>{label}</dt>
                <dd translate={false}>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </details>
  );
}

function Time({ at }: { at: string }) {
  return (
    <time class="number nowrap" dateTime={at}>
      {formatDate(at, null, { dateStyle: 'medium', timeStyle: 'medium' })}
    </time>
  );
}

function columns(names: Map<string, string>, words: Words[]): Column<AuditEntry>[] {
  const t = auditTexts();
  return [
    { key: 'when', label: t.when, cell: (row) => <Time at={row.at} /> },
    { key: 'who', label: t.who, cell: (row) => who(row, names) },
    { key: 'what', label: t.what, head: true, cell: (row) => word(words, 'action', row.action) },
    { key: 'object', label: t.object, cell: (row) => <Thing row={row} words={words} /> },
    { key: 'details', label: t.details, cell: (row) => <Details row={row} words={words} /> },
  ];
}
