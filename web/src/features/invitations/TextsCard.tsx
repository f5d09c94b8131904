// The invitation in French and in English: written, seen as somebody made up would get it, and sent to oneself.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import type { Language } from '../../net/types';
import { useAction } from '../../state/action';
import { useResource } from '../../state/resource';
import { useUnsaved } from '../../state/unsaved';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Input, Segmented, Textarea } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { ResourceView } from '../../ui/ResourceView';
import { toast } from '../../ui/Toast';
import { ApiError } from '../../net/api';
import { api, type Round, type Texts, TEXTS } from './api';
import type { RoundProps } from './round';
import { roundTexts } from './roundTexts';

const textsOf = (round: Round): Texts => ({
  subject_fr: round.subject_fr,
  text_fr: round.text_fr,
  subject_en: round.subject_en,
  text_en: round.text_en,
});

export function TextsCard({ round, set }: RoundProps) {
  const t = roundTexts();
  const [shown, setShown] = useState<Language>('fr');
  const languages = (['fr', 'en'] as const).map((value) => ({ value, label: t.languages[value] }));
  return (
    <Card title={t.mail} text={round.state === 'draft' ? t.mailText : undefined}>
      <div class="stack">
        <Segmented label={t.language} hideLabel value={shown} onChange={(value) => setShown(value as Language)} options={languages} />
        {round.state === 'draft' && <Editor round={round} set={set} shown={shown} />}
        <Shown round={round} shown={shown} />
      </div>
    </Card>
  );
}

interface EditorProps {
  round: Round;
  set: (round: Round) => void;
  shown: Language;
}

function Editor({ round, set, shown }: EditorProps) {
  const t = roundTexts();
  const [draft, setDraft] = useState(() => startOf(round));
  const changed = TEXTS.some((name) => draft[name] !== round[name]);
  useUnsaved(changed);
  const save = useAction(async () => {
    const stored = await api.change(round.id, draft);
    set(stored);
    setDraft(textsOf(stored));
    toast.good(t.saved);
  });
  const [subject, text] = [`subject_${shown}`, `text_${shown}`] as const;
  const fault = (name: string) => (save.field(name) === null ? null : placeholderFault(save.error) ? t.badPlaceholder : save.field(name));
  const elsewhere = TEXTS.find((name) => !name.endsWith(shown) && save.field(name));
  return (
    <Form onSubmit={() => void save.run()} error={elsewhere ? t.otherLanguage : save.text(TEXTS)}>
      <Input
        key={subject}
        label={t.subject}
        maxLength={200}
        value={draft[subject]}
        onInput={(value) => setDraft({ ...draft, [subject]: value })}
        error={fault(subject)}
      />
      <Textarea
        key={text}
        label={t.text}
        hint={t.placeholders}
        rows={12}
        maxLength={8000}
        value={draft[text]}
        onInput={(value) => setDraft({ ...draft, [text]: value })}
        error={fault(text)}
      />
      <div class="row">
        <Button look="primary" type="submit" busy={save.busy} disabled={!changed}>
          {common().save}
        </Button>
      </div>
    </Form>
  );
}

const placeholderFault = (error: unknown) => error instanceof ApiError && /placeholder|\{link\}/.test(error.reason ?? '');

/** A new round begins with words that can be sent as they are. */
function startOf(round: Round): Texts {
  const stored = textsOf(round);
  return TEXTS.every((name) => stored[name] === '') ? roundTexts().first : stored;
}

/** The mail as it is stored, and a test of it. */
function Shown({ round, shown }: { round: Round; shown: Language }) {
  const t = roundTexts();
  const stored = round[`subject_${shown}`] && round[`text_${shown}`];
  const preview = useResource(`preview ${round.id} ${shown} ${round[`subject_${shown}`]} ${round[`text_${shown}`]}`, () => api.preview(round.id, shown));
  const test = useAction(async () => {
    await api.test(round.id, shown);
    toast.good(t.tested);
  });
  if (!stored) return <Banner silent>{t.notWritten}</Banner>;
  const fault = test.text();
  return (
    <section class="invitation-preview" aria-label={t.preview}>
      <div class="row invitation-preview__head">
        <h3>{t.preview}</h3>
        <Button icon="mail" busy={test.busy} onClick={() => void test.run()}>
          {t.test}
        </Button>
      </div>
      <p class="muted small">{t.previewText}</p>
      {fault && <Banner tone="bad">{fault}</Banner>}
      <ResourceView of={preview} lines={6}>
        {(mail) => (
          <div class="invitation-preview__mail" lang={mail.language} translate={false}>
            <p>
              <strong>{mail.subject}</strong>
            </p>
            <p class="prewrap">{mail.text.trim()}</p>
          </div>
        )}
      </ResourceView>
    </section>
  );
}
