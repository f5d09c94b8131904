// The review queue of a congress: who is to be decided, chosen one by one or many at once, by pointer or by keyboard.
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatNumber } from '../../i18n';
import { loadAllCodes } from '../../state/ownCodes';
import { useLater } from '../../state/later';
import type { Category } from '../../net/types';
import { type PagedList, useList } from '../../state/list';
import { useResource } from '../../state/resource';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { Input, Segmented } from '../../ui/Field';
import { ListView } from '../../ui/ListView';
import type { CongressTabProps } from '../feature';
import { api, type Decision, type Reviewed, type ReviewFilter, type ReviewList } from './api';
import { admitsOthers } from './categories';
import { DecisionDialog } from './DecisionDialog';
import { CategoryFilter } from './RegistrationFilters';
import { ReviewKeys } from './ReviewKeys';
import { ReviewRow } from './ReviewRow';
import { ReviewTools } from './ReviewTools';
import { reviewTexts } from './reviewTexts';

type Counts = ReviewList['counts'];
interface Wanted {
  q: string;
  filter: ReviewFilter;
  category: '' | Category;
}
export interface Deciding {
  decision: Decision;
  rows: Reviewed[];
}

export default function ReviewTab({ congress }: CongressTabProps) {
  const [wanted, setWanted] = useState<Wanted>({ q: '', filter: '', category: '' });
  const policy = useResource(`registration policy ${congress.id}`, () => api.policy(congress.id));
  const [counts, setCounts] = useState<Counts | null>(null);
  const q = useLater(wanted.q.trim());
  const list = useList(`reviews ${congress.id} ${wanted.filter} ${wanted.category} ${q}`, async (page) => {
    const [found] = await Promise.all([api.reviews(congress.id, { ...page, q, filter: wanted.filter, category: wanted.category }), loadAllCodes()]);
    setCounts(found.counts);
    return found;
  });
  const found = wanted.filter === '' && wanted.category === '' && q === '';
  const t = reviewTexts();
  return (
    <Card flush title={t.title} text={wanted.filter === 'declined' ? t.leadDeclined : t.lead}>
      <Filters value={wanted} onChange={setWanted} counts={counts} others={admitsOthers(policy.value?.categories ?? [])} />
      <ListView list={list} empty={<Empty filtered={!found} />}>
        {(rows) => <Queue key={`${wanted.filter} ${wanted.category} ${q}`} rows={rows} list={list} zone={congress.time_zone} />}
      </ListView>
    </Card>
  );
}

interface FiltersProps {
  value: Wanted;
  onChange: (value: Wanted) => void;
  counts: Counts | null;
  /** Whether the congress admits others than HCPs. */
  others: boolean;
}

function Filters({ value, onChange, counts, others }: FiltersProps) {
  const t = reviewTexts();
  const option = (filter: ReviewFilter, label: string, n?: number) => ({
    value: filter,
    label: n === undefined ? label : `${label} (${formatNumber(n)})`,
  });
  return (
    <div class="review-filters" role="search">
      <Segmented
        label={t.filter}
        hideLabel
        value={value.filter}
        onChange={(filter) => onChange({ ...value, filter: filter as ReviewFilter })}
        options={[
          option('', t.all, counts?.in_review),
          option('flagged', t.flagged, counts?.flagged),
          option('proof_asked', t.proof_asked, counts?.proof_asked),
          option('declined', t.declined, counts?.declined),
        ]}
      />
      {others && <CategoryFilter value={value.category} onChange={(category) => onChange({ ...value, category })} />}
      <Input label={t.search} hideLabel type="search" placeholder={t.search} value={value.q} onInput={(q) => onChange({ ...value, q })} />
    </div>
  );
}

function Empty({ filtered }: { filtered: boolean }) {
  const t = reviewTexts();
  return filtered ? (
    <EmptyState icon="search" title={t.noMatch}>
      {t.noMatchText}
    </EmptyState>
  ) : (
    <EmptyState icon="checkCircle" title={t.empty}>
      {t.emptyText}
    </EmptyState>
  );
}

interface QueueProps {
  rows: Reviewed[];
  list: PagedList<Reviewed>;
  zone: string;
}

function Queue({ rows, list, zone }: QueueProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [deciding, setDeciding] = useState<Deciding | null>(null);
  const selected = rows.filter(({ id }) => chosen.has(id));
  const follow = useFocusAfter(rows);
  const choose = (id: string, on: boolean) => setChosen(new Set(on ? [...chosen, id] : [...chosen].filter((one) => one !== id)));
  const done = async () => {
    follow(deciding?.rows ?? []);
    setDeciding(null);
    setChosen(new Set());
    await list.reload();
  };
  const decide = (decision: Decision, of: Reviewed[]) => setDeciding({ decision, rows: of });
  return (
    <>
      <ReviewKeys />
      <ReviewTools rows={rows} selected={selected} onSelect={(all) => setChosen(new Set(all.map(({ id }) => id)))} onDecide={decide} />
      <ul class="plain reviews">
        {rows.map((row) => (
          <ReviewRow
            key={row.id}
            row={row}
            zone={zone}
            selected={chosen.has(row.id)}
            onSelect={(on) => choose(row.id, on)}
            onDecide={(decision) => decide(decision, [row])}
            onKey={(decision) => decide(decision, chosen.has(row.id) ? selected : [row])}
          />
        ))}
      </ul>
      {deciding && <DecisionDialog {...deciding} onClose={() => setDeciding(null)} onDone={done} />}
    </>
  );
}

/** After a decision the focus goes to who came behind, instead of to the beginning of the page. */
function useFocusAfter(rows: Reviewed[]): (decided: Reviewed[]) => void {
  const next = useRef<string | null>(null);
  useEffect(() => {
    if (next.current === null) return;
    document.querySelector<HTMLElement>(`[data-review="${next.current}"] input`)?.focus();
    next.current = null;
  }, [rows]);
  return (decided) => {
    const last = rows.findIndex(({ id }) => id === decided.at(-1)?.id);
    const left = (row: Reviewed) => !decided.includes(row);
    next.current = (rows.slice(last).find(left) ?? rows.slice(0, last).reverse().find(left))?.id ?? null;
  };
}
