// The input of a combobox, with what screen readers have to know of its list.
import type { ControlIds } from './Field';
import type { Search } from './useSearch';

interface SearchInputProps {
  class: string;
  ids: ControlIds;
  search: Search;
  value: string;
  placeholder: string;
  required?: boolean | undefined;
  onOpen: (input: HTMLInputElement) => void;
  onFocus?: (() => void) | undefined;
  onKeyDown: (event: KeyboardEvent) => void;
  onBlur: (event: FocusEvent) => void;
}

export function SearchInput({ ids, search, onOpen, ...props }: SearchInputProps) {
  const { listId, open, found, current } = search;
  const expanded = open && found.length > 0;
  return (
    <input
      {...props}
      id={ids.id}
      role="combobox"
      autocomplete="off"
      autocapitalize="none"
      spellcheck={false}
      aria-expanded={expanded}
      aria-controls={listId}
      aria-autocomplete="list"
      aria-activedescendant={expanded && current >= 0 ? `${listId}-${current}` : undefined}
      aria-describedby={ids.describedBy}
      aria-invalid={ids.invalid || undefined}
      onClick={(event) => onOpen(event.currentTarget)}
      onInput={(event) => search.type(event.currentTarget.value)}
    />
  );
}
