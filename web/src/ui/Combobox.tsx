// Choosing several codes by search: the ARIA combobox pattern with a multi-select listbox.
import { useId, useRef, useState } from 'preact/hooks';
import { defineTexts } from '../i18n';
import { type ControlIds, Field, type FieldProps, type Option } from './Field';
import { Icon } from './Icon';
import { useOutsideClick } from './useOutsideClick';

const comboboxTexts = defineTexts(
  {
    filter: 'Type to search',
    nothing: 'Nothing found',
    remove: (label: string) => `Remove ${label}`,
  },
  {
    filter: 'Saisissez pour rechercher',
    nothing: 'Aucun résultat',
    remove: (label) => `Retirer ${label}`,
  },
);

interface ComboboxProps extends FieldProps {
  options: readonly Option[];
  value: readonly string[];
  onChange: (value: string[]) => void;
}

/** Lower case without accents, so that "generaliste" finds "Généraliste". */
function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
}

/** The search: its text, the options found, whether the list is open, which option is active. */
interface Search {
  listId: string;
  found: readonly Option[];
  /** The option that the arrow keys have reached. */
  current: number;
  text: string;
  open: boolean;
  setOpen: (open: boolean) => void;
  /** Changes the text and makes the first option found the active one. */
  setText: (text: string) => void;
  move: (to: number) => void;
}

function useSearch(options: readonly Option[]): Search {
  const listId = useId();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const found = options.filter((option) => folded(option.label).includes(folded(text)));
  return {
    listId,
    found,
    current: Math.min(active, found.length - 1),
    text,
    open,
    setOpen,
    setText: (next) => {
      setText(next);
      setActive(0);
      setOpen(true);
    },
    move: (to) => {
      setOpen(true);
      setActive(Math.max(0, Math.min(found.length - 1, to)));
      document.getElementById(`${listId}-${to}`)?.scrollIntoView({ block: 'nearest' });
    },
  };
}

interface Choice {
  value: readonly string[];
  toggle: (code: string) => void;
  removeLast: () => void;
}

function useChoice({ value, onChange }: ComboboxProps): Choice {
  const toggle = (code: string) =>
    onChange(value.includes(code) ? value.filter((item) => item !== code) : [...value, code]);
  return { value, toggle, removeLast: () => onChange(value.slice(0, -1)) };
}

/** Acts on a key; false: the key is left to the browser. */
function pressed(key: string, search: Search, choice: Choice): boolean {
  const { open, current, found, move, setOpen } = search;
  const option = found[current];
  if (key === 'ArrowDown') move(open ? current + 1 : current);
  else if (key === 'ArrowUp') move(current - 1);
  else if (key === 'Enter' && open && option) choice.toggle(option.value);
  else if (key === 'Escape' && open) setOpen(false);
  else return false;
  return true;
}

export function Combobox(props: ComboboxProps) {
  const { options, label } = props;
  const search = useSearch(options);
  const choice = useChoice(props);
  const box = useRef<HTMLDivElement>(null);
  useOutsideClick(box, search.open, () => search.setOpen(false));
  const leave = (event: FocusEvent) => {
    if (!box.current?.contains(event.relatedTarget as Node | null)) search.setOpen(false);
  };
  return (
    <Field {...props}>
      {(ids) => (
        <div class="combobox" ref={box}>
          <div class="combobox__box input">
            <Chips options={options} choice={choice} />
            <SearchInput ids={ids} search={search} choice={choice} onLeave={leave} />
          </div>
          <Listbox label={label} search={search} choice={choice} />
        </div>
      )}
    </Field>
  );
}

/** The chosen options, each with a button that removes it. */
function Chips({ options, choice }: { options: readonly Option[]; choice: Choice }) {
  const t = comboboxTexts();
  const labels = new Map(options.map((option) => [option.value, option.label]));
  const label = (code: string) => labels.get(code) ?? code;
  return (
    <>
      {choice.value.map((code) => (
        <span class="chip" key={code}>
          <span>{label(code)}</span>
          <button
            type="button"
            class="chip__remove"
            aria-label={t.remove(label(code))}
            onClick={() => choice.toggle(code)}
          >
            <Icon name="close" size={14} />
          </button>
        </span>
      ))}
    </>
  );
}

interface SearchInputProps {
  ids: ControlIds;
  search: Search;
  choice: Choice;
  onLeave: (event: FocusEvent) => void;
}

function SearchInput({ ids, search, choice, onLeave }: SearchInputProps) {
  const { listId, open, found, current, text } = search;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Backspace' && text === '' && choice.value.length) choice.removeLast();
    if (!pressed(event.key, search, choice)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <input
      id={ids.id}
      class="combobox__input"
      role="combobox"
      autocomplete="off"
      aria-expanded={open}
      aria-controls={listId}
      aria-autocomplete="list"
      aria-activedescendant={open && found.length ? `${listId}-${current}` : undefined}
      aria-describedby={ids.describedBy}
      aria-invalid={ids.invalid || undefined}
      placeholder={choice.value.length ? '' : comboboxTexts().filter}
      value={text}
      onFocus={() => search.setOpen(true)}
      onClick={() => search.setOpen(true)}
      onBlur={onLeave}
      onInput={(event) => search.setText(event.currentTarget.value)}
      onKeyDown={onKeyDown}
    />
  );
}

interface ListboxProps {
  label: string;
  search: Search;
  choice: Choice;
}

function Listbox({ label, search, choice }: ListboxProps) {
  const { listId, found, open, current } = search;
  return (
    <ul
      class="combobox__list"
      id={listId}
      role="listbox"
      aria-multiselectable="true"
      aria-label={label}
      hidden={!open}
    >
      {found.map((option, index) => (
        <li
          key={option.value}
          id={`${listId}-${index}`}
          role="option"
          class={`combobox__option${index === current ? ' combobox__option--active' : ''}`}
          aria-selected={choice.value.includes(option.value)}
          onPointerDown={(event) => event.preventDefault()} // the focus stays in the search
          onClick={() => choice.toggle(option.value)}
        >
          <span class="combobox__tick">
            {choice.value.includes(option.value) && <Icon name="check" size={16} />}
          </span>
          {option.label}
        </li>
      ))}
      {found.length === 0 && (
        <li class="combobox__nothing" role="option" aria-selected="false" aria-disabled="true">
          {comboboxTexts().nothing}
        </li>
      )}
    </ul>
  );
}
