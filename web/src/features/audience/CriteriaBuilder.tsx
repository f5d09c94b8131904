import { useMemo } from 'preact/hooks';
import { language } from '../../i18n';
import { common } from '../../i18n/common';
import { type Attribute, ATTRIBUTES } from '../../net/types';
import { codeOptions, codes } from '../../state/codes';
import { Button, IconButton } from '../../ui/Button';
import { Combobox } from '../../ui/Combobox';
import { Select } from '../../ui/Field';
import { type Criteria, type Criterion, MODES, type Mode } from './api';
import { audienceTexts } from './texts';

interface BuilderProps {
  value: Criteria;
  onChange: (criteria: Criteria) => void;
}

export function CriteriaBuilder({ value, onChange }: BuilderProps) {
  return (
    <div class="builder">
      {MODES.map((mode) => (
        <Group
          key={mode}
          mode={mode}
          lines={value[mode]}
          onChange={(lines) => onChange({ ...value, [mode]: lines })}
        />
      ))}
    </div>
  );
}

interface GroupProps {
  mode: Mode;
  lines: Criterion[];
  onChange: (lines: Criterion[]) => void;
}

function Group({ mode, lines, onChange }: GroupProps) {
  const t = audienceTexts();
  const used = lines.map((line) => line.attribute);
  const unused = ATTRIBUTES.find((attribute) => !used.includes(attribute)) ?? 'specialty';
  const replace = (index: number, line: Criterion) =>
    onChange(lines.map((old, at) => (at === index ? line : old)));
  return (
    <fieldset class={`builder__group builder__group--${mode}`}>
      <legend class="visually-hidden">{t.mode[mode]}</legend>
      <Head mode={mode} onAdd={() => onChange([...lines, { attribute: unused, codes: [] }])} />
      {lines.map((line, index) => (
        <Line
          key={index}
          line={line}
          onChange={(next) => replace(index, next)}
          onRemove={() => onChange(lines.filter((_, at) => at !== index))}
        />
      ))}
    </fieldset>
  );
}

function Head({ mode, onAdd }: { mode: Mode; onAdd: () => void }) {
  const t = audienceTexts();
  return (
    <div class="builder__head">
      <div>
        <strong aria-hidden="true">{t.mode[mode]}</strong>
        <span class="muted small"> {t.modeHint[mode]}</span>
      </div>
      <Button icon="add" look="quiet" small onClick={onAdd}>
        {t.addCriterion}
      </Button>
    </div>
  );
}

interface LineProps {
  line: Criterion;
  onChange: (line: Criterion) => void;
  onRemove: () => void;
}

function Line({ line, onChange, onRemove }: LineProps) {
  const t = audienceTexts();
  const c = common();
  const options = useMemo(
    () => codeOptions(line.attribute, { chosen: line.codes }),
    [codes.value, language.value, line],
  );
  return (
    <div class="builder__line">
      <Select
        label={t.attribute}
        hideLabel
        value={line.attribute}
        onChange={(attribute) => onChange({ attribute: attribute as Attribute, codes: [] })}
        options={ATTRIBUTES.map((value) => ({ value, label: c.attribute[value] }))}
      />
      <Combobox
        label={`${c.attribute[line.attribute]} ${t.codes}`}
        hideLabel
        options={options}
        value={line.codes}
        onChange={(chosen) => onChange({ ...line, codes: chosen })}
      />
      <IconButton icon="trash" label={t.removeCriterion} onClick={onRemove} />
    </div>
  );
}
