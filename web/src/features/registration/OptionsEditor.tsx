// The options of a choice, as they are written: in both languages and in their order. What people chose is hidden, not removed.
import { useRef } from 'preact/hooks';
import { Button, IconButton } from '../../ui/Button';
import { FieldError, Input } from '../../ui/Field';
import { editorTexts } from './editorTexts';
import { type FormOption, MOST_OPTIONS } from './formQuestions';
import type { PartProps } from './questionDraft';

const newOption: FormOption = { key: '', text_fr: '', text_en: '', hidden: false };

export function OptionsEditor({ draft, change, fault }: PartProps) {
  const t = editorTexts();
  const list = useRef<HTMLFieldSetElement>(null);
  const options = draft.options ?? [newOption, newOption];
  const set = (changed: FormOption[]) => change({ options: changed });
  const put = (index: number, fields: Partial<FormOption>) => set(options.map((one, at) => (at === index ? { ...one, ...fields } : one)));
  const add = () => {
    set([...options, newOption]);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('li:last-child input')?.focus());
  };
  const up = (index: number) => {
    const order = [...options];
    order.splice(index - 1, 0, ...order.splice(index, 1));
    set(order);
  };
  const error = fault('options');
  return (
    <fieldset class="field" ref={list}>
      <legend class="field__label">{t.options}</legend>
      <ol class="plain stack">
        {options.map((option, index) => (
          <OptionLine
            key={index}
            number={index + 1}
            option={option}
            put={(fields) => put(index, fields)}
            onUp={index > 0 ? () => up(index) : undefined}
            onRemove={() => set(options.filter((_, at) => at !== index))}
          />
        ))}
      </ol>
      {error && <FieldError text={error} />}
      {options.filter(({ hidden }) => !hidden).length < MOST_OPTIONS && (
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
  option: FormOption;
  put: (fields: Partial<FormOption>) => void;
  onUp: (() => void) | undefined;
  onRemove: () => void;
}

function OptionLine({ number, option, put, onUp, onRemove }: OptionLineProps) {
  const t = editorTexts();
  const { text_fr, text_en, hidden, answers = 0 } = option;
  const flip = () => put({ hidden: !hidden });
  return (
    <li class="form-option">
      <Input label={t.optionFr(number)} required maxLength={200} value={text_fr} onInput={(value) => put({ text_fr: value })} />
      <Input label={t.optionEn(number)} required maxLength={200} value={text_en} onInput={(value) => put({ text_en: value })} />
      <div class="form-option__acts">
        <IconButton icon="arrowUp" label={t.upOption(number)} disabled={!onUp} onClick={() => onUp?.()} />
        {hidden && <IconButton icon="eye" label={t.showOption(number)} onClick={flip} />}
        {!hidden && answers > 0 && <IconButton icon="minus" label={t.hideOption(number)} onClick={flip} />}
        {answers === 0 && <IconButton icon="trash" label={t.removeOption(number)} onClick={onRemove} />}
      </div>
      {hidden && <p class="form-option__note muted small">{t.optionHidden}</p>}
    </li>
  );
}
