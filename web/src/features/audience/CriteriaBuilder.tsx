import { codeLabel } from '../../i18n';
import { common } from '../../i18n/common';
import {
  type Attribute,
  ATTRIBUTES,
  type Criteria,
  type Criterion,
  MODES,
  type Mode,
} from '../../net/types';
import { codes } from '../../state/codes';
import { Button, IconButton } from '../../ui/Button';
import { Combobox } from '../../ui/Combobox';
import { type Option, Select } from '../../ui/Field';
import { audienceTexts } from './texts';

/** The codes to choose from; of several that mean one, the one that stands for them. */
export function choices(attribute: Attribute): Option[] {
  const list = codes.value?.[attribute] ?? [];
  return list
    .filter((item) => item.grouped_as === null || item.grouped_as === item.code)
    .map((item) => ({ value: item.code, label: codeLabel(list, item.code) }));
}

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
      <div class="builder__head">
        <div>
          <strong aria-hidden="true">{t.mode[mode]}</strong>
          <span class="muted small"> {t.modeHint[mode]}</span>
        </div>
        <Button
          icon="add"
          look="quiet"
          small
          onClick={() => onChange([...lines, { attribute: unused, codes: [] }])}
        >
          {t.addCriterion}
        </Button>
      </div>
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

interface LineProps {
  line: Criterion;
  onChange: (line: Criterion) => void;
  onRemove: () => void;
}

function Line({ line, onChange, onRemove }: LineProps) {
  const t = audienceTexts();
  const c = common();
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
        options={choices(line.attribute)}
        value={line.codes}
        onChange={(chosen) => onChange({ ...line, codes: chosen })}
      />
      <IconButton icon="trash" label={t.removeCriterion} onClick={onRemove} />
    </div>
  );
}
