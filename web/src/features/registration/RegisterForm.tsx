// The form: who one is, professionally, and two consents.
import { useState } from 'preact/hooks';
import { codeLabel, language } from '../../i18n';
import { errorField, errorText } from '../../i18n/common';
import { common } from '../../i18n/common';
import { api } from '../../net/api';
import type { Attribute, RegistrationPage } from '../../net/types';
import { codes } from '../../state/codes';
import { useUnsaved } from '../../state/unsaved';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Checkbox, Input, Select } from '../../ui/Field';
import { type Draft, emptyDraft, faults, PHYSICIAN } from './form';
import { registrationTexts } from './texts';

interface RegisterFormProps {
  code: string;
  page: RegistrationPage;
  onSent: (email: string) => void;
}

export function RegisterForm({ code, page, onSent }: RegisterFormProps) {
  const t = registrationTexts();
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  useUnsaved(draft !== emptyDraft);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const required = page.consents.filter((consent) => consent.required).map((consent) => consent.kind);
  const wrong = faults(draft, required);
  const change = (fields: Partial<Draft>) => setDraft({ ...draft, ...fields });
  const fault = (name: string): string | null => {
    const found = wrong[name];
    if (tried && found) return t[found];
    return errorField(error) === name ? errorText(error) : null;
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    setError(null);
    if (Object.keys(wrong).length > 0) return focusFirstFault(event.currentTarget as HTMLFormElement);
    if (busy) return;
    setBusy(true);
    const { given, specialty, email, ...rest } = draft;
    const consents = page.consents.map(({ kind, version }) => ({ kind, version, given: given[kind] ?? false }));
    const form = { ...rest, email: email.trim(), specialty: specialty || null, language: language.value, consents };
    try {
      await api.register(code, form);
      onSent(form.email);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <form class="stack stack--wide" onSubmit={submit} noValidate>
      <Card title={t.about} text={t.aboutText}>
        <div class="stack">
          <PersonFields draft={draft} change={change} fault={fault} />
          <ProfileFields draft={draft} change={change} fault={fault} />
        </div>
      </Card>
      <Card title={t.consents}>
        <div class="stack">
          {page.consents.map((consent) => (
            <Checkbox
              key={consent.kind}
              label={
                <>
                  {language.value === 'fr' ? consent.text_fr : consent.text_en}{' '}
                  {!consent.required && <span class="faint">({common().optional})</span>}
                </>
              }
              required={consent.required}
              checked={draft.given[consent.kind] ?? false}
              onChange={(given) => change({ given: { ...draft.given, [consent.kind]: given } })}
              error={fault(consent.kind)}
            />
          ))}
        </div>
      </Card>
      {error !== null && <Banner tone="bad">{errorText(error)}</Banner>}
      {tried && Object.keys(wrong).length > 0 && <Banner tone="bad">{t.check}</Banner>}
      <div class="row">
        <Button look="primary" type="submit" busy={busy}>
          {t.submit}
        </Button>
      </div>
    </form>
  );
}

function focusFirstFault(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}

interface FieldsProps {
  draft: Draft;
  change: (fields: Partial<Draft>) => void;
  fault: (name: string) => string | null;
}

function PersonFields({ draft, change, fault }: FieldsProps) {
  const t = registrationTexts();
  return (
    <>
      <Input
        label={t.email}
        hint={t.emailHint}
        type="email"
        name="email"
        autocomplete="email"
        maxLength={254}
        required
        value={draft.email}
        onInput={(email) => change({ email })}
        error={fault('email')}
      />
      <div class="grid-2">
        <Input
          label={t.firstName}
          name="first_name"
          autocomplete="given-name"
          maxLength={100}
          required
          value={draft.first_name}
          onInput={(first_name) => change({ first_name })}
          error={fault('first_name')}
        />
        <Input
          label={t.lastName}
          name="last_name"
          autocomplete="family-name"
          maxLength={100}
          required
          value={draft.last_name}
          onInput={(last_name) => change({ last_name })}
          error={fault('last_name')}
        />
      </div>
    </>
  );
}

function ProfileFields({ draft, change, fault }: FieldsProps) {
  const physician = draft.profession === PHYSICIAN;
  return (
    <div class="grid-2">
      <CodeSelect list="profession" draft={draft} change={change} fault={fault} />
      {physician && <CodeSelect list="specialty" draft={draft} change={change} fault={fault} />}
      <CodeSelect list="practice_setting" draft={draft} change={change} fault={fault} />
      <CodeSelect list="region" draft={draft} change={change} fault={fault} />
      <CodeSelect list="age_band" draft={draft} change={change} fault={fault} />
    </div>
  );
}

/** Codes that stand for the same thing are offered once. */
function CodeSelect({ list, draft, change, fault }: FieldsProps & { list: Attribute }) {
  const offered = (codes.value?.[list] ?? []).filter((code) => !code.grouped_as || code.grouped_as === code.code);
  const options = offered.map(({ code }) => ({ value: code, label: codeLabel(offered, code) }));
  if (list === 'specialty') options.sort((a, b) => a.label.localeCompare(b.label));
  return (
    <Select
      label={common().attribute[list]}
      placeholder={registrationTexts().choose}
      required
      value={draft[list]}
      onChange={(value) => change(list === 'profession' ? { profession: value, specialty: '' } : { [list]: value })}
      options={options}
      error={fault(list)}
    />
  );
}
