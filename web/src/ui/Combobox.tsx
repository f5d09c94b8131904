// Choosing several codes by search: the ARIA combobox pattern with a multi-select listbox.
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Field, type FieldProps, type Option } from './Field';
import { Icon } from './Icon';
import { comboboxTexts } from './texts';

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

function useOutsideClick(open: boolean, close: () => void) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!(event.target instanceof Node) || !ref.current?.contains(event.target)) close();
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);
  return ref;
}

export function Combobox(props: ComboboxProps) {
  const { options, value, onChange } = props;
  const t = comboboxTexts();
  const listId = useId();
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  const [active, setActive] = useState(0);
  const box = useOutsideClick(open, () => setOpen(false));
  const found = options.filter((option) => folded(option.label).includes(folded(search)));
  const current = Math.min(active, found.length - 1);
  const labels = new Map(options.map((option) => [option.value, option.label]));

  const toggle = (code: string) =>
    onChange(value.includes(code) ? value.filter((item) => item !== code) : [...value, code]);

  const move = (to: number) => {
    setOpen(true);
    setActive(Math.max(0, Math.min(found.length - 1, to)));
    document.getElementById(`${listId}-${to}`)?.scrollIntoView({ block: 'nearest' });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const option = found[current];
    if (event.key === 'ArrowDown') move(open ? current + 1 : current);
    else if (event.key === 'ArrowUp') move(current - 1);
    else if (event.key === 'Enter' && open && option) toggle(option.value);
    else if (event.key === 'Escape' && open) setOpen(false);
    else if (event.key === 'Backspace' && search === '' && value.length)
      onChange(value.slice(0, -1));
    else return;
    if (event.key !== 'Backspace') {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  return (
    <Field {...props}>
      {({ id, describedBy, invalid }) => (
        <div class="combobox" ref={box}>
          <div class="combobox__box input">
            {value.map((code) => (
              <span class="chip" key={code}>
                <span>{labels.get(code) ?? code}</span>
                <button
                  type="button"
                  class="chip__remove"
                  aria-label={t.remove(labels.get(code) ?? code)}
                  onClick={() => toggle(code)}
                >
                  <Icon name="close" size={14} />
                </button>
              </span>
            ))}
            <input
              id={id}
              class="combobox__input"
              role="combobox"
              autocomplete="off"
              aria-expanded={open}
              aria-controls={listId}
              aria-autocomplete="list"
              aria-activedescendant={open && found.length ? `${listId}-${current}` : undefined}
              aria-describedby={describedBy}
              aria-invalid={invalid || undefined}
              placeholder={value.length ? '' : t.filter}
              value={search}
              onFocus={() => setOpen(true)}
              onClick={() => setOpen(true)}
              onBlur={(event) => {
                if (!box.current?.contains(event.relatedTarget as Node | null)) setOpen(false);
              }}
              onInput={(event) => {
                setSearch(event.currentTarget.value);
                setActive(0);
                setOpen(true);
              }}
              onKeyDown={onKeyDown}
            />
          </div>
          <ul
            class="combobox__list"
            id={listId}
            role="listbox"
            aria-multiselectable="true"
            aria-label={props.label}
            hidden={!open}
          >
            {found.map((option, index) => (
              <li
                key={option.value}
                id={`${listId}-${index}`}
                role="option"
                class={`combobox__option${index === current ? ' combobox__option--active' : ''}`}
                aria-selected={value.includes(option.value)}
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => toggle(option.value)}
              >
                <span class="combobox__tick">
                  {value.includes(option.value) && <Icon name="check" size={16} />}
                </span>
                {option.label}
              </li>
            ))}
            {found.length === 0 && (
              <li
                class="combobox__nothing"
                role="option"
                aria-selected="false"
                aria-disabled="true"
              >
                {t.nothing}
              </li>
            )}
          </ul>
        </div>
      )}
    </Field>
  );
}
