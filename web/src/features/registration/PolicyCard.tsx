// Who may register for a congress: said above its links, and chosen in a dialog.
import { useId, useState } from 'preact/hooks';
import { formatNumber } from '../../i18n';
import { common } from '../../i18n/common';
import { useAction } from '../../state/action';
import { useResource } from '../../state/resource';
import { Banner } from '../../ui/Banner';
import { Button, LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Checkbox, FieldError, RadioList, Select } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { ResourceView } from '../../ui/ResourceView';
import { type Column, Table } from '../../ui/Table';
import { toast } from '../../ui/Toast';
import { api as audienceApi } from '../audience/api';
import type { Category } from '../../net/types';
import { api, type Places, type Policy, type RegistrationPolicy } from './api';
import { admitsOthers, CATEGORIES, isReviewed, listed } from './categories';
import { categoryTexts } from './categoryTexts';
import { policyTexts } from './policyTexts';

export function PolicyCard({ congress }: { congress: string }) {
  const found = useResource(`registration policy ${congress}`, () => api.policy(congress));
  return <ResourceView of={found}>{(policy) => <Chosen congress={congress} policy={policy} reload={found.reload} />}</ResourceView>;
}

interface ChosenProps {
  congress: string;
  policy: RegistrationPolicy;
  reload: () => Promise<void>;
}

function Chosen({ congress, policy, reload }: ChosenProps) {
  const t = policyTexts();
  const [changing, setChanging] = useState(false);
  const change = (
    <Button icon="edit" onClick={() => setChanging(true)}>
      {t.change}
    </Button>
  );
  const done = () => {
    setChanging(false);
    toast.good(t.saved);
    void reload();
  };
  return (
    <>
      <Card title={t.title} actions={change}>
        <div class="stack stack--tight">
          <p>{sentence(policy)}</p>
          {admitsOthers(policy.categories) && <p>{categoryTexts().admits(listed(policy.categories))}</p>}
          {othersReviewed(policy.policy, policy.categories) && !policy.review && <p>{categoryTexts().othersReviewed}</p>}
          {policy.review && <p>{t.reviewOn}</p>}
          {policy.in_review > 0 && <InReview congress={congress} people={policy.in_review} />}
          <p>{policy.waiting_list ? t.listOn : t.listOff}</p>
          {nobodyCan(policy) && <Banner tone="warn">{t.noProfiles}</Banner>}
          <PlacesTable places={policy.places} />
        </div>
      </Card>
      {changing && <PolicyDialog congress={congress} stored={policy} onDone={done} onClose={() => setChanging(false)} />}
    </>
  );
}

const othersReviewed = (policy: Policy, categories: readonly Category[]) => categories.some((one) => isReviewed(one, policy));

/** Who is to be decided, and the way there. */
function InReview({ congress, people }: { congress: string; people: number }) {
  const t = policyTexts();
  return (
    <div class="row">
      <span>{t.inReview(people)}</span>
      <LinkButton small href={`/congresses/${congress}/review`}>
        {t.toReview}
      </LinkButton>
    </div>
  );
}

const nobodyCan = ({ policy, target_profiles }: Pick<RegistrationPolicy, 'policy' | 'target_profiles'>) =>
  policy === 'matching' && target_profiles === 0;

function sentence({ policy, target_list }: RegistrationPolicy): string {
  const t = policyTexts();
  return target_list ? t.onList(target_list.name) : t[policy];
}

interface PlaceRow {
  id: string;
  name: string;
  places: number | null;
  taken: number;
  waiting: number;
}

/** Places and who waits for them; nothing where neither profiles have places nor anybody waits. */
function PlacesTable({ places: { capacity, taken, waiting, profiles } }: { places: Places }) {
  const t = policyTexts();
  if (profiles.length === 0 && waiting === 0) return null;
  const number = (value: number | null) => (value === null ? '–' : formatNumber(value));
  const columns: Column<PlaceRow>[] = [
    { key: 'name', label: t.profile, head: true, cell: ({ name }) => name },
    { key: 'taken', label: t.taken, cell: (row) => <span class="number">{number(row.taken)}</span> },
    { key: 'places', label: t.of, cell: (row) => <span class="number">{number(row.places)}</span> },
    { key: 'waiting', label: t.waiting, cell: (row) => <span class="number">{number(row.waiting)}</span> },
  ];
  const rows = [...profiles, { id: '', name: t.seats, places: capacity, taken, waiting }];
  return <Table caption={t.of} columns={columns} rows={rows} rowKey={({ id }) => id} />;
}

