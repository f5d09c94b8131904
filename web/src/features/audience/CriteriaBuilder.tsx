// Criteria as sentences: "Profession is one of: physician, nurse". Every line of the first part has to hold; the parts for
// alternatives and for who is left out are there when they are wanted.
import { useMemo } from 'preact/hooks';
import { language } from '../../i18n';
import { codes } from '../../state/codes';
import { Button, IconButton } from '../../ui/Button';
import { Combobox } from '../../ui/Combobox';
import { Select } from '../../ui/Field';
import { type Asked, ASKED, type Criteria, type Criterion, MODES, type Mode } from './api';
import { attributeName, available, offered, type Things } from './criteria';
import { audienceTexts } from './texts';

interface BuilderProps {
  value: Criteria;
  /** The target lists there are, and the profiles that this one may build on. */
  things: Things;
  onChange: (criteria: Criteria) => void;
}

export function CriteriaBuilder({ value, things, onChange }: BuilderProps) {
  const t = audienceTexts();
  const attributes = ASKED.filter((attribute) => available(attribute, things));
  const shown = (mode: Mode) => mode === 'all_of' || value[mode].length > 0;
  const add = (mode: Mode) => {
    const unused = attributes.find((attribute) => !value[mode].some((line) => line.attribute === attribute));
    onChange({ ...value, [mode]: [...value[mode], { attribute: unused ?? 'profession', codes: [] }] });
  };
  return (
    <div class="builder">
      {MODES.filter(shown).map((mode) => (
        <Group
          key={mode}
          mode={mode}
          lines={value[mode]}
          attributes={attributes}
          things={things}
          onAdd={() => add(mode)}
          onChange={(lines) => onChange({ ...value, [mode]: lines })}
        />
      ))}
      <div class="builder__more">
        {MODES.filter((mode) => !shown(mode)).map((mode) => (
          <Button key={mode} icon="add" look="quiet" small onClick={() => add(mode)}>
            {t.addMode[mode]}
          </Button>
        ))}
      </div>
    </div>
  );
}

interface GroupProps {
  mode: Mode;
  lines: Criterion[];
  attributes: readonly Asked[];
  things: Things;
  onAdd: () => void;
  onChange: (lines: Criterion[]) => void;
}

function Group({ mode, lines, onAdd, onChange, ...offer }: GroupProps) {
  const t = audienceTexts();
  const replace = (index: number, line: Criterion) =>
    onChange(lines.map((old, at) => (at === index ? line : old)));
  return (
    <fieldset class={`builder__group builder__group--${mode}`}>
      <legend class="visually-hidden">{t.mode[mode]}</legend>
      <p class="builder__head">
        <strong aria-hidden="true">{t.mode[mode]}</strong>
        <span class="muted small">{t.modeHint[mode]}</span>
      </p>
      {lines.map((line, index) => (
        <Line
          key={index}
          line={line}
          joiner={index > 0 ? t.joiner[mode] : ''}
          {...offer}
          onChange={(next) => replace(index, next)}
          onRemove={() => onChange(lines.filter((_, at) => at !== index))}
        />
      ))}
      <div>
        <Button icon="add" look="quiet" small onClick={onAdd}>
          {t.addCriterion}
        </Button>
      </div>
    </fieldset>
  );
}

interface LineProps {
  line: Criterion;
  /** What stands between it and the line before: "and", "or". */
  joiner: string;
  attributes: readonly Asked[];
  things: Things;
  onChange: (line: Criterion) => void;
  onRemove: () => void;
}

function Line({ line, joiner, attributes, things, onChange, onRemove }: LineProps) {
  const t = audienceTexts();
  const { attribute } = line;
  const options = useMemo(
    () => offered(attribute, things, line.codes),
    [codes.value, language.value, line, things],
  );
  return (
    <>
      {joiner && <p class="builder__joiner">{joiner}</p>}
      <div class="builder__line">
        <Select
          label={t.attribute}
          hideLabel
          value={attribute}
          onChange={(next) => onChange({ attribute: next as Asked, codes: [] })}
          options={attributes.map((value) => ({ value, label: attributeName(value) }))}
        />
        <span class="builder__is" aria-hidden="true">
          {t.codes}
        </span>
        <Combobox
          label={`${attributeName(attribute)} ${t.codes}`}
          hideLabel
          options={options}
          value={line.codes}
          onChange={(chosen) => onChange({ ...line, codes: chosen })}
        />
        <IconButton icon="trash" label={t.removeCriterion} onClick={onRemove} />
      </div>
    </>
  );
}
