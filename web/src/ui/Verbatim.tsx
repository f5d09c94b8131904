import type { ComponentChildren } from 'preact';

interface VerbatimProps {
  class?: string;
  children: ComponentChildren;
}

/** What the browser's translation would harm: names, addresses, clocks, figures that change live. */
export function Verbatim({ class: name, children }: VerbatimProps) {
  return (
    <span class={name} translate={false}>
      {children}
    </span>
  );
}
