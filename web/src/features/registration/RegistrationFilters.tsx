// Which registrations the list shows, and how many there are.
import { codeLabel, formatNumber, language } from '../../i18n';
import { codes } from '../../state/codes';
import { DownloadButton } from '../../ui/DownloadButton';
import { Input, Select } from '../../ui/Field';
import { api, type RegistrationFilters } from './api';
import { categoryOptions } from './categories';
import { categoryTexts } from './categoryTexts';
import { registryTexts } from './registryTexts';
import { registrationTexts } from './staffTexts';

export const ALL: RegistrationFilters = { q: '', state: '', channel: '', profile: '', registry: '', category: '' };

interface FiltersProps {
  value: RegistrationFilters;
  onChange: (value: RegistrationFilters) => void;
  /** The names of the target profiles by their ids. */
  profiles: Map<string, string>;
  /** Whether there are others than HCPs. */
  others: boolean;
}

export function Filters({ value, onChange, profiles, others }: FiltersProps) {
  const t = registrationTexts();
  const channels = codes.value?.channel ?? [];
  const set = (fields: Partial<RegistrationFilters>) => onChange({ ...value, ...fields });
  return (
    <div class="list-filters" role="search">
      <Input
        label={t.search}
        hideLabel
        type="search"
        placeholder={t.search}
        value={value.q}
        onInput={(q) => set({ q })}
      />
      <Select
        label={t.state}
        hideLabel
        placeholder={t.anyState}
        value={value.state}
        onChange={(state) => set({ state: state as RegistrationFilters['state'] })}
        options={states()}
      />
      <Select
        label={t.channel}
        hideLabel
        placeholder={t.anyChannel}
        value={value.channel}
        onChange={(channel) => set({ channel })}
        options={channels.map(({ code }) => ({ value: code, label: codeLabel(channels, code) }))}
      />
      {profiles.size > 0 && (
        <Select
          label={t.profiles}
          hideLabel
          placeholder={t.anyProfile}
          value={value.profile}
          onChange={(profile) => set({ profile })}
          options={[
            ...[...profiles].map(([id, name]) => ({ value: id, label: name })),
            { value: 'none', label: t.noProfile },
          ]}
        />
      )}
      {others && <CategoryFilter value={value.category} onChange={(category) => set({ category })} />}
      <RegistryFilter value={value.registry} onChange={(registry) => set({ registry })} />
    </div>
  );
}

function states() {
  const t = registrationTexts();
  return [
    { value: 'registered', label: t.active },
    { value: 'in_review', label: t.inReview },
    { value: 'waiting', label: t.onWaitingList },
    { value: 'declined', label: t.declined },
    { value: 'cancelled', label: t.cancelledOnes },
  ];
}

interface RegistryFilterProps {
  value: RegistrationFilters['registry'];
  onChange: (value: RegistrationFilters['registry']) => void;
}

function RegistryFilter({ value, onChange }: RegistryFilterProps) {
  const t = registryTexts();
  const verdicts = ['verified', 'differs', 'unknown', 'none'] as const;
  return (
    <Select
      label={t.registry}
      hideLabel
      placeholder={t.any}
      value={value}
      onChange={(chosen) => onChange(chosen as RegistrationFilters['registry'])}
      options={verdicts.map((verdict) => ({ value: verdict, label: t.filter[verdict] }))}
    />
  );
}

interface CategoryFilterProps {
  value: RegistrationFilters['category'];
  onChange: (value: RegistrationFilters['category']) => void;
}

export function CategoryFilter({ value, onChange }: CategoryFilterProps) {
  const t = categoryTexts();
  return (
    <Select
      label={t.category}
      hideLabel
      placeholder={t.any}
      value={value}
      onChange={(chosen) => onChange(chosen as RegistrationFilters['category'])}
      options={categoryOptions()}
    />
  );
}

/** Null: not known yet. */
export type Counts = { found: number; waiting: number } | null;

export function CountLine({ counts, congress }: { counts: Counts; congress: string }) {
  const t = registrationTexts();
  const dialect = language.value === 'fr' ? 'excel-fr' : 'excel-en';
  return (
    <div class="list-count row row--between">
      <p class="muted small number" role="status">
        {counts && (
          <>
            <strong>{formatNumber(counts.found)}</strong> {t.found(counts.found)}
            {counts.waiting > 0 && <> · {t.formsWait(counts.waiting)}</>}
          </>
        )}
      </p>
      <DownloadButton href={api.registrationsPath(congress, dialect)}>{t.download}</DownloadButton>
    </div>
  );
}
