// Choosing several codes by search: the ARIA combobox pattern with a multi-select listbox.
import { useRef } from 'preact/hooks';
import { defineTexts } from '../i18n';
import { Field, type FieldProps } from './Field';
import { Icon } from './Icon';
import { Listbox } from './Listbox';
import type { SearchOption } from './search';
import { SearchInput } from './SearchInput';
import { useOpenInView } from './useOpenInView';
import { useOutsideClick } from './useOutsideClick';
import { pressed, useSearch } from './useSearch';

const comboboxTexts = defineTexts(
  { filter: 'Type to search', remove: (label: string) => `Remove ${label}` },
  { filter: 'Saisissez pour rechercher', remove: (label) => `Retirer ${label}` },
);

interface ComboboxProps extends FieldProps {
  options: readonly SearchOption[];
  value: readonly string[];
  onChange: (value: string[]) => void;
}

export function Combobox(props: ComboboxProps) {
  const { options, label, value, onChange } = props;
  const search = useSearch(options);
  const box = useRef<HTMLDivElement>(null);
  useOutsideClick(box, search.open, search.close);
  useOpenInView(box, search.open);
  const toggle = (code: string) =>
    onChange(value.includes(code) ? value.filter((item) => item !== code) : [...value, code]);
  const choose = (option: SearchOption) => {
    toggle(option.value);
    search.clear(option);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Backspace' && !search.typed && value.length) onChange(value.slice(0, -1));
    pressed(event, search, choose);
  };
  const leave = (event: FocusEvent) => {
    if (!box.current?.contains(event.relatedTarget as Node | null)) search.close();
  };
  return (
    <Field {...props}>
      {(ids) => (
        <div class="combobox" ref={box}>
          <div class="combobox__box input">
            <Chips options={options} value={value} onRemove={toggle} />
            <SearchInput
              class="combobox__input"
              ids={ids}
              search={search}
              value={search.typed ?? ''}
              placeholder={value.length ? '' : comboboxTexts().filter}
              onOpen={() => search.show()}
              onKeyDown={onKeyDown}
              onBlur={leave}
            />
          </div>
          <Listbox label={label} search={search} chosen={value} multiple onChoose={choose} />
        </div>
      )}
    </Field>
  );
}

interface ChipsProps {
  options: readonly SearchOption[];
  value: readonly string[];
  onRemove: (code: string) => void;
}

/** The chosen options, each with a button that removes it. */
function Chips({ options, value, onRemove }: ChipsProps) {
  const t = comboboxTexts();
  const labels = new Map(options.map((option) => [option.value, option.label]));
  const label = (code: string) => labels.get(code) ?? code;
  return (
    <>
      {value.map((code) => (
        <span class="chip" key={code}>
          <span>{label(code)}</span>
          <button
            type="button"
            class="chip__remove"
            aria-label={t.remove(label(code))}
            onClick={() => onRemove(code)}
          >
            <Icon name="close" size={14} />
          </button>
        </span>
      ))}
    </>
  );
}
