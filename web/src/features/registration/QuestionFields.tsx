// The organiser's own questions, as a form asks them.
import { useId } from 'preact/hooks';
import { common } from '../../i18n/common';
import type { Language } from '../../net/types';
import { FieldError, Input, Select, Textarea } from '../../ui/Field';
import { type AskedQuestion, FIRST_LENGTH, fieldOf, helpOf, labelOf, LONGEST_TEXT, optionOf, type Typed, typedKeys, typedText } from './formQuestions';
import { questionTexts } from './questionTexts';

/** Up to here the options of a single choice are all in view. */
const FEW = 6;

interface QuestionFieldsProps {
  questions: readonly AskedQuestion[];
  language: Language;
  typed: Typed;
  onChange: (typed: Typed) => void;
  fault: (name: string) => string | null;
}

export function QuestionFields({ questions, language, typed, onChange, fault }: QuestionFieldsProps) {
  return (
    <div class="stack">
      {questions.map((question) => (
        <QuestionField
          key={question.key}
          question={question}
          language={language}
          typed={typed}
          set={(value) => onChange({ ...typed, [question.key]: value })}
          error={fault(fieldOf(question))}
        />
      ))}
    </div>
  );
}

interface QuestionFieldProps {
  question: AskedQuestion;
  language: Language;
  typed: Typed;
  set: (value: string | string[]) => void;
  error: string | null;
}

function QuestionField(props: QuestionFieldProps) {
  const { question, language, typed, set, error } = props;
  const { key, kind, required, several, options = [], max_length = LONGEST_TEXT } = question;
  if (kind === 'choice' && (several || (required && options.length <= FEW))) return <Options {...props} />;
  const field = { label: labelOf(question, language), hint: helpOf(question, language) || undefined, required, optional: !required, error };
  if (kind === 'choice')
    return (
      <Select
        {...field}
        placeholder={questionTexts().placeholder}
        value={typedKeys(typed, key)[0] ?? ''}
        options={options.map((option) => ({ value: option.key, label: optionOf(option, language) }))}
        onChange={(value) => set(value ? [value] : [])}
      />
    );
  const text = { ...field, value: typedText(typed, key), onInput: set };
  if (kind === 'number') return <Input {...text} inputMode={question.whole && (question.minimum ?? -1) >= 0 ? 'numeric' : 'text'} maxLength={30} />;
  if (max_length < FIRST_LENGTH) return <Input {...text} maxLength={max_length} />;
  return <Textarea {...text} rows={3} maxLength={max_length} />;
}

/** All in view: one of a few, or several. */
function Options({ question, language, typed, set, error }: QuestionFieldProps) {
  const id = useId();
  const { key, required, several, options = [] } = question;
  const chosen = typedKeys(typed, key);
  const hint = [helpOf(question, language), several && questionTexts().several].filter(Boolean).join(' ');
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  const toggle = (option: string) => {
    if (!several) return set([option]);
    set(chosen.includes(option) ? chosen.filter((one) => one !== option) : [...chosen, option]);
  };
  return (
    <fieldset class={`field${error ? ' field--invalid' : ''}`} aria-describedby={described || undefined}>
      <legend class="field__label">
        {labelOf(question, language)}
        {!required && <span class="field__optional"> ({common().optional})</span>}
      </legend>
      {hint && (
        <p class="field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <div class="stack stack--tight">
        {options.map((option, index) => (
          <label class="choice" key={option.key}>
            <input
              type={several ? 'checkbox' : 'radio'}
              name={id}
              checked={chosen.includes(option.key)}
              aria-invalid={(error && index === 0) || undefined}
              onChange={() => toggle(option.key)}
            />
            <span>{optionOf(option, language)}</span>
          </label>
        ))}
      </div>
      {error && <FieldError id={`${id}-error`} text={error} />}
    </fieldset>
  );
}