interface DialogProps {
  congress: string;
  stored: RegistrationPolicy;
  onDone: () => void;
  onClose: () => void;
}

interface AdmittedProps {
  value: readonly Category[];
  onChange: (value: Category[]) => void;
  error: string | null;
}

/** Whom the congress admits: each category has a form of its own. */
function Admitted({ value, onChange, error }: AdmittedProps) {
  const t = categoryTexts();
  const id = useId();
  return (
    <fieldset class="field" aria-describedby={error ? `${id}-error` : `${id}-hint`}>
      <legend class="field__label">{t.admitted}</legend>
      <p class="field__hint" id={`${id}-hint`}>
        {t.admittedHint}
      </p>
      {CATEGORIES.map((one) => (
        <Checkbox
          key={one}
          label={t.many[one]}
          checked={value.includes(one)}
          onChange={(on) => onChange(CATEGORIES.filter((other) => (other === one ? on : value.includes(other))))}
        />
      ))}
      {error && <FieldError id={`${id}-error`} text={error} />}
    </fieldset>
  );
}

const policies: readonly Policy[] = ['open', 'matching', 'target_list', 'invitation'];

function PolicyDialog({ congress, stored, onDone, onClose }: DialogProps) {
  const t = policyTexts();
  const [policy, setPolicy] = useState<Policy>(stored.policy);
  const [categories, setCategories] = useState<readonly Category[]>(stored.categories);
  const [list, setList] = useState(stored.target_list?.id ?? '');
  const [review, setReview] = useState(stored.review);
  const [waiting_list, setWaiting] = useState(stored.waiting_list);
  const save = useAction(async () => {
    const switches = { categories: [...categories], review, waiting_list };
    await api.setPolicy(congress, policy === 'target_list' ? { policy, target_list: list, ...switches } : { policy, ...switches });
    onDone();
  });
  const profiles = stored.target_profiles;
  return (
    <FormDialog title={t.changeTitle} action={save} fields={['target_list']} submit={common().save} onClose={onClose} {...(categories.length === 0 && { onSubmit: () => {} })}>
      <RadioList
        label={t.who}
        hint={t.hint}
        options={policies.map((value) => ({ value, label: t[value] }))}
        value={policy}
        onChange={(value) => setPolicy(value as Policy)}
      />
      {policy === 'matching' &&
        (profiles > 0 ? <p class="muted small">{t.profiles(profiles)}</p> : <Banner tone="warn">{t.noProfiles}</Banner>)}
      {policy === 'target_list' && (
        <ListField stored={stored} value={list} onChange={setList} error={save.field('target_list')} />
      )}
      <Admitted value={categories} onChange={setCategories} error={categories.length === 0 ? categoryTexts().chooseOne : null} />
      {othersReviewed(policy, categories) && !review && <p class="muted small">{categoryTexts().othersReviewed}</p>}
      <Checkbox label={t.review} checked={review} onChange={setReview} />
      <Checkbox label={t.waitingList} checked={waiting_list} onChange={setWaiting} />
    </FormDialog>
  );
}

interface ListFieldProps {
  stored: RegistrationPolicy;
  value: string;
  onChange: (list: string) => void;
  error: string | null;
}

/** The lists that one may see, and the one that is chosen already. */
function ListField({ stored, value, onChange, error }: ListFieldProps) {
  const t = policyTexts();
  const seen = useResource('target lists to choose', audienceApi.targetLists);
  const { target_list } = stored;
  const lists = seen.value ?? [];
  const all = target_list && !lists.some(({ id }) => id === target_list.id) ? [target_list, ...lists] : lists;
  if (!seen.loading && all.length === 0) return <Banner tone="info">{t.noLists}</Banner>;
  return (
    <Select
      label={t.choose}
      value={value}
      placeholder={t.placeholder}
      required
      disabled={seen.loading}
      options={all.map(({ id, name }) => ({ value: id, label: name }))}
      onChange={onChange}
      error={error}
    />
  );
}
