// Where an import is, and the heading of each step, which takes the focus when the step comes.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../../ui/Icon';
import type { TargetListDetails, TargetListImport } from './api';
import { importTexts } from './importTexts';

export type Step = 'file' | 'columns' | 'check' | 'done';
const ORDER: readonly Step[] = ['file', 'columns', 'check', 'done'];

export interface StepProps {
  list: TargetListDetails;
  import: TargetListImport;
  /** What the server answered to a step. */
  onChange: (value: TargetListImport) => void;
}

export function Steps({ at }: { at: Step }) {
  const t = importTexts();
  const here = ORDER.indexOf(at);
  const all = at === 'done';
  return (
    <ol class="plain import-steps" aria-label={t.steps}>
      {ORDER.map((step, n) => {
        const over = n < here || all;
        const state = over ? ' import-steps__step--over' : n === here ? ' import-steps__step--here' : '';
        return (
          <li key={step} class={`import-steps__step${state}`} aria-current={n === here ? 'step' : undefined}>
            <span class="import-steps__mark" aria-hidden="true">
              {over ? <Icon name="check" size={16} /> : n + 1}
            </span>
            <span>{t.step[step]}</span>
            {over && n < here && <span class="visually-hidden">({t.stepDone})</span>}
          </li>
        );
      })}
    </ol>
  );
}

interface HeadProps {
  title: string;
  text?: ComponentChildren;
}

/** Takes the focus, unless somebody is at work elsewhere: in the place of what was pressed, or of the page's own heading. */
export function StepHead({ title, text }: HeadProps) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const page = before?.matches('h1') ?? false;
    if (page || before === document.body) ref.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <header class="import-head">
      <h2 class="card-heading" ref={ref} tabIndex={-1}>
        {title}
      </h2>
      {text && <p class="muted">{text}</p>}
    </header>
  );
}
