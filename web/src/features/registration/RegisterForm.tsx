// The registration form: name, profession, consents.
import type { TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';
import { language } from '../../i18n';
import { common } from '../../i18n/common';
import { errorField, errorText, fieldText } from '../../i18n/errors';
import { ApiError } from '../../net/api';
import { useAction } from '../../state/action';
import { navigate } from '../../state/place';
import { useUnsaved } from '../../state/unsaved';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Checkbox, Input } from '../../ui/Field';
import { api, type OpenInvitation, type RegistrationForm, type RegistrationPage } from './api';
import { admitsOthers, isReviewed } from './categories';
import { CategoryField, CategoryFields } from './CategoryFields';
import { type Draft, emptyDraft, faults, knownDraft, toForm } from './form';
import { answerFaults, type AskedQuestion, fieldOf } from './formQuestions';
import { confirm, type Held, isHeld } from './joining';
import { PrivacyLink } from './Privacy';
import { takeDraft } from './provider';
import { type Provider, ProviderSignIn, useProvider } from './ProviderSignIn';
import { QuestionFields } from './QuestionFields';
import { questionTexts } from './questionTexts';
import { Reserved } from './Reserved';
import { RppsField } from './RppsField';
import { rppsTexts } from './rppsTexts';
import { WillBeSeenBy } from './SeenBy';
import { registrationTexts } from './texts';
import { type Asked, useAsked } from './useAsked';

/** A personal invitation and what it says of its person. */
export interface Invited {
  token: string;
  known: OpenInvitation;
  /** The registration waits for a place, or for a decision. */
  onHeld: (held: Held) => void;
}

interface RegisterFormProps {
  code: string;
  page: RegistrationPage;
  /** reviewed: an organiser looks at it. */
  onSent: (email: string, reviewed: boolean) => void;
  invited?: Invited;
}

/** With the invited address nothing is left to be confirmed by mail. */
async function sendInvited(code: string, { token, onHeld }: Invited, form: RegistrationForm): Promise<boolean> {
  const answer = await api.registerInvited(code, token, form);
  if (!answer.token) return false;
  try {
    const joined = await confirm(answer.token);
    if (isHeld(joined)) onHeld(joined);
  } catch (error) {
    // Somebody else is known at this address: the page of mailed links asks who it is.
    if (!(error instanceof ApiError && error.code === 'registration.person')) throw error;
    navigate('/join', false, answer.token);
  }
  return true;
}

const admitted = ({ categories }: RegistrationPage) => categories ?? ['hcp' as const];

/** What is known at first. Whom somebody invited by name is most likely an HCP. */
function firstDraft({ page, invited }: RegisterFormProps): Draft {
  const categories = admitted(page);
  const only = categories.length === 1 ? categories[0] : undefined;
  const likely = invited && categories.includes('hcp') ? 'hcp' : '';
  return { ...(invited ? knownDraft(invited.known) : emptyDraft), category: only ?? likely };
}

/** The state of the form: the draft, its faults, and sending it. */
function useRegistration(props: RegisterFormProps) {
  const { code, page, onSent, invited } = props;
  const texts = { ...registrationTexts(), ...rppsTexts() };
  const [first] = useState(() => firstDraft(props));
  const [draft, setDraft] = useState<Draft>(() => (invited ? first : takeDraft(code) ?? first));
  const [tried, setTried] = useState(false);
  useUnsaved(draft !== first);
  const required = page.consents.filter((consent) => consent.required);
  const wrong = faults(draft, required, page.rpps_check);
  const change = (fields: Partial<Draft>) => setDraft((now) => ({ ...now, ...fields }));
  const provider = useProvider(code, draft, change);
  const asked = useAsked(code, page, draft);
  const unanswered = answerFaults(asked.questions, draft.typed);
  const faulty = Object.keys(wrong).length + Object.keys(unanswered).length > 0;
  const send = useAction(async () => {
    const form = { ...toForm(draft, page, asked.questions, language.value), ...(provider.said && { provider: true }) };
    if (invited && (await sendInvited(code, invited, form).catch(askWhatIsMissing(asked)))) return;
    if (!invited) await api.register(code, form).catch(dropProvider(provider)).catch(askWhatIsMissing(asked));
    onSent(form.email, page.review || isReviewed(draft.category, page.policy));
  });
  const fault = (name: string): string | null => {
    const found = wrong[name];
    if (tried && found) return texts[found];
    if (tried && unanswered[name]) return unanswered[name];
    return errorField(send.error) === name ? fieldText(send.error) : null;
  };
  const submit = (form: HTMLFormElement) => {
    setTried(true);
    if (faulty) focusFirstFault(form);
    else void send.run();
  };
  return { draft, provider, change, fault, submit, send, check: tried && faulty, questions: asked.questions };
}

