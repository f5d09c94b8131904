// Choosing one of many by search: the ARIA combobox pattern. The input shows the choice; what is typed
// finds others, and is gone when one was chosen or the field is left.
import { useRef } from 'preact/hooks';
import { defineTexts } from '../i18n';
import { Field, type FieldProps } from './Field';
import { Icon } from './Icon';
import { Listbox } from './Listbox';
import { folded, type SearchOption } from './search';
import { SearchInput } from './SearchInput';
import { useOpenInView } from './useOpenInView';
import { useOutsideClick } from './useOutsideClick';
import { pressed, type Search, useSearch } from './useSearch';

const selectTexts = defineTexts(
  { placeholder: 'Choose or type to search' },
  { placeholder: 'Choisir ou rechercher' },
);

interface SearchSelectProps extends FieldProps {
  options: readonly SearchOption[];
  /** Empty: nothing chosen. */
  value: string;
  onChange: (value: string) => void;
  /** Somebody comes to the field: options that are fetched only now may follow. */
  onFocus?: () => void;
}

/** What somebody meant who typed and went on: a name in full, the only one found, or nothing ('').
 * Null: it cannot be told, the choice stays as it was. */
function meant({ typed, found }: Search): string | null {
  if (typed === null) return null;
  if (!typed.trim()) return '';
  const named = found.find(({ option }) => folded(option.label) === folded(typed));
  return (named ?? (found.length === 1 ? found[0] : undefined))?.option.value ?? null;
}

export function SearchSelect(props: SearchSelectProps) {
  const { options, label, value, onChange } = props;
  const search = useSearch(options);
  const box = useRef<HTMLDivElement>(null);
  const settle = () => {
    const found = meant(search);
    if (found !== null) onChange(found);
    search.close();
  };
  useOutsideClick(box, search.open, () => box.current?.querySelector('input')?.blur());
  useOpenInView(box, search.open);
  const choose = (option: SearchOption) => {
    onChange(option.value);
    search.close();
  };
  const open = (input: HTMLInputElement) => {
    if (!search.open) input.select(); // so that typing replaces the choice
    search.show(value);
  };
  const chosen = options.find((option) => option.value === value)?.label ?? '';
  return (
    <Field {...props}>
      {(ids) => (
        <div class="combobox" ref={box}>
          <span class="control control--select">
            <SearchInput
              class="input"
              ids={ids}
              search={search}
              value={search.typed ?? chosen}
              placeholder={selectTexts().placeholder}
              required={props.required}
              onOpen={open}
              onFocus={props.onFocus}
              onKeyDown={(event) => pressed(event, search, choose, value)}
              onBlur={settle}
            />
            <Icon name="chevronDown" size={18} />
          </span>
          <Listbox label={label} search={search} chosen={value ? [value] : []} onChoose={choose} />
        </div>
      )}
    </Field>
  );
}
