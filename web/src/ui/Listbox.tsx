// The list below a combobox: options under their headings, or what a search has found.
import type { ComponentChildren } from 'preact';
import { defineTexts, plural } from '../i18n';
import type { Found, SearchOption } from './search';
import { Icon } from './Icon';
import type { Search } from './useSearch';

const listTexts = defineTexts(
  {
    nothing: 'Nothing found',
    results: (n: number) => plural(n, { one: '# result', other: '# results' }),
  },
  {
    nothing: 'Aucun résultat',
    results: (n) => plural(n, { one: '# résultat', other: '# résultats' }),
  },
);

interface ListboxProps {
  label: string;
  search: Search;
  chosen: readonly string[];
  multiple?: boolean;
  onChoose: (option: SearchOption) => void;
}

interface Run {
  group: string | undefined;
  /** The index of its first option in the whole list. */
  first: number;
  items: Found[];
}

/** Options that follow each other under one heading; a search's result has none. */
function runs(found: readonly Found[], searched: boolean): Run[] {
  const all: Run[] = [];
  found.forEach((item, index) => {
    const group = searched ? undefined : item.option.group;
    const last = all[all.length - 1];
    if (last && last.group === group) last.items.push(item);
    else all.push({ group, first: index, items: [item] });
  });
  return all;
}

/** Beside the list: how many were found, for whoever does not see them. */
export function Listbox(props: ListboxProps) {
  const { open, found, typed, listId } = props.search;
  const t = listTexts();
  const nothing = open && found.length === 0;
  const said = nothing ? t.nothing : t.results(found.length);
  return (
    <>
      <ul
        class="combobox__list"
        id={listId}
        role="listbox"
        aria-multiselectable={props.multiple || undefined}
        aria-label={props.label}
        hidden={!open || nothing}
        onMouseDown={(event) => event.preventDefault()} // the focus stays in the search
      >
        {open && runs(found, Boolean(typed)).map((run) => <Group key={run.first} run={run} {...props} />)}
      </ul>
      {nothing && <div class="combobox__list combobox__nothing">{t.nothing}</div>}
      <span class="visually-hidden" role="status">
        {open && typed ? said : ''}
      </span>
    </>
  );
}

function Group({ run, ...props }: ListboxProps & { run: Run }) {
  const options = run.items.map((item, index) => (
    <Item key={item.option.value} item={item} index={run.first + index} {...props} />
  ));
  if (run.group === undefined) return <>{options}</>;
  return (
    <Headed id={`${props.search.listId}-group-${run.first}`} text={run.group}>
      {options}
    </Headed>
  );
}

function Headed({ id, text, children }: { id: string; text: string; children: ComponentChildren }) {
  return (
    <li role="presentation">
      <ul class="combobox__group" role="group" aria-labelledby={id}>
        <li class="combobox__heading" id={id} role="presentation">
          {text}
        </li>
        {children}
      </ul>
    </li>
  );
}

function Item({ item, index, search, chosen, onChoose }: ListboxProps & { item: Found; index: number }) {
  const { option, also } = item;
  const selected = chosen.includes(option.value);
  return (
    <li
      id={`${search.listId}-${index}`}
      role="option"
      class={`combobox__option${index === search.current ? ' combobox__option--active' : ''}`}
      aria-selected={selected}
      onClick={() => onChoose(option)}
    >
      <span>
        {option.label}
        {also && <span class="combobox__also"> {also}</span>}
      </span>
      {selected && <Icon name="check" size={18} />}
    </li>
  );
}
