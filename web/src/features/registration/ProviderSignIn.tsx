// Above the registration form: a provider such as Pro Santé Connect vouches for who fills it in.
import { useEffect, useRef, useState } from 'preact/hooks';
import { codeLabel, language } from '../../i18n';
import { addErrorTexts } from '../../i18n/errors';
import { ApiError } from '../../net/api';
import { type Action, useAction } from '../../state/action';
import { codes } from '../../state/codes';
import { navigate, place } from '../../state/place';
import { giveUp } from '../../state/unsaved';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { api, type ProviderSaid } from './api';
import type { Draft } from './form';
import { backFrom, differsFromSaid, fillInSaid, keepDraft, type ProviderFault } from './provider';
import { providerErrors, providerTexts } from './providerTexts';
import { groupOf, Line, offered } from './RppsField';

addErrorTexts(providerErrors);

export interface Provider {
  /** Null: it said nothing yet. */
  said: ProviderSaid | null;
  fault: ProviderFault | null;
  go: Action<[]>;
  /** What it said does not count any more. */
  drop: () => void;
}

/** What the provider said of whoever comes back from it, which fills in what is empty. */
export function useProvider(code: string, draft: Draft, change: (fields: Partial<Draft>) => void): Provider {
  const [back] = useState(() => backFrom(place.value.hash));
  const [said, setSaid] = useState<ProviderSaid | null>(null);
  const [fault, setFault] = useState<ProviderFault | null>(back === 'good' ? null : back);
  const latest = useRef(draft);
  latest.current = draft;
  useEffect(() => {
    if (!back) return;
    navigate(place.value.path + place.value.search, true); // a reload asks nobody again
    if (back === 'good') void learn();
  }, []);
  const learn = async () => {
    try {
      const found = await api.providerSaid(code);
      setSaid(found);
      change(fillInSaid(latest.current, found, groupOf, offered));
    } catch (error) {
      setFault(error instanceof ApiError && error.status === 404 ? 'expired' : 'away');
    }
  };
  const go = useAction(async () => {
    setFault(null);
    const { url } = await api.askProvider(code);
    keepDraft(code, latest.current);
    giveUp();
    location.assign(url);
    await new Promise(() => undefined); // the button stays busy until this page is left
  });
  return { said, fault, go, drop: () => setSaid(null) };
}

interface ProviderProps extends Provider {
  name: string;
  draft: Draft;
}

export function ProviderSignIn({ name, said, fault, go, draft }: ProviderProps) {
  const t = providerTexts();
  if (said) return <Said name={name} said={said} draft={draft} />;
  const away = go.error !== null && !go.busy;
  return (
    <Card title={t.title} text={t.text(name)}>
      <div class="stack">
        {(fault ?? (away ? 'away' : null)) && <Banner tone="bad">{sentence(fault ?? 'away', name)}</Banner>}
        <div class="row">
          <Button icon="key" busy={go.busy} onClick={() => void go.run()}>
            {t.go(name)}
          </Button>
        </div>
      </div>
    </Card>
  );
}

function sentence(fault: ProviderFault, name: string): string {
  const t = providerTexts();
  return fault === 'away' || fault === 'failed' ? t[fault](name) : t[fault];
}

function Said({ name, said, draft }: { name: string; said: ProviderSaid; draft: Draft }) {
  const t = providerTexts();
  const differs = differsFromSaid(draft, said, groupOf);
  const lists = codes.value;
  const what = [
    [said.first_name, said.last_name].filter(Boolean).join(' '),
    said.profession && codeLabel(lists?.profession, said.profession),
    said.specialty && codeLabel(lists?.specialty, said.specialty),
  ];
  const text = what.filter(Boolean).join(' · ');
  const list = new Intl.ListFormat(language.value, { type: 'conjunction' }).format(differs.map((one) => t[one]));
  return (
    <div role="status">
      {differs.length === 0 ? (
        <Line tone="good" title={t.good(name)} text={text} />
      ) : (
        <Line tone="warn" title={t.differs(name, list)} text={`${text}. ${t.differsText}`} />
      )}
    </div>
  );
}
