// A poll's question and answers.
import { useRef, useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { type Action, useAction } from '../../state/action';
import { Button, IconButton } from '../../ui/Button';
import { Input, Segmented, Textarea } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { adminTexts } from './adminTexts';
import { api } from './api';
import type { Poll } from './messages';

const FEWEST = 2;
const MOST = 20;

interface PollEditorProps {
  session: string;
  poll: Poll | null;
  onClose: () => void;
  onDone: () => void;
}

export function PollEditor({ session, poll, onClose, onDone }: PollEditorProps) {
  const t = adminTexts();
  const [question, setQuestion] = useState(poll?.question ?? '');
  const [choice, setChoice] = useState<string>(poll?.choice ?? 'single');
  const [options, setOptions] = useState(poll?.options.map((option) => option.text) ?? ['', '']);
  const save = useAction(async () => {
    const fields = { question, choice: choice as Poll['choice'], options };
    if (poll) await api.changePoll(poll.id, fields);
    else await api.addPoll(session, fields);
    onDone();
  });
  return (
    <FormDialog
      title={poll ? t.edit : t.add}
      action={save}
      fields={['question', 'options']}
      submit={poll ? common().save : common().create}
      onClose={onClose}
    >
      <Textarea
        label={t.question}
        rows={2}
        value={question}
        onInput={setQuestion}
        error={save.field('question')}
        required
        maxLength={500}
      />
      <Choice value={choice} onChange={setChoice} />
      <Options options={options} onChange={setOptions} action={save} />
    </FormDialog>
  );
}

function Choice({ value, onChange }: { value: string; onChange: (choice: string) => void }) {
  const t = adminTexts();
  return (
    <Segmented
      label={t.choice}
      value={value}
      onChange={onChange}
      options={[
        { value: 'single', label: t.single },
        { value: 'multiple', label: t.multiple },
      ]}
    />
  );
}

interface OptionsProps {
  options: string[];
  onChange: (options: string[]) => void;
  action: Action<[]>;
}

function Options({ options, onChange, action }: OptionsProps) {
  const t = adminTexts();
  const list = useRef<HTMLFieldSetElement>(null);
  const add = () => {
    onChange([...options, '']);
    requestAnimationFrame(() =>
      [...(list.current?.querySelectorAll('input') ?? [])].pop()?.focus(),
    );
  };
  return (
    <fieldset class="stack stack--tight" ref={list}>
      <legend class="field__label">{t.options}</legend>
      {options.map((text, index) => (
        <OptionLine
          key={index}
          number={index + 1}
          text={text}
          error={action.field(`options[${index}]`)}
          onInput={(next) => onChange(options.map((old, at) => (at === index ? next : old)))}
          onRemove={
            options.length > FEWEST
              ? () => onChange(options.filter((_, at) => at !== index))
              : undefined
          }
        />
      ))}
      {options.length < MOST && (
        <div>
          <Button look="quiet" icon="add" small onClick={add}>
            {t.addOption}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

interface OptionLineProps {
  number: number;
  text: string;
  error: string | null;
  onInput: (text: string) => void;
  /** Undefined: the poll has the fewest answers that it may have. */
  onRemove: (() => void) | undefined;
}

function OptionLine({ number, text, error, onInput, onRemove }: OptionLineProps) {
  const t = adminTexts();
  return (
    <div class="option-line">
      <Input
        label={t.option(number)}
        hideLabel
        placeholder={t.option(number)}
        value={text}
        onInput={onInput}
        error={error}
        required
        maxLength={300}
      />
      <IconButton
        icon="trash"
        label={t.removeOption(number)}
        disabled={!onRemove}
        onClick={() => onRemove?.()}
      />
    </div>
  );
}
