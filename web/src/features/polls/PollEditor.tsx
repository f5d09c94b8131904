import { useId, useRef, useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { api } from '../../net/api';
import type { Poll } from '../../net/types';
import { useAction } from '../../state/action';
import { Button, IconButton } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Input, Segmented, Textarea } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { adminTexts } from './adminTexts';

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
  const c = common();
  const form = useId();
  const [question, setQuestion] = useState(poll?.question ?? '');
  const [choice, setChoice] = useState<string>(poll?.choice ?? 'single');
  const [options, setOptions] = useState(poll?.options.map((option) => option.text) ?? ['', '']);
  const save = useAction(async () => {
    const fields = { question, choice: choice as Poll['choice'], options };
    if (poll) await api.changePoll(poll.id, fields);
    else await api.addPoll(session, fields);
    onDone();
  });
  const footer = (
    <>
      <Button onClick={onClose}>{c.cancel}</Button>
      <Button type="submit" form={form} look="primary" busy={save.busy}>
        {poll ? c.save : c.create}
      </Button>
    </>
  );
  return (
    <Dialog title={poll ? t.edit : t.add} onClose={onClose} footer={footer}>
      <Form id={form} onSubmit={() => save.run()} error={save.text(['question'])}>
        <Textarea
          label={t.question}
          rows={2}
          value={question}
          onInput={setQuestion}
          error={save.field('question')}
          required
          maxLength={500}
        />
        <Segmented
          label={t.choice}
          value={choice}
          onChange={setChoice}
          options={[
            { value: 'single', label: t.single },
            { value: 'multiple', label: t.multiple },
          ]}
        />
        <Options options={options} onChange={setOptions} />
      </Form>
    </Dialog>
  );
}

function Options({
  options,
  onChange,
}: {
  options: string[];
  onChange: (options: string[]) => void;
}) {
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
        <div class="option-line" key={index}>
          <Input
            label={t.option(index + 1)}
            hideLabel
            placeholder={t.option(index + 1)}
            value={text}
            onInput={(next) => onChange(options.map((old, at) => (at === index ? next : old)))}
            required
            maxLength={300}
          />
          <IconButton
            icon="trash"
            label={t.removeOption(index + 1)}
            disabled={options.length <= FEWEST}
            onClick={() => onChange(options.filter((_, at) => at !== index))}
          />
        </div>
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
