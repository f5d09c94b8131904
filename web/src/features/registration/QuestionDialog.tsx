// One question of the organiser's own, as it is written.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { useAction } from '../../state/action';
import { Banner } from '../../ui/Banner';
import { Checkbox, FieldError, Input, RadioList, Segmented, Textarea } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { editorTexts } from './editorTexts';
import { type FormQuestion, type FormQuestions, LONGEST_TEXT } from './formQuestions';
import { OptionsEditor } from './OptionsEditor';
import { type Draft, draftOf, emptyQuestion, faultsOf, type PartProps, written } from './questionDraft';

interface QuestionDialogProps {
  form: FormQuestions;
  /** Null: a new one. */
  question: FormQuestion | null;
  onSave: (question: FormQuestion) => Promise<void>;
  onClose: () => void;
}

export function QuestionDialog({ form, question, onSave, onClose }: QuestionDialogProps) {
  const t = editorTexts();
  const [draft, setDraft] = useState(() => draftOf(question ?? emptyQuestion));
  const [tried, setTried] = useState(false);
  const wrong = faultsOf(draft);
  const save = useAction(async () => onSave(written(draft, form.questions.map(({ key }) => key))));
  const submit = () => {
    setTried(true);
    if (Object.keys(wrong).length === 0) void save.run();
  };
  const part = { draft, change: (fields: Partial<Draft>) => setDraft((now) => ({ ...now, ...fields })), fault: (name: string) => (tried && wrong[name]) || null };
  return (
    <FormDialog title={question ? t.editTitle : t.add} wide action={save} fields={['profiles']} submit={common().save} onSubmit={submit} onClose={onClose}>
      <Kind {...part} answered={(question?.answers ?? 0) > 0} />
      <Words {...part} />
      {draft.kind === 'text' && <TextPart {...part} />}
      {draft.kind === 'choice' && <ChoicePart {...part} />}
      {draft.kind === 'number' && <NumberPart {...part} />}
      <Checkbox label={t.required} checked={draft.required} onChange={(required) => part.change({ required })} />
      <Who {...part} profiles={form.profiles} refused={save.field('profiles') !== null} />
    </FormDialog>
  );
}

function Kind({ draft, change, answered }: PartProps & { answered: boolean }) {
  const t = editorTexts();
  return (
    <div class="stack stack--tight">
      <Segmented
        label={t.kind}
        value={draft.kind}
        disabled={answered}
        onChange={(kind) => change({ kind: kind as Draft['kind'] })}
        options={(['choice', 'text', 'number'] as const).map((value) => ({ value, label: t[value] }))}
      />
      {answered && <p class="field__hint">{t.kindKept}</p>}
    </div>
  );
}

function Words({ draft, change }: PartProps) {
  const t = editorTexts();
  return (
    <>
      <div class="grid-2">
        <Input label={t.labelFr} required maxLength={300} value={draft.label_fr} onInput={(label_fr) => change({ label_fr })} />
        <Input label={t.labelEn} required maxLength={300} value={draft.label_en} onInput={(label_en) => change({ label_en })} />
      </div>
      <div class="grid-2">
        <Textarea label={t.helpFr} optional rows={2} maxLength={500} value={draft.help_fr} onInput={(help_fr) => change({ help_fr })} />
        <Textarea label={t.helpEn} optional rows={2} maxLength={500} value={draft.help_en} onInput={(help_en) => change({ help_en })} />
      </div>
    </>
  );
}

function TextPart({ draft, change }: PartProps) {
  const t = editorTexts();
  return (
    <>
      <Banner silent tone="warn" title={t.freeText}>
        {t.freeTextText}
      </Banner>
      <Input label={t.length} type="number" required min={1} max={LONGEST_TEXT} step={1} value={draft.length} onInput={(length) => change({ length })} />
    </>
  );
}

function ChoicePart(props: PartProps) {
  const { draft, change } = props;
  return (
    <>
      <OptionsEditor {...props} />
      <Checkbox label={editorTexts().several} checked={draft.several ?? false} onChange={(several) => change({ several })} />
    </>
  );
}

function NumberPart({ draft, change, fault }: PartProps) {
  const t = editorTexts();
  return (
    <>
      <div class="grid-2">
        <Input label={t.minimum} optional maxLength={20} value={draft.least} onInput={(least) => change({ least })} error={fault('least')} />
        <Input label={t.maximum} optional maxLength={20} value={draft.most} onInput={(most) => change({ most })} error={fault('most')} />
      </div>
      <Checkbox label={t.whole} checked={draft.whole ?? false} onChange={(whole) => change({ whole })} />
    </>
  );
}

type WhoProps = PartProps & { profiles: FormQuestions['profiles']; refused: boolean };

function Who({ draft, change, fault, profiles, refused }: WhoProps) {
  const t = editorTexts();
  const error = refused ? t.profileRefused : fault('profiles');
  const toggle = (id: string) => change({ profiles: draft.profiles.includes(id) ? draft.profiles.filter((one) => one !== id) : [...draft.profiles, id] });
  return (
    <>
      <RadioList
        label={t.who}
        value={draft.limited ? 'limited' : 'everybody'}
        onChange={(who) => change({ limited: who === 'limited' })}
        options={[
          { value: 'everybody', label: t.everybody },
          { value: 'limited', label: t.limited },
        ]}
      />
      {draft.limited && (
        <fieldset class="field">
          <legend class="field__label">{t.profiles}</legend>
          {profiles.length === 0 && <p class="muted">{t.noProfiles}</p>}
          {profiles.map(({ id, name, asks_list }) => (
            <Checkbox
              key={id}
              label={name}
              {...(asks_list && { hint: t.asksList })}
              disabled={asks_list && !draft.profiles.includes(id)}
              checked={draft.profiles.includes(id)}
              onChange={() => toggle(id)}
            />
          ))}
          {error && <FieldError text={error} />}
        </fieldset>
      )}
    </>
  );
}
