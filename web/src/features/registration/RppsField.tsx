// The optional RPPS number of the registration form: checked as one types, looked up in the French register, which
// fills in what is empty and says what differs.
import { useEffect, useRef, useState } from 'preact/hooks';
import { codeLabel, formatDate, language } from '../../i18n';
import { codeOptions, codes } from '../../state/codes';
import { Icon } from '../../ui/Icon';
import { Input } from '../../ui/Field';
import { api, type LookUp } from './api';
import type { Draft } from './form';
import { differences, fillIn, rppsFault, rppsOf } from './rpps';
import { rppsTexts } from './rppsTexts';

/** As long as somebody may still be typing. */
const SETTLED_MS = 300;

interface RppsProps {
  draft: Draft;
  change: (fields: Partial<Draft>) => void;
  fault: (name: string) => string | null;
  /** Whether numbers with a wrong check digit are refused. */
  check: boolean;
}

export const groupOf = (specialty: string) =>
  codes.value?.specialty.find(({ code }) => code === specialty)?.grouped_as ?? specialty;

/** What the register says of the number, once it is whole; null until then, and where it cannot be asked. */
function useLookUp(rpps: string, found: (answer: LookUp) => void): LookUp | null {
  const [answer, setAnswer] = useState<LookUp | null>(null);
  useEffect(() => {
    setAnswer(null);
    if (!rpps) return;
    let current = true;
    const ask = async () => {
      const said = await api.lookUp(rpps).catch(() => null); // the form is sent all the same
      if (!current || !said) return;
      setAnswer(said);
      found(said);
    };
    const timer = setTimeout(() => void ask(), SETTLED_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [rpps]);
  return answer;
}

/** Which codes the form offers: the register's form of general practice is not, the one that stands for it is. */
export function offered(profession: string) {
  return (list: 'profession' | 'specialty' | 'region', code: string) =>
    codeOptions(list, list === 'specialty' ? { profession } : {}).some(({ value }) => value === code);
}

export function RppsField({ draft, change, fault, check }: RppsProps) {
  const t = rppsTexts();
  const [left, setLeft] = useState(false);
  const latest = useRef(draft);
  latest.current = draft;
  const wrong = rppsFault(draft.rpps, check);
  const rpps = wrong ? '' : rppsOf(draft.rpps);
  const whole = draft.rpps.replace(/\s/g, '').length >= 11;
  const answer = useLookUp(rpps, ({ person }) => {
    if (!person) return;
    const as = { ...person, specialty: person.specialty && groupOf(person.specialty) };
    change(fillIn(latest.current, as, offered(person.profession)));
  });
  return (
    <div class="stack stack--tight">
      <Input
        label={t.label}
        hint={t.hint}
        optional
        name="rpps"
        inputMode="numeric"
        autocomplete="off"
        maxLength={40}
        value={draft.rpps}
        onInput={(typed) => change({ rpps: typed })}
        onBlur={() => setLeft(true)}
        error={wrong && (left || whole) ? t[wrong] : fault('rpps')}
      />
      <div role="status">{answer && <Answer answer={answer} draft={draft} />}</div>
    </div>
  );
}

/** Null where there is no register: the number's form is all that can be told. */
function Answer({ answer: { data_at, person }, draft }: { answer: LookUp; draft: Draft }) {
  const t = rppsTexts();
  if (!data_at) return null;
  const day = formatDate(data_at, 'Europe/Paris', { dateStyle: 'long' });
  if (!person) return <Line tone="info" title={t.unknown(day)} text={t.unknownText} />;
  const differs = differences(draft, person, groupOf);
  const lists = codes.value;
  const what = [
    `${person.first_name} ${person.last_name}`,
    codeLabel(lists?.profession, person.profession),
    person.specialty && codeLabel(lists?.specialty, person.specialty),
  ];
  const text = what.filter(Boolean).join(' · ');
  if (differs.length === 0) return <Line tone="good" title={t.found(day)} text={text} />;
  const named = differs.map((one) => t[one]);
  const list = new Intl.ListFormat(language.value, { type: 'conjunction' }).format(named);
  return <Line tone="warn" title={t.differs(list)} text={`${text}. ${t.differsText}`} />;
}

export function Line({ tone, title, text }: { tone: 'good' | 'info' | 'warn'; title: string; text: string }) {
  const icons = { good: 'checkCircle', info: 'info', warn: 'alert' } as const;
  return (
    <p class={`rpps-answer rpps-answer--${tone}`}>
      <Icon name={icons[tone]} size={18} />
      <span>
        <strong>{title}</strong>
        <span>{text}</span>
      </span>
    </p>
  );
}