/** What was said is too old: the form can be sent without. */
function dropProvider({ drop }: Provider) {
  return async (error: unknown): Promise<never> => {
    if (error instanceof ApiError && error.code === 'provider.expired') drop();
    throw error;
  };
}

/** The server asks what the page did not, because it changed or could not be asked meanwhile. */
function askWhatIsMissing({ questions, reload }: Asked) {
  return async (error: unknown): Promise<never> => {
    const field = errorField(error);
    if (field?.startsWith('answers.') && !questions.some((question) => fieldOf(question) === field)) await reload();
    throw error;
  };
}

export function RegisterForm(props: RegisterFormProps) {
  const t = registrationTexts();
  const { draft, change, fault, submit, send, check, questions, provider } = useRegistration(props);
  const fields = { draft, change, fault };
  const onSubmit = (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    submit(event.currentTarget);
  };
  return (
    <form id="register" class="stack stack--wide" onSubmit={onSubmit} noValidate>
      <WillBeSeenBy {...props.page} />
      {props.page.provider && !props.invited && admitted(props.page).includes('hcp') && <ProviderSignIn {...provider} name={props.page.provider} draft={draft} />}
      <Card title={t.about} text={t.aboutText}>
        <div class="stack">
          <CategoryField {...fields} categories={admitted(props.page)} />
          {draft.category === 'hcp' && <RppsField {...fields} check={props.page.rpps_check} />}
          <PersonFields {...fields} invited={props.invited !== undefined} />
          <CategoryFields {...fields} />
        </div>
      </Card>
      <Entry category={draft.category} page={props.page} invited={props.invited !== undefined} />
      <OwnQuestions questions={questions} {...fields} />
      <Card title={t.consents}>
        <div class="stack">
          {props.page.consents.map((consent) => (
            <ConsentField key={consent.kind} consent={consent} {...fields} />
          ))}
          <PrivacyLink notice={props.page.organisation} />
        </div>
      </Card>
      {send.error !== null && !check && <Banner tone="bad">{errorText(send.error)}</Banner>}
      {check && <Banner tone="bad">{t.check}</Banner>}
      <div class="row">
        <Button look="primary" type="submit" busy={send.busy}>
          {t.submit}
        </Button>
      </div>
    </form>
  );
}

/** How this category is let in, where the page has not said it of all. */
function Entry({ category, page, invited }: { category: Draft['category']; page: RegistrationPage; invited: boolean }) {
  if (isReviewed(category, page.policy) && !page.review) return <Banner>{registrationTexts().reviewed}</Banner>;
  const apart = category === 'hcp' && admitsOthers(admitted(page)) && !invited;
  return apart ? <Reserved policy={page.policy} /> : null;
}

function OwnQuestions({ questions, draft, change, fault }: FieldsProps & { questions: readonly AskedQuestion[] }) {
  const t = questionTexts();
  if (questions.length === 0) return null;
  return (
    <Card title={t.title} {...(questions.some(({ kind }) => kind === 'text') && { text: t.text })}>
      <QuestionFields questions={questions} language={language.value} typed={draft.typed} onChange={(typed) => change({ typed })} fault={fault} />
    </Card>
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

function PersonFields({ draft, change, fault, invited }: FieldsProps & { invited: boolean }) {
  const t = registrationTexts();
  return (
    <>
      <Input
        label={t.email}
        hint={invited ? undefined : t.emailHint}
        type="email"
        name="email"
        autocomplete="email"
        maxLength={254}
        required
        value={draft.email}
        onInput={(email) => change({ email })}
        error={fault('email')}
      />
      <NameFields draft={draft} change={change} fault={fault} />
    </>
  );
}

function NameFields({ draft, change, fault }: FieldsProps) {
  const t = registrationTexts();
  return (
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
  );
}

interface ConsentFieldProps extends FieldsProps {
  consent: RegistrationPage['consents'][number];
}

function ConsentField({ consent, draft, change, fault }: ConsentFieldProps) {
  const { kind, required, text_fr, text_en } = consent;
  const label = (
    <>
      {language.value === 'fr' ? text_fr : text_en}{' '}
      {!required && <span class="faint">({common().optional})</span>}
    </>
  );
  return (
    <Checkbox
      label={label}
      required={required}
      checked={draft.given[kind] ?? false}
      onChange={(given) => change({ given: { ...draft.given, [kind]: given } })}
      error={fault(kind)}
    />
  );
}
